//! Where the events of a pretraining go.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::clock::stamp;
use crate::{Clock, Error, Event, Stage};

/// Where events go: to the observer and to events.jsonl.
pub(super) struct Log<'a> {
    file: File,
    path: PathBuf,
    pub(super) clock: &'a dyn Clock,
    observer: &'a mut dyn FnMut(&Event),
}

impl<'a> Log<'a> {
    pub(super) fn open(
        out: &Path,
        clock: &'a dyn Clock,
        observer: &'a mut dyn FnMut(&Event),
    ) -> Result<Self, Error> {
        let path = out.join("events.jsonl");
        let file =
            OpenOptions::new().create(true).append(true).open(&path).map_err(Error::file("write", &path))?;
        Ok(Self { file, path, clock, observer })
    }

    /// Takes back the steps after `step`, whose work was lost with the process, and a line that it left half written:
    /// they are done again, and no step stands in events.jsonl twice.
    pub(super) fn rewind(&mut self, step: usize) -> Result<(), Error> {
        let text = fs::read_to_string(&self.path).map_err(Error::file("read", &self.path))?;
        let stands = |line: &&str| match serde_json::from_str(line) {
            Ok(Event::Step { step: at, .. } | Event::Checkpoint { step: at, .. }) => at <= step,
            Ok(Event::Evaluation { step: at, .. }) => at <= step && step > 0,
            other => other.is_ok(),
        };
        let kept: String = text.lines().filter(stands).flat_map(|line| [line, "\n"]).collect();
        models::write_aside(&self.path, kept.as_bytes())?;
        // The file of that name is another one now.
        self.file =
            OpenOptions::new().append(true).open(&self.path).map_err(Error::file("write", &self.path))?;
        Ok(())
    }

    pub(super) fn time(&self) -> String {
        stamp(self.clock.now())
    }

    pub(super) fn event(&mut self, event: Event) -> Result<(), Error> {
        let line = serde_json::to_string(&event)?;
        writeln!(self.file, "{line}").map_err(Error::file("write", &self.path))?;
        (self.observer)(&event);
        Ok(())
    }

    pub(super) fn progress(&mut self, stage: Stage, message: &str) -> Result<(), Error> {
        self.event(Event::Progress {
            time: self.time(),
            stage,
            message: message.to_owned(),
            done: None,
            total: None,
        })
    }
}
