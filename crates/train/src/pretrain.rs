//! Pretraining: from sequences without labels to a base model, with its tokenizer and a card that says how good it is.
//!
//! [`run`] reads the sequences, keeps apart what must not be seen ([`Corpus`]), learns a tokenizer, and trains a GPT-2
//! language model on both strands, with other windows in every epoch. The model and a Markov model of order
//! [`MARKOV_ORDER`] are scored on the same held-out bases. [`resume`] goes on after an interruption and ends with the
//! same bits as a run that never stopped.
//!
//! The folder of a run:
//!
//! | file | content |
//! |---|---|
//! | `pretrain.json` | the [`Settings`], and the data files with their hashes |
//! | `events.jsonl` | what happened, a line each ([`crate::Event`]) |
//! | `tokenizer/` | the tokenizer, as soon as it is learned |
//! | `checkpoints/` | the two newest states |
//! | `scores.json` | the [`Outcome`]: every number of the card |
//! | `model/` | the model: f16 weights, configuration, tokenizer, README.md; what `--model` takes |

mod card;
mod checkpoint;
mod corpus;
mod feed;
mod kmers;
mod log;
mod markov;
mod outcome;
mod run;
mod score;
mod settings;
mod setup;
mod windows;

pub use corpus::{BLOCK, Corpus, Piece, SHORTEST, Source};
pub use kmers::{KmerSet, LONGEST};
pub use markov::Markov;
pub use outcome::{Outcome, Scores};
pub use run::{MARKOV_ORDER, resume, run};
pub use score::Score;
pub use settings::Settings;
