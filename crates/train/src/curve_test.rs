//! Fifty steps against transformers' Trainer with peft, recorded by `tests/golden/trainer_curve.py`.

use crate::batching::Order;
use crate::checkpoint::State;
use crate::clock::SystemClock;
use crate::event::Event;
use crate::folder::RunFolder;
use crate::hyperparameters::Hyperparameters;
use crate::journal::Journal;
use crate::loss_scale::LossScale;
use crate::optimizer::{AdamW, AdamWOptions, Trainable};
use crate::schedule::Warmup;
use crate::session::{Example, Session, lora};
use crate::training::{Left, Setup, Training};
use candle_core::{DType, Device, Tensor};
use models::{Base, Config, ModuleKind, Task, Weights, random};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

/// A clock on which every look is a second later, so that no step event is thinned out.
struct Ticking(Seconds);

#[derive(Default)]
struct Seconds(std::sync::atomic::AtomicU64);

impl crate::Clock for Ticking {
    fn now(&self) -> SystemTime {
        SystemClock::new().now()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

fn recorded() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/trainer_curve.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The base that the script fills with `fill.fill(model, 1)`.
fn base(config: &Config, task: Task, device: &Device) -> Base {
    let mut weights = Weights::default();
    for module in config.modules(task).iter().filter(|module| module.parameters > 0) {
        for (name, shape) in module.tensors() {
            let value = random::uniform(1, &name, shape, 0.3, device).unwrap();
            let norm = module.kind == ModuleKind::LayerNorm && name.ends_with(".weight");
            weights.insert(name, if norm { (value + 1.0).unwrap() } else { value });
        }
    }
    Base { config: config.clone(), weights }
}

/// How the recorded training is run.
pub(crate) struct Way {
    pub device: Device,
    pub precision: DType,
    /// Sequences that fit into memory.
    pub room: usize,
    /// What the loss is multiplied with at first.
    pub factor: Option<f64>,
}

/// What came of it.
pub(crate) struct Course {
    /// Loss, norm of the gradients and learning rate of each step.
    pub steps: Vec<(f64, f64, f64)>,
    /// The kinds of its warnings.
    pub warnings: Vec<String>,
    pub state: State,
    /// What was trained.
    pub last: BTreeMap<String, Tensor>,
}

/// Fifty steps on the recorded sequences, from the recorded start.
pub(crate) fn train(way: Way) -> Course {
    let golden = recorded();
    let mut object = golden["config"].as_object().unwrap().clone();
    object.insert("model_type".into(), "gpt2".into());
    let config = Config::from_json(object, Path::new("config.json")).unwrap();
    let task = Task::SequenceClassification { labels: 2 };
    let sequences: Vec<Vec<u32>> = serde_json::from_value(golden["sequences"].clone()).unwrap();
    let labels: Vec<usize> = serde_json::from_value(golden["labels"].clone()).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let training = &golden["training"];
    let mut settings = Hyperparameters {
        rank: 4,
        alpha: 8.0,
        dropout: 0.0,
        epochs: 10,
        batch_size: 8,
        learning_rate: number(&training["learning_rate"]),
        weight_decay: number(&training["weight_decay"]),
        warmup: Warmup::Steps(0),
        clip: number(&training["max_grad_norm"]),
        order: Order::Given,
        evaluation_steps: Some(1000),
        checkpoint_seconds: 0.0,
        ..Hyperparameters::default()
    };
    settings.set("steps", "50").unwrap();
    settings.set("target", "c_attn,c_fc").unwrap();
    settings.set("bias", "lora_only").unwrap();

    let base = base(&config, task, &way.device).in_precision(way.precision).unwrap();
    let lora = lora(&settings, &base.modules(task));
    let mut session = Session::on(base, &lora, "golden", task, 0).unwrap();
    session.room = way.room;
    let mut start = session.adapter.snapshot().unwrap();
    for (key, tensor) in &mut start {
        if key.contains("lora_A") {
            let bound = 1.0 / (tensor.dims()[1] as f64).sqrt();
            *tensor = random::uniform(2, key, tensor.shape().clone(), bound, &Device::Cpu).unwrap();
        }
    }
    session.adapter.restore(&start).unwrap();

    let examples: Vec<Example> = sequences
        .into_iter()
        .zip(labels)
        .enumerate()
        .map(|(record, (tokens, class))| Example { tokens, class, record, truncated: false })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let folder = RunFolder::at(folder.path());
    std::fs::create_dir(folder.path().join("checkpoints")).unwrap();
    let (mut steps, mut warnings) = (Vec::new(), Vec::new());
    let mut observer = |event: &Event| match event {
        Event::Step { loss, learning_rate, gradient_norm, .. } => {
            steps.push((*loss, *gradient_norm, *learning_rate));
        }
        Event::Warning { kind, .. } => warnings.push(kind.clone()),
        _ => {}
    };
    let clock = Ticking(Seconds::default());
    let trainables = session.adapter.parameters().iter().map(Trainable::of).collect();
    let options = AdamWOptions { weight_decay: settings.weight_decay, ..AdamWOptions::default() };
    let journal = &mut Journal::unwritten(&mut observer, &clock);
    let stop = AtomicBool::new(false);
    let mut training = Training::new(Setup {
        session: &session,
        optimizer: AdamW::new(trainables, options).unwrap(),
        settings: &settings,
        train: &examples,
        validation: &examples,
        folder: &folder,
        journal,
        clock: &clock,
        stop: &stop,
        state: State {
            loss_scale: way.factor.map(|factor| LossScale { factor, steps: 0 }),
            ..State::default()
        },
    });
    assert_eq!(training.run().unwrap(), Left::Ended);
    let state = training.state.clone();
    drop(training);
    Course { steps, warnings, state, last: session.adapter.snapshot().unwrap() }
}

#[test]
fn fifty_steps_are_those_of_the_trainer() {
    let Course { steps, last, .. } =
        train(Way { device: Device::Cpu, precision: DType::F32, room: usize::MAX, factor: None });
    let golden = recorded();
    let number = |value: &Value| value.as_f64().unwrap();
    let expected = golden["steps"].as_array().unwrap();
    assert_eq!(steps.len(), expected.len());
    let mut worst: f64 = 0.0;
    for (index, (found, expected)) in steps.iter().zip(expected).enumerate() {
        // Both sides work in f32 and add in other orders; fifty steps let the last digits drift apart.
        let off = (found.0 - number(&expected["loss"])).abs();
        worst = worst.max(off);
        assert!(off < 1e-3, "step {}: loss {} is not {}", index + 1, found.0, expected["loss"]);
        let norm = number(&expected["gradient_norm"]);
        assert!(
            (found.1 - norm).abs() < 1e-3 * norm.max(1.0),
            "step {}: norm {} is not {norm}",
            index + 1,
            found.1
        );
        assert!((found.2 - number(&expected["learning_rate"])).abs() < 1e-12);
    }
    let width = golden["config"]["n_embd"].as_u64().unwrap() as usize;
    let mut worst_weight: f64 = 0.0;
    for (key, expected) in golden["final"].as_object().unwrap() {
        let found = last.get(key).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let expected = flat(expected);
        assert_eq!(found.len(), expected.len(), "{key}");
        for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
            // A bias of the keys shifts all scores of a query alike, which softmax does not see: its gradient is rounding
            // noise, which Adam scales up to full steps.
            let of_keys = key.ends_with("c_attn.base_layer.bias") && (width..2 * width).contains(&index);
            let off = (f64::from(*found) - expected).abs();
            if !of_keys {
                worst_weight = worst_weight.max(off);
            }
            assert!(of_keys || off < 1e-3, "{key}[{index}]: {found} is not {expected}");
        }
    }
    println!("largest difference of a loss: {worst:e}, of a trained number: {worst_weight:e}");
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}
