//! Runs that are under way: starting, following, steering and drawing them.
//!
//! Training runs in a process of its own, which goes on when the window is closed or dies. All that is known of it stands in
//! the run's folder: what happened in events.jsonl, whether it is alive in the lock.

mod courses;
mod curves;
mod event;
mod follow;
mod reading;
mod worker;

pub(super) use courses::Courses;
pub(super) use curves::{ChartTheme, DrawnFigure};
pub(super) use reading::Reading;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::data::DataRequest;
use super::method::Configuration;
use super::state::State;
use crate::runs::{Run, read};
use crate::{Error, Kind};

/// A training to start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct TrainingRequest {
    /// The run's name, which becomes its folder's; absent: made from the data's name.
    pub name: Option<String>,
    /// The data and how it is to be read.
    pub data: DataRequest,
    /// The base model.
    pub model: String,
    /// The revision of a Hub model.
    pub revision: Option<String>,
    /// The method and its settings.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub configuration: Configuration,
}

/// A run, by its folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunRequest {
    /// The folder.
    pub run: PathBuf,
}

/// A training that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrainingStarted {
    /// The run's folder.
    pub run: PathBuf,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrainingState {
    /// Its summary.
    pub run: Run,
    /// The number of the process at work on it.
    pub process: Option<u32>,
    /// Bytes of memory that this process holds.
    pub memory_bytes: Option<u64>,
    /// Lines of events.jsonl so far.
    pub lines: u64,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("training.start", start),
        Command::new("training.state", |_: &State, request: RunRequest| state_of(&request.run)),
        Command::job("training.follow", follow::follow),
        Command::new("training.curves", curves::curves),
        Command::new("training.pause", |_: &State, request: RunRequest| {
            crate::pause(&request.run).map(|()| Nothing {})
        }),
        Command::new("training.stop", |_: &State, request: RunRequest| {
            crate::stop(&request.run).map(|()| Nothing {})
        }),
        Command::new("training.resume", resume),
        Command::new("training.finish", |state: &State, request: RunRequest| {
            take_up(state, &request.run, true)
        }),
    ]
}

fn start(state: &State, request: TrainingRequest) -> Result<TrainingStarted, Error> {
    let mut asked = request.data.training(Some(request.model), &request.configuration)?;
    asked.revision = request.revision;
    // The machine's setting holds where the training itself says nothing.
    let chosen = super::settings::read(state).device;
    if let Some(device) = chosen.filter(|_| !request.configuration.settings.contains_key("device")) {
        asked.configuration.set("device", &device)?;
    }
    // What is wrong already is told at once, not by a process that ends.
    crate::check_training(&asked)?;
    let folder = state.projects().join("runs");
    std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
    let name = folder_name(&request.name.unwrap_or_else(|| suggested_name(&asked.data)));
    let run = claim(&folder, &name)?;
    worker::start(state, &asked, &run).inspect_err(|_| {
        // Where the worker wrote something, it stays, and so does the folder.
        let _ = std::fs::remove_dir(&run);
    })?;
    Ok(TrainingStarted { run })
}

/// Makes a folder below `folder` that no other window gets, named as near to `name` as can be.
fn claim(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    loop {
        let run = crate::folders::vacant(folder, name);
        match std::fs::create_dir(&run) {
            Ok(()) => return Ok(run),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::file("create", &run, &error)),
        }
    }
}

/// `promoters` for `/data/promoters.csv` or `someone/promoters`.
fn suggested_name(data: &[String]) -> String {
    let first = data.first().map(String::as_str).unwrap_or_default();
    let last = first.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    last.split('.').next().unwrap_or_default().to_owned()
}

/// A name that every file system takes.
pub(super) fn folder_name(name: &str) -> String {
    let clean = |c: char| if c.is_control() || "/\\<>:\"|?*.".contains(c) { '-' } else { c };
    let name: String = name.trim().chars().take(80).map(clean).collect();
    let name = name.trim_matches(['-', ' ']).to_owned();
    if name.is_empty() { "run".to_owned() } else { name }
}

fn resume(state: &State, request: RunRequest) -> Result<Nothing, Error> {
    if crate::go_on(&request.run)? {
        return Ok(Nothing {});
    }
    take_up(state, &request.run, false)
}

/// Starts a process that goes on with a run that has none, or only judges it.
fn take_up(state: &State, run: &Path, finish: bool) -> Result<Nothing, Error> {
    if train::RunFolder::at(run.to_owned()).is_locked() {
        return Err(Error::new(Kind::Run, format!("{} is being trained already", run.display()))
            .at(run.display())
            .remedy("there is nothing to do: another window or program started it"));
    }
    worker::resume(state, run, finish)?;
    Ok(Nothing {})
}

/// How the run in `run` stands.
pub(super) fn state_of(run: &Path) -> Result<TrainingState, Error> {
    if !run.is_dir() {
        return Err(Error::new(Kind::Run, format!("there is no run {}", run.display()))
            .at(run.display())
            .remedy("it was moved or removed: look at the list of runs"));
    }
    let folder = train::RunFolder::at(run.to_owned());
    let process = folder.process();
    let lines = std::fs::read(folder.events_file())
        .map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count() as u64);
    Ok(TrainingState { run: read(run), process, memory_bytes: process.and_then(worker::memory), lines })
}
