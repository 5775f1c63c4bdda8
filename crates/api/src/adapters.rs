//! Adapter folders: listing them, checking them, merging them, and what an adapter needs to be used.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use models::{Base, Batch, Task};
use peft::{Adapter, SelfTest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokenizer::Tokenizer;
use train::RunConfiguration;
use ts_rs::TS;

use crate::export::adapter_folder;
use crate::{BaseModel, Downloads, Engine, Error, Kind, base_model, folders};

/// Adapter folders found below some folders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Adapters {
    /// In the order of their paths.
    pub adapters: Vec<AdapterSummary>,
}

/// An adapter folder as its configuration tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdapterSummary {
    /// The folder.
    pub folder: PathBuf,
    /// The method, as peft names it.
    pub method: String,
    /// The base model's name.
    pub base: String,
    /// The rank, of methods that have one.
    pub rank: Option<u64>,
    /// The modules it adapts, as peft matches them.
    pub targets: Vec<String>,
    /// The names of the classes, where it carries them.
    pub labels: Vec<String>,
    /// What is wrong with it, where something is.
    pub problem: Option<String>,
}

/// What a check of an adapter found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AdapterCheck {
    /// The folder.
    pub folder: PathBuf,
    /// The method, as peft names it.
    pub method: String,
    /// The base model that it was put on.
    pub base: String,
    /// Tensors in its file.
    pub tensors: usize,
    /// Their numbers.
    #[ts(type = "number")]
    pub parameters: u64,
    /// Modules that it adapts.
    pub matched_modules: Vec<String>,
    /// The names of the classes.
    pub labels: Vec<String>,
    /// What its own test inputs gave; none where it carries none.
    pub selftest: Option<SelfTestResult>,
}

/// What an adapter's own test inputs gave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SelfTestResult {
    /// Inputs run.
    pub inputs: usize,
    /// The largest difference of a logit from the recorded one.
    pub largest_difference: f64,
    /// The largest difference that passes.
    pub tolerance: f64,
}

/// What a merge made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Merged {
    /// The folder of the full model.
    pub folder: PathBuf,
    /// Bytes of its weights.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The names of its classes.
    pub labels: Vec<String>,
}

/// How work on an adapter gets on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdapterProgress {
    /// What it is at.
    pub step: AdapterStep,
    /// How much of the step is done: bytes, or test inputs.
    #[ts(type = "number")]
    pub done: u64,
    /// How much there is of it; 0 where that is not known.
    #[ts(type = "number")]
    pub total: u64,
}

/// What work on an adapter is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AdapterStep {
    /// Downloading, by bytes.
    Fetching,
    /// Copying or unpacking, by bytes.
    Copying,
    /// Loading the base model and the adapter.
    Loading,
    /// Running the adapter's own test inputs.
    Testing,
    /// Adding the adapter to the base model's weights.
    Merging,
    /// Writing the merged model.
    Writing,
}

impl AdapterProgress {
    /// The beginning of a step of unknown length.
    pub(crate) fn of(step: AdapterStep) -> AdapterProgress {
        AdapterProgress { step, done: 0, total: 0 }
    }

    fn fetching(progress: &hub::Progress) -> AdapterProgress {
        AdapterProgress { step: AdapterStep::Fetching, done: progress.done, total: progress.size }
    }
}

/// Hears how work on an adapter gets on.
pub type AdapterObserver<'a> = &'a mut dyn FnMut(&AdapterProgress);

/// Levels of folders that are searched below each given one.
const DEPTH: usize = 6;

/// A logit may differ by that much, and by that much of its size: f32 sums in another order on another processor give
/// differences of some 1e-5.
const TOLERANCE: f64 = 1e-4;

/// The adapter folders in `folders` and below.
pub fn adapters(folders: &[PathBuf]) -> Result<Adapters, Error> {
    let mut found = Vec::new();
    for folder in folders {
        folders::walk(folder, DEPTH, &mut |folder| {
            // A run's checkpoints hold adapters too, which are not for use.
            if folder.file_name().is_some_and(|name| name == "checkpoints") {
                return false;
            }
            let path = folder.join("adapter_config.json");
            if path.is_file() {
                found.push(summary(folder, &path));
            }
            true
        })?;
    }
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(Adapters { adapters: found })
}

/// An adapter folder as its configuration in `path` tells it.
pub(crate) fn summary(folder: &Path, path: &Path) -> AdapterSummary {
    let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
    let parsed =
        read.and_then(|text| serde_json::from_str::<Value>(&text).map_err(|error| error.to_string()));
    let (object, mut problem) = match parsed {
        Ok(object) => (object, None),
        Err(error) => (Value::Null, Some(format!("{}: {error}", path.display()))),
    };
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    let targets = match &object["target_modules"] {
        Value::String(pattern) => vec![pattern.clone()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let labels = match peft::read_labels(folder) {
        Ok(labels) => labels.map(|labels| labels.labels).unwrap_or_default(),
        Err(error) => {
            problem = problem.or(Some(error.to_string()));
            Vec::new()
        }
    };
    AdapterSummary {
        folder: folder.to_owned(),
        method: text("peft_type"),
        base: text("base_model_name_or_path"),
        rank: object["r"].as_u64(),
        targets,
        labels,
        problem,
    }
}

/// An adapter with everything that it needs to be used.
pub(crate) struct Found {
    /// The adapter's folder.
    pub folder: PathBuf,
    /// Its base model.
    pub base: BaseModel,
    /// Tokens that sequences were cut to in training.
    pub max_length: Option<usize>,
    /// The names of its classes, where it carries them.
    labels: Option<Vec<String>>,
}

impl Found {
    /// The base model's weights.
    pub fn load_base(&self, device: &Device, precision: DType) -> Result<Base, Error> {
        Ok(Base::load(&self.base.folder, device, precision)?)
    }

    /// The folder of the tokenizer that it was trained with, or else of its base's.
    pub fn tokenizer_folder(&self) -> PathBuf {
        let own = self.folder.join("tokenizer");
        if own.is_dir() { own } else { self.base.folder.clone() }
    }

    /// The tokenizer in that folder.
    pub fn tokenizer(&self) -> Result<Tokenizer, Error> {
        Ok(Tokenizer::from_folder(&self.tokenizer_folder())?)
    }

    /// The names of `outputs` classes: its own, or else the base's, or else their numbers.
    pub fn labels(&self, outputs: usize, base: &Base) -> Result<Vec<String>, Error> {
        match &self.labels {
            Some(labels) if labels.len() == outputs => Ok(labels.clone()),
            Some(labels) => Err(Error::new(
                Kind::Adapter,
                format!(
                    "the adapter {} has {outputs} outputs, and its labels.json names {} labels",
                    self.folder.display(),
                    labels.len()
                ),
            )
            .at(self.folder.join("labels.json").display())
            .remedy(
                "the two belong to different trainings: export the adapter again, or correct labels.json",
            )),
            None if base.config.labels().len() == outputs => Ok(base.config.labels().to_vec()),
            None => Ok((0..outputs).map(|index| index.to_string()).collect()),
        }
    }
}

/// Finds the adapter of `path` (an adapter folder or a run) and its base model: `model` where it is given, else the one
/// that the adapter or its run names.
pub(crate) fn find(
    engine: &Engine,
    path: &Path,
    model: Option<&str>,
    downloads: Downloads<'_>,
) -> Result<Found, Error> {
    let folder = adapter_folder(path)?;
    let labels = peft::read_labels(&folder)?;
    let max_length = labels.as_ref().and_then(|labels| labels.max_length);
    let run =
        [path, folder.parent().unwrap_or(path)].into_iter().find(|folder| folder.join("run.json").is_file());
    let base = match (model, run) {
        (Some(model), _) => base_model(engine, model, None, downloads)?,
        (None, Some(run)) => {
            let asked = RunConfiguration::read(run)?.base;
            base_model(engine, &asked.name, asked.revision.as_deref(), downloads)
                .map_err(|error| lost(&folder, error))?
        }
        (None, None) => {
            let name = peft::read_base_name(&folder)?;
            base_model(engine, &name, None, downloads).map_err(|error| lost(&folder, error))?
        }
    };
    Ok(Found { folder, base, max_length, labels: labels.map(|labels| labels.labels) })
}

/// An adapter's own name for its base led nowhere.
fn lost(folder: &Path, error: Error) -> Error {
    let message =
        format!("the base model of the adapter {} was not found: {}", folder.display(), error.message);
    let remedy = format!("name the base model with --model; or {}", error.remedy);
    Error { message, remedy, ..error }
}

/// Loads an adapter on its base model and runs its own test inputs again.
pub fn check_adapter(
    engine: &Engine,
    path: &Path,
    model: Option<&str>,
    observe: AdapterObserver<'_>,
) -> Result<AdapterCheck, Error> {
    let found = find(engine, path, model, &mut |progress| observe(&AdapterProgress::fetching(progress)))?;
    engine.go_on()?;
    observe(&AdapterProgress::of(AdapterStep::Loading));
    let mut base = found.load_base(&Device::Cpu, DType::F32)?;
    let (adapter, task) = Adapter::load(&found.folder, &mut base)?;
    let labels = match task {
        Task::SequenceClassification { labels } => found.labels(labels, &base)?,
        Task::CausalLanguageModelling => Vec::new(),
    };
    let tests = peft::read_self_test(&found.folder)?;
    let selftest = if tests.is_empty() {
        None
    } else {
        Some(run_tests(engine, &found, &base, &adapter, task, &tests, observe)?)
    };
    Ok(AdapterCheck {
        method: adapter.method().peft_type().to_owned(),
        tensors: adapter.parameters().len(),
        parameters: adapter.parameters().iter().map(|one| one.variable.elem_count() as u64).sum(),
        matched_modules: adapter.matched_modules().to_vec(),
        base: found.base.name,
        folder: found.folder,
        labels,
        selftest,
    })
}

/// Runs test inputs, sequence to tokens to logits; an output that is not the recorded one is an error.
fn run_tests(
    engine: &Engine,
    found: &Found,
    base: &Base,
    adapter: &Adapter,
    task: Task,
    tests: &[SelfTest],
    observe: AdapterObserver<'_>,
) -> Result<SelfTestResult, Error> {
    let place = found.folder.join("selftest.jsonl");
    let tokenizer = found.tokenizer()?;
    let model = base.build(task)?;
    let mut largest = 0.0_f64;
    for (index, test) in tests.iter().enumerate() {
        engine.go_on()?;
        let (done, total) = (index as u64, tests.len() as u64);
        observe(&AdapterProgress { step: AdapterStep::Testing, done, total });
        let line = index + 1;
        let mut tokens = tokenizer.encode(&test.sequence)?;
        tokens.truncate(found.max_length.unwrap_or(usize::MAX).min(base.config.longest_sequence()));
        if tokens != test.tokens {
            return Err(failed(&place, line, "the tokenizer gives other ids than were recorded"));
        }
        let batch = Batch::packed(&[&tokens], base.config.pad_id(), &Device::Cpu)?;
        let logits =
            model.infer(&batch, adapter)?.to_dtype(DType::F32).and_then(|logits| logits.to_vec2::<f32>());
        let logits = logits.map_err(models::Error::from)?.concat();
        if logits.len() != test.logits.len() {
            return Err(failed(&place, line, "another number of outputs than was recorded"));
        }
        for (now, then) in logits.iter().zip(&test.logits) {
            let difference = f64::from((now - then).abs());
            if difference.is_nan() || difference > TOLERANCE * f64::from(then.abs()).max(1.0) {
                return Err(failed(&place, line, &format!("a logit is {now}, and {then} was recorded")));
            }
            largest = largest.max(difference);
        }
    }
    Ok(SelfTestResult { inputs: tests.len(), largest_difference: largest, tolerance: TOLERANCE })
}

fn failed(place: &Path, line: usize, what: &str) -> Error {
    Error::new(Kind::Adapter, format!("the adapter does not give what it gave when it was made ({}, line {line}: {what})", place.display()))
        .at(format_args!("{}, line {line}", place.display()))
        .remedy("its files were changed or damaged, or the base model is another one: copy or export it again, or name the right base with --model")
}

/// Merges an adapter into its base model: a full model in the new folder `out`, its labels inside.
pub fn merge(
    engine: &Engine,
    path: &Path,
    model: Option<&str>,
    out: &Path,
    observe: AdapterObserver<'_>,
) -> Result<Merged, Error> {
    if out.exists() {
        return Err(Error::new(
            Kind::File,
            format!("{} exists already, and is not written over", out.display()),
        )
        .at(out.display())
        .remedy("choose another --out"));
    }
    let found = find(engine, path, model, &mut |progress| observe(&AdapterProgress::fetching(progress)))?;
    engine.go_on()?;
    observe(&AdapterProgress::of(AdapterStep::Loading));
    let mut base = found.load_base(&Device::Cpu, DType::F32)?;
    let (adapter, task) = Adapter::load(&found.folder, &mut base)?;
    engine.go_on()?;
    observe(&AdapterProgress::of(AdapterStep::Merging));
    let mut merged = peft::merge(&base, &adapter)?;
    let mut names = Vec::new();
    if let Task::SequenceClassification { labels } = task {
        names = found.labels(labels, &base)?;
        merged.config.set_labels(names.clone());
    }
    let tokenizer = found.tokenizer()?;
    engine.go_on()?;
    observe(&AdapterProgress::of(AdapterStep::Writing));
    folders::make(out, |aside| {
        merged.save(aside, DType::F32)?;
        tokenizer.save(aside)?;
        engine.go_on()
    })?;
    let bytes = std::fs::metadata(out.join("model.safetensors")).map_or(0, |file| file.len());
    Ok(Merged { folder: out.to_owned(), bytes, labels: names })
}
