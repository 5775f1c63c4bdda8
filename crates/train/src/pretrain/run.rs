//! The pretraining itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::{DType, Device};
use models::{Base, Config, Model, Task};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use tokenizer::Tokenizer;

use super::checkpoint::{self, State};
use super::corpus::{Corpus, Source};
use super::feed::Feed;
use super::log::Log;
use super::markov::Markov;
use super::outcome::{Outcome, Scores};
use super::score::{self, Held, Score};
use super::settings::Settings;
use super::windows::Lengths;
use super::{card, setup};
use crate::optimizer::{AdamW, AdamWOptions};
use crate::schedule::{Schedule, Scheduler, Warmup};
use crate::{Clock, Error, Event, Records, RunFolder, Stage, device};

/// The order of the Markov model that the language model is compared with: each base from the five before it.
pub const MARKOV_ORDER: usize = 5;

/// pretrain.json.
#[derive(Serialize, Deserialize)]
struct Description {
    version: String,
    settings: Settings,
    sources: Vec<Source>,
    excluded: Vec<(PathBuf, String, u64)>,
}

/// Pretrains a model in the new folder `settings.out`.
///
/// Returns `None` if `stop` was set before the end; [`resume`] then goes on.
///
/// # Errors
/// When a setting, a file or the folder is refused, or the loss stops being a number.
pub fn run(
    settings: &Settings,
    device: &Device,
    clock: &dyn Clock,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Option<Outcome>, Error> {
    settings.check()?;
    let out = &settings.out;
    let _lock = RunFolder::at(out).create()?;
    let mut log = Log::open(out, clock, observer)?;
    log.progress(Stage::Reading, "reading the sequences")?;
    let corpus = Corpus::read(settings)?;
    let description = Description {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: settings.clone(),
        sources: corpus.sources.clone(),
        excluded: corpus.excluded.clone(),
    };
    log.progress(Stage::Tokenizing, "learning the vocabulary")?;
    let tokenizer =
        tokenizer::train_bpe(setup::tokenizer_sample(&corpus.training, settings), settings.vocabulary)?;
    tokenizer.save(&out.join("tokenizer"))?;
    models::write_aside(&out.join("pretrain.json"), serde_json::to_string_pretty(&description)?.as_bytes())?;
    Pretraining { settings, corpus, tokenizer, device, stop }.train(&mut log)
}

/// Goes on with the pretraining in the folder `out` from its newest checkpoint.
///
/// # Errors
/// When the folder holds none, a data file has changed, or as [`run`].
pub fn resume(
    out: &Path,
    device: &Device,
    clock: &dyn Clock,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Option<Outcome>, Error> {
    let path = out.join("pretrain.json");
    if !path.is_file() {
        return Err(Error::NotARun(out.to_owned()));
    }
    if out.join("scores.json").is_file() {
        return Err(Error::Finished(out.to_owned()));
    }
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let description: Description =
        serde_json::from_str(&text).map_err(|error| Error::Broken { path, reason: error.to_string() })?;
    let _lock = RunFolder::at(out).lock()?;
    // The folder may have been moved since.
    let settings = Settings { out: out.to_owned(), ..description.settings };
    let mut log = Log::open(out, clock, observer)?;
    log.progress(Stage::Reading, "reading the sequences")?;
    let corpus = Corpus::read(&settings)?;
    let hashes = |sources: &[Source], excluded: &[(PathBuf, String, u64)]| -> Vec<(PathBuf, String)> {
        let sources = sources.iter().map(|source| (source.file.clone(), source.sha256.clone()));
        sources.chain(excluded.iter().map(|(file, hash, _)| (file.clone(), hash.clone()))).collect()
    };
    let then = hashes(&description.sources, &description.excluded);
    for ((path, expected), (_, found)) in then.into_iter().zip(hashes(&corpus.sources, &corpus.excluded)) {
        if expected != found {
            return Err(Error::DataChanged { path, expected, found });
        }
    }
    let tokenizer = Tokenizer::from_folder(&out.join("tokenizer"))?;
    Pretraining { settings: &settings, corpus, tokenizer, device, stop }.train(&mut log)
}

struct Pretraining<'a> {
    settings: &'a Settings,
    corpus: Corpus,
    tokenizer: Tokenizer,
    device: &'a Device,
    stop: &'a AtomicBool,
}

impl Pretraining<'_> {
    fn train(&self, log: &mut Log) -> Result<Option<Outcome>, Error> {
        let Settings { out, seed, .. } = self.settings;
        let lengths = setup::window_lengths(&self.corpus.held_out, &self.tokenizer, self.settings)?;
        let held = score::windows(
            &self.corpus.held_out,
            &self.tokenizer,
            lengths.usual,
            self.settings.positions,
            *seed,
        )?;
        log.progress(Stage::Baseline, &format!("fitting the Markov model of order {MARKOV_ORDER}"))?;
        let mut markov = Markov::new(MARKOV_ORDER);
        self.corpus.training.iter().for_each(|piece| markov.count(&piece.sequence));
        let sources = self.corpus.sources.len();
        let markov = score::of_markov(&markov, &held, sources);

        let mut base =
            Base::random(Config::Gpt2(setup::shape(self.settings, &self.tokenizer)), *seed, self.device)?;
        let trainables = setup::make_trainable(&mut base)?;
        let parameters = trainables.iter().map(|one| one.variable.elem_count()).sum();
        let model = base.build(Task::CausalLanguageModelling)?;
        let untrained = self.score(model.as_ref(), &held)?;
        let options = AdamWOptions {
            beta1: 0.9,
            beta2: 0.95,
            weight_decay: self.settings.weight_decay,
            ..AdamWOptions::default()
        };
        let mut optimizer = AdamW::new(trainables, options)?;
        let checkpoints = out.join("checkpoints");
        let mut state = match checkpoint::newest(&checkpoints)? {
            Some(path) => checkpoint::restore(&path, &mut optimizer, self.device)?,
            None => State::default(),
        };
        log.rewind(state.step)?;
        log.event(Event::Started {
            time: log.time(),
            resumed_at: state.step,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            base: self.settings.name.clone(),
            method: "pretraining".to_owned(),
            trainable_parameters: parameters,
            all_parameters: parameters,
            trainable_percent: 100.0,
            matched_modules: Vec::new(),
            labels: Vec::new(),
            records: Records {
                train: self.corpus.training.len(),
                validation: self.corpus.held_out.len(),
                test: 0,
            },
            steps: self.settings.steps,
            epochs: 0,
            batch_size: self.settings.batch_tokens,
            longest: self.settings.positions,
            device: device::name(self.device).to_owned(),
            threads: rayon::current_num_threads(),
        })?;
        if state.step == 0 {
            log.event(self.evaluation(log, &state, 0.0, &untrained, held.len()))?;
        }

        let finished = self.steps(model.as_ref(), &mut optimizer, &mut state, lengths, &held, log)?;
        let Some(epochs) = finished else { return Ok(None) };

        // What is scored is what was saved: weights rounded to half precision.
        let folder = out.join("model");
        base.save(&folder, DType::F16)?;
        self.tokenizer.save(&folder)?;
        log.progress(Stage::Testing, "scoring the saved model on the held-out sequences")?;
        let saved = Base::load(&folder, self.device, DType::F32)?;
        let trained = self.score(saved.build(Task::CausalLanguageModelling)?.as_ref(), &held)?;
        let by_source = (0..sources).map(|index| Scores {
            markov: markov[index],
            untrained: untrained[index],
            trained: trained[index],
        });
        let outcome = Outcome {
            model: folder.clone(),
            settings: self.settings.clone(),
            sources: self.corpus.sources.clone(),
            excluded: self.corpus.excluded.clone(),
            parameters,
            bases_per_token: score::bases_per_token(&held),
            tokens: state.tokens,
            epochs,
            seconds: state.seconds,
            threads: rayon::current_num_threads(),
            scores: Scores {
                markov: Score::sum(&markov),
                untrained: Score::sum(&untrained),
                trained: Score::sum(&trained),
            },
            by_source: by_source.collect(),
        };
        models::write_aside(&folder.join("README.md"), card::write(&outcome).as_bytes())?;
        models::write_aside(&out.join("scores.json"), serde_json::to_string_pretty(&outcome)?.as_bytes())?;
        log.event(Event::Pretrained {
            time: log.time(),
            step: state.step,
            epoch: epochs,
            model: folder,
            bits_per_base: outcome.scores.trained.bits_per_base(),
            markov_bits_per_base: outcome.scores.markov.bits_per_base(),
            seconds: state.seconds,
        })?;
        Ok(Some(outcome))
    }

    /// All steps that are left. Returns the epochs read, or `None` if it was stopped.
    fn steps(
        &self,
        model: &dyn Model,
        optimizer: &mut AdamW,
        state: &mut State,
        lengths: Lengths,
        held: &[Held],
        log: &mut Log,
    ) -> Result<Option<f64>, Error> {
        let Settings { steps, warmup, learning_rate, .. } = *self.settings;
        let checkpoints = self.settings.out.join("checkpoints");
        // A schedule is 0 at its beginning and its end. One step longer and counted from 1, no step is lost to that.
        let schedule = Schedule::new(learning_rate, Scheduler::Cosine, Warmup::Steps(warmup), steps + 1);
        let unknown = self.tokenizer.id("N");
        let mut feed =
            Feed::new(&self.corpus.training, &self.tokenizer, self.settings, lengths, state.place());
        while state.step < steps {
            if self.stop.load(Ordering::Relaxed) {
                self.checkpoint(&checkpoints, state, &feed, optimizer, log)?;
                log.event(Event::Stopped {
                    time: log.time(),
                    step: state.step,
                    epoch: feed.epoch(),
                    adapter: None,
                })?;
                return Ok(None);
            }
            let began = log.clock.elapsed();
            let batch = feed.batch()?;
            let sequences: Vec<&[u32]> = batch.iter().map(Vec::as_slice).collect();
            let tokens: usize = sequences.iter().map(|ids| ids.len()).sum();
            let rate = schedule.at(state.step + 1);
            let (loss, gradients) = kernels::inside(|| {
                let (loss, _) = score::loss(model, &sequences, unknown, self.device)?;
                let gradients = kernels::backward(&loss)?;
                Ok::<_, Error>((f64::from(loss.to_scalar::<f32>()?), gradients))
            })?;
            let norm = optimizer.step(&gradients, rate, Some(self.settings.clip), 1.0)?;
            if !(loss.is_finite() && norm.is_finite()) {
                return Err(Error::Diverged {
                    step: state.step + 1,
                    loss,
                    norm,
                    learning_rate,
                    suggestion: learning_rate / 10.0,
                });
            }
            let seconds = (log.clock.elapsed() - began).as_secs_f64().max(1e-9);
            state.step += 1;
            state.tokens += tokens as u64;
            state.seconds += seconds;
            log.event(Event::Step {
                time: log.time(),
                step: state.step,
                steps,
                epoch: feed.epoch(),
                loss,
                learning_rate: rate,
                gradient_norm: norm,
                sequences_per_second: sequences.len() as f64 / seconds,
                tokens_per_second: tokens as f64 / seconds,
            })?;
            let last = state.step == steps;
            if state.step.is_multiple_of(self.settings.evaluate_every) || last {
                let scores = self.score(model, held)?;
                log.event(self.evaluation(log, state, feed.epoch(), &scores, held.len()))?;
            }
            if state.step.is_multiple_of(self.settings.checkpoint_every) || last {
                self.checkpoint(&checkpoints, state, &feed, optimizer, log)?;
            }
        }
        Ok(Some(feed.epoch()))
    }

    fn checkpoint(
        &self,
        folder: &Path,
        state: &mut State,
        feed: &Feed,
        optimizer: &AdamW,
        log: &mut Log,
    ) -> Result<(), Error> {
        (state.epoch, state.window) = (feed.place().epoch, feed.place().window);
        let path = checkpoint::write(folder, state, optimizer)?;
        let path = path.strip_prefix(&self.settings.out).unwrap_or(&path).to_owned();
        log.event(Event::Checkpoint { time: log.time(), step: state.step, path, best: false })
    }

    fn evaluation(&self, log: &Log, state: &State, epoch: f64, scores: &[Score], records: usize) -> Event {
        let score = Score::sum(scores);
        let metrics = Map::from_iter([
            ("bits_per_base".to_owned(), json!(score.bits_per_base())),
            ("perplexity_per_base".to_owned(), json!(score.perplexity())),
        ]);
        let (split, step) = ("validation".to_owned(), state.step);
        Event::Evaluation { time: log.time(), split, step, epoch, records, best: false, metrics }
    }

    fn score(&self, model: &dyn Model, held: &[Held]) -> Result<Vec<Score>, Error> {
        score::of_model(model, held, self.corpus.sources.len(), self.settings.batch_tokens, self.device)
    }
}
