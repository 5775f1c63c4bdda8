//! What can go wrong in a run.

use std::io;
use std::path::{Path, PathBuf};

/// What went wrong in a run, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder of the run could not be read or written.
    #[error("cannot {action} {path}: {source}{}", remedy_of(source))]
    File {
        /// "read", "write", …
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The folder for a new run already holds something.
    #[error(
        "{0} is not empty: a run is never written over another. Choose a new folder, or go on with `episome resume {0}`"
    )]
    RunExists(PathBuf),
    /// The folder holds no run.
    #[error(
        "{0} is not a run: it has no run.json. Give the folder that was named with --out when the training was started"
    )]
    NotARun(PathBuf),
    /// Another process writes to this run.
    #[error("{run} is in use by process {process}. Wait until it is done, or stop it first")]
    Locked {
        /// The run.
        run: PathBuf,
        /// The number of the process that holds it.
        process: String,
    },
    /// No process writes to this run.
    #[error("{0} is not being trained now. `episome resume {0}` goes on with a run that was interrupted")]
    NotRunning(PathBuf),
    /// The run has no report.
    #[error(
        "{0} has no report yet: it is written when the training is complete. Go on with `episome resume {0}`"
    )]
    NoReport(PathBuf),
    /// The run has a report, but not all of its files.
    #[error(
        "the report of {run} has no {file}: it was written by an older version, or the file was removed. Its page, report.html, \
         is there to be read"
    )]
    ReportLacks {
        /// The run.
        run: PathBuf,
        /// The file.
        file: String,
    },
    /// The run is over.
    #[error(
        "{0} has finished already; its adapter is in {0}/adapter. To train longer, start a new run with --config {0}/run.json and more epochs"
    )]
    Finished(PathBuf),
    /// The run is to be judged, and has nothing to judge.
    #[error(
        "{0} has not taken a step yet: there is nothing to judge. Let it train first, by `episome resume`"
    )]
    Untrained(PathBuf),
    /// A run file says something that cannot be.
    #[error(
        "{path} cannot be understood: {reason}. The file was changed or cut short; restore it, or start a new run"
    )]
    Broken {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A checkpoint does not fit the run.
    #[error(
        "the checkpoint has no fitting tensor {tensor}: it comes from another configuration or is damaged. Start \
         a new run with --config run.json"
    )]
    CheckpointLacks {
        /// The missing tensor.
        tensor: String,
    },
    /// A data file is not what it was when the run started.
    #[error(
        "{path} has changed since the run started (its SHA-256 was {expected} and is {found}). Restore the file, or start a new run"
    )]
    DataChanged {
        /// Which file.
        path: PathBuf,
        /// The hash in run.json.
        expected: String,
        /// The hash now.
        found: String,
    },
    /// A data file is gone.
    #[error("the data file {path} is not there. Check the path; if a run needs it, put it back where it was")]
    DataVanished {
        /// Which file.
        path: PathBuf,
    },
    /// The base model is not the one that the run started with.
    #[error(
        "the base model in {path} is not the one that the run started with (SHA-256 {expected}, now {found}). Use the same revision of {name}"
    )]
    BaseChanged {
        /// The model's folder.
        path: PathBuf,
        /// The model's name.
        name: String,
        /// The hash in run.json.
        expected: String,
        /// The hash now.
        found: String,
    },
    /// A setting is outside its limits.
    #[error("{flag} cannot be {value}: {reason}")]
    Setting {
        /// The flag of the command line.
        flag: String,
        /// The value given.
        value: String,
        /// Why not, and what is allowed.
        reason: String,
    },
    /// The data cannot be trained on.
    #[error("{0}")]
    Data(String),
    /// The loss or its gradient stopped being a number.
    #[error(
        "the loss is {loss} with a gradient norm of {norm} at step {step}: the training has diverged. Start a new run with a \
         learning rate of {suggestion} or less (it is {learning_rate} now), or with --clip 1. The last checkpoint is intact"
    )]
    Diverged {
        /// The step.
        step: usize,
        /// Its loss.
        loss: f64,
        /// The joint norm of the gradients.
        norm: f64,
        /// The learning rate of the run.
        learning_rate: f64,
        /// A tenth of it.
        suggestion: f64,
    },
    /// A sequence or table file was refused.
    #[error(transparent)]
    Sequence(#[from] sequence::Error),
    /// The tokenizer was refused or could not encode.
    #[error(transparent)]
    Tokenizer(#[from] tokenizer::Error),
    /// The base model was refused.
    #[error(transparent)]
    Model(#[from] models::Error),
    /// The work was stopped on request.
    #[error("stopped on request before the end")]
    Stopped,
    /// The method or the adapter was refused.
    #[error(transparent)]
    Method(#[from] peft::Error),
    /// Predictions could not be scored.
    #[error(transparent)]
    Metrics(#[from] crate::metrics::Error),
    /// The k-mer baseline could not be fitted.
    #[error(transparent)]
    Baseline(#[from] crate::baseline::Error),
    /// The report could not be written.
    #[error(transparent)]
    Report(#[from] crate::report::Error),
    /// A kernel refused its arguments.
    #[error(transparent)]
    Kernel(#[from] kernels::Error),
    /// A tensor operation failed.
    #[error(
        "a tensor operation failed: {0}. If the device ran out of memory, use a smaller --batch-size or --max-length"
    )]
    Tensor(#[from] candle_core::Error),
    /// A JSON value could not be written.
    #[error("cannot write a value as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// A [`Error::File`] for `path`, to be used with `map_err`.
    pub(crate) fn file(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::File { action, path, source }
    }

    /// A short word for machines: the `kind` of a `failed` event.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Error::File { source, .. } if is_full(source) => "disk-full",
            Error::File { .. } => "file",
            Error::RunExists(_) => "run-exists",
            Error::NotARun(_) => "not-a-run",
            Error::Locked { .. } => "locked",
            Error::NotRunning(_) => "not-running",
            Error::NoReport(_) | Error::ReportLacks { .. } => "no-report",
            Error::Finished(_) => "finished",
            Error::Untrained(_) => "untrained",
            Error::Broken { .. } => "broken-file",
            Error::CheckpointLacks { .. } => "checkpoint",
            Error::DataChanged { .. } => "data-changed",
            Error::DataVanished { .. } => "data-vanished",
            Error::BaseChanged { .. } => "base-changed",
            Error::Setting { .. } => "setting",
            Error::Data(_) => "data",
            Error::Diverged { .. } => "diverged",
            Error::Sequence(_) => "sequences",
            Error::Tokenizer(_) => "tokenizer",
            Error::Model(_) => "model",
            Error::Tensor(_) => "tensor",
            Error::Stopped => "stopped",
            Error::Method(_) => "method",
            Error::Metrics(_) => "metrics",
            Error::Baseline(_) => "baseline",
            Error::Report(_) => "report",
            Error::Kernel(_) => "kernel",
            Error::Json(_) => "json",
        }
    }
}

/// A failure in the parts in which a person reads it. Errors of this crate say all in one sentence; who shows them knows
/// better which part of it is what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What failed.
    pub message: String,
    /// Where: a file with a line, a setting, a step.
    pub place: Option<String>,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Explained {
    /// All in the message.
    #[must_use]
    pub fn plainly(error: &Error) -> Explained {
        Explained { message: error.to_string(), place: None, remedy: None }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn remedy_of(error: &io::Error) -> &'static str {
    match error.kind() {
        _ if is_full(error) => {
            ". The disk is full: free some space and go on with `episome resume`; the last checkpoint is intact"
        }
        io::ErrorKind::PermissionDenied => {
            ". You have no permission there: choose another folder, or ask for the right to it"
        }
        io::ErrorKind::NotFound => ". Check the path",
        io::ErrorKind::ReadOnlyFilesystem => ". The disk is read-only: choose another folder",
        _ => "",
    }
}
