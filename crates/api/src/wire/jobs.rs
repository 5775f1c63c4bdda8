//! Work that goes on after its command was answered.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{Engine, Error, Kind};

/// Where a job's messages go.
pub type Emit = Arc<dyn Fn(Message) + Send + Sync>;

/// The answer of a command that goes on by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Started {
    /// Its number, which its messages carry.
    pub job: String,
}

/// Something that a job says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Message {
    /// The job's number.
    pub job: String,
    /// What it says.
    pub event: JobEvent,
}

/// What a job says. After `done` or `error` it says nothing more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JobEvent {
    /// How it gets on.
    Progress {
        /// The progress type of the job's command.
        #[ts(type = "unknown")]
        progress: Value,
    },
    /// It is complete.
    Done {
        /// The answer type of the job's command.
        #[ts(type = "unknown")]
        answer: Value,
    },
    /// It failed, or was stopped (kind `interrupted`).
    Error {
        /// Why.
        error: Error,
    },
}

/// A job, by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobRequest {
    /// The number that [`Started`] gave.
    pub job: String,
}

/// The side of a job that does the work.
pub struct Job<P> {
    number: String,
    emit: Emit,
    engine: Engine,
    progress: PhantomData<fn(P)>,
}

impl<P: Serialize> Job<P> {
    /// The engine, with a flag of the job's own that stops it.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Whether it should stop.
    pub fn is_stopped(&self) -> bool {
        self.engine.stop.load(Ordering::SeqCst)
    }

    /// Tells how it gets on.
    pub fn tell(&self, progress: &P) {
        // Progress types are plain; one that JSON cannot hold has nothing to tell.
        if let Ok(progress) = serde_json::to_value(progress) {
            (self.emit)(Message { job: self.number.clone(), event: JobEvent::Progress { progress } });
        }
    }
}

/// The jobs that are under way.
#[derive(Default)]
pub(super) struct Jobs {
    started: AtomicU64,
    running: Arc<Mutex<HashMap<String, Arc<AtomicBool>>>>,
}

impl Jobs {
    /// Starts `work` on a thread of its own; gives its number.
    pub fn start<P: Serialize + 'static>(
        &self,
        state: &State,
        emit: &Emit,
        work: impl FnOnce(&State, &Job<P>) -> Result<Value, Error> + Send + 'static,
    ) -> Result<String, Error> {
        let number = format!("{}-{}", std::process::id(), self.started.fetch_add(1, Ordering::SeqCst) + 1);
        let stop = Arc::new(AtomicBool::new(false));
        let engine = Engine { stop: Arc::clone(&stop), ..state.engine() };
        let job = Job { number: number.clone(), emit: Arc::clone(emit), engine, progress: PhantomData };
        let running = Arc::clone(&self.running);
        lock(&running).insert(number.clone(), stop);
        let state = state.clone();
        let thread = std::thread::Builder::new().name(format!("job {number}"));
        let failed = number.clone();
        let spawned = thread.spawn(move || {
            let event = match work(&state, &job) {
                Ok(answer) => JobEvent::Done { answer },
                Err(error) => JobEvent::Error { error },
            };
            lock(&running).remove(&job.number);
            (job.emit)(Message { job: job.number, event });
        });
        if let Err(error) = spawned {
            lock(&self.running).remove(&failed);
            return Err(Error::new(Kind::Device, format!("no thread could be started: {error}")));
        }
        Ok(number)
    }

    /// Whether a job is under way.
    pub fn is_running(&self, number: &str) -> bool {
        lock(&self.running).contains_key(number)
    }

    /// Asks a job to stop; whether it was under way.
    fn cancel(&self, number: &str) -> bool {
        match lock(&self.running).get(number) {
            Some(stop) => {
                stop.store(true, Ordering::SeqCst);
                true
            }
            None => false,
        }
    }
}

/// A panic of one job takes no other with it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn commands() -> Vec<Command> {
    vec![Command::new("job.cancel", |state: &State, request: JobRequest| {
        state.jobs().cancel(&request.job);
        Ok(Nothing {})
    })]
}
