//! The runs in the person's folders.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use train::RunFolder;
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use super::training::{Reading, RunRequest, TrainingStarted, folder_name};
use crate::runs::{as_begun, follow, look_again, run_folders};
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
    let mut runs = state.known_runs().all(&run_folders(&folders(state))?);
    runs.sort_by(|a, b| b.started.cmp(&a.started).then(a.folder.cmp(&b.folder)));
    Ok(runs)
}

/// What is known of the runs. A screen that shows them asks again and again: only what their events gained is read.
#[derive(Default)]
pub(super) struct KnownRuns(Mutex<HashMap<PathBuf, Known>>);

/// A run with how far its events are read.
struct Known {
    run: Run,
    reading: Reading,
}

impl KnownRuns {
    /// The runs in `folders`; others are forgotten.
    fn all(&self, folders: &[PathBuf]) -> Vec<Run> {
        // A panic while one is read leaves the others as they were.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|folder, _| folders.contains(folder));
        folders
            .iter()
            .map(|folder| known.entry(folder.clone()).or_insert_with(|| Known::new(folder)).now())
            .collect()
    }
}

impl Known {
    fn new(folder: &Path) -> Known {
        let events = RunFolder::at(folder.to_owned()).events_file();
        Known { run: as_begun(folder), reading: Reading::new(events) }
    }

    fn now(&mut self) -> Run {
        let news = self.reading.more();
        if self.reading.renewed {
            self.run = as_begun(&self.run.folder);
        }
        // A file that cannot be read now may be the next time; till then what was known stands.
        if let Ok(Some((_, lines))) = news {
            lines.iter().for_each(|line| follow(&mut self.run, line));
        }
        let mut run = self.run.clone();
        look_again(&mut run);
        run
    }
}
