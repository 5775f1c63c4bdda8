//! Runs below a folder, and how each of them went, read from their own files.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use train::{RunConfiguration, RunFolder};
use ts_rs::TS;

use crate::{Error, Kind};

/// Runs found below some folders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Runs {
    /// In the order of their folders' names.
    pub runs: Vec<Run>,
}

/// A run as its folder tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Run {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name: the folder's.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// The base model's name.
    pub base: String,
    /// When it was started (RFC 3339, UTC).
    pub started: Option<String>,
    /// The last step that it took.
    pub step: Option<usize>,
    /// All steps.
    pub steps: Option<usize>,
    /// The metric by which the best state is chosen.
    pub metric: Option<String>,
    /// Its best value on the validation split.
    pub best: Option<f64>,
    /// What it scored on the test split.
    pub test: Option<f64>,
    /// The best adapter, where there is one.
    pub adapter: Option<PathBuf>,
    /// The report, where there is one.
    pub report: Option<PathBuf>,
    /// What is wrong with its files, where something is.
    pub problem: Option<String>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "RunState")]
pub enum State {
    /// Complete.
    Finished,
    /// Stopped on request; it can be resumed.
    Stopped,
    /// It could not go on; the last event says why.
    Failed,
    /// A process is at work on it now.
    Training,
    /// A process holds it and waits until it is let go on.
    Paused,
    /// Its process was killed before the end: it can be resumed.
    Unfinished,
}

impl State {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            State::Finished => "finished",
            State::Stopped => "stopped",
            State::Failed => "failed",
            State::Training => "training",
            State::Paused => "paused",
            State::Unfinished => "unfinished",
        }
    }
}

/// Levels of folders that are searched below each given one.
const DEPTH: usize = 5;

/// The runs in `folders` and below.
pub fn runs(folders: &[PathBuf]) -> Result<Runs, Error> {
    Ok(Runs { runs: run_folders(folders)?.iter().map(|folder| read(folder)).collect() })
}

/// The folders of the runs in `folders` and below, in the order of their paths.
pub fn run_folders(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for folder in folders {
        crate::folders::walk(folder, DEPTH, &mut |folder| {
            let is_run = folder.join("run.json").is_file();
            if is_run {
                found.push(folder.to_owned());
            }
            !is_run
        })?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Gives a run's folder another name, in the same place. Gives the new folder.
pub fn rename_run(run: &Path, name: &str) -> Result<PathBuf, Error> {
    RunConfiguration::read(run)?;
    let to = run.with_file_name(name);
    if to == run {
        return Ok(to);
    }
    if RunFolder::at(run.to_owned()).is_locked() {
        return Err(Error::new(Kind::Run, format!("{} is being trained now", run.display()))
            .at(run.display())
            .remedy("wait until it is done, or stop it first"));
    }
    if to.exists() {
        return Err(Error::new(Kind::File, format!("{} is there already", to.display()))
            .at(to.display())
            .remedy("choose another name"));
    }
    std::fs::rename(run, &to).map_err(|error| Error::file("rename", run, &error))?;
    Ok(to)
}

/// One run, read from its own files.
pub fn read(folder: &Path) -> Run {
    let mut run = as_told(folder);
    look_again(&mut run);
    run
}

/// One run as its configuration and its events tell it, whether or not a process is at work on it.
pub fn as_told(folder: &Path) -> Run {
    let mut run = as_begun(folder);
    if let Ok(file) = File::open(folder.join("events.jsonl")) {
        // A line that was being written when the process died is not whole; it is passed over.
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        lines.filter_map(|line| serde_json::from_str(&line).ok()).for_each(|event| follow(&mut run, &event));
    }
    run
}

/// One run as its configuration alone tells it; [`follow`] takes its events over.
pub fn as_begun(folder: &Path) -> Run {
    let mut run = Run {
        folder: folder.to_owned(),
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        state: State::Unfinished,
        base: String::new(),
        started: None,
        step: None,
        steps: None,
        metric: None,
        best: None,
        test: None,
        adapter: None,
        report: None,
        problem: None,
    };
    match RunConfiguration::read(folder) {
        Ok(configuration) => {
            run.base = configuration.base.name;
            run.started = Some(configuration.created).filter(|created| !created.is_empty());
            run.metric = Some(configuration.hyperparameters.metric.to_string());
        }
        Err(error) => run.problem = Some(error.to_string()),
    }
    run
}

/// Takes over what changes without an event: whether a process is at work, and which files are there.
pub fn look_again(run: &mut Run) {
    let folder = RunFolder::at(run.folder.clone());
    run.adapter = Some(folder.adapter()).filter(|adapter| adapter.join("adapter_config.json").exists());
    run.report = Some(folder.report().join("report.html")).filter(|report| report.exists());
    // What has finished is finished, though its process may take a moment to go.
    if run.state != State::Finished && folder.is_locked() {
        run.state = if folder.pause_file().exists() { State::Paused } else { State::Training };
    }
}

/// Takes over what one event says of the run.
pub fn follow(run: &mut Run, event: &Value) {
    let number = |name: &str| event[name].as_u64().map(|number| number as usize);
    match event["type"].as_str().unwrap_or_default() {
        "started" => {
            run.state = State::Unfinished;
            run.problem = None;
            run.steps = number("steps");
        }
        "step" => run.step = number("step"),
        "evaluation" => {
            let value = run.metric.as_deref().and_then(|metric| event[metric].as_f64());
            match event["split"].as_str() {
                Some("test") => run.test = value,
                _ if event["best"] == true => run.best = value,
                _ => {}
            }
        }
        "finished" => run.state = State::Finished,
        "stopped" => run.state = State::Stopped,
        "failed" => {
            run.state = State::Failed;
            run.problem = event["message"].as_str().map(str::to_owned);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_tells_how_it_went_even_with_its_last_line_cut() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("projects/first");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("run.json"), "{\"base\": {\"name\": \"episome-mini\"}}").unwrap();
        let events = concat!(
            "{\"type\":\"started\",\"steps\":20}\n{\"type\":\"step\",\"step\":10}\n",
            "{\"type\":\"evaluation\",\"split\":\"validation\",\"best\":true,\"mcc\":0.5}\n",
            "{\"type\":\"evaluation\",\"split\":\"validation\",\"best\":false,\"mcc\":0.4}\n{\"type\":\"st"
        );
        std::fs::write(folder.join("events.jsonl"), events).unwrap();
        let runs = runs(&[scratch.path().to_owned()]).unwrap().runs;
        assert_eq!(runs.len(), 1);
        let run = &runs[0];
        assert_eq!(
            (run.state, run.step, run.steps, run.best),
            (State::Unfinished, Some(10), Some(20), Some(0.5))
        );
        assert_eq!(run.base, "episome-mini");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(runs(&[PathBuf::from("no/such/folder")]).is_err());
    }
}
