//! Telling what happens: to the observer at once, and to events.jsonl for good.

use crate::checkpoint::State;
use crate::clock::{Clock, stamp};
use crate::error::Error;
use crate::event::{Event, Stage};
use crate::files;
use crate::folder::RunFolder;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// At most this many step events a second are told and kept; the rest are thinned out.
const STEPS_A_SECOND: u32 = 20;

/// The one way by which events leave a run.
pub(crate) struct Journal<'a> {
    file: Option<File>,
    folder: RunFolder,
    observer: &'a mut dyn FnMut(&Event),
    clock: &'a dyn Clock,
    last_step: Option<Duration>,
}

impl<'a> Journal<'a> {
    /// A journal that appends to the run's events.jsonl.
    pub fn open(
        folder: &RunFolder,
        observer: &'a mut dyn FnMut(&Event),
        clock: &'a dyn Clock,
    ) -> Result<Self, Error> {
        let file = appending(&folder.events_file())?;
        Ok(Journal { file: Some(file), folder: folder.clone(), observer, clock, last_step: None })
    }

    /// A journal that only tells the observer.
    pub fn unwritten(observer: &'a mut dyn FnMut(&Event), clock: &'a dyn Clock) -> Self {
        Journal { file: None, folder: RunFolder::at(""), observer, clock, last_step: None }
    }

    /// The stamp of an event that happens now.
    pub fn now(&self) -> String {
        stamp(self.clock.now())
    }

    /// Tells and keeps `event`.
    pub fn tell(&mut self, event: &Event) -> Result<(), Error> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        (self.observer)(event);
        if let Some(file) = &mut self.file {
            // One write: another process that reads along sees whole lines.
            file.write_all(&line).map_err(Error::file("write", self.folder.events_file()))?;
        }
        Ok(())
    }

    /// Whether a step event is due, so that there are at most twenty a second.
    pub fn step_is_due(&mut self) -> bool {
        let now = self.clock.elapsed();
        let due = self
            .last_step
            .is_none_or(|last| now.saturating_sub(last) >= Duration::from_secs(1) / STEPS_A_SECOND);
        if due {
            self.last_step = Some(now);
        }
        due
    }

    pub fn progress(
        &mut self,
        stage: Stage,
        message: impl Into<String>,
        done: Option<u64>,
        total: Option<u64>,
    ) -> Result<(), Error> {
        let time = self.now();
        self.tell(&Event::Progress { time, stage, message: message.into(), done, total })
    }

    pub fn warn(&mut self, kind: &str, message: impl Into<String>, count: Option<u64>) -> Result<(), Error> {
        let time = self.now();
        self.tell(&Event::Warning { time, kind: kind.to_owned(), message: message.into(), count })
    }

    /// Takes back what happened after the checkpoint `state`, whose work was lost with the process: a resumed run does it
    /// again, and no step stands in events.jsonl twice. A line that a crash cut short goes too, and so do warnings, which
    /// are told anew.
    pub fn rewind(&mut self, state: Option<&State>) -> Result<(), Error> {
        let events = self.folder.events()?;
        let kept: Vec<&Event> = events.iter().filter(|event| stands(event, state)).collect();
        let path = self.folder.events_file();
        files::write(&path, |file| {
            for event in kept {
                serde_json::to_writer(&mut *file, event)?;
                file.write_all(b"\n")?;
            }
            Ok(())
        })?;
        // The file of that name is another one now.
        self.file = Some(appending(&path)?);
        Ok(())
    }
}

fn appending(path: &Path) -> Result<File, Error> {
    OpenOptions::new().create(true).append(true).open(path).map_err(Error::file("write", path))
}

fn stands(event: &Event, state: Option<&State>) -> bool {
    let last = state.map_or(0, |state| state.step);
    match event {
        Event::Step { step, .. } | Event::Checkpoint { step, .. } => *step <= last,
        Event::Evaluation { step, split, .. } => {
            split == "validation"
                && (*step < last || (*step == last && state.is_some_and(|state| state.evaluated)))
        }
        Event::Warning { .. } => false,
        _ => true,
    }
}
