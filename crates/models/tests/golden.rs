//! Every logit, loss and gradient equals transformers', as `tests/golden/gpt2.py` recorded them.
//!
//! Both sides work in f32 and add in different orders, which leaves about 1e-6 of the largest number in a tensor (1 to
//! 3 for logits, 0.007 to 1.5 for gradients); the tolerance is ten times that.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor, Var};

use episome_models::{Base, Batch, Config, Context, Model, Task, Weights, random};
use serde_json::Value;

const TOLERANCE: f32 = 1e-5;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(name)
}

fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(golden("gpt2.json")).unwrap();
    let recorded: Value = serde_json::from_str(&text).unwrap();
    recorded["cases"].as_array().unwrap().clone()
}

/// The weights that fill.weight makes from a seed and a name.
fn weight(seed: u64, name: &str, shape: &[usize]) -> Tensor {
    let value = random::uniform(seed, name, shape, 0.3, &Device::Cpu).unwrap();
    let module = name.rsplit('.').nth(1).unwrap();
    if module.starts_with("ln_") && name.ends_with(".weight") { (value + 1.0).unwrap() } else { value }
}

fn base(case: &Value, task: Task) -> Base {
    let object = case["config"].as_object().unwrap().clone();
    let config = Config::from_json(object, Path::new("config.json")).unwrap();
    let mut weights = Weights::default();
    for module in config.modules(task).iter().filter(|module| module.parameters > 0) {
        for (name, shape) in module.tensors() {
            let tensor = weight(case["seed"].as_u64().unwrap(), &name, &shape);
            weights.insert(name, tensor);
        }
    }
    Base { config, weights }
}

fn classification(case: &Value) -> Task {
    Task::SequenceClassification {
        labels: case["config"]["id2label"].as_object().map_or(2, |labels| labels.len()),
    }
}

fn parse<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// The largest difference of two tensors, as a part of the largest number in the second.
fn difference(found: &Tensor, expected: &Tensor) -> f32 {
    assert_eq!(found.dims(), expected.dims());
    let largest =
        |tensor: Tensor| tensor.abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>();
    let scale = largest(expected.clone()).unwrap();
    assert!(scale > 0.0);
    largest((found - expected).unwrap()).unwrap() / scale
}

fn assert_close(found: &Tensor, expected: &Tensor, what: &str) {
    let difference = difference(found, expected);
    assert!(difference < TOLERANCE, "{what}: {difference}");
}

fn matrix(value: &Value) -> Tensor {
    Tensor::new(parse::<Vec<Vec<f32>>>(value), &Device::Cpu).unwrap()
}

fn padded(record: &Value, pad: Option<u32>) -> Batch {
    let mask: Option<Vec<Vec<u8>>> = parse(&record["mask"]);
    Batch::padded(&parse::<Vec<Vec<u32>>>(&record["ids"]), mask.as_deref(), pad, &Device::Cpu).unwrap()
}

#[test]
fn classification_logits_are_equal_whatever_the_padding() {
    for case in cases() {
        let base = base(&case, classification(&case));
        let model = base.build(classification(&case)).unwrap();
        for record in case["classification"].as_array().unwrap() {
            let what = format!("{} padded {}", case["name"], record["padding"]);
            let batch = padded(record, base.config.pad_id());
            let logits = model.forward(&batch, &Context::inference()).unwrap();
            assert_close(&logits, &matrix(&record["logits"]), &what);
        }
    }
}

#[test]
fn packed_sequences_have_the_logits_of_padded_rows() {
    for case in cases() {
        let base = base(&case, classification(&case));
        let model = base.build(classification(&case)).unwrap();
        let sequences: Vec<Vec<u32>> = parse(&case["sequences"]);
        let rows: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
        let batch = Batch::packed(&rows, base.config.pad_id(), &Device::Cpu).unwrap();
        let right = &case["classification"][0];
        assert_eq!(right["padding"], "right");
        let logits = model.forward(&batch, &Context::inference()).unwrap();
        assert_close(&logits, &matrix(&right["logits"]), &case["name"].to_string());
    }
}

/// Mean cross-entropy of each token's successor in its sequence: `loss_function` with shifted labels.
fn next_token_loss(logits: &Tensor, batch: &Batch) -> Tensor {
    let tokens = batch.tokens.to_vec1::<u32>().unwrap();
    let rows: Vec<u32> =
        batch.segments.iter().flat_map(|range| range.start as u32..range.end as u32 - 1).collect();
    let targets: Vec<u32> = rows.iter().map(|&row| tokens[row as usize + 1]).collect();
    let logits = logits.index_select(&Tensor::new(rows, &Device::Cpu).unwrap(), 0).unwrap();
    kernels::cross_entropy(&logits, &Tensor::new(targets, &Device::Cpu).unwrap(), None).unwrap()
}

#[test]
fn language_model_logits_and_losses_are_equal() {
    for case in cases() {
        let base = base(&case, Task::CausalLanguageModelling);
        let model = base.build(Task::CausalLanguageModelling).unwrap();
        for record in case["language_model"].as_array().unwrap() {
            let what = format!("{} padded {}", case["name"], record["padding"]);
            let batch = padded(record, base.config.pad_id());
            let logits = model.forward(&batch, &Context::inference()).unwrap();
            assert_close(&logits, &matrix(&record["logits"]), &what);
            let loss = next_token_loss(&logits, &batch);
            assert_close(&loss, &Tensor::new(parse::<f32>(&record["loss"]), &Device::Cpu).unwrap(), &what);
        }
    }
}

/// The gradients of `loss` by the names of the weights.
fn gradients(variables: &[(String, Var)], loss: &Tensor) -> BTreeMap<String, Tensor> {
    let store = kernels::backward(loss).unwrap();
    variables.iter().map(|(name, variable)| (name.clone(), store.get(variable).unwrap().clone())).collect()
}

fn check_gradients(case: &str, task: &str, found: &BTreeMap<String, Tensor>) {
    let recorded =
        episome_models::read_tensors(&golden("gpt2.safetensors"), DType::F32, &Device::Cpu).unwrap();
    let prefix = format!("{case}/{task}/");
    let recorded: BTreeMap<&str, &Tensor> =
        recorded.iter().filter_map(|(name, tensor)| Some((name.strip_prefix(&prefix)?, tensor))).collect();
    assert!(found.keys().map(String::as_str).eq(recorded.keys().copied()), "{prefix}");
    for (name, expected) in recorded {
        assert_close(&found[name], expected, &format!("{prefix}{name}"));
    }
}

#[test]
fn classification_losses_and_gradients_are_equal() {
    let mut checked = 0;
    for case in cases().iter().filter(|case| case.get("labels").is_some()) {
        let mut base = base(case, classification(case));
        let variables = base.weights.train_all().unwrap();
        let model: Box<dyn Model> = base.build(classification(case)).unwrap();
        let batch = padded(&case["classification"][2], base.config.pad_id());
        let logits = model.forward(&batch, &Context::inference()).unwrap();
        let labels = Tensor::new(parse::<Vec<u32>>(&case["labels"]), &Device::Cpu).unwrap();
        let loss = kernels::cross_entropy(&logits, &labels, None).unwrap();
        let expected = Tensor::new(parse::<f32>(&case["classification_loss"]), &Device::Cpu).unwrap();
        assert_close(&loss, &expected, &case["name"].to_string());
        check_gradients(case["name"].as_str().unwrap(), "classification", &gradients(&variables, &loss));
        checked += 1;
    }
    assert_eq!(checked, 7);
}

#[test]
fn language_model_gradients_are_equal() {
    let mut checked = 0;
    let recorded = episome_models::SafetensorsFile::open(&golden("gpt2.safetensors")).unwrap().names();
    for case in cases() {
        let name = case["name"].as_str().unwrap();
        if !recorded.iter().any(|recorded| recorded.starts_with(&format!("{name}/language_model/"))) {
            continue;
        }
        let mut base = base(&case, Task::CausalLanguageModelling);
        let variables = base.weights.train_all().unwrap();
        let model = base.build(Task::CausalLanguageModelling).unwrap();
        let batch = padded(&case["language_model"][0], base.config.pad_id());
        let loss = next_token_loss(&model.forward(&batch, &Context::inference()).unwrap(), &batch);
        check_gradients(name, "language_model", &gradients(&variables, &loss));
        checked += 1;
    }
    assert_eq!(checked, 8);
}
