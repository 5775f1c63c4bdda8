//! An adapter: a method at work on a base model, the head it trains along, and its tensors in peft's file.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor, Var};
use models::{Base, Batch, Config, Context, Hook, LayerNorm, Linear, Module, Task, Weights};
use serde_json::{Map, Value};

use crate::adapter_file::{self, normalised, normalised_key};
use crate::method::{self, Attached, Method};
use crate::plan::{self, PREFIX, Plan};
use crate::{Error, Result};

/// A tensor that is trained.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The key in the adapter file, as peft writes it.
    pub name: String,
    /// The tensor, f32.
    pub variable: Var,
    /// Whether weight decay applies: not to biases and norms, as in transformers' Trainer.
    pub decay: bool,
}

/// A method at work on a base model. It answers at the model's hooks; what it trains of the base model itself (the
/// head, biases, modules trained whole) stands in the base's weights, so build the model after the adapter.
pub struct Adapter {
    method: Box<dyn Method>,
    attached: Box<dyn Attached>,
    plan: Plan,
    parameters: Vec<Parameter>,
    modules: Vec<Module>,
    task: Task,
    base_name: String,
}

impl Adapter {
    /// A new adapter on `base`, which `base_name` names to whoever loads it: a Hub id, or a folder.
    ///
    /// For classification the base gets a new head as transformers initialises it, unless it has one of that size.
    pub fn new(method: &dyn Method, base: &mut Base, task: Task, base_name: &str, seed: u64) -> Result<Self> {
        if let Task::SequenceClassification { labels } = task
            && base.head_labels() != Some(labels)
        {
            base.new_head(labels, seed)?;
        }
        let modules = base.modules(task);
        let plan = Plan::new(method, &modules, task, true)?;
        let device = base.device();
        let mut tensors = BTreeMap::new();
        for tensor in &plan.method.tensors {
            tensors.insert(tensor.key.clone(), tensor.create(seed, &device)?);
        }
        for tensor in plan.base_tensors() {
            tensors.insert(tensor.key.clone(), base.weights.get(&tensor.name)?.clone());
        }
        Self::assemble(method, plan, modules, tensors, base, task, base_name)
    }

    /// Loads an adapter folder of peft's onto `base`, for the task that it names, ready to predict or to train on.
    ///
    /// Missing tensors, tensors too many, wrong sizes and methods that are not supported are errors, where peft warns
    /// or is silent.
    pub fn load(folder: &Path, base: &mut Base) -> Result<(Self, Task)> {
        let (object, path) = adapter_file::read_config(folder)?;
        let method = method::from_json(&object, &path)?;
        let base_name = object.get("base_model_name_or_path").and_then(Value::as_str).unwrap_or_default();
        let weights_path = adapter_file::weights_path(folder)?;
        let mut file = normalised(models::read_tensors(&weights_path, DType::F32, &Device::Cpu)?);
        let task = adapter_file::task(&object, &path, &file, &weights_path)?;
        if let Task::SequenceClassification { labels } = task
            && base.head_labels() != Some(labels)
        {
            base.new_head(labels, 0)?;
        }
        let modules = base.modules(task);
        let plan = Plan::new(&*method, &modules, task, false)?;

        let (mut tensors, mut missing) = (BTreeMap::new(), Vec::new());
        let expected = plan.keys().count();
        for (key, shape) in plan.keys() {
            let Some(tensor) = file.remove(&normalised_key(&key)) else {
                missing.push(key);
                continue;
            };
            if tensor.dims() != shape {
                return Err(Error::Size {
                    path: weights_path,
                    key,
                    expected: shape.into(),
                    found: tensor.dims().into(),
                    base: adapter_file::shown(base_name),
                });
            }
            let own_key = key[PREFIX.len()..].to_owned();
            tensors.insert(own_key, tensor.to_device(&base.device())?);
        }
        if !missing.is_empty() {
            return Err(Error::MissingTensors { path: weights_path, missing, expected });
        }
        if !file.is_empty() {
            let extra = file.into_keys().collect();
            return Err(Error::ExtraTensors {
                path: weights_path,
                extra,
                base: adapter_file::shown(base_name),
            });
        }
        let adapter = Self::assemble(&*method, plan, modules, tensors, base, task, base_name)?;
        Ok((adapter, task))
    }

    /// Makes every tensor a variable, puts those of the base model into it, and sets the method to work.
    fn assemble(
        method: &dyn Method,
        plan: Plan,
        modules: Vec<Module>,
        tensors: BTreeMap<String, Tensor>,
        base: &mut Base,
        task: Task,
        base_name: &str,
    ) -> Result<Self> {
        let variable = |key: &str| {
            let tensor = tensors.get(key).ok_or_else(|| Error::Snapshot(format!("it lacks `{key}`")))?;
            Ok::<_, Error>(Var::from_tensor(&tensor.to_dtype(DType::F32)?.copy()?)?)
        };
        let mut parameters = Vec::new();
        let mut own = BTreeMap::new();
        for tensor in &plan.method.tensors {
            let variable = variable(&tensor.key)?;
            own.insert(tensor.key.clone(), variable.as_tensor().clone());
            parameters.push(Parameter { name: format!("{PREFIX}{}", tensor.key), variable, decay: true });
        }
        for tensor in plan.base_tensors() {
            let variable = variable(&tensor.key)?;
            base.weights.insert(tensor.name.clone(), variable.as_tensor().clone());
            let decay = plan.decayed.get(&tensor.name).copied().unwrap_or(true);
            parameters.push(Parameter { name: format!("{PREFIX}{}", tensor.key), variable, decay });
        }
        Ok(Self {
            attached: method.attach(&plan.method, &own)?,
            method: method.boxed(),
            plan,
            parameters,
            modules,
            task,
            base_name: base_name.to_owned(),
        })
    }

    /// Everything that is trained: the method's tensors in the order of the forward pass, then what is trained of the
    /// base model.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The first block, counted from 0, that the adapter changes or trains; what comes before it is as in the base. The
    /// number of blocks where only the head is trained.
    #[must_use]
    pub fn first_block(&self, config: &Config) -> usize {
        let block = |parameter: &Parameter| {
            parameter.name.strip_prefix(PREFIX).and_then(|name| config.block_of(name)).unwrap_or(0)
        };
        self.parameters.iter().map(block).min().unwrap_or(0)
    }

    /// The full names of the modules that are adapted.
    #[must_use]
    pub fn matched_modules(&self) -> &[String] {
        &self.plan.method.matched
    }

    /// The method's settings.
    #[must_use]
    pub fn method(&self) -> &dyn Method {
        &*self.method
    }

    /// What the adapter was made to do.
    #[must_use]
    pub fn task(&self) -> Task {
        self.task
    }

    /// The base model's name, as the adapter's file has it.
    #[must_use]
    pub fn base_name(&self) -> &str {
        &self.base_name
    }

    /// The object of adapter_config.json.
    #[must_use]
    pub fn config(&self) -> Map<String, Value> {
        let task_type = match self.task {
            Task::SequenceClassification { .. } => "SEQ_CLS",
            Task::CausalLanguageModelling => "CAUSAL_LM",
        };
        let mut object = Map::new();
        object.insert("peft_type".into(), self.method.peft_type().into());
        object.insert("task_type".into(), task_type.into());
        object.insert("base_model_name_or_path".into(), self.base_name.clone().into());
        object.insert("inference_mode".into(), true.into());
        object.extend(self.method.to_json(&self.plan.method, &self.modules));
        let saved = plan::saved_names(&*self.method, self.task);
        object.insert("modules_to_save".into(), if saved.is_empty() { Value::Null } else { saved.into() });
        object
    }

    /// Writes adapter_config.json and adapter_model.safetensors, each written aside and renamed.
    pub fn save(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let tensors = self.parameters.iter().map(|one| (one.name.as_str(), one.variable.as_tensor()));
        models::write_tensors(&folder.join("adapter_model.safetensors"), tensors)?;
        let text = format!("{:#}\n", Value::Object(self.config()));
        models::write_aside(&folder.join("adapter_config.json"), text.as_bytes())?;
        Ok(())
    }

    /// Copies of all trained tensors by their keys, for a checkpoint.
    pub fn snapshot(&self) -> Result<BTreeMap<String, Tensor>> {
        self.parameters
            .iter()
            .map(|one| Ok((one.name.clone(), one.variable.as_tensor().detach().copy()?)))
            .collect()
    }

    /// Sets all trained tensors to those of a checkpoint.
    pub fn restore(&self, snapshot: &BTreeMap<String, Tensor>) -> Result<()> {
        if let Some(extra) = snapshot.keys().find(|key| self.parameters.iter().all(|one| one.name != **key)) {
            return Err(Error::Snapshot(format!("it holds `{extra}`, which the adapter does not have")));
        }
        // All are looked at before any is changed.
        let mut pairs = Vec::with_capacity(self.parameters.len());
        for one in &self.parameters {
            let tensor =
                snapshot.get(&one.name).ok_or_else(|| Error::Snapshot(format!("it lacks `{}`", one.name)))?;
            if tensor.dims() != one.variable.dims() {
                let (found, expected) = (tensor.dims(), one.variable.dims());
                return Err(Error::Snapshot(format!("`{}` has shape {found:?}, not {expected:?}", one.name)));
            }
            pairs.push((&one.variable, tensor.to_dtype(DType::F32)?.to_device(one.variable.device())?));
        }
        for (variable, tensor) in pairs {
            variable.set(&tensor)?;
        }
        Ok(())
    }
}

/// The base model with the adapter's work in its weights: a model of its own that gives the same logits. Deltas are
/// computed in f32 whatever the base's dtype.
///
/// `base` is the one that the adapter was made or loaded on.
pub fn merge(base: &Base, adapter: &Adapter) -> Result<Base> {
    let mut merged = Base { config: base.config.clone(), weights: Weights::default() };
    for (name, tensor) in base.weights.iter() {
        merged.weights.insert(name, tensor.detach());
    }
    adapter.attached.merge(&adapter.modules, &mut merged.weights)?;
    Ok(merged)
}

impl Hook for Adapter {
    fn linear(&self, layer: &Linear, input: &Tensor, context: &Context) -> models::Result<Option<Tensor>> {
        self.attached.linear(layer, input, context)
    }

    fn norm(&self, layer: &LayerNorm, input: &Tensor, context: &Context) -> models::Result<Option<Tensor>> {
        self.attached.norm(layer, input, context)
    }

    fn embedded(
        &self,
        tokens: &Tensor,
        batch: &Batch,
        context: &Context,
    ) -> models::Result<Option<(Tensor, Batch)>> {
        self.attached.embedded(tokens, batch, context)
    }

    fn embedding(&self, output: &Tensor, context: &Context) -> models::Result<Option<Tensor>> {
        self.attached.embedding(output, context)
    }

    fn keys_values(&self, layer: usize, context: &Context) -> models::Result<Option<(Tensor, Tensor)>> {
        self.attached.keys_values(layer, context)
    }

    fn sublayer(
        &self,
        module: &str,
        output: &Tensor,
        residual: &Tensor,
        context: &Context,
    ) -> models::Result<Option<Tensor>> {
        self.attached.sublayer(module, output, residual, context)
    }

    fn head(&self, hidden: &Tensor, context: &Context) -> models::Result<Option<Tensor>> {
        self.attached.head(hidden, context)
    }
}
