//! Metrics of a classification.
