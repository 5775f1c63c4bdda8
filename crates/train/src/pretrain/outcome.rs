//! What came out of a pretraining: the numbers of its card.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::corpus::Source;
use super::score::Score;
use super::settings::Settings;

/// Scores of the three models on the same held-out bases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The Markov model, fitted to the training part.
    pub markov: Score,
    /// The language model before its first step.
    pub untrained: Score,
    /// The language model as it was saved, in half precision.
    pub trained: Score,
}

/// A finished pretraining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The folder of the model.
    pub model: PathBuf,
    /// What it was told.
    pub settings: Settings,
    /// The data files and what became of them.
    pub sources: Vec<Source>,
    /// The excluded files: path, SHA-256 and number of sequences.
    pub excluded: Vec<(PathBuf, String, u64)>,
    /// Numbers in the model.
    pub parameters: usize,
    /// Mean letters of a token on held-out sequences.
    pub bases_per_token: f64,
    /// Tokens read, repetitions counted.
    pub tokens: u64,
    /// Passes over the training part.
    pub epochs: f64,
    /// Seconds of training, scoring not counted, over all interruptions.
    pub seconds: f64,
    /// Threads that computed.
    pub threads: usize,
    /// Scores on all held-out bases.
    pub scores: Scores,
    /// The same for every source, in the order of `sources`.
    pub by_source: Vec<Scores>,
}
