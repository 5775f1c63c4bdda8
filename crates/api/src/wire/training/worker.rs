//! The process that trains.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use train::RunFolder;

use crate::wire::state::State;
use crate::{Error, Kind, TrainRequest};

/// How long a new process is watched until it has taken hold of its run.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts the training `request` into the new folder `run`.
pub fn start(state: &State, request: &TrainRequest, run: &Path) -> Result<(), Error> {
    let scratch = scratch(state)?;
    let configuration = scratch.join(format!("{}.json", unique()));
    let text = serde_json::to_vec_pretty(&request.configuration)
        .map_err(|error| Error::new(Kind::Internal, format!("the settings could not be written: {error}")))?;
    std::fs::write(&configuration, text).map_err(|error| Error::file("write", &configuration, &error))?;
    let mut arguments: Vec<std::ffi::OsString> = vec!["train".into()];
    for (flag, names) in
        [("--data", &request.data), ("--validation", &request.validation), ("--test", &request.test)]
    {
        if !names.is_empty() {
            arguments.push(flag.into());
            arguments.extend(names.iter().map(Into::into));
        }
    }
    for (flag, value) in [("--model", &request.model), ("--revision", &request.revision)] {
        if let Some(value) = value {
            arguments.extend([flag.into(), value.into()]);
        }
    }
    arguments.extend(["--config".into(), configuration.clone().into()]);
    arguments.extend(["--out".into(), run.into()]);
    let started = spawn(state, arguments, run);
    // The process has read it, or is not there.
    let _ = std::fs::remove_file(configuration);
    started
}

/// Goes on with the run in `run`, or only judges it.
pub fn resume(state: &State, run: &Path, finish: bool) -> Result<(), Error> {
    let mut arguments: Vec<std::ffi::OsString> = vec!["resume".into(), run.into()];
    if finish {
        arguments.push("--finish".into());
    }
    spawn(state, arguments, run)
}

/// Starts the worker, and waits until it works or has failed.
fn spawn(state: &State, mut arguments: Vec<std::ffi::OsString>, run: &Path) -> Result<(), Error> {
    let program = state.places().worker.clone().ok_or_else(|| {
        Error::new(Kind::File, "the program `episome`, which trains, was not found")
            .remedy("install Episome again, or set EPISOME_WORKER to the program")
    })?;
    let log = scratch(state)?.join(format!("{}.log", unique()));
    let output = File::create(&log).map_err(|error| Error::file("write", &log, &error))?;
    let errors = output.try_clone().map_err(|error| Error::file("write", &log, &error))?;
    arguments.push("--json".into());
    if let Some(threads) = crate::wire::settings::read(state).threads.filter(|threads| *threads > 0) {
        arguments.extend(["--threads".into(), threads.to_string().into()]);
    }
    let mut command = Command::new(&program);
    command.args(arguments).stdin(Stdio::null()).stdout(output).stderr(errors);
    let engine = state.engine();
    command.env("EPISOME_CACHE", &engine.cache);
    if engine.hub.offline {
        command.env("HF_HUB_OFFLINE", "1");
    }
    detach(&mut command);
    let folder = RunFolder::at(run.to_owned());
    let before = lines(&folder);
    let mut child = command.spawn().map_err(|error| {
        Error::new(Kind::File, format!("{} could not be started: {error}", program.display()))
            .at(program.display())
            .remedy("install Episome again, or set EPISOME_WORKER to the program")
    })?;
    state.started_here(run);
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        match child.try_wait() {
            // So quick that it is over already, or failed where its run can tell why.
            Ok(Some(status)) if status.success() || lines(&folder) > before => return Ok(()),
            Ok(Some(_)) => return Err(said(&log).unwrap_or_else(|| died(&log))),
            Ok(None) if folder.process() == Some(child.id()) => break,
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => {
                return Err(Error::new(Kind::Run, format!("the process cannot be watched: {error}")));
            }
        }
    }
    // Its end must be taken note of, or it stays in the list of processes.
    std::thread::spawn(move || reap(child, log));
    Ok(())
}

fn reap(mut child: Child, log: PathBuf) {
    if child.wait().is_ok_and(|status| status.success()) {
        // All that it said is in events.jsonl, too.
        let _ = std::fs::remove_file(log);
    }
}

fn lines(folder: &RunFolder) -> usize {
    std::fs::read(folder.events_file()).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count())
}

/// The error with which a worker ended: the last object on its output.
fn said(log: &Path) -> Option<Error> {
    let text = String::from_utf8_lossy(&std::fs::read(log).ok()?).into_owned();
    let errors = text.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut errors = errors.filter(|object| object["type"] == "error");
    serde_json::from_value(errors.next()?["error"].take()).ok()
}

fn died(log: &Path) -> Error {
    let text =
        std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()).unwrap_or_default();
    let last = text.lines().next_back().unwrap_or("it said nothing").to_owned();
    Error::new(Kind::Run, format!("the process that trains ended at once: {last}")).at(log.display())
}

/// Where workers are given their settings and leave what they say, beside the cache.
fn scratch(state: &State) -> Result<PathBuf, Error> {
    let folder = state.engine().cache.join("workers");
    std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
    Ok(folder)
}

/// A name that no other worker has.
fn unique() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("{}-{}", std::process::id(), now.map_or(0, |now| now.as_nanos()))
}

/// Ctrl-C in the terminal of the window is not meant for the training.
#[cfg(unix)]
fn detach(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

/// No console of its own, and no Ctrl-C from another.
#[cfg(windows)]
fn detach(command: &mut Command) {
    const DETACHED_PROCESS: u32 = 0x8;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    std::os::windows::process::CommandExt::creation_flags(
        command,
        DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP,
    );
}

/// Bytes of memory that a process holds.
pub fn memory(process: u32) -> Option<u64> {
    let process = sysinfo::Pid::from_u32(process);
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_processes_specifics(
        sysinfo::ProcessesToUpdate::Some(&[process]),
        true,
        sysinfo::ProcessRefreshKind::nothing().with_memory(),
    );
    Some(system.process(process)?.memory())
}
