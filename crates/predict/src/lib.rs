//! Streaming prediction with a base model and an adapter.
