//! The architectures, their named modules and how their weights are loaded.
