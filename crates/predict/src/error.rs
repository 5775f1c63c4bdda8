//! What can go wrong while predicting.

use std::path::PathBuf;

/// Why a prediction ended early: what failed, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The output is there already.
    #[error("{} exists already, and predictions are not written over it: choose another name, or allow overwriting (--force)", path.display())]
    Exists {
        /// The wanted output.
        path: PathBuf,
    },
    /// The output's ending names no format.
    #[error("{}: predictions are written as .csv, .tsv, .xlsx, .fasta, .jsonl or .parquet; end the file's name with one of these", path.display())]
    UnknownFormat {
        /// The wanted output.
        path: PathBuf,
    },
    /// The output could not be written.
    #[error("could not write {}: {source}; check that the disk has room and that you may write there", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The output could not be written as Parquet.
    #[error("could not write {} as Parquet: {source}; check that the disk has room, or write .csv", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The library's reason.
        source: parquet::errors::ParquetError,
    },
    /// The output could not be written as a spreadsheet.
    #[error("could not write {} as a spreadsheet: {source}; check that the disk has room, or write .csv", path.display())]
    Spreadsheet {
        /// The file.
        path: PathBuf,
        /// The library's reason.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A sheet cannot hold that many rows.
    #[error("{}: a spreadsheet holds {rows} rows at most, and there are more; write .csv or .parquet", path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
        /// Rows that fit.
        rows: u64,
    },
    /// The input holds no record.
    #[error("the input holds no sequence: nothing to predict; check that it is the file you meant")]
    Empty,
    /// A record has no token that the model knows.
    #[error(
        "{place}: the tokenizer knows none of the letters of {id}; remove the record, or skip such records (--skip-invalid)"
    )]
    NoTokens {
        /// File and line.
        place: String,
        /// The record's name.
        id: String,
    },
    /// The list of labels and the head disagree.
    #[error(
        "the head has {outputs} outputs, and {labels} labels are named: they belong to different trainings; export the adapter again"
    )]
    Labels {
        /// Rows of the head.
        outputs: usize,
        /// Names in labels.json.
        labels: usize,
    },
    /// The model or adapter was trained for something other than classification.
    #[error("{} has no classification head: predictions need a model or adapter that was trained to classify sequences", folder.display())]
    NotAClassifier {
        /// Its folder.
        folder: PathBuf,
    },
    /// The input could not be read.
    #[error(transparent)]
    Sequence(#[from] sequence::Error),
    /// A sequence could not be tokenized.
    #[error(transparent)]
    Tokenizer(#[from] tokenizer::Error),
    /// The model could not be built or run.
    #[error(transparent)]
    Model(#[from] models::Error),
    /// A tensor operation failed.
    #[error("the model could not be run: {0}")]
    Tensor(#[from] candle_core::Error),
}
