//! Text to token ids, exactly as each base model expects it.
//!
//! A [`Tokenizer`] is read from a model folder in the Hugging Face layout (`tokenizer.json`, or `vocab.json` with
//! `merges.txt`) and gives the ids that `transformers` gives for the same files. Truncation and padding that such a
//! file may carry are switched off: cutting and batching belong to the caller, who knows what the model can take.
//!
//! Published DNA tokenizers delete or blur letters that they do not know without a word: `ATGCGTNACGTA` and
//! `ATGCGTACGTA` have the same ids in a vocabulary without `N`. [`Tokenizer::encode`] keeps that behaviour, because the
//! base model was trained with it; [`Tokenizer::alphabet`] says which letters a sequence may hold and
//! [`Tokenizer::unknown_letters`] which ones would be lost, so that callers can refuse or report them.
//!
//! [`train_bpe`] learns a new vocabulary. Reading and cleaning sequence files is the work of the `sequence` crate.
//!
//! ```
//! use episome_tokenizer::train_bpe;
//!
//! let tokenizer = train_bpe(["ACGTACGTTTACGTACGA", "TTACGTNACGTA"], 10)?;
//! assert_eq!(tokenizer.vocabulary_size(), 10);
//! let ids = tokenizer.encode("ACGTN")?;
//! assert_eq!(tokenizer.decode(&ids)?, "ACGTN");
//! assert!(tokenizer.covers("ACGTN"));
//! assert_eq!(tokenizer.unknown_letters("ACGRA"), ['R']);
//! # Ok::<(), episome_tokenizer::Error>(())
//! ```

mod bpe;
mod error;
mod files;
mod tokenizer;

pub use bpe::{MINIMUM_VOCABULARY, train_bpe};
pub use error::Error;
pub use files::File;
pub use tokenizer::{Piece, Tokenizer};
