//! The courses of runs that somebody looks at, kept up with their events: those of a long run are not read anew for every
//! drawing.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use train::report::{History, Named};
use train::{RunConfiguration, RunFolder};

use super::reading::Reading;
use crate::Error;

/// The courses that were asked for last.
#[derive(Default)]
pub struct Courses(Mutex<Vec<Course>>);

struct Course {
    run: PathBuf,
    reading: Reading,
    history: History,
}

/// So many are kept; the one that nobody asked for longest goes.
const KEPT: usize = 4;

impl Courses {
    /// The curves of a run, as far as it has come.
    pub fn figures(&self, run: &Path) -> Result<Vec<Named>, Error> {
        let metric = RunConfiguration::read(run)?.hyperparameters.metric;
        let begun = train::history(&[], metric);
        // A panic while one is drawn leaves the others as they were.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut course = match known.iter().position(|course| course.run == run) {
            Some(place) => known.remove(place),
            None => Course {
                run: run.to_owned(),
                reading: Reading::new(RunFolder::at(run.to_owned()).events_file()),
                history: begun.clone(),
            },
        };
        let lines = course.reading.more()?.map_or_else(Vec::new, |(_, lines)| lines);
        if course.reading.renewed || course.history.chosen_by != begun.chosen_by {
            course.history = begun;
        }
        // Of lines that are not whole or not known, nothing.
        for event in lines.into_iter().filter_map(|line| serde_json::from_value(line).ok()) {
            course.history.hear(&event);
        }
        let figures = train::report::training_figures(&course.history);
        known.push(course);
        let surplus = known.len().saturating_sub(KEPT);
        known.drain(..surplus);
        Ok(figures)
    }
}
