//! Runs: from labelled sequences and a base model to an adapter and a report.
//!
//! A run is a folder ([`RunFolder`]) that holds all that is needed to repeat it, everything that happened, and the result.
//! [`start`] makes one, [`resume`] goes on with one that was interrupted and ends with the same adapter to the bit,
//! [`evaluate`] scores its adapter on other records, [`dry_run`] says beforehand what it will cost.
//!
//! Reading sequences is left to `sequence`, the models to `models`, the methods to `peft`; turning a model's name into a
//! folder to `api`.
//!
//! ```
//! use episome_train::{HYPERPARAMETERS, Hyperparameters};
//!
//! let mut settings = Hyperparameters::default();
//! settings.set("rank", "4")?;
//! assert_eq!(settings.rank, 4);
//! let rank = HYPERPARAMETERS.iter().find(|one| one.name == "rank").unwrap();
//! assert_eq!((rank.flag, rank.limits), ("--rank", Some([1.0, 1024.0])));
//! # Ok::<(), episome_train::Error>(())
//! ```

pub mod baseline;
pub mod batching;
pub mod bootstrap;
pub mod device;
pub mod metrics;
pub mod optimizer;
pub mod pretrain;
pub mod report;
pub mod results;
pub mod schedule;

mod accumulate;
mod card;
mod checkpoint;
mod clock;
mod configuration;
mod dataset;
mod error;
mod estimate;
mod evaluate;
mod event;
mod files;
mod finding;
mod finish;
mod folder;
mod frozen;
mod hyperparameter_page;
mod hyperparameter_table;
mod hyperparameters;
mod journal;
mod loss_scale;
mod prepare;
mod random;
mod recipes;
mod recompute;
mod run;
mod session;
mod summary;
mod targets;
mod training;

pub use clock::{Clock, SystemClock};
pub use configuration::{BaseConfiguration, DataConfiguration, DataFile, RunConfiguration, SplitBy};
pub use dataset::{SplitPart, SplitPreview, preview_split};
pub use error::{Error, Explained};
pub use estimate::{Estimate, Memory, dry_run};
pub use evaluate::{Evaluated, EvaluationOptions, evaluate};
pub use event::{Event, Records, Stage};
pub use finding::Finding;
pub use folder::RunFolder;
pub use hyperparameter_page::hyperparameter_page;
pub use hyperparameter_table::HYPERPARAMETERS;
pub use hyperparameters::{
    BiasChoice, DTypeChoice, DeviceChoice, FrozenChoice, Group, Hyperparameter, Hyperparameters, Kind,
    Method, Preset, described,
};
pub use recipes::{RECIPES, Recipe};
pub use run::{Ending, Inputs, Outcome, Resumption, resume, start};
pub use summary::history;
pub use targets::matched;

#[cfg(test)]
mod curve_test;
#[cfg(test)]
mod precision_test;
