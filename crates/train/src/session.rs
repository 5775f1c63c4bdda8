//! A base model with an adapter on it, ready for batches.

use crate::accumulate::Gradients;
use crate::device;
use crate::error::Error;
use crate::frozen::{Below, Frozen};
use crate::hyperparameters::{BiasChoice, DTypeChoice, DeviceChoice, FrozenChoice, Hyperparameters};
use crate::recompute;
use candle_core::{DType, Device, Tensor};
use models::{Base, Batch, Context, Embedded, Model, Module, Task};
use peft::{Adapter, Bias, Count, LoraConfig, Targets};
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::path::Path;

/// A sequence as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// Token ids, cut to the model's limit.
    pub tokens: Vec<u32>,
    /// The class.
    pub class: usize,
    /// The index of its record.
    pub record: usize,
    /// Whether tokens were cut off.
    pub truncated: bool,
}

/// Tokens of a batch that is scored: enough to keep all threads busy, few enough that scoring needs no more memory than
/// training.
pub(crate) const SCORING_TOKENS: usize = 2048;

/// The most that is kept of frozen blocks unless it is asked for.
const FROZEN_BYTES: u64 = 4 << 30;

/// Where a forward pass begins.
struct Start {
    /// The block that reads `hidden`.
    block: usize,
    /// (T, C)
    hidden: Tensor,
    /// The batch that the blocks go by, where it is another one.
    replaced: Option<Batch>,
}

/// A base model with an adapter on it.
pub(crate) struct Session {
    pub model: Box<dyn Model>,
    pub adapter: Adapter,
    pub count: Count,
    pub device: Device,
    /// The precision of what is frozen, and of what is computed.
    pub precision: DType,
    pub pad_id: Option<u32>,
    pub classes: usize,
    /// The base, with the tensors that training changes in it.
    pub base: Base,
    /// The first block that training changes.
    pub first_block: usize,
    /// Keep only what stands between the blocks for the backward pass, and compute their insides again.
    pub gradient_checkpointing: bool,
    /// What the blocks below the first that training changes make of sequences, where it is kept.
    pub frozen: Option<Frozen>,
    /// The most sequences that fit into the memory of a test's device.
    #[cfg(test)]
    pub room: usize,
}

impl Session {
    /// Loads the base model and puts a new adapter on it, the same for the same settings.
    pub fn open(
        folder: &Path,
        base_name: &str,
        settings: &Hyperparameters,
        classes: usize,
    ) -> Result<Self, Error> {
        let device = device::open(settings.device)?;
        let base = Base::load(folder, &device, device::precision(settings.dtype, &device))?;
        let task = Task::SequenceClassification { labels: classes };
        let lora = lora(settings, &base.modules(task));
        let session = Session::on(base, &lora, base_name, task, settings.seed)?;
        Ok(Session { gradient_checkpointing: settings.gradient_checkpointing, ..session })
    }

    /// Puts a new adapter on `base`.
    pub fn on(mut base: Base, lora: &LoraConfig, name: &str, task: Task, seed: u64) -> Result<Self, Error> {
        let adapter = Adapter::new(lora, &mut base, task, name, seed)?;
        let count = peft::count(lora, &base.config, task)?;
        Session::of(base, adapter, count, task)
    }

    /// Loads the base model and the adapter in the folder `adapter`.
    pub fn load(
        folder: &Path,
        adapter: &Path,
        device: DeviceChoice,
        precision: DTypeChoice,
    ) -> Result<Self, Error> {
        let device = device::open(device)?;
        let mut base = Base::load(folder, &device, device::precision(precision, &device))?;
        let (adapter, task) = Adapter::load(adapter, &mut base)?;
        let count = peft::count(adapter.method(), &base.config, task)?;
        Session::of(base, adapter, count, task)
    }

    fn of(base: Base, adapter: Adapter, count: Count, task: Task) -> Result<Self, Error> {
        let Task::SequenceClassification { labels: classes } = task else {
            return Err(Error::Data("the adapter is no classifier: it has no head with classes".to_owned()));
        };
        Ok(Session {
            model: base.build(task)?,
            first_block: adapter.first_block(&base.config),
            gradient_checkpointing: false,
            frozen: None,
            #[cfg(test)]
            room: usize::MAX,
            adapter,
            count,
            device: base.device(),
            precision: base.precision(),
            pad_id: base.config.pad_id(),
            classes,
            base,
        })
    }

    /// The mean cross-entropy of a batch in training, and its gradients where it is finite.
    ///
    /// The gradients are those of `scale` times the loss.
    pub fn gradients(
        &self,
        examples: &[&Example],
        dropout_seed: u64,
        scale: f64,
    ) -> Result<Gradients, Error> {
        self.find_room(examples)?;
        let batch = self.batch(examples)?;
        let targets: Vec<u32> = examples.iter().map(|example| example.class as u32).collect();
        let targets = Tensor::from_vec(targets, examples.len(), &self.device)?;
        let context = Context { hook: &self.adapter, dropout_seed: Some(dropout_seed) };
        let loss =
            |logits: &Tensor| kernels::cross_entropy(&kernels::cast(logits, DType::F32)?, &targets, None);
        kernels::inside(|| {
            let Start { block, hidden, replaced } = self.start(examples, &batch, &context)?;
            let batch = replaced.as_ref().unwrap_or(&batch);
            if self.gradient_checkpointing {
                let start = (block, hidden);
                let loss = |logits: &Tensor| Ok((loss(logits)?, scale));
                return recompute::gradients(&*self.model, start, self.first_block, batch, &context, loss);
            }
            let loss = loss(&self.finish(block, hidden, batch, &context)?)?;
            // The way back is begun before the loss is waited for: a device is never idle between the two.
            let gradients = kernels::backward_from(&loss, (loss.ones_like()? * scale)?)?;
            let value = f64::from(loss.to_scalar::<f32>()?);
            Ok((value, value.is_finite().then_some(gradients)))
        })
    }

    /// Logits (B, K) without dropout and without a way back.
    fn scores(&self, examples: &[&Example]) -> Result<Tensor, Error> {
        self.find_room(examples)?;
        let batch = self.batch(examples)?;
        let context = Context { hook: &self.adapter, dropout_seed: None };
        kernels::inside(|| {
            kernels::without_gradients(|| {
                let Start { block, hidden, replaced } = self.start(examples, &batch, &context)?;
                self.finish(block, hidden, replaced.as_ref().unwrap_or(&batch), &context)
            })
        })
    }

    /// What the first block that has to be computed reads.
    fn start(&self, examples: &[&Example], batch: &Batch, context: &Context<'_>) -> Result<Start, Error> {
        if let Some(frozen) = &self.frozen
            && let Some(hidden) = frozen.of(examples)?
        {
            return Ok(Start { block: frozen.block, hidden, replaced: None });
        }
        let Embedded { hidden, replaced } = self.model.embed(batch, context)?;
        Ok(Start { block: 0, hidden, replaced })
    }

    /// The blocks from `block` on, and the head.
    fn finish(
        &self,
        block: usize,
        hidden: Tensor,
        batch: &Batch,
        context: &Context<'_>,
    ) -> Result<Tensor, Error> {
        let mut hidden = hidden;
        for index in block..self.model.blocks() {
            hidden = self.model.block(index, &hidden, batch, context)?;
        }
        Ok(self.model.head(&hidden, context)?)
    }

    /// Keeps what the frozen blocks make of `examples`, if the settings say so and there is something to keep: whether it
    /// was done, or `None` if `interrupted` said so.
    pub fn freeze(
        &mut self,
        choice: FrozenChoice,
        examples: &[&Example],
        folder: &Path,
        interrupted: &dyn Fn() -> bool,
        told: &mut dyn FnMut(usize) -> Result<(), Error>,
    ) -> Result<Option<bool>, Error> {
        let below = Below {
            model: &*self.model,
            hook: &self.adapter,
            // The last block reads what the head's rows are taken from.
            block: self.first_block.min(self.model.blocks().saturating_sub(1)),
            width: self.base.config.width(),
            pad_id: self.pad_id,
            device: &self.device,
            folder,
        };
        let pays = match choice {
            FrozenChoice::Off => false,
            FrozenChoice::On => true,
            // The same numbers, and no flood of bytes.
            FrozenChoice::Auto => !self.base.config.has_dropout() && below.bytes(examples) <= FROZEN_BYTES,
        };
        if !pays || below.block == 0 {
            return Ok(Some(false));
        }
        let Some(frozen) = below.compute(examples, interrupted, told)? else {
            return Ok(None);
        };
        self.frozen = Some(frozen);
        Ok(Some(true))
    }

    /// In tests, a device of little memory.
    fn find_room(&self, _examples: &[&Example]) -> Result<(), Error> {
        #[cfg(test)]
        if _examples.len() > self.room {
            return Err(candle_core::Error::Msg("CUDA_ERROR_OUT_OF_MEMORY".to_owned()).into());
        }
        Ok(())
    }

    fn batch(&self, examples: &[&Example]) -> Result<Batch, Error> {
        let sequences: Vec<&[u32]> = examples.iter().map(|example| example.tokens.as_slice()).collect();
        Ok(Batch::packed(&sequences, self.pad_id, &self.device)?)
    }

    /// Logits (N, K) row after row, in the order of `examples`. `None` if `interrupted` said so between two batches.
    ///
    /// `told` hears how many are done.
    pub fn logits(
        &self,
        examples: &[Example],
        interrupted: &dyn Fn() -> bool,
        told: &mut dyn FnMut(usize) -> Result<(), Error>,
    ) -> Result<Option<Vec<f32>>, Error> {
        let mut logits = vec![0.0; examples.len() * self.classes];
        let (mut done, mut limit) = (0, usize::MAX);
        for batch in scoring_batches(examples) {
            if interrupted() {
                return Ok(None);
            }
            let chosen: Vec<&Example> = batch.iter().map(|&index| &examples[index]).collect();
            let rows = kernels::in_parts(&chosen, &mut limit, |part| {
                Ok::<_, Error>(self.scores(part)?.to_dtype(DType::F32)?.to_vec2::<f32>()?)
            })?;
            for (&index, row) in batch.iter().zip(&rows) {
                logits[index * self.classes..(index + 1) * self.classes].copy_from_slice(row);
            }
            done += batch.len();
            told(done)?;
        }
        Ok(Some(logits))
    }
}

/// Longest first, so that too little memory shows at once; each batch as many as fit into [`SCORING_TOKENS`].
pub(crate) fn scoring_batches<E: Borrow<Example>>(examples: &[E]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let length = |index: usize| examples[index].borrow().tokens.len();
    order.sort_by_key(|&index| std::cmp::Reverse(length(index)));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for index in order {
        let tokens = length(index);
        match batches.last_mut() {
            Some(batch) if tokens <= room => batch.push(index),
            _ => {
                batches.push(vec![index]);
                room = SCORING_TOKENS.max(tokens);
            }
        }
        room -= tokens;
    }
    batches
}

/// The settings as peft names them, for a base with these modules.
pub(crate) fn lora(settings: &Hyperparameters, modules: &[Module]) -> LoraConfig {
    let mut targets = Targets::from_entries(&settings.target);
    if targets == Targets::AllLinear && !settings.layers.is_empty() {
        // peft chooses layers in a list only: the same modules, by the last part of their names.
        let names = modules.iter().filter(|module| module.is_linear() && !module.head);
        let ends: BTreeSet<&str> = names.filter_map(|module| module.name.rsplit('.').next()).collect();
        targets = Targets::list(ends);
    }
    LoraConfig {
        r: settings.rank,
        lora_alpha: settings.alpha,
        lora_dropout: settings.dropout,
        use_rslora: settings.rslora,
        bias: match settings.bias {
            BiasChoice::None => Bias::None,
            BiasChoice::All => Bias::All,
            BiasChoice::LoraOnly => Bias::LoraOnly,
        },
        target_modules: Some(targets),
        exclude_modules: (!settings.exclude.is_empty()).then(|| Targets::from_entries(&settings.exclude)),
        layers_to_transform: (!settings.layers.is_empty()).then(|| settings.layers.clone()),
        modules_to_save: settings.modules_to_save.clone(),
        ..LoraConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scoring_batches_hold_every_example_once_and_keep_to_the_limit() {
        let example = |length| Example { tokens: vec![0; length], class: 0, record: 0, truncated: false };
        let examples: Vec<Example> = [3000, 1500, 100, 700, 500].map(example).into();
        let batches = scoring_batches(&examples);
        assert_eq!(batches, [vec![0], vec![1], vec![3, 4, 2]]);
    }
}
