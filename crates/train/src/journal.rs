//! Telling what happens: to the observer at once, and to events.jsonl for good.

use crate::clock::{Clock, stamp};
use crate::error::Error;
use crate::event::{Event, Stage};
use crate::files;
use crate::folder::RunFolder;
use std::fs::{File, OpenOptions};
use std::io::Write;
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
        let path = folder.events_file();
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(Error::file("write", &path))?;
        Ok(Journal {
            file: Some(file),
            folder: folder.clone(),
            observer,
            clock,
            last_step: None,
        })
    }

    /// A journal that only tells the observer.
    pub fn unwritten(observer: &'a mut dyn FnMut(&Event), clock: &'a dyn Clock) -> Self {
        Journal {
            file: None,
            folder: RunFolder::at(""),
            observer,
            clock,
            last_step: None,
        }
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
            file.write_all(&line)
                .map_err(Error::file("write", self.folder.events_file()))?;
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
        self.tell(&Event::Progress {
            time,
            stage,
            message: message.into(),
            done,
            total,
        })
    }

    pub fn warn(&mut self, kind: &str, message: impl Into<String>, count: Option<u64>) -> Result<(), Error> {
        let time = self.now();
        self.tell(&Event::Warning {
            time,
            kind: kind.to_owned(),
            message: message.into(),
            count,
        })
    }
}

/// Takes back the steps after `step`, whose work was lost with the process: a resumed run does them again, and no step
/// stands in events.jsonl twice. Lines that a crash cut short go too.
pub(crate) fn rewind(folder: &RunFolder, step: usize) -> Result<(), Error> {
    let kept: Vec<Event> = folder
        .events()?
        .into_iter()
        .filter(|event| happened_by(event, step))
        .collect();
    files::write(&folder.events_file(), |file| {
        for event in &kept {
            serde_json::to_writer(&mut *file, event)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    })
}

fn happened_by(event: &Event, last: usize) -> bool {
    match event {
        Event::Step { step, .. } | Event::Evaluation { step, .. } | Event::Checkpoint { step, .. } => {
            *step <= last
        }
        _ => true,
    }
}
