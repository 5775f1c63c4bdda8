//! The runs in the person's folders.

use std::path::PathBuf;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{Error, Run, Runs};

pub(super) fn commands() -> Vec<Command> {
    vec![Command::new("runs.list", |state: &State, _: Nothing| Ok(Runs { runs: newest_first(state)? }))]
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
