//! The loop: batch after batch, with evaluations, checkpoints and an ear for the stop flag.
//!
//! Between two steps everything that the rest of the run depends on is in [`State`], the adapter's tensors and the
//! optimizer's moments; a checkpoint holds just these. Batches and dropout masks are functions of the seed and of the
//! numbers in `State`. So a run that goes on from any checkpoint takes the very steps that the unbroken run takes.

use crate::accumulate::{self, Gradients};
use crate::batching::batches;
use crate::checkpoint::{self, Best, Ended, State};
use crate::clock::Clock;
use crate::error::Error;
use crate::event::Event;
use crate::folder::RunFolder;
use crate::hyperparameters::Hyperparameters;
use crate::journal::Journal;
use crate::loss_scale::LossScale;
use crate::metrics::Evaluation;
use crate::optimizer::AdamW;
use crate::random::{Site, number};
use crate::schedule::Schedule;
use crate::session::{Example, Session};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How the loop was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// The training is over.
    Ended,
    /// The stop flag was raised; a checkpoint holds the state.
    Stopped,
}

/// How often a run that waits looks whether it may go on.
const PAUSE_LOOK: Duration = Duration::from_millis(100);

/// The number of steps of a run: whole epochs, or as many as were asked for.
pub(crate) fn total_steps(settings: &Hyperparameters, training_records: usize) -> usize {
    let all = settings.epochs.saturating_mul(steps_per_epoch(settings, training_records));
    settings.steps.map_or(all, |steps| steps.min(all))
}

pub(crate) fn steps_per_epoch(settings: &Hyperparameters, training_records: usize) -> usize {
    training_records.div_ceil(settings.batch_size)
}

/// A training under way.
pub(crate) struct Training<'a, 'j> {
    pub session: &'a Session,
    pub optimizer: AdamW,
    pub settings: &'a Hyperparameters,
    pub train: &'a [Example],
    pub validation: &'a [Example],
    pub folder: &'a RunFolder,
    pub journal: &'a mut Journal<'j>,
    pub clock: &'a dyn Clock,
    pub stop: &'a AtomicBool,
    pub state: State,
    lengths: Vec<usize>,
    schedule: Schedule,
    /// The batches of the epoch that `state` is in.
    epoch: Option<(usize, Vec<Vec<usize>>)>,
    pace: Pace,
}

/// What is counted between two step events and between two checkpoints.
#[derive(Default)]
struct Pace {
    since: Duration,
    sequences: usize,
    tokens: usize,
    last_checkpoint: Duration,
    /// Seconds of the state at the moment that is `started` on the clock.
    seconds_before: f64,
    started: Duration,
}

/// What a training needs.
pub(crate) struct Setup<'a, 'j> {
    pub session: &'a Session,
    pub optimizer: AdamW,
    pub settings: &'a Hyperparameters,
    pub train: &'a [Example],
    pub validation: &'a [Example],
    pub folder: &'a RunFolder,
    pub journal: &'a mut Journal<'j>,
    pub clock: &'a dyn Clock,
    pub stop: &'a AtomicBool,
    pub state: State,
}

impl<'a, 'j> Training<'a, 'j> {
    pub fn new(setup: Setup<'a, 'j>) -> Self {
        let Setup {
            session,
            optimizer,
            settings,
            train,
            validation,
            folder,
            journal,
            clock,
            stop,
            mut state,
        } = setup;
        // A run that has moved to another precision begins with what that needs.
        state.loss_scale = LossScale::of(session.precision).map(|new| state.loss_scale.unwrap_or(new));
        let total = total_steps(settings, train.len());
        let now = clock.elapsed();
        let pace = Pace {
            since: now,
            last_checkpoint: now,
            seconds_before: state.seconds,
            started: now,
            ..Pace::default()
        };
        Training {
            session,
            optimizer,
            settings,
            train,
            validation,
            folder,
            journal,
            clock,
            stop,
            state,
            lengths: train.iter().map(|example| example.tokens.len()).collect(),
            schedule: Schedule::new(settings.learning_rate, settings.scheduler, settings.warmup, total),
            epoch: None,
            pace,
        }
    }

    /// Trains until the end, or until the stop flag is raised.
    pub fn run(&mut self) -> Result<Left, Error> {
        loop {
            if self.state.ended.is_some() {
                return Ok(Left::Ended);
            }
            if self.stop.load(Ordering::Relaxed) {
                self.save(false)?;
                return Ok(Left::Stopped);
            }
            if self.folder.pause_file().exists() {
                self.wait()?;
                continue;
            }
            if self.evaluation_is_due() {
                // The step is safe before the evaluation, which may take long.
                self.save(false)?;
                if !self.evaluate()? {
                    return Ok(Left::Stopped);
                }
            } else if self.state.step == self.schedule.total {
                self.state.ended = Some(Ended::Complete);
                self.save(false)?;
            } else {
                self.step()?;
                if self.checkpoint_is_due() {
                    self.save(false)?;
                }
            }
        }
    }

    /// Ends the training where it is, whatever steps are left. What was trained since the last evaluation is scored too: it
    /// may be the best.
    pub fn end(&mut self) -> Result<Left, Error> {
        if self.state.ended.is_none() {
            if !self.state.evaluated && !self.evaluate()? {
                return Ok(Left::Stopped);
            }
            let complete = self.state.step == self.schedule.total;
            self.state.ended.get_or_insert(if complete { Ended::Complete } else { Ended::OnRequest });
            self.save(false)?;
        }
        Ok(Left::Ended)
    }

    /// Waits, with everything saved, until the pause file is taken away or the stop flag is raised.
    fn wait(&mut self) -> Result<(), Error> {
        self.save(false)?;
        let began = self.clock.elapsed();
        let event = Event::Paused {
            time: self.journal.now(),
            step: self.state.step,
            reason: "paused on request".to_owned(),
        };
        self.journal.tell(&event)?;
        while self.folder.pause_file().exists() && !self.stop.load(Ordering::Relaxed) {
            std::thread::sleep(PAUSE_LOOK);
        }
        // Waiting is neither work nor slowness.
        let waited = self.clock.elapsed().saturating_sub(began);
        self.pace.started += waited;
        self.pace.since += waited;
        Ok(())
    }

    /// Epochs done, with the fraction of the current one.
    pub fn epochs_done(&self) -> f64 {
        let in_epoch = steps_per_epoch(self.settings, self.train.len()).max(1);
        self.state.epoch as f64 + self.state.batch as f64 / in_epoch as f64
    }

    fn evaluation_is_due(&self) -> bool {
        let State { step, batch, evaluated, .. } = self.state;
        let regular = match self.settings.evaluation_steps {
            Some(every) => step.is_multiple_of(every),
            None => batch == 0,
        };
        step > 0 && !evaluated && (regular || step == self.schedule.total)
    }

    fn checkpoint_is_due(&self) -> bool {
        let by_steps =
            self.settings.checkpoint_steps.is_some_and(|every| self.state.step.is_multiple_of(every));
        let waited = self.clock.elapsed().saturating_sub(self.pace.last_checkpoint).as_secs_f64();
        let seconds = self.settings.checkpoint_seconds;
        by_steps || (seconds > 0.0 && waited >= seconds)
    }

    fn step(&mut self) -> Result<(), Error> {
        let State { step, epoch, batch, .. } = self.state;
        if self.epoch.as_ref().is_none_or(|(known, _)| *known != epoch) {
            let Hyperparameters { batch_size, order, seed, .. } = *self.settings;
            self.epoch = Some((epoch, batches(&self.lengths, batch_size, order, seed, epoch as u64)));
        }
        let batches = self.epoch.as_ref().map_or(&[][..], |(_, batches)| batches.as_slice());
        let examples: Vec<&Example> = batches[batch].iter().map(|&index| &self.train[index]).collect();
        let last_of_epoch = batch + 1 == batches.len();

        let dropout_seed = number(self.settings.seed, Site::Dropout, step as u64);
        let learning_rate = self.schedule.at(step);
        let (loss, norm) = self.update(&examples, dropout_seed, learning_rate)?;
        if !norm.is_finite() {
            let peak = self.settings.learning_rate;
            return Err(Error::Diverged {
                step: step + 1,
                loss,
                norm,
                learning_rate: peak,
                suggestion: peak / 10.0,
            });
        }

        self.pace.sequences += examples.len();
        self.pace.tokens += examples.iter().map(|example| example.tokens.len()).sum::<usize>();
        self.state.step += 1;
        self.state.evaluated = false;
        (self.state.epoch, self.state.batch) =
            if last_of_epoch { (epoch + 1, 0) } else { (epoch, batch + 1) };
        self.tell_step(loss, learning_rate, norm)
    }

    /// Changes the adapter by the gradients of a batch: the loss, and the norm of the gradients; no number where there is
    /// none, and then nothing is changed.
    fn update(
        &mut self,
        examples: &[&Example],
        dropout_seed: u64,
        learning_rate: f64,
    ) -> Result<(f64, f64), Error> {
        let clip = (self.settings.clip > 0.0).then_some(self.settings.clip);
        loop {
            let factor = self.state.loss_scale.map_or(1.0, |scale| scale.factor);
            let (loss, gradients) = self.gradients(examples, dropout_seed, factor)?;
            let Some(gradients) = gradients else {
                return Ok((loss, f64::NAN));
            };
            let norm = self.optimizer.step(&gradients, learning_rate, clip, factor)?;
            if let Some(scale) = &mut self.state.loss_scale {
                if norm.is_finite() {
                    scale.went_well();
                } else if scale.overflowed() {
                    // The loss is fine and its gradients overflowed: the batch is tried again with a smaller factor.
                    continue;
                }
            }
            return Ok((loss, norm));
        }
    }

    /// The loss of a batch and `factor` times its gradients, in parts where the device's memory is too small for the whole.
    fn gradients(
        &mut self,
        examples: &[&Example],
        dropout_seed: u64,
        factor: f64,
    ) -> Result<Gradients, Error> {
        let before = self.state.at_a_time.unwrap_or(usize::MAX);
        let mut limit = before;
        let result = accumulate::gradients(examples, &mut limit, |part| {
            // Parts have masks of their own.
            let seed = match part.index {
                0 => dropout_seed,
                index => number(dropout_seed, Site::Parts, index as u64),
            };
            self.session.gradients(part.items, seed, factor * part.share)
        })?;
        if limit < before {
            self.state.at_a_time = Some(limit);
            let sentence = format!(
                "The device's memory is too small for {} sequences at a time: it computes {limit} at a time and adds up their \
                 gradients, so that a step is that of the whole batch, in more time. --gradient-checkpointing needs less \
                 memory, too.",
                examples.len()
            );
            self.journal.warn("out-of-memory", sentence, None)?;
        }
        Ok(result)
    }

    fn tell_step(&mut self, loss: f64, learning_rate: f64, gradient_norm: f64) -> Result<(), Error> {
        let last = self.state.step == self.schedule.total;
        if !(self.journal.step_is_due() || last) {
            return Ok(());
        }
        let now = self.clock.elapsed();
        let seconds = now.saturating_sub(self.pace.since).as_secs_f64().max(1e-9);
        let event = Event::Step {
            time: self.journal.now(),
            step: self.state.step,
            steps: self.schedule.total,
            epoch: self.epochs_done(),
            loss,
            learning_rate,
            gradient_norm,
            sequences_per_second: self.pace.sequences as f64 / seconds,
            tokens_per_second: self.pace.tokens as f64 / seconds,
        };
        (self.pace.since, self.pace.sequences, self.pace.tokens) = (now, 0, 0);
        self.journal.tell(&event)
    }

    /// Scores the validation split and decides what follows from it. False if the stop flag was raised meanwhile.
    fn evaluate(&mut self) -> Result<bool, Error> {
        let stop = self.stop;
        let interrupted = || stop.load(Ordering::Relaxed);
        let Some(logits) = self.session.logits(self.validation, &interrupted, &mut |_| Ok(()))? else {
            return Ok(false);
        };
        let evaluation = score(&logits, self.validation, self.session.classes)?;
        let metric = self.settings.metric;
        let value = evaluation.metric(metric);
        let better = self.state.best.is_none_or(|best| metric.is_better(value, best.value));
        let event = Event::Evaluation {
            time: self.journal.now(),
            split: "validation".to_owned(),
            step: self.state.step,
            epoch: self.epochs_done(),
            records: evaluation.records,
            best: better,
            metrics: fields(&evaluation)?,
        };
        self.state.evaluated = true;
        if better {
            self.state.best = Some(Best { step: self.state.step, value });
            self.state.without_improvement = 0;
        } else {
            self.state.without_improvement += 1;
            if self.settings.early_stopping.is_some_and(|patience| self.state.without_improvement >= patience)
                && self.state.step < self.schedule.total
            {
                self.state.ended = Some(Ended::EarlyStopping);
            }
        }
        self.journal.tell(&event)?;
        if better {
            self.save(true)?;
        }
        self.save(false)?;
        // Scoring is no training: it does not count towards the pace of the steps.
        self.pace.since = self.clock.elapsed();
        Ok(true)
    }

    /// Saves the state as the newest checkpoint, or as the best.
    fn save(&mut self, best: bool) -> Result<(), Error> {
        let now = self.clock.elapsed();
        self.state.seconds = self.pace.seconds_before + now.saturating_sub(self.pace.started).as_secs_f64();
        let adapter = self.session.adapter.snapshot()?;
        let path = if best { self.folder.best_checkpoint() } else { self.folder.newest_checkpoint() };
        // The best is only scored and shared, never trained on: it needs no moments.
        let moments = if best { Vec::new() } else { self.optimizer.state()? };
        checkpoint::save(&path, &self.state, &adapter, &moments)?;
        self.pace.last_checkpoint = self.clock.elapsed();
        let event = Event::Checkpoint {
            time: self.journal.now(),
            step: self.state.step,
            path: relative(&path, self.folder.path()),
            best,
        };
        self.journal.tell(&event)
    }
}

fn relative(path: &Path, folder: &Path) -> PathBuf {
    path.strip_prefix(folder).unwrap_or(path).to_path_buf()
}

/// The scores of `logits` (N, K) against the classes of `examples`.
pub(crate) fn score(logits: &[f32], examples: &[Example], classes: usize) -> Result<Evaluation, Error> {
    let truth: Vec<usize> = examples.iter().map(|example| example.class).collect();
    Ok(Evaluation::of(logits, &truth, classes)?)
}

/// The fields of an evaluation for an event, which has a field for the records itself.
pub(crate) fn fields(evaluation: &Evaluation) -> Result<Map<String, Value>, Error> {
    let mut fields = match serde_json::to_value(evaluation)? {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.shift_remove("records");
    Ok(fields)
}
