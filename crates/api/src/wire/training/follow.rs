//! Reading a run's events.jsonl along while it grows.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use train::RunFolder;
use ts_rs::TS;

use super::event::Event;
use super::worker::memory;
use super::{TrainingState, state_of};
use crate::runs::{Run, as_told, look_again};
use crate::wire::jobs::Job;
use crate::wire::state::State;
use crate::{Error, Kind};

/// A run to follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct FollowRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// Lines that are known already; absent: none. After `training.resume` begin anew: a resumed run takes back what came after
    /// its checkpoint.
    pub from_line: Option<u64>,
}

/// What happened meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FollowProgress {
    /// The number of the first of these events, from 0. Where it is not the number of events that are known, the run was resumed
    /// and took back what came after its checkpoint: what is known from this number on is no longer so.
    pub first_line: u64,
    /// The events.
    pub events: Vec<Event>,
    /// How the run stands now.
    pub state: TrainingState,
}

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The state is told at least that often while a process works, for its memory and its life.
const PULSE: u32 = 10;

/// Tells what happens until no process works on the run any more.
pub fn follow(_: &State, job: &Job<FollowProgress>, request: FollowRequest) -> Result<TrainingState, Error> {
    let folder = RunFolder::at(request.run.clone());
    // Its summary is kept up with the events: to read a long run again ten times a second would be work.
    state_of(&request.run)?;
    let mut run = as_told(&request.run);
    let mut reading = Reading::new(folder.events_file());
    let mut known = request.from_line.unwrap_or(0);
    let mut silent = PULSE;
    loop {
        if job.is_stopped() {
            return Err(
                Error::new(Kind::Interrupted, "nobody follows the run any more").remedy("follow it again")
            );
        }
        // Before the file: what is written while the process ends is read afterwards.
        let alive = folder.is_locked();
        if let Some((first_line, lines)) = reading.more()? {
            lines.iter().for_each(|line| crate::runs::follow(&mut run, line));
            // A file that was written anew, or holds less than is known, is told again from its beginning.
            let anew = reading.renewed || (first_line == 0 && known > lines.len() as u64);
            let skip = if anew { 0 } else { known.saturating_sub(first_line) };
            let events: Vec<Event> = lines.into_iter().skip(skip as usize).map(event).collect();
            known = reading.lines;
            if !events.is_empty() {
                let state = standing(&folder, &run, known);
                job.tell(&FollowProgress { first_line: first_line + skip, events, state });
                silent = 0;
            }
        }
        if !alive {
            return Ok(standing(&folder, &run, known));
        }
        silent += 1;
        if silent >= PULSE {
            silent = 0;
            let state = standing(&folder, &run, known);
            job.tell(&FollowProgress { first_line: known, events: Vec::new(), state });
        }
        std::thread::sleep(LOOK);
    }
}

fn event(line: Value) -> Event {
    serde_json::from_value(line).unwrap_or(Event::Unknown)
}

/// `run` as the events tell it, with what no event tells.
fn standing(folder: &RunFolder, run: &Run, lines: u64) -> TrainingState {
    let mut run = run.clone();
    look_again(&mut run);
    let process = folder.process();
    TrainingState { run, process, memory_bytes: process.and_then(memory), lines }
}

/// A file of lines that grows, or is replaced by another of the same name.
struct Reading {
    path: PathBuf,
    /// Bytes of whole lines that were read.
    position: u64,
    /// Their lines.
    lines: u64,
    /// The start of the file, by which another file is known.
    head: Vec<u8>,
    /// Whether the last look found another file.
    renewed: bool,
}

const HEAD: usize = 4096;

impl Reading {
    fn new(path: PathBuf) -> Reading {
        Reading { path, position: 0, lines: 0, head: Vec::new(), renewed: false }
    }

    /// The whole lines that were not read yet, with the number of the first.
    fn more(&mut self) -> Result<Option<(u64, Vec<Value>)>, Error> {
        self.renewed = false;
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|error| Error::file("read", &self.path, &error))?,
        };
        let wrap = |error: std::io::Error| Error::file("read", &self.path, &error);
        let size = file.metadata().map_err(wrap)?.len();
        if size < self.position || !self.is_the_same(&mut file).map_err(wrap)? {
            self.renewed = self.position > 0;
            (self.position, self.lines) = (0, 0);
            self.head.clear();
        }
        file.seek(SeekFrom::Start(self.position)).map_err(wrap)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(wrap)?;
        let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        bytes.truncate(end + 1);
        if self.position < HEAD as u64 {
            self.head.extend(bytes.iter().take(HEAD - self.head.len()));
        }
        let first = self.lines;
        let lines: Vec<Value> = String::from_utf8_lossy(&bytes)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or(Value::Null))
            .collect();
        self.position += bytes.len() as u64;
        self.lines += lines.len() as u64;
        Ok(Some((first, lines)))
    }

    fn is_the_same(&self, file: &mut File) -> std::io::Result<bool> {
        let mut head = vec![0; self.head.len()];
        file.read_exact(&mut head)?;
        Ok(head == self.head)
    }
}

/// Every event of a run as the engine has it; of lines that are not whole or not known, none.
pub fn all(run: &Path) -> Vec<train::Event> {
    let text = std::fs::read(RunFolder::at(run.to_owned()).events_file()).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
