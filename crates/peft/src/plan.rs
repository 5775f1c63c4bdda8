//! What an adapter consists of, known before there are any numbers: counted, created and loaded from the same list.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};
use models::{Config, Module, Task, random};
use serde::Serialize;

use crate::{Error, Method, Result};

/// The prefix of every key in an adapter file: peft's wrapper around its tuner around the model.
pub(crate) const PREFIX: &str = "base_model.model.";

/// The names of classification heads that peft adds to `modules_to_save` for SEQ_CLS (`SEQ_CLS_HEAD_NAMES`).
const HEADS: [&str; 2] = ["classifier", "score"];

/// How a new tensor starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initial {
    /// Uniform in ±bound.
    Uniform {
        /// The bound.
        bound: f64,
    },
    /// All 0.
    Zeros,
}

/// A tensor that the method adds.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTensor {
    /// peft's key, without the prefix that all share.
    pub key: String,
    /// The shape, as it is stored.
    pub shape: Vec<usize>,
    /// How it starts.
    pub initial: Initial,
}

/// A tensor of the base model that is trained and saved whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaseTensor {
    /// Its canonical name in the base model.
    pub name: String,
    /// peft's key, without the prefix that all share.
    pub key: String,
    /// The shape, as it is stored.
    pub shape: Vec<usize>,
}

/// What a method does to a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MethodPlan {
    /// The full names of the modules that it adapts, in the order of the forward pass.
    pub matched: Vec<String>,
    /// The tensors that it adds.
    pub tensors: Vec<NewTensor>,
    /// Biases of the base model that it trains.
    pub biases: Vec<BaseTensor>,
}

/// What an adapter consists of.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) method: MethodPlan,
    /// The head and `modules_to_save`, of which peft trains copies.
    pub(crate) saved: Vec<BaseTensor>,
    pub(crate) decayed: BTreeMap<String, bool>,
}

/// The numbers that peft prints, and the modules behind them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Count {
    /// Parameters that are trained.
    pub trainable: usize,
    /// All parameters: the base model's with its head, the method's, and the copies of what is trained whole.
    pub all: usize,
    /// The full names of the modules that are adapted.
    pub matched_modules: Vec<String>,
}

impl Count {
    /// Trained parameters in percent of all.
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * self.trainable as f64 / self.all as f64
    }
}

/// Counts what would be trained, from the model's configuration alone.
pub fn count(method: &dyn Method, config: &Config, task: Task) -> Result<Count> {
    let plan = Plan::new(method, &config.modules(task), task, true)?;
    let size = |shape: &[usize]| shape.iter().product::<usize>();
    let added: usize = plan.method.tensors.iter().map(|tensor| size(&tensor.shape)).sum();
    let copies: usize = plan.saved.iter().map(|tensor| size(&tensor.shape)).sum();
    let biases: usize = plan.method.biases.iter().map(|tensor| size(&tensor.shape)).sum();
    Ok(Count {
        trainable: added + copies + biases,
        all: config.parameters(task) + added + copies,
        matched_modules: plan.method.matched,
    })
}

/// `modules_to_save` with the heads that peft adds for the task.
pub(crate) fn saved_names(method: &dyn Method, task: Task) -> Vec<String> {
    let mut names = method.modules_to_save().to_vec();
    if matches!(task, Task::SequenceClassification { .. }) {
        for head in HEADS {
            if names.iter().all(|name| name != head) {
                names.push(head.to_owned());
            }
        }
    }
    names
}

impl Plan {
    /// `strict`: every entry of a list of targets must match something.
    pub(crate) fn new(method: &dyn Method, modules: &[Module], task: Task, strict: bool) -> Result<Self> {
        let names = saved_names(method, task);
        let mut plan = method.plan(modules, &names, strict)?;
        let saved = saved_tensors(modules, &names, method.modules_to_save())?;
        plan.biases.retain(|bias| saved.iter().all(|tensor| tensor.name != bias.name));
        let mut decayed = BTreeMap::new();
        for module in modules {
            // transformers' Trainer (get_decay_parameter_names): no decay of biases and norms.
            let norm = module.kind == models::ModuleKind::LayerNorm;
            for (name, _) in module.tensors() {
                let decay = !norm && !name.ends_with(".bias");
                decayed.insert(name, decay);
            }
        }
        Ok(Self { method: plan, saved, decayed })
    }

    /// Every tensor of the file by its full key, with its shape.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (String, &[usize])> {
        let added = self.method.tensors.iter().map(|tensor| (&tensor.key, &tensor.shape));
        let base = self.base_tensors().map(|tensor| (&tensor.key, &tensor.shape));
        added.chain(base).map(|(key, shape)| (format!("{PREFIX}{key}"), shape.as_slice()))
    }

    pub(crate) fn base_tensors(&self) -> impl Iterator<Item = &BaseTensor> {
        self.saved.iter().chain(&self.method.biases)
    }
}

/// The tensors of the modules that `names` name. peft takes every module, also one that holds others, whose name ends
/// with an entry (`_set_trainable`).
fn saved_tensors(modules: &[Module], names: &[String], asked: &[String]) -> Result<Vec<BaseTensor>> {
    let ends = |path: &str, entry: &str| !entry.is_empty() && path.ends_with(entry);
    let under = |module: &str, entry: &str| {
        let dots = module.match_indices('.').map(|(at, _)| at).chain([module.len()]);
        dots.into_iter().any(|end| ends(&module[..end], entry))
    };
    for entry in asked {
        // The heads may be named whatever the task is.
        if !HEADS.contains(&entry.as_str()) && !modules.iter().any(|module| under(&module.name, entry)) {
            let nearest = crate::targets::nearest(entry, modules);
            return Err(Error::NoMatch { pattern: entry.clone(), hint: " (modules_to_save)", nearest });
        }
    }
    let mut tensors = Vec::new();
    for module in modules {
        if !names.iter().any(|entry| under(&module.name, entry)) {
            continue;
        }
        let shares = module.parameters == 0 || modules.iter().any(|other| other.parameters == 0);
        if shares && (module.parameters == 0 || module.name.ends_with(".wte")) {
            let reason = format!(
                "names {}, whose weights the token embedding and the output share: training one of them alone is not \
                 supported",
                module.name
            );
            return Err(Error::setting("modules_to_save", reason));
        }
        tensors.extend(module.tensors().map(|(name, shape)| BaseTensor { key: name.clone(), name, shape }));
    }
    Ok(tensors)
}

impl NewTensor {
    /// The tensor as it starts, f32.
    pub(crate) fn create(&self, seed: u64, device: &Device) -> Result<Tensor> {
        Ok(match self.initial {
            Initial::Zeros => Tensor::zeros(self.shape.as_slice(), DType::F32, device)?,
            Initial::Uniform { bound } => {
                random::uniform(seed, &self.key, self.shape.as_slice(), bound, device)?
            }
        })
    }
}
