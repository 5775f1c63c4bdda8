//! What a user interface may ask of the engine: one function for each ability, one type for each answer.
//!
//! The window, the command line and the browser call these functions and nothing else, so they cannot differ in what
//! they do. Here names become files (a base model's name, a data set's), the crates below are called, and their errors
//! get one shape ([`Error`]): what failed, where, and what to do. The work itself is theirs: reading is `sequence`'s,
//! training `train`'s, predicting `predict`'s, the adapter folder `peft`'s, downloads `hub`'s.
//!
//! What the engine may use (cache, Hub, a flag that stops it) is in an [`Engine`], made by each face from its own
//! surroundings; nothing here looks at the environment.
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//! use episome_api::{Engine, Kind, base_model};
//!
//! # let scratch = tempfile::tempdir()?;
//! let engine = Engine {
//!     cache: scratch.path().join("cache"),
//!     hub: hub::Settings { offline: true, ..hub::Settings::new(scratch.path().join("hub")) },
//!     gpu_worker: None,
//!     stop: Arc::default(),
//! };
//! let error = base_model(&engine, "episome-mimi", None, &mut |_| {}).unwrap_err();
//! assert_eq!(error.kind, Kind::Model);
//! assert!(error.message.contains("Did you mean episome-mini?"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod adapter_card;
mod adapter_import;
mod adapters;
mod base_model;
mod conversion;
mod data_files;
mod data_inspection;
mod doctor;
mod embedded;
mod engine;
mod error;
mod evaluation;
mod export;
mod folders;
mod gpu_worker;
mod hub_account;
mod hub_requests;
mod inspection;
mod prediction;
mod pretraining;
mod private_paths;
pub mod results;
mod runs;
mod simulation;
mod thrown_away;
mod tokenizing;
mod training;
mod upload;
mod upload_files;
pub mod wire;

pub use adapter_card::{CardForm, read_card, snippet, write_card};
pub use adapter_import::{Imported, import_adapter};
pub use adapters::{
    AdapterCheck, AdapterObserver, AdapterProgress, AdapterStep, AdapterSummary, Adapters, Merged,
    SelfTestResult, adapters, check_adapter, merge,
};
pub use base_model::{BaseModel, Source, base_model, is_downloaded};
pub use data_files::{DataFiles, data_files};
pub use data_inspection::{
    DataReport, DataSet, InspectDataRequest, Refused, inspect_data, preview_data, read_data,
};
pub use doctor::{Card, Doctor, Folder, HubAccess, Memory, doctor};
pub use embedded::EMBEDDED_MODEL;
pub use engine::{Downloads, Engine, cache_folder, gpu_worker_beside};
pub use error::{Error, Kind};
pub use evaluation::{EvaluateRequest, EvaluationReport, evaluate};
pub use export::{Exported, adapter_folder, export, pack};
pub use gpu_worker::{GpuWorker, PATIENCE as GPU_PATIENCE};
pub use hub_account::{
    HubAccount, HubLogout, HubRights, HubTokenPlace, hub_account, hub_login, hub_login_again, hub_logout,
    hub_token,
};
pub use hub_requests::{HubDownload, HubResult, HubSearch, hub_download, hub_outline, hub_search};
pub use inspection::{ModelReport, TokenizerReport, inspect_model};
pub use prediction::{PredictRequest, Predicted, Prediction, predict, predicting_model};
pub use pretraining::{pretrain, resume_pretraining};
pub use runs::{Run, Runs, State, rename_run, runs};
pub use simulation::{Simulated, simulate};
pub use thrown_away::{bring_back, throw_away};
pub use tokenizing::{TokenizeRequest, Tokenized, TokenizedSequence, tokenize, tokenizer};
pub use training::{
    TrainRequest, check_training, device_of_run, dry_run, go_on, is_finished, matched, pause, preview_split,
    resume, stop, train,
};

pub use upload::{
    PlannedFile, PrivatePath, UploadPlan, UploadRequest, UploadTarget, UploadedAdapter, plan_upload, upload,
};

/// Types of the crates below that requests and answers are made of.
pub use ::chart::Theme as ChartTheme;
pub use ::hub::{
    Phase as UploadPhase, Progress as DownloadProgress, RepositoryKind, Settings as HubSettings,
    UploadProgress,
};
pub use ::predict::Progress as PredictionProgress;
pub use ::sequence::simulate::Settings as SimulationSettings;
pub use ::sequence::{Mend, Preview, ReadOptions};
pub use ::train::baseline::{KmerShortcut, ShortcutStage, ShortcutVerdict};
pub use ::train::pretrain::{Outcome as PretrainingOutcome, Settings as PretrainingSettings};
pub use ::train::{
    DTypeChoice, DataConfiguration, DeviceChoice, Estimate, EvaluationOptions, Event, Group, HYPERPARAMETERS,
    Hyperparameter, Hyperparameters, Kind as SettingKind, Outcome, Preset, RECIPES, Recipe, Resumption,
    RunConfiguration,
};

/// Makes the allocator keep what is freed for the next step. Call it first thing in a program that computes.
pub fn keep_freed_memory() {
    kernels::keep_freed_memory();
}

/// Sets how many threads the engine computes with: once, before anything is computed.
pub fn set_threads(threads: usize) -> Result<(), Error> {
    kernels::set_threads(threads).map_err(|error| Error::new(Kind::Device, error.to_string()))
}
