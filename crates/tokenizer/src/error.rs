use std::path::PathBuf;

/// What can go wrong between a model folder and token ids.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder holds none of the files that describe a tokenizer.
    #[error(
        "no tokenizer in {}: neither tokenizer.json nor vocab.json with merges.txt is there; \
         download the model again or choose the folder that holds these files", folder.display()
    )]
    NoTokenizer {
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason that the operating system gives.
        source: std::io::Error,
    },
    /// A file can be read but is not what its name promises.
    #[error("{} is not a tokenizer file this version understands: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why reading failed.
        reason: String,
    },
    /// The tokenizer refused a text.
    #[error("the tokenizer cannot encode a text of {length} letters: {reason}")]
    Encode {
        /// Length of the text in bytes.
        length: usize,
        /// The reason that the tokenizer gives.
        reason: String,
    },
    /// Ids that cannot be turned back into text.
    #[error("the tokenizer cannot decode {count} ids: {reason}")]
    Decode {
        /// How many ids there were.
        count: usize,
        /// The reason that the tokenizer gives.
        reason: String,
    },
    /// A vocabulary cannot be learned from this.
    #[error("cannot learn a vocabulary of {vocabulary} tokens: {reason}")]
    Training {
        /// The size asked for.
        vocabulary: usize,
        /// What is wrong and what to do.
        reason: String,
    },
}
