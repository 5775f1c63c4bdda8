//! A run from its beginning to its end, or from where it was interrupted.

use crate::checkpoint::{self, Ended, State};
use crate::clock::{Clock, stamp};
use crate::configuration::RunConfiguration;
use crate::dataset::absolute;
use crate::device;
use crate::error::{Error, Explained};
use crate::event::{Event, Stage};
use crate::finish::{self, Conclusion};
use crate::folder::RunFolder;
use crate::hyperparameters::{DeviceChoice, FrozenChoice};
use crate::journal::Journal;
use crate::metrics::{Evaluation, Metric};
use crate::optimizer::{AdamW, AdamWOptions, Trainable};
use crate::prepare::{Changed, Prepared, base_hash, prepare};
use crate::session::{Example, Session};
use crate::training::{Left, Setup, Training, total_steps};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a run needs beside its configuration: files that a name was resolved to, and the time.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The base model's folder, in the layout of the Hub.
    pub model: &'a Path,
    /// The folder of the base model's tokenizer, most often the same.
    pub tokenizer: &'a Path,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The parts of an error, for the event that tells of it; [`Explained::plainly`] where nobody knows better.
    pub explain: fn(&Error) -> Explained,
}

/// How a run was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is complete.
    Finished,
    /// It was stopped on request; [`resume`] goes on.
    Stopped,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it was left.
    pub ending: Ending,
    /// The run's folder.
    pub run: PathBuf,
    /// The adapter's folder: the best state; `None` if it was stopped before there was one.
    pub adapter: Option<PathBuf>,
    /// report.html, once it is complete.
    pub report: Option<PathBuf>,
    /// Steps taken.
    pub step: usize,
    /// The step whose state is the adapter.
    pub best_step: Option<usize>,
    /// The metric by which it was chosen.
    pub metric: Metric,
    /// Its value on the validation split.
    pub best: Option<f64>,
    /// The scores on the test split, once it is complete and if there is one.
    pub test: Option<Evaluation>,
    /// What the language model adds to the baseline, in a sentence, once it is complete.
    pub sentence: Option<String>,
    /// Seconds of work, those before an interruption among them.
    pub seconds: f64,
}

/// Trains as `configuration` says into the new folder `out`.
///
/// `observer` hears every event as it happens; events.jsonl holds the same. When `stop` becomes true the run saves its
/// state and the best adapter so far and returns with [`Ending::Stopped`].
///
/// # Errors
/// Whatever keeps the run from its end; it is also the last event, `failed`. A folder that holds something is never
/// touched.
pub fn start(
    configuration: RunConfiguration,
    inputs: &Inputs<'_>,
    out: &Path,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let opened = open_new(configuration, inputs, out);
    let (folder, configuration, _lock) =
        opened.inspect_err(|error| observer(&failed(inputs, error, 0, false)))?;
    work(&folder, configuration, inputs, Changed::Warn, Onward::Train, observer, stop)
}

/// How a run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resumption {
    /// Where tensors are computed from now on; `None`: as run.json says.
    pub device: Option<DeviceChoice>,
    /// Whether it is trained no further: its best state so far is scored on the test split, once, and the report is
    /// written. It has finished then.
    pub finish: bool,
}

/// Goes on with the run in `run` from its newest checkpoint, or from the beginning if it has none. The adapter at the end
/// is, bit by bit, that of a run that was never interrupted. On another device than before it is so within rounding
/// only, of which a warning tells.
///
/// # Errors
/// As [`start`]; also if the run has finished, if another process trains it, if a data file or the base model is not
/// what it was, or if it is to be finished before its first step.
pub fn resume(
    run: &Path,
    inputs: &Inputs<'_>,
    how: Resumption,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let opened = open_old(run);
    let (folder, mut configuration, _lock) =
        opened.inspect_err(|error| observer(&failed(inputs, error, 0, false)))?;
    if let Some(device) = how.device {
        configuration.hyperparameters.device = device;
    }
    let onward = if how.finish { Onward::Finish } else { Onward::Train };
    work(&folder, configuration, inputs, Changed::Refuse, onward, observer, stop)
}

fn open_new(
    mut configuration: RunConfiguration,
    inputs: &Inputs<'_>,
    out: &Path,
) -> Result<(RunFolder, RunConfiguration, impl Drop), Error> {
    configuration.validate()?;
    let data = &mut configuration.data;
    for paths in [&mut data.train, &mut data.validation, &mut data.test] {
        *paths = absolute(paths)?;
    }
    configuration.version = env!("CARGO_PKG_VERSION").to_owned();
    configuration.created = stamp(inputs.clock.now());
    configuration.base.sha256 = String::new();
    let folder = RunFolder::at(std::path::absolute(out).map_err(Error::file("find", out))?);
    let lock = folder.create()?;
    folder.write_configuration(&configuration)?;
    Ok((folder, configuration, lock))
}

fn open_old(run: &Path) -> Result<(RunFolder, RunConfiguration, impl Drop), Error> {
    let folder = RunFolder::at(std::path::absolute(run).map_err(Error::file("find", run))?);
    let configuration = folder.configuration()?;
    let lock = folder.lock()?;
    folder.sweep()?;
    let finished = |event: &Event| matches!(event, Event::Finished { .. });
    if folder.events_file().exists() && folder.events()?.iter().any(finished) {
        return Err(Error::Finished(folder.path().to_path_buf()));
    }
    Ok((folder, configuration, lock))
}

fn failed(inputs: &Inputs<'_>, error: &Error, step: usize, resumable: bool) -> Event {
    let Explained { message, place, remedy } = (inputs.explain)(error);
    let time = stamp(inputs.clock.now());
    Event::Failed { time, kind: error.kind().to_owned(), message, place, remedy, step, resumable }
}

/// The run itself. The caller holds the lock.
fn work(
    folder: &RunFolder,
    configuration: RunConfiguration,
    inputs: &Inputs<'_>,
    changed: Changed,
    onward: Onward,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let mut journal = Journal::open(folder, observer, inputs.clock)?;
    let mut run = Run { folder, configuration, inputs, changed, onward, stop, step: 0 };
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| listen(folder, stop, &over));
        let went = run.go(&mut journal).inspect_err(|error| {
            let resumable = folder.newest_checkpoint().exists();
            let event = failed(inputs, error, run.step, resumable);
            // On a full disk the event may not reach the file; the observer hears it first.
            let _ = journal.tell(&event);
        });
        over.store(true, Ordering::Relaxed);
        went
    })
}

/// How often the run looks whether it is asked to stop.
const LISTENING: Duration = Duration::from_millis(50);

/// Turns the file by which others ask the run to stop into the flag that the work looks at, in whatever phase it is.
fn listen(folder: &RunFolder, stop: &AtomicBool, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        // It is taken away at once: what was asked once is done once.
        if std::fs::remove_file(folder.stop_file()).is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
        std::thread::sleep(LISTENING);
    }
}

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Onward {
    Train,
    Finish,
}

struct Run<'a> {
    folder: &'a RunFolder,
    configuration: RunConfiguration,
    inputs: &'a Inputs<'a>,
    changed: Changed,
    onward: Onward,
    stop: &'a AtomicBool,
    /// Steps taken, for the event of a failure.
    step: usize,
}

impl Run<'_> {
    fn go(&mut self, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
        let saved = checkpoint::load(&self.folder.newest_checkpoint())?;
        self.step = saved.as_ref().map_or(0, |saved| saved.state.step);
        if self.onward == Onward::Finish && self.step == 0 {
            return Err(Error::Untrained(self.folder.path().to_path_buf()));
        }
        journal.rewind(saved.as_ref().map(|saved| &saved.state))?;

        self.check_base()?;
        let inputs = self.inputs;
        let prepared =
            prepare(&mut self.configuration, inputs.model, inputs.tokenizer, self.changed, journal)?;
        self.folder.write_configuration(&self.configuration)?;
        prepared.dataset.write_split(&self.folder.split_file())?;
        if !prepared.dataset.invalid.is_empty() {
            sequence::write_invalid(&self.folder.invalid_file(), &prepared.dataset.invalid)?;
        }
        if self.stop.load(Ordering::Relaxed) {
            return self.stopped(journal, None, &saved.map(|saved| saved.state).unwrap_or_default(), 0.0);
        }

        journal.progress(Stage::Loading, "Loading the base model", None, None)?;
        let settings = &self.configuration.hyperparameters;
        let classes = prepared.dataset.labels.len();
        let mut session = Session::open(inputs.model, &self.configuration.base.name, settings, classes)?;
        let options = AdamWOptions { weight_decay: settings.weight_decay, ..AdamWOptions::default() };
        let trainables = session.adapter.parameters().iter().map(Trainable::of);
        let mut optimizer = AdamW::new(trainables.collect(), options)?;
        let state = match saved {
            Some(saved) => {
                session.adapter.restore(&saved.adapter)?;
                optimizer.restore(&saved.moments, saved.state.step)?;
                saved.state
            }
            None => State::default(),
        };
        if state.step > 0 {
            self.tell_of_a_move(journal, &session)?;
        }
        journal.tell(&self.started(journal.now(), &prepared, &session, &state))?;
        // What is scored once needs nothing kept.
        if self.onward == Onward::Train && !self.freeze(journal, &prepared, &mut session)? {
            return self.stopped(journal, Some((&prepared, &session)), &state, 0.0);
        }

        let mut training = Training::new(Setup {
            session: &session,
            optimizer,
            settings,
            train: &prepared.train,
            validation: &prepared.validation,
            folder: self.folder,
            journal,
            clock: inputs.clock,
            stop: self.stop,
            state,
        });
        let left = match self.onward {
            Onward::Train => training.run(),
            Onward::Finish => training.end(),
        };
        self.step = training.state.step;
        let epoch = training.epochs_done();
        let Training { state, .. } = training;
        match left? {
            Left::Stopped => self.stopped(journal, Some((&prepared, &session)), &state, epoch),
            Left::Ended => self.finished(journal, &prepared, &session, &state, epoch),
        }
    }

    /// Computes what the frozen blocks make of the sequences that are read in every epoch, where it is to be kept. False if
    /// the stop flag was raised meanwhile.
    fn freeze(
        &self,
        journal: &mut Journal<'_>,
        prepared: &Prepared,
        session: &mut Session,
    ) -> Result<bool, Error> {
        let choice = self.configuration.hyperparameters.frozen_cache;
        let examples: Vec<&Example> = prepared.train.iter().chain(&prepared.validation).collect();
        let total = Some(examples.len() as u64);
        let interrupted = || self.stop.load(Ordering::Relaxed);
        let mut told = |done: usize| {
            journal.progress(Stage::Loading, "Computing the frozen layers once", Some(done as u64), total)
        };
        let frozen = session.freeze(choice, &examples, self.folder.path(), &interrupted, &mut told)?;
        if frozen == Some(false) && choice == FrozenChoice::On {
            let sentence = "--frozen-cache on keeps nothing: the adapter sits in the first layer too. Choose upper layers \
                            with --layers.";
            journal.warn("frozen-cache", sentence, None)?;
        }
        Ok(frozen.is_some())
    }

    /// The base model must be the one that the run began with.
    fn check_base(&mut self) -> Result<(), Error> {
        let found = base_hash(self.inputs.model, self.inputs.tokenizer)?;
        let base = &mut self.configuration.base;
        if self.changed == Changed::Refuse && !base.sha256.is_empty() && base.sha256 != found {
            return Err(Error::BaseChanged {
                path: self.inputs.model.to_path_buf(),
                name: base.name.clone(),
                expected: base.sha256.clone(),
                found,
            });
        }
        base.sha256 = found;
        Ok(())
    }

    /// Numbers differ in their last digits from device to device; who compares runs should know where this one went.
    fn tell_of_a_move(&self, journal: &mut Journal<'_>, session: &Session) -> Result<(), Error> {
        let before = self.folder.events()?.into_iter().rev().find_map(|event| match event {
            Event::Started { device, .. } => Some(device),
            _ => None,
        });
        let now = device::name(&session.device);
        let Some(before) = before.filter(|before| before != now) else {
            return Ok(());
        };
        let sentence = format!(
            "This run was trained on {before} and goes on on {now}: its numbers are those of an unbroken run within rounding, \
             not to the bit."
        );
        journal.warn("device-changed", sentence, None)
    }

    fn started(&self, time: String, prepared: &Prepared, session: &Session, state: &State) -> Event {
        let settings = &self.configuration.hyperparameters;
        let count = &session.count;
        let all = [&prepared.train, &prepared.validation, &prepared.test];
        let lengths = all.into_iter().flatten().map(|example| example.tokens.len());
        Event::Started {
            time,
            resumed_at: state.step,
            version: self.configuration.version.clone(),
            base: self.configuration.base.name.clone(),
            method: "lora".to_owned(),
            trainable_parameters: count.trainable,
            all_parameters: count.all,
            trainable_percent: percent(count.trainable, count.all),
            matched_modules: session.adapter.matched_modules().to_vec(),
            labels: prepared.dataset.labels.names().to_vec(),
            records: prepared.dataset.counts(),
            steps: total_steps(settings, prepared.train.len()),
            epochs: settings.epochs,
            batch_size: settings.batch_size,
            longest: lengths.max().unwrap_or(0),
            device: device::name(&session.device).to_owned(),
            threads: rayon::current_num_threads(),
        }
    }

    fn stopped(
        &self,
        journal: &mut Journal<'_>,
        trained: Option<(&Prepared, &Session)>,
        state: &State,
        epoch: f64,
    ) -> Result<Outcome, Error> {
        let adapter = match trained {
            Some((prepared, session)) if state.best.is_some() => {
                finish::restore_best(self.folder, session)?;
                finish::write_adapter(self.folder, &self.configuration, prepared, session, None)?;
                Some(self.folder.adapter())
            }
            _ => None,
        };
        let time = journal.now();
        journal.tell(&Event::Stopped { time, step: state.step, epoch, adapter: adapter.clone() })?;
        Ok(self.outcome(Ending::Stopped, state, adapter))
    }

    fn finished(
        &self,
        journal: &mut Journal<'_>,
        prepared: &Prepared,
        session: &Session,
        state: &State,
        epoch: f64,
    ) -> Result<Outcome, Error> {
        let concluded = finish::conclude(
            &finish::Finish {
                folder: self.folder,
                configuration: &self.configuration,
                prepared,
                session,
                state,
                epoch,
                clock: self.inputs.clock,
                stop: self.stop,
            },
            journal,
        )?;
        let Conclusion { test, page, sentence, seconds } = match concluded {
            Some(conclusion) => conclusion,
            // The training is over and saved; only the report is missing, and `resume` makes it.
            None => return self.stopped(journal, Some((prepared, session)), state, epoch),
        };
        let best = state.best;
        let time = journal.now();
        journal.tell(&Event::Finished {
            time,
            step: state.step,
            epoch,
            adapter: self.folder.adapter(),
            report: page.clone(),
            best_step: best.map_or(state.step, |best| best.step),
            metric: self.configuration.hyperparameters.metric,
            best: best.and_then(|best| best.value),
            ended_early: (state.ended != Some(Ended::Complete))
                .then(|| finish::ended(state, &self.configuration)),
            on_request: state.ended == Some(Ended::OnRequest),
            seconds,
        })?;
        let outcome = self.outcome(Ending::Finished, state, Some(self.folder.adapter()));
        Ok(Outcome { report: Some(page), test, sentence: Some(sentence), seconds, ..outcome })
    }

    fn outcome(&self, ending: Ending, state: &State, adapter: Option<PathBuf>) -> Outcome {
        Outcome {
            ending,
            run: self.folder.path().to_path_buf(),
            adapter,
            report: None,
            step: state.step,
            best_step: state.best.map(|best| best.step),
            metric: self.configuration.hyperparameters.metric,
            best: state.best.and_then(|best| best.value),
            test: None,
            sentence: None,
            seconds: state.seconds,
        }
    }
}

/// `part` of `whole` in per cent, to the four decimals that peft prints.
pub(crate) fn percent(part: usize, whole: usize) -> f64 {
    (part as f64 / whole.max(1) as f64 * 1e6).round() / 1e4
}
