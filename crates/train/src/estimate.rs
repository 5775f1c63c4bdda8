//! What a training will change, need and take, before it starts.

use crate::batching::batches;
use crate::configuration::RunConfiguration;
use crate::dataset::{Dataset, absolute};
use crate::device;
use crate::error::Error;
use crate::event::Records;
use crate::hyperparameters::Hyperparameters;
use crate::optimizer::{AdamW, AdamWOptions, Trainable};
use crate::prepare::tokenize;
use crate::random::{Site, number};
use crate::run::{Inputs, percent};
use crate::session::{Example, SCORING_TOKENS, Session, lora};
use crate::training::{steps_per_epoch, total_steps};
use candle_core::{DType, Device};
use models::{Base, Config, Task};
use sequence::Part;
use serde::Serialize;
use std::collections::BTreeSet;
use tokenizer::Tokenizer;

/// What a training will change, need and take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Numbers that training changes, as peft counts them.
    pub trainable_parameters: usize,
    /// All numbers of the model with its adapter, as peft counts them.
    pub all_parameters: usize,
    /// The former in per cent of the latter, to four decimals.
    pub trainable_percent: f64,
    /// The full names of the modules that the adapter sits on.
    pub matched_modules: Vec<String>,
    /// The labels in the order of the head's outputs.
    pub labels: Vec<String>,
    /// Records in the three splits.
    pub records: Records,
    /// The longest sequence in tokens, after cutting.
    pub longest: usize,
    /// Tokens of the training records, after cutting: what an epoch reads.
    pub tokens_per_epoch: usize,
    /// Optimizer steps of the whole run.
    pub steps: usize,
    /// Bytes at the peak, by [`Estimate::memory_formula`].
    pub memory_bytes: u64,
    /// Where these bytes go.
    pub memory: Memory,
    /// How they were computed.
    pub memory_formula: &'static str,
    /// Seconds of training and evaluating, without the baseline and the report.
    pub seconds: f64,
    /// Seconds of a step of average size.
    pub seconds_per_step: f64,
    /// How they were found.
    pub time_formula: &'static str,
}

/// Where the memory of a training goes, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// The base model's weights.
    pub weights: u64,
    /// What is trained, its gradients and the optimizer's two moments.
    pub trained: u64,
    /// What the forward pass of the largest batch keeps for the backward pass.
    pub activations: u64,
    /// The gradients that the backward pass holds at a time.
    pub backward: u64,
}

impl Memory {
    fn total(self) -> u64 {
        self.weights + self.trained + self.activations + self.backward
    }
}

const MEMORY_FORMULA: &str = "weights: base parameters × bytes of the dtype; trained: trainable parameters × 4 values × 4 bytes; \
    activations: tokens of the largest batch × (layers × 9 × width + inputs and ranks of the adapted modules + 4 × width) × bytes of the dtype, \
    with gradient checkpointing the first two terms of one layer alone and layers × width beside them; backward: tokens of the largest batch (2,048 or more) × 12 × width × bytes of the dtype";

const TIME_FORMULA: &str = "one and two layers of this width were trained and scored on a batch of average size on this machine; \
    the difference is the time of a layer, which is scaled to all layers, steps and evaluations";

/// Says what the training of `configuration` would change, need and take. Reads the data and the model's config.json, not
/// its weights, writes nothing, and measures for about a second how fast this machine is.
///
/// # Errors
/// What would keep [`crate::start`] from starting.
pub fn dry_run(configuration: &RunConfiguration, inputs: &Inputs<'_>) -> Result<Estimate, Error> {
    configuration.validate()?;
    let settings = &configuration.hyperparameters;
    let mut data = configuration.data.clone();
    for paths in [&mut data.train, &mut data.validation, &mut data.test] {
        *paths = absolute(paths)?;
    }
    let config = Config::read(inputs.model)?;
    let tokenizer = Tokenizer::from_folder(inputs.tokenizer)?;
    let dataset = Dataset::read(&data, tokenizer.alphabet(), settings.seed)?;
    let max_length = settings.max_length.unwrap_or(usize::MAX).min(config.longest_sequence());
    let examples = tokenize(&dataset, &tokenizer, max_length)?;

    let task = Task::SequenceClassification { labels: dataset.labels.len() };
    let count = peft::count(&lora(settings, &config.modules(task)), &config, task)?;
    let lengths: Vec<Vec<usize>> = Part::ALL
        .map(|part| {
            let of = examples.iter().filter(|example| dataset.parts[example.record] == part);
            of.map(|example| example.tokens.len()).collect()
        })
        .into();
    let [train, validation, test] = [0, 1, 2].map(|part| lengths[part].iter().sum::<usize>());
    let steps = total_steps(settings, lengths[0].len());

    let shape = Shape { config: &config, matched: &count.matched_modules };
    let device = device::open(settings.device)?;
    let precision = device::precision(settings.dtype, &device);
    let pace = shape.measure(settings, task, (train, lengths[0].len()), &device, inputs)?;
    let evaluations = match settings.evaluation_steps {
        Some(every) => steps.div_ceil(every),
        None => steps.div_ceil(steps_per_epoch(settings, lengths[0].len()).max(1)),
    };
    let scored = (evaluations * validation + test) as f64;
    let memory = shape.memory((settings, precision), task, &lengths[0], (count.trainable, count.all));
    Ok(Estimate {
        trainable_parameters: count.trainable,
        all_parameters: count.all,
        trainable_percent: percent(count.trainable, count.all),
        matched_modules: count.matched_modules.clone(),
        labels: dataset.labels.names().to_vec(),
        records: dataset.counts(),
        longest: lengths.concat().into_iter().max().unwrap_or(0),
        tokens_per_epoch: train,
        steps,
        memory_bytes: memory.total(),
        memory,
        memory_formula: MEMORY_FORMULA,
        seconds: steps as f64 * pace.step + scored * pace.scored_token,
        seconds_per_step: pace.step,
        time_formula: TIME_FORMULA,
    })
}

/// Seconds.
struct Pace {
    /// Of an average step.
    step: f64,
    /// Of scoring a token.
    scored_token: f64,
}

struct Shape<'a> {
    config: &'a Config,
    matched: &'a [String],
}

impl Shape<'_> {
    fn memory(
        &self,
        (settings, precision): (&Hyperparameters, DType),
        task: Task,
        lengths: &[usize],
        (trainable, all): (usize, usize),
    ) -> Memory {
        let (width, layers) = (self.config.width(), self.config.layers());
        let epoch = batches(lengths, settings.batch_size, settings.order, settings.seed, 0);
        let tokens = |batch: &Vec<usize>| batch.iter().map(|&index| lengths[index]).sum::<usize>();
        let largest = epoch.iter().map(tokens).max().unwrap_or(0);
        // What the norms (2), attention (3) and the activation (4) read on the way back, and each adapted module.
        let modules = self.config.modules(task);
        let adapted = modules.iter().filter(|module| self.matched.contains(&module.name));
        let adapted: usize = adapted.map(|module| module.inputs() + settings.rank).sum();
        let inside = if settings.gradient_checkpointing {
            // What stands between the layers, and the inside of one.
            layers * width + 9 * width + adapted.div_ceil(layers.max(1))
        } else {
            layers * 9 * width + adapted
        };
        let bytes = precision.size_in_bytes();
        Memory {
            weights: (all.saturating_sub(trainable) * bytes) as u64,
            trained: (trainable * 4 * 4) as u64,
            activations: (largest * (inside + 4 * width) * bytes) as u64,
            backward: (largest.max(SCORING_TOKENS) * 12 * width * bytes) as u64,
        }
    }

    /// Trains and scores one and two layers of this width on a batch of average size.
    fn measure(
        &self,
        settings: &Hyperparameters,
        task: Task,
        (tokens, sequences): (usize, usize),
        device: &Device,
        inputs: &Inputs<'_>,
    ) -> Result<Pace, Error> {
        let length = (tokens / sequences.max(1)).max(1);
        let batch_size = settings.batch_size.min(sequences).max(1);
        let one = self.timed(1, settings, task, (batch_size, length), device, inputs)?;
        let two = self.timed(2, settings, task, (batch_size, length), device, inputs)?;
        let scale = |one: f64, two: f64| {
            let layer = (two - one).max(0.0);
            (one - layer).max(0.0) + self.config.layers() as f64 * layer
        };
        Ok(Pace {
            step: scale(one.0, two.0),
            scored_token: scale(one.1, two.1) / (batch_size * length) as f64,
        })
    }

    /// Seconds of a step and of scoring the same batch, with `layers` layers: the median of three after one to warm up.
    fn timed(
        &self,
        layers: usize,
        settings: &Hyperparameters,
        task: Task,
        (batch_size, length): (usize, usize),
        device: &Device,
        inputs: &Inputs<'_>,
    ) -> Result<(f64, f64), Error> {
        let Config::Gpt2(config) = self.config else {
            return Err(Error::Data("the time of this architecture cannot be measured yet".to_owned()));
        };
        // A small vocabulary: looking tokens up takes no time, and making random ones for a large one would.
        let config = models::Gpt2Config { n_layer: layers, vocab_size: CALIBRATION_TOKENS, ..config.clone() };
        let precision = device::precision(settings.dtype, device);
        let base = Base::random(Config::Gpt2(config), settings.seed, device)?.in_precision(precision)?;
        let ends: BTreeSet<String> =
            self.matched.iter().filter_map(|name| name.rsplit('.').next()).map(str::to_owned).collect();
        let settings = Hyperparameters {
            target: ends.into_iter().collect(),
            layers: Vec::new(),
            exclude: Vec::new(),
            ..settings.clone()
        };
        let modules = base.modules(task);
        let mut session = Session::on(base, &lora(&settings, &modules), "calibration", task, settings.seed)?;
        session.gradient_checkpointing = settings.gradient_checkpointing;
        let examples: Vec<Example> = (0..batch_size)
            .map(|record| {
                let token = |place: usize| {
                    let counter = (record * length + place) as u64;
                    (number(settings.seed, Site::Calibration, counter) % CALIBRATION_TOKENS as u64) as u32
                };
                Example { tokens: (0..length).map(token).collect(), class: 0, record, truncated: false }
            })
            .collect();
        let batch: Vec<&Example> = examples.iter().collect();
        let trainables = session.adapter.parameters().iter().map(Trainable::of);
        let mut optimizer = AdamW::new(trainables.collect(), AdamWOptions::default())?;
        let (mut steps, mut scores) = (Vec::new(), Vec::new());
        for round in 0..4 {
            let began = inputs.clock.elapsed();
            if let (_, Some(gradients)) = session.gradients(&batch, round, 1.0)? {
                optimizer.step(&gradients, 1e-4, Some(1.0), 1.0)?;
            }
            let trained = inputs.clock.elapsed();
            session.logits(&examples, &|| false, &mut |_| Ok(()))?;
            let scored = inputs.clock.elapsed();
            if round > 0 {
                steps.push(trained.saturating_sub(began).as_secs_f64());
                scores.push(scored.saturating_sub(trained).as_secs_f64());
            }
        }
        Ok((median(steps), median(scores)))
    }
}

const CALIBRATION_TOKENS: usize = 64;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
