//! What can go wrong between a model folder and its logits, and what to do about it.

use std::path::PathBuf;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// `read`, `write`, `create` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },

    /// The folder is no model folder.
    #[error(
        "{} has no config.json, so it is not a model folder. Choose the folder that holds config.json beside \
         model.safetensors or pytorch_model.bin",
        folder.display()
    )]
    NoConfig {
        /// The folder that was asked for.
        folder: PathBuf,
    },

    /// The folder is an adapter, not a base model.
    #[error(
        "{} is an adapter folder (adapter_config.json), not a base model. Name its base model ({base}) as the model",
        folder.display()
    )]
    AdapterFolder {
        /// The folder that was asked for.
        folder: PathBuf,
        /// `base_model_name_or_path` of the adapter.
        base: String,
    },

    /// A field of config.json is missing, of the wrong type or out of range.
    #[error("{}: `{field}` {reason}", path.display())]
    Config {
        /// The configuration file.
        path: PathBuf,
        /// The field's name.
        field: String,
        /// What is wrong with it and what would be right.
        reason: String,
    },

    /// An architecture that this version can't run.
    #[error(
        "the model {model} is {what}, which is not supported: {reason}. The nearest model that works is {nearest}"
    )]
    Unsupported {
        /// The model's folder or name.
        model: String,
        /// The architecture as its configuration names it.
        what: String,
        /// Why it does not run.
        reason: String,
        /// A supported model for the same purpose.
        nearest: String,
    },

    /// A configuration without weights beside it.
    #[error(
        "{} has a config.json but no weights: expected model.safetensors, model.safetensors.index.json, \
         pytorch_model.bin or pytorch_model.bin.index.json{also}. Download the model again",
        folder.display()
    )]
    NoWeights {
        /// The folder that was asked for.
        folder: PathBuf,
        /// Weights of other programs that were found there, if any.
        also: String,
    },

    /// A weight file that is damaged, cut short, or of another format.
    #[error("{}: {reason}", path.display())]
    WeightFile {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },

    /// A tensor that the architecture needs is not there.
    #[error("{place} lacks the tensor `{name}`{}. {advice}", of_shape(shape))]
    MissingTensor {
        /// The canonical name, as transformers has it.
        name: String,
        /// The shape that the configuration asks for; empty where it does not say.
        shape: Vec<usize>,
        /// The folder or object that lacks it.
        place: String,
        /// What to do.
        advice: String,
    },

    /// A tensor that the architecture does not know, so that the result would be another model's.
    #[error(
        "{} holds the tensor `{name}`, which this configuration does not account for. The weights belong to another \
         model than config.json (for instance one with more layers): put the files of one model together",
        path.display()
    )]
    UnexpectedTensor {
        /// The name in the file.
        name: String,
        /// The file.
        path: PathBuf,
    },

    /// A tensor of another shape than the configuration says.
    #[error(
        "the tensor `{name}` in {place} has shape {found:?}, but the configuration asks for {expected:?}. The weights \
         and config.json belong to different models: put the files of one model together"
    )]
    Shape {
        /// The canonical name.
        name: String,
        /// The file or object.
        place: String,
        /// What the configuration says.
        expected: Vec<usize>,
        /// What was found.
        found: Vec<usize>,
    },

    /// A sequence that is longer than the model's positions.
    #[error(
        "sequence {} of the batch reaches position {position}, but the model has {limit} positions. Shorten the \
         sequences (--max-length {limit} or less)",
        index + 1
    )]
    TooLong {
        /// Which sequence of the batch, from 0.
        index: usize,
        /// The furthest position, from 0.
        position: usize,
        /// `n_positions`.
        limit: usize,
    },

    /// A token id outside the vocabulary.
    #[error(
        "token id {token} in sequence {} of the batch is outside the model's vocabulary of {vocabulary}. The tokenizer \
         belongs to another model: use the files of one model",
        index + 1
    )]
    TokenOutOfRange {
        /// Which sequence of the batch, from 0.
        index: usize,
        /// The id.
        token: u32,
        /// `vocab_size`.
        vocabulary: usize,
    },

    /// A batch that no model could read.
    #[error("this batch can't be run: {0}")]
    Batch(String),

    /// An adapter that answered at one of its points failed.
    #[error(transparent)]
    Hook(Box<dyn std::error::Error + Send + Sync>),

    /// A kernel refused its arguments.
    #[error("a tensor operation failed: {0}")]
    Kernel(#[from] kernels::Error),

    /// The tensor library refused, for instance for want of memory.
    #[error("a tensor operation failed: {0}")]
    Tensor(#[from] candle_core::Error),
}

fn of_shape(shape: &[usize]) -> String {
    if shape.is_empty() { String::new() } else { format!(" of shape {shape:?}") }
}

impl Error {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
