//! A small base model, a small data set, and a run on them.

use candle_core::{DType, Device};
use episome_train::{
    Error, Event, Explained, Hyperparameters, Inputs, Outcome, Resumption, RunConfiguration, SystemClock,
    resume, start,
};
use models::{Base, Config, Gpt2Config};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// A folder with a base model and data.
pub struct Bench {
    folder: TempDir,
}

/// Uniform random letters with a motif in the middle of every second sequence: what a tiny model can learn.
pub fn sequences(count: usize, seed: u64) -> Vec<(String, &'static str)> {
    let mut state = seed;
    let mut letter = || {
        // Knuth's MMIX generator; its upper bits are random enough for a test.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ['A', 'C', 'G', 'T'][(state >> 62) as usize]
    };
    (0..count)
        .map(|index| {
            let mut sequence: String = (0..30 + index % 7).map(|_| letter()).collect();
            if index % 2 == 0 {
                sequence.replace_range(10..22, "TATATATATATA");
                (sequence, "promoter")
            } else {
                (sequence, "other")
            }
        })
        .collect()
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Bench { folder };
        let corpus = sequences(200, 7);
        let tokenizer = tokenizer::train_bpe(corpus.iter().map(|(sequence, _)| sequence), 24).unwrap();
        let shape = Gpt2Config {
            n_layer: 2,
            n_embd: 16,
            n_head: 2,
            n_positions: 64,
            pad_token_id: tokenizer.pad_id(),
            ..Gpt2Config::small(tokenizer.vocabulary_size())
        };
        let base = Base::random(Config::Gpt2(shape), 1, &Device::Cpu).unwrap();
        base.save(&bench.model(), DType::F32).unwrap();
        tokenizer.save(&bench.model()).unwrap();
        bench.write("data.csv", 120, 3);
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn model(&self) -> PathBuf {
        self.path("model")
    }

    /// A table of `count` records.
    pub fn write(&self, name: &str, count: usize, seed: u64) -> PathBuf {
        self.write_records(name, &sequences(count, seed))
    }

    /// A table of `count` records that differ in their composition throughout.
    pub fn write_easy(&self, name: &str, count: usize, seed: u64) -> PathBuf {
        let mut records = sequences(count, seed);
        for (sequence, label) in &mut records {
            let (from, to) = if *label == "promoter" { (['C', 'G'], "A") } else { (['A', 'T'], "G") };
            *sequence = sequence.replace(from, to);
        }
        self.write_records(name, &records)
    }

    fn write_records(&self, name: &str, records: &[(String, &str)]) -> PathBuf {
        let mut text = "sequence,label\n".to_owned();
        for (sequence, label) in records {
            text.push_str(&format!("{sequence},{label}\n"));
        }
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Three epochs of 24 steps on data.csv, with dropout, a checkpoint after every step and no baseline.
    pub fn configuration(&self) -> RunConfiguration {
        let mut configuration = RunConfiguration::default();
        configuration.base.name = "bench".to_owned();
        configuration.data.train = vec![self.path("data.csv")];
        configuration.hyperparameters = Hyperparameters {
            rank: 4,
            batch_size: 4,
            learning_rate: 5e-3,
            epochs: 3,
            baseline: false,
            checkpoint_steps: Some(1),
            ..Hyperparameters::default()
        };
        configuration
    }

    pub fn start(&self, configuration: RunConfiguration, out: &str) -> (Result<Outcome, Error>, Vec<Event>) {
        let mut events = Vec::new();
        let outcome = self.start_watched(configuration, out, &mut |event, _| events.push(event.clone()));
        (outcome, events)
    }

    /// The watcher may raise the stop flag.
    pub fn start_watched(
        &self,
        configuration: RunConfiguration,
        out: &str,
        watcher: &mut dyn FnMut(&Event, &AtomicBool),
    ) -> Result<Outcome, Error> {
        let (clock, stop, model) = (SystemClock::new(), AtomicBool::new(false), self.model());
        let inputs = Inputs { model: &model, tokenizer: &model, clock: &clock, explain: Explained::plainly };
        start(configuration, &inputs, &self.path(out), &mut |event| watcher(event, &stop), &stop)
    }

    pub fn resume(&self, run: &Path) -> (Result<Outcome, Error>, Vec<Event>) {
        self.go_on(run, Resumption::default())
    }

    /// Ends a run where it is.
    pub fn finish(&self, run: &Path) -> (Result<Outcome, Error>, Vec<Event>) {
        self.go_on(run, Resumption { finish: true, ..Resumption::default() })
    }

    fn go_on(&self, run: &Path, how: Resumption) -> (Result<Outcome, Error>, Vec<Event>) {
        let mut events = Vec::new();
        let (clock, stop, model) = (SystemClock::new(), AtomicBool::new(false), self.model());
        let inputs = Inputs { model: &model, tokenizer: &model, clock: &clock, explain: Explained::plainly };
        let outcome = resume(run, &inputs, how, &mut |event| events.push(event.clone()), &stop);
        (outcome, events)
    }
}

/// Raises the flag.
pub fn raise(stop: &AtomicBool) {
    stop.store(true, Ordering::Relaxed);
}

/// The bytes of the adapter's tensors.
pub fn adapter(run: &Path) -> Vec<u8> {
    std::fs::read(run.join("adapter/adapter_model.safetensors")).unwrap()
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            drop(std::fs::copy(entry.path(), target))
        }
    }
}

/// The steps of the step events of a run, as events.jsonl has them.
pub fn steps_of(run: &Path) -> Vec<usize> {
    let events = episome_train::RunFolder::at(run).events().unwrap();
    let step = |event: &Event| {
        if let Event::Step { step, .. } = event { Some(*step) } else { None }
    };
    events.iter().filter_map(step).collect()
}
