//! Reading a run's events.jsonl along while it grows.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use train::RunFolder;
use ts_rs::TS;

use super::event::Event;
use super::reading::Reading;
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
