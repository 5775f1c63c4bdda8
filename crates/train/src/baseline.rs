//! The k-mer logistic regression that stands beside every run.
