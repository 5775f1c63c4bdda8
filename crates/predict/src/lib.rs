//! Predictions for files of any size: sequences in, one row each out, in the order of the input.
//!
//! A [`Predictor`] is a base model with its adapter, its tokenizer and the names of its labels. [`run`] streams
//! records through it: one thread reads, cleans and tokenizes while another computes, a bounded queue between them,
//! so the memory needed does not grow with the file. Sequences are packed end to end into batches of a given number
//! of tokens; nothing is padded. Rows are written as they come, beside the wanted file, which appears under its name
//! only when it is whole.
//!
//! What a file's records are and how they are cleaned is `sequence`'s; the model is `models`', the adapter `peft`'s.
//! Where a base model's name leads to a folder is `api`'s.
//!
//! # Example
//!
//! The softmax that turns the head's outputs into the columns `confidence` and `prob_<label>`:
//!
//! ```
//! let scores = episome_predict::Scores::of(&[0.0, 2.0]);
//! assert_eq!(scores.best, 1);
//! assert!((scores.probabilities[1] - 0.880_797).abs() < 1e-6);
//! ```

mod error;
mod fasta;
mod predictor;
mod rows;
mod spreadsheet;
mod stream;

pub use error::Error;
pub use predictor::Predictor;
pub use rows::{Format, Row, RowWriter, Scores, column_names, partial_path};
pub use stream::{Options, Progress, Score, Summary, UNLIKE, run};
