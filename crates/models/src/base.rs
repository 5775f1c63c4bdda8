//! A base model: its configuration and its weights.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use serde_json::Value;

use crate::gpt2::Gpt2;
use crate::safetensors_file::{write_aside, write_tensors};
use crate::{Batch, Config, Context, Error, Hook, Module, ModuleKind, Result, Task, Weights, load, random};

/// A model that can be run, as a whole or block by block.
pub trait Model: Send + Sync {
    /// Logits, f32: (B, labels) for classification, (T, V) for language modelling.
    fn forward(&self, batch: &Batch, context: &Context) -> Result<Tensor> {
        let Embedded { mut hidden, replaced } = self.embed(batch, context)?;
        let batch = replaced.as_ref().unwrap_or(batch);
        for index in 0..self.blocks() {
            hidden = self.block(index, &hidden, batch, context)?;
        }
        self.head(&hidden, context)
    }

    /// The same without dropout and without a way back to any gradient: what was computed on the way is freed at once.
    fn infer(&self, batch: &Batch, hook: &dyn Hook) -> Result<Tensor> {
        let context = Context { hook, dropout_seed: None };
        kernels::inside(|| kernels::without_gradients(|| self.forward(batch, &context)))
    }

    /// The number of blocks.
    fn blocks(&self) -> usize;

    /// What the first block reads.
    fn embed(&self, batch: &Batch, context: &Context) -> Result<Embedded>;

    /// What block `index`, counted from 0, makes of the hidden state (T, C): another (T, C), but (B, C) from the last
    /// block of a classifier, whose head reads one row of each sequence.
    fn block(&self, index: usize, hidden: &Tensor, batch: &Batch, context: &Context) -> Result<Tensor>;

    /// Logits from the last block's result.
    fn head(&self, hidden: &Tensor, context: &Context) -> Result<Tensor>;

    /// Every module that holds weights, in the order of the forward pass.
    fn modules(&self) -> &[Module];
}

/// What the first block of a model reads.
#[derive(Debug)]
pub struct Embedded {
    /// The hidden state, (T, C).
    pub hidden: Tensor,
    /// The batch that the blocks go by, where an adapter put one in place of what it was given.
    pub replaced: Option<Batch>,
}

/// A base model: what adapters are attached to. Cloning shares the tensors.
#[derive(Clone, Debug)]
pub struct Base {
    /// The architecture and its shape.
    pub config: Config,
    /// The tensors by name.
    pub weights: Weights,
}

impl Base {
    /// Reads a folder in the layout of the Hub: config.json beside model.safetensors or pytorch_model.bin, in one file
    /// or several with an index. Where both kinds are there, safetensors is read.
    pub fn load(folder: &Path, device: &Device, dtype: DType) -> Result<Self> {
        let config = Config::read(folder)?;
        let weights = load::weights(folder, &config, device, dtype)?;
        Ok(Self { config, weights })
    }

    /// A language model as transformers initialises it: embeddings and linear weights normal with deviation
    /// `initializer_range`, divided by √(2·layers) where they feed the residual stream; norms 1 and 0; biases 0.
    pub fn random(config: Config, seed: u64, device: &Device) -> Result<Self> {
        let mut weights = Weights::default();
        for module in config.modules(Task::CausalLanguageModelling) {
            if module.parameters > 0 {
                initialise(&config, &module, seed, &mut weights, device)?;
            }
        }
        Ok(Self { config, weights })
    }

    /// Gives the model a new classification head, as transformers initialises it.
    pub fn new_head(&mut self, labels: usize, seed: u64) -> Result<()> {
        let device = self.device();
        for module in self.config.modules(Task::SequenceClassification { labels }) {
            if module.head {
                initialise(&self.config, &module, seed, &mut self.weights, &device)?;
            }
        }
        Ok(())
    }

    /// The number of classes of the head that the weights hold, if they hold one.
    #[must_use]
    pub fn head_labels(&self) -> Option<usize> {
        self.weights.get("score.weight").ok().map(|weight| weight.dims().first().copied().unwrap_or(0))
    }

    /// The task that the weights are complete for: classification with a head, language modelling without.
    #[must_use]
    pub fn task(&self) -> Task {
        match self.head_labels() {
            Some(labels) => Task::SequenceClassification { labels },
            None => Task::CausalLanguageModelling,
        }
    }

    /// The device that the weights are on.
    #[must_use]
    pub fn device(&self) -> Device {
        self.weights.iter().next().map_or(Device::Cpu, |(_, tensor)| tensor.device().clone())
    }

    /// The precision of the weights that are not trained: those of the first module.
    #[must_use]
    pub fn precision(&self) -> DType {
        let frozen = self.weights.iter().find(|(_, tensor)| !tensor.is_variable());
        frozen.map_or(DType::F32, |(_, tensor)| tensor.dtype())
    }

    /// The same model with its weights in another precision.
    pub fn in_precision(mut self, dtype: DType) -> Result<Self> {
        let names: Vec<String> = self.weights.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let tensor = self.weights.get(&name)?.to_dtype(dtype)?;
            self.weights.insert(name, tensor);
        }
        Ok(self)
    }

    /// The architecture's name, as `model_type` has it.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.config.family()
    }

    /// The number of parameters of a model that does `task`.
    #[must_use]
    pub fn parameters(&self, task: Task) -> usize {
        self.config.parameters(task)
    }

    /// Every module that holds weights, in the order of the forward pass.
    #[must_use]
    pub fn modules(&self, task: Task) -> Vec<Module> {
        self.config.modules(task)
    }

    /// The model that does `task` with these weights. It shares the tensors: a trainable one stays so.
    pub fn build(&self, task: Task) -> Result<Box<dyn Model>> {
        let Config::Gpt2(config) = &self.config;
        Ok(Box::new(Gpt2::new(config, &self.weights, task)?))
    }

    /// Writes config.json and model.safetensors that transformers loads, with the weights as `dtype`: a classification
    /// model if there is a head, else a language model. Each file is written aside and renamed.
    pub fn save(&self, folder: &Path, dtype: DType) -> Result<()> {
        let task = self.task();
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let mut tensors = Vec::new();
        for (name, _) in
            self.modules(task).iter().filter(|module| module.parameters > 0).flat_map(Module::tensors)
        {
            tensors.push((self.weights.get(&name)?.detach().to_dtype(dtype)?, name));
        }
        write_tensors(
            &folder.join("model.safetensors"),
            tensors.iter().map(|(tensor, name)| (name.as_str(), tensor)),
        )?;
        let mut object = self.config.to_json(task);
        let torch_name = match dtype {
            DType::F16 => "float16",
            DType::BF16 => "bfloat16",
            _ => "float32",
        };
        object.insert("torch_dtype".into(), torch_name.into());
        let text = format!("{:#}\n", Value::Object(object));
        write_aside(&folder.join("config.json"), text.as_bytes())
    }
}

/// Fills one module as transformers' `_init_weights` does.
fn initialise(
    config: &Config,
    module: &Module,
    seed: u64,
    weights: &mut Weights,
    device: &Device,
) -> Result<()> {
    for (name, shape) in module.tensors() {
        let tensor = if name.ends_with(".bias") {
            Tensor::zeros(shape, DType::F32, device)?
        } else if module.kind == ModuleKind::LayerNorm {
            Tensor::ones(shape, DType::F32, device)?
        } else {
            // "Scale the weights of residual layers by 1/√N where N is the number of residual layers" (GPT-2's
            // paper, section 2.3): two in each block.
            let residual =
                if module.name.ends_with(".c_proj") { (2.0 * config.layers() as f64).sqrt() } else { 1.0 };
            random::normal(seed, &name, shape, config.initializer_range() / residual, device)?
        };
        weights.insert(name, tensor);
    }
    Ok(())
}
