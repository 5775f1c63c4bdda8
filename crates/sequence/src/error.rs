//! What can go wrong between a file and a table.

use std::io;
use std::path::PathBuf;

use crate::record::Invalid;

/// An error of this crate: what failed, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened.
    #[error("{}: cannot be opened: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file could be opened, but not read to its end: a compressed file cut short, a failing disk.
    #[error("{}: reading stopped after line {line}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read whole (0: none).
        line: u64,
        /// What the operating system or the decompressor said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is of a kind that holds no table of sequences, or one that this crate does not read.
    #[error("{}: {what}. {advice}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What the file is.
        what: String,
        /// What to do about it.
        advice: String,
    },
    /// No file was given, or the files hold no record.
    #[error("{what}. {advice}")]
    Nothing {
        /// What is empty.
        what: String,
        /// What to do about it.
        advice: String,
    },
    /// A column that is needed or was asked for is not there.
    #[error("{}: {what}. {advice}", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// What is missing.
        what: String,
        /// The columns there are, and how to name one.
        advice: String,
    },
    /// One record is refused. The reader can go on with the next one.
    #[error("{0}")]
    Record(Box<Invalid>),
    /// The file is broken in a way that leaves the rest of it in doubt; reading ends here.
    #[error("{}, line {line}: {what}. {advice}", path.display())]
    Structure {
        /// The file.
        path: PathBuf,
        /// The line (in Parquet files and spreadsheets: the row) where it shows.
        line: u64,
        /// What is wrong.
        what: String,
        /// What to do about it.
        advice: String,
    },
    /// The labels do not make a classification.
    #[error("{what}. {advice}")]
    Labels {
        /// What is wrong with them.
        what: String,
        /// What to do about it.
        advice: String,
    },
    /// A split was asked for that the records or the numbers do not allow.
    #[error("{what}. {advice}")]
    Split {
        /// What is wrong.
        what: String,
        /// What to do about it.
        advice: String,
    },
    /// Whoever asked for the reading wants it no more.
    #[error("the reading was stopped")]
    Stopped,
    /// A simulation was asked for with settings that contradict each other.
    #[error("{what}. {advice}")]
    Simulation {
        /// What is wrong.
        what: String,
        /// What to do about it.
        advice: String,
    },
}

impl Error {
    /// The refused record, where the error concerns one record only; the reader can then go on with the next.
    pub fn record(&self) -> Option<&Invalid> {
        match self {
            Error::Record(invalid) => Some(invalid),
            _ => None,
        }
    }
}
