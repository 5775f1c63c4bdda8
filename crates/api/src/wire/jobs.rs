//! Work that goes on after its command was answered.

use std::any::Any;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

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

/// A job that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunningJob {
    /// Its number.
    pub job: String,
    /// The command that started it.
    pub command: String,
    /// What was asked.
    #[ts(type = "unknown")]
    pub request: Value,
    /// What it told last; none: nothing yet.
    #[ts(type = "unknown")]
    pub progress: Option<Value>,
    /// Seconds since it was started.
    pub seconds: f64,
}

/// The jobs that are under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunningJobs {
    /// In the order in which they were started.
    pub jobs: Vec<RunningJob>,
}

/// The side of a job that does the work.
pub struct Job<P> {
    number: String,
    ears: Arc<Ears>,
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
            *lock(&self.ears.progress) = Some(progress.clone());
            self.ears.hear(Message { job: self.number.clone(), event: JobEvent::Progress { progress } });
        }
    }
}

/// Who hears a job, and what was told last: a page that is loaded anew listens on.
struct Ears {
    emit: Mutex<Emit>,
    progress: Mutex<Option<Value>>,
}

impl Ears {
    fn hear(&self, message: Message) {
        let emit = Arc::clone(&lock(&self.emit));
        emit(message);
    }
}

/// What is known of a job while it is under way.
struct Running {
    command: &'static str,
    request: Value,
    began: Instant,
    stop: Arc<AtomicBool>,
    ears: Arc<Ears>,
}

/// The jobs that are under way, by the order in which they were started.
#[derive(Default)]
pub(super) struct Jobs {
    started: AtomicU64,
    running: Arc<Mutex<BTreeMap<u64, Running>>>,
}

/// The number of a job of this program, which no other program's has.
fn number(place: u64) -> String {
    format!("{}-{place}", std::process::id())
}

/// Where a job stands in the order of this program's; none: it is not of this program.
fn place(number: &str) -> Option<u64> {
    let (process, place) = number.split_once('-')?;
    (process == std::process::id().to_string()).then(|| place.parse().ok())?
}

impl Jobs {
    /// Starts `work` on a thread of its own; gives its number. `command` and `request` say what it is.
    pub fn start<P: Serialize + 'static>(
        &self,
        state: &State,
        emit: &Emit,
        (command, request): (&'static str, Value),
        work: impl FnOnce(&State, &Job<P>) -> Result<Value, Error> + Send + 'static,
    ) -> Result<String, Error> {
        let place = self.started.fetch_add(1, Ordering::SeqCst) + 1;
        let number = number(place);
        let stop = Arc::new(AtomicBool::new(false));
        let engine = Engine { stop: Arc::clone(&stop), ..state.engine() };
        let ears = Arc::new(Ears { emit: Mutex::new(Arc::clone(emit)), progress: Mutex::default() });
        let job = Job { number: number.clone(), ears: Arc::clone(&ears), engine, progress: PhantomData };
        let running = Arc::clone(&self.running);
        lock(&running).insert(place, Running { command, request, began: Instant::now(), stop, ears });
        let state = state.clone();
        let thread = std::thread::Builder::new().name(format!("job {number}"));
        let spawned = thread.spawn(move || {
            // A page waits for the end of a job, whatever its end is.
            let event = match catch_unwind(AssertUnwindSafe(|| work(&state, &job))) {
                Ok(Ok(answer)) => JobEvent::Done { answer },
                Ok(Err(error)) => JobEvent::Error { error },
                Err(panic) => JobEvent::Error { error: broken_off(command, panic.as_ref()) },
            };
            lock(&running).remove(&place);
            job.ears.hear(Message { job: job.number, event });
        });
        if let Err(error) = spawned {
            lock(&self.running).remove(&place);
            return Err(Error::new(Kind::Device, format!("no thread could be started: {error}")));
        }
        Ok(number)
    }

    /// Whether a job is under way.
    pub fn is_running(&self, number: &str) -> bool {
        place(number).is_some_and(|place| lock(&self.running).contains_key(&place))
    }

    /// Does something with a job, if it is under way.
    fn with(&self, number: &str, work: impl FnOnce(&Running)) -> bool {
        let running = lock(&self.running);
        let job = place(number).and_then(|place| running.get(&place));
        job.map(work).is_some()
    }

    fn list(&self) -> RunningJobs {
        let running = lock(&self.running);
        let told = |(place, job): (&u64, &Running)| RunningJob {
            job: number(*place),
            command: job.command.to_owned(),
            request: job.request.clone(),
            progress: lock(&job.ears.progress).clone(),
            seconds: job.began.elapsed().as_secs_f64(),
        };
        RunningJobs { jobs: running.iter().map(told).collect() }
    }
}

/// What is told of a job whose thread panicked.
fn broken_off(command: &str, panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or(panic.downcast_ref::<&str>().copied()).unwrap_or("nothing more is known");
    Error::new(Kind::Internal, format!("the work broke off in the middle: {said}")).at(command)
}

/// A panic of one job takes no other with it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("job.cancel", |state: &State, request: JobRequest| {
            // One that is over needs no stopping.
            state.jobs().with(&request.job, |job| job.stop.store(true, Ordering::SeqCst));
            Ok(Nothing {})
        }),
        Command::new("jobs.list", |state: &State, _: Nothing| Ok(state.jobs().list())),
        Command::heard("job.listen", listen),
    ]
}

/// From now on a job tells whoever asked last: a page that was loaded anew.
fn listen(state: &State, request: JobRequest, emit: &Emit) -> Result<Nothing, Error> {
    let found = state.jobs().with(&request.job, |job| *lock(&job.ears.emit) = Arc::clone(emit));
    if found {
        return Ok(Nothing {});
    }
    Err(Error::new(Kind::Usage, "this work is done, or was never begun").remedy("start it again"))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    fn ear() -> (Emit, mpsc::Receiver<Message>) {
        let (tell, heard) = mpsc::channel();
        (Arc::new(move |message| drop(tell.send(message))), heard)
    }

    fn next(heard: &mpsc::Receiver<Message>) -> JobEvent {
        heard.recv_timeout(Duration::from_secs(20)).unwrap().event
    }

    #[test]
    fn a_panic_ends_a_job_with_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::below(folder.path());
        let (emit, heard) = ear();
        let work = |_: &State, _: &Job<u32>| -> Result<Value, Error> { panic!("index {} of {}", 3, 2) };
        let job = state.jobs().start(&state, &emit, ("test.panic", Value::Null), work).unwrap();
        let JobEvent::Error { error } = next(&heard) else { panic!("an error") };
        assert_eq!(error.kind, Kind::Internal);
        assert!(error.message.contains("index 3 of 2"), "{error}");
        assert!(!state.jobs().is_running(&job));
    }

    #[test]
    fn whoever_asks_last_hears_a_job_that_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::below(folder.path());
        let (go_on, wait) = mpsc::channel::<()>();
        let work = move |_: &State, job: &Job<u32>| {
            job.tell(&1);
            wait.recv_timeout(Duration::from_secs(20)).unwrap();
            job.tell(&2);
            Ok(Value::from("done"))
        };
        let (first, heard_first) = ear();
        let asked = serde_json::json!({ "model": "x" });
        let job = state.jobs().start(&state, &first, ("test.long", asked.clone()), work).unwrap();
        assert_eq!(next(&heard_first), JobEvent::Progress { progress: 1.into() });
        let listed = state.jobs().list().jobs;
        assert_eq!((listed.len(), listed[0].job.as_str()), (1, job.as_str()));
        assert_eq!((listed[0].command.as_str(), &listed[0].request), ("test.long", &asked));
        assert_eq!(listed[0].progress, Some(1.into()));
        let (second, heard_second) = ear();
        listen(&state, JobRequest { job: job.clone() }, &second).unwrap();
        go_on.send(()).unwrap();
        assert_eq!(next(&heard_second), JobEvent::Progress { progress: 2.into() });
        assert_eq!(next(&heard_second), JobEvent::Done { answer: "done".into() });
        assert!(heard_first.recv_timeout(Duration::from_secs(5)).is_err());
        assert_eq!(state.jobs().list().jobs, []);
        assert!(listen(&state, JobRequest { job }, &second).is_err());
    }
}
