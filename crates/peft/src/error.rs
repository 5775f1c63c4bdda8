//! What can go wrong between a method's settings, a base model and an adapter folder, and what to do about it.

use std::path::PathBuf;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A target that no module of the model answers to.
    #[error("the target `{pattern}` matches no module of this model{hint}. Nearest: {}", nearest.join(", "))]
    NoMatch {
        /// The pattern as it was given.
        pattern: String,
        /// What else is known of the reason.
        hint: &'static str,
        /// The modules whose names are nearest.
        nearest: Vec<String>,
    },

    /// Targets that match something, all of which is excluded or in other layers.
    #[error("nothing is left to adapt: {reason}")]
    NothingLeft {
        /// What took the modules away.
        reason: String,
    },

    /// A target that the method can't adapt.
    #[error("the target {module} is {kind}, which {method} does not adapt here. Choose linear modules: {}", nearest.join(", "))]
    NotAdaptable {
        /// The module's name.
        module: String,
        /// What it is.
        kind: &'static str,
        /// The method.
        method: &'static str,
        /// Modules that could be adapted.
        nearest: Vec<String>,
    },

    /// A regular expression that can't be read.
    #[error("`{pattern}` is not a valid regular expression: {reason}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// Where it fails.
        reason: String,
    },

    /// A setting out of its range, or two that contradict each other.
    #[error("`{field}` {reason}")]
    Setting {
        /// The setting's name in adapter_config.json.
        field: String,
        /// What is wrong and what would be right.
        reason: String,
    },

    /// The folder is no adapter of peft's.
    #[error("{} is no adapter folder: {reason}", folder.display())]
    NotAnAdapter {
        /// The folder.
        folder: PathBuf,
        /// What is missing and what to do.
        reason: String,
    },

    /// adapter_config.json can't be read.
    #[error("{}: {reason}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A method, or a variant of one, that this version does not have.
    #[error("{} uses {what}, which is not supported: {reason}", path.display())]
    Unsupported {
        /// The configuration file.
        path: PathBuf,
        /// The method or setting.
        what: String,
        /// Why, and what to do.
        reason: String,
    },

    /// Tensors that the configuration announces and the file lacks.
    #[error(
        "{} lacks {} of {expected} tensors that its adapter_config.json announces, the first `{}`. The adapter would \
         predict with a part of itself: copy or export it again",
        path.display(), missing.len(), missing.first().map_or("", String::as_str)
    )]
    MissingTensors {
        /// The weight file.
        path: PathBuf,
        /// Their keys.
        missing: Vec<String>,
        /// How many there should be.
        expected: usize,
    },

    /// Tensors in the file that the configuration does not account for.
    #[error(
        "{} holds {} tensors that its adapter_config.json does not account for, the first `{}`. The two files belong \
         to different adapters, or the base model is another one than {base}",
        path.display(), extra.len(), extra.first().map_or("", String::as_str)
    )]
    ExtraTensors {
        /// The weight file.
        path: PathBuf,
        /// Their keys.
        extra: Vec<String>,
        /// `base_model_name_or_path`.
        base: String,
    },

    /// A tensor of another size than configuration and base model ask for.
    #[error(
        "the tensor `{key}` in {} has shape {found:?}, but this base model and adapter_config.json ask for \
         {expected:?}. The adapter was made for {base}: use that base model",
        path.display()
    )]
    Size {
        /// The weight file.
        path: PathBuf,
        /// Its key.
        key: String,
        /// What configuration and base ask for.
        expected: Box<[usize]>,
        /// What the file holds.
        found: Box<[usize]>,
        /// `base_model_name_or_path`.
        base: String,
    },

    /// An adapter would overwrite something else.
    #[error("{} is not empty and holds no adapter, so it is left alone. Choose a new folder", folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },

    /// A checkpoint's tensors do not fit this adapter.
    #[error("the checkpoint does not fit this adapter: {0}")]
    Snapshot(String),

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

    /// The base model refused.
    #[error(transparent)]
    Model(#[from] models::Error),

    /// The tensor library refused, for instance for want of memory.
    #[error("a tensor operation failed: {0}")]
    Tensor(#[from] candle_core::Error),
}

impl Error {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    pub(crate) fn setting(field: &str, reason: impl Into<String>) -> Self {
        Self::Setting { field: field.to_owned(), reason: reason.into() }
    }
}
