//! Pretraining of a base model on sequences without labels.
