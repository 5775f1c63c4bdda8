//! The runs in the person's folders.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use super::training::{RunRequest, TrainingStarted, folder_name};
use crate::{Error, Run, Runs};

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("runs.list", |state: &State, _: Nothing| Ok(Runs { runs: newest_first(state)? })),
        Command::new("runs.rename", rename),
        Command::new("runs.trash", |_: &State, request: RunRequest| {
            crate::throw_away(&request.run).map(|()| Nothing {})
        }),
        Command::new("runs.restore", |_: &State, request: RunRequest| {
            crate::bring_back(&request.run).map(|()| Nothing {})
        }),
    ]
}

/// A run's new name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RenameRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// Its name from now on, which becomes its folder's.
    pub name: String,
}

fn rename(_: &State, request: RenameRequest) -> Result<TrainingStarted, Error> {
    let run = crate::rename_run(&request.run, &folder_name(&request.name))?;
    Ok(TrainingStarted { run })
}

/// The folders in which a person's things are looked for, those that exist.
pub(super) fn folders(state: &State) -> Vec<PathBuf> {
    let mut folders = vec![state.projects()];
    folders.extend(super::settings::read(state).folders);
    folders.retain(|folder| folder.is_dir());
    folders.dedup();
    folders
}

/// Every run, the newest first.
pub(super) fn newest_first(state: &State) -> Result<Vec<Run>, Error> {
    let mut runs = crate::runs(&folders(state))?.runs;
    runs.sort_by(|a, b| b.started.cmp(&a.started).then(a.folder.cmp(&b.folder)));
    runs.dedup_by(|a, b| a.folder == b.folder);
    Ok(runs)
}
