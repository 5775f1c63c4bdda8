//! The library of adapters.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{AdapterCheck, Adapters, Error, Exported, Merged, check_adapter, export, merge};

/// An adapter, and its base model where its own name for it does not lead there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct AdapterRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model.
    pub model: Option<String>,
}

/// Copying an adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The new folder.
    pub out: PathBuf,
    /// Whether to make `out`.zip, too.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub zip: bool,
}

/// Merging an adapter into its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct MergeRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model.
    pub model: Option<String>,
    /// The new folder.
    pub out: PathBuf,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("adapters.list", list),
        Command::new("adapters.check", check),
        Command::new("adapters.export", |_: &State, request: ExportRequest| -> Result<Exported, Error> {
            export(&request.adapter, &request.out, request.zip)
        }),
        Command::new("adapters.merge", |state: &State, request: MergeRequest| -> Result<Merged, Error> {
            merge(&state.engine(), &request.adapter, request.model.as_deref(), &request.out, &mut |_| {})
        }),
    ]
}

fn list(state: &State, _: Nothing) -> Result<Adapters, Error> {
    crate::adapters(&super::runs::folders(state))
}

fn check(state: &State, request: AdapterRequest) -> Result<AdapterCheck, Error> {
    check_adapter(&state.engine(), &request.adapter, request.model.as_deref(), &mut |_| {})
}
