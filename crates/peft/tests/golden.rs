//! What peft recorded (`tests/golden/peft_lora.py`): which modules are adapted, how many parameters are trained, which
//! tensors a file holds, and every logit, loss and gradient.
//!
//! Both sides work in f32 and add in different orders, which leaves about 1e-6 of the largest number in a tensor; the
//! tolerance is ten times that.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use episome_peft::{
    Adapter, Bias, Count, LoraConfig, Parameter, Selection, Targets, count, match_modules, merge,
};
use models::{Base, Batch, Config, Context, Task, Weights, random};
use serde_json::Value;

const TOLERANCE: f32 = 1e-5;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(name)
}

fn recorded() -> Value {
    serde_json::from_str(&std::fs::read_to_string(golden("peft_lora.json")).unwrap()).unwrap()
}

fn parse<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn config(value: &Value) -> Config {
    let mut object = value.as_object().unwrap().clone();
    object.insert("model_type".into(), "gpt2".into());
    Config::from_json(object, Path::new("config.json")).unwrap()
}

/// The base that fill.fill(model, 1) makes.
fn base(config: &Config, task: Task) -> Base {
    let mut weights = Weights::default();
    for module in config.modules(task).iter().filter(|module| module.parameters > 0) {
        for (name, shape) in module.tensors() {
            let value = random::uniform(1, &name, shape, 0.3, &Device::Cpu).unwrap();
            let norm = module.kind == models::ModuleKind::LayerNorm && name.ends_with(".weight");
            weights.insert(name, if norm { (value + 1.0).unwrap() } else { value });
        }
    }
    Base { config: config.clone(), weights }
}

fn task(variant: &Value) -> Task {
    match variant["settings"]["task_type"].as_str().unwrap() {
        "CAUSAL_LM" => Task::CausalLanguageModelling,
        _ => Task::SequenceClassification { labels: 3 },
    }
}

/// LoRA's settings from the keyword arguments that peft was given.
fn settings(arguments: &Value) -> LoraConfig {
    let targets = |field: &str| match &arguments[field] {
        Value::Null => None,
        Value::String(text) if text.eq_ignore_ascii_case("all-linear") => Some(Targets::AllLinear),
        Value::String(pattern) => Some(Targets::Regex(pattern.clone())),
        list => Some(Targets::List(parse(list))),
    };
    let listed = |value: &Value| -> Vec<String> {
        match value {
            Value::Null => Vec::new(),
            Value::String(one) => vec![one.clone()],
            list => parse(list),
        }
    };
    let pattern = |field: &str| -> Vec<(String, f64)> {
        let entries = arguments[field].as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.clone(), value.as_f64().unwrap())).collect()
    };
    LoraConfig {
        r: arguments["r"].as_u64().unwrap_or(8) as usize,
        lora_alpha: arguments["lora_alpha"].as_f64().unwrap_or(8.0),
        lora_dropout: arguments["lora_dropout"].as_f64().unwrap_or(0.0),
        use_rslora: arguments["use_rslora"].as_bool().unwrap_or(false),
        bias: match arguments["bias"].as_str() {
            Some("all") => Bias::All,
            Some("lora_only") => Bias::LoraOnly,
            _ => Bias::None,
        },
        target_modules: targets("target_modules"),
        exclude_modules: targets("exclude_modules"),
        layers_to_transform: match &arguments["layers_to_transform"] {
            Value::Null => None,
            Value::Number(one) => Some(vec![one.as_u64().unwrap() as usize]),
            list => Some(parse(list)),
        },
        layers_pattern: listed(&arguments["layers_pattern"]),
        rank_pattern: pattern("rank_pattern").into_iter().map(|(key, rank)| (key, rank as usize)).collect(),
        alpha_pattern: pattern("alpha_pattern"),
        modules_to_save: listed(&arguments["modules_to_save"]),
    }
}

/// Keys that hold a second copy of a bias, which peft writes with `bias: all` beside modules_to_save.
fn is_copy(key: &str) -> bool {
    key.contains(".modules_to_save.") || key.contains(".original_module.")
}

/// The tensor that the script filled, by its key in the file; copies have the value of what they copy.
fn filled(key: &str, shape: &[usize]) -> Tensor {
    let key = key.replace(".modules_to_save.", ".").replace(".original_module.", ".");
    random::uniform(2, &key, shape, 0.2, &Device::Cpu).unwrap()
}

/// The adapter folder that peft wrote.
fn write_folder(folder: &Path, variant: &Value) {
    std::fs::write(folder.join("adapter_config.json"), variant["config"].to_string()).unwrap();
    let tensors: Vec<(&String, Tensor)> = variant["tensors"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, shape)| (key, filled(key, &parse::<Vec<usize>>(shape))))
        .collect();
    let tensors = tensors.iter().map(|(key, tensor)| (key.as_str(), tensor));
    models::write_tensors(&folder.join("adapter_model.safetensors"), tensors).unwrap();
}

fn batch(recorded: &Value) -> Batch {
    let ids: Vec<Vec<u32>> = parse(&recorded["ids"][0]);
    let mask: Vec<Vec<u8>> = parse(&recorded["mask"][0]);
    Batch::padded(&ids, Some(&mask), Some(3), &Device::Cpu).unwrap()
}

fn assert_close(found: &Tensor, expected: &Tensor, what: &str) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let largest =
        |tensor: Tensor| tensor.abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>();
    let scale = largest(expected.clone()).unwrap();
    let difference = largest((found - expected).unwrap()).unwrap();
    assert!(scale > 0.0 && difference < TOLERANCE * scale, "{what}: {difference} of {scale}");
}

fn logits(base: &Base, adapter: &Adapter, recorded: &Value) -> Tensor {
    let model = base.build(adapter.task()).unwrap();
    model.forward(&batch(recorded), &Context { hook: adapter, dropout_seed: None }).unwrap()
}

fn loss(task: Task, logits: &Tensor, batch: &Batch) -> Tensor {
    let (logits, targets) = match task {
        Task::SequenceClassification { .. } => (logits.clone(), vec![0, 1, 2, 1]),
        Task::CausalLanguageModelling => {
            let tokens = batch.tokens.to_vec1::<u32>().unwrap();
            let rows: Vec<u32> =
                batch.segments.iter().flat_map(|range| range.start as u32..range.end as u32 - 1).collect();
            let targets = rows.iter().map(|&row| tokens[row as usize + 1]).collect();
            (logits.index_select(&Tensor::new(rows, &Device::Cpu).unwrap(), 0).unwrap(), targets)
        }
    };
    kernels::cross_entropy(&logits, &Tensor::new(targets, &Device::Cpu).unwrap(), None).unwrap()
}

fn expected_logits(variant: &Value) -> Tensor {
    Tensor::new(parse::<Vec<Vec<f32>>>(&variant["logits"]), &Device::Cpu).unwrap()
}

/// Runs `check` on every variant, with peft's folder loaded onto its base.
fn for_each_loaded(check: impl Fn(&Value, &Base, &Adapter, &Value)) {
    let recorded = recorded();
    let variants = recorded["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 23);
    for variant in variants {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), variant);
        let mut base = base(&config(&recorded["base"]), task(variant));
        let (adapter, found) = Adapter::load(folder.path(), &mut base).unwrap();
        assert_eq!(found, task(variant));
        check(variant, &base, &adapter, &recorded);
    }
}

#[test]
fn adapters_that_peft_wrote_give_its_logits_and_losses() {
    for_each_loaded(|variant, base, adapter, recorded| {
        let name = variant["name"].as_str().unwrap();
        let logits = logits(base, adapter, recorded);
        assert_close(&logits, &expected_logits(variant), name);
        let loss = loss(adapter.task(), &logits, &batch(recorded));
        assert_close(&loss, &Tensor::new(parse::<f32>(&variant["loss"]), &Device::Cpu).unwrap(), name);
    });
}

#[test]
fn gradients_of_every_trained_tensor_are_equal() {
    let gradients = models::read_tensors(&golden("peft_lora.safetensors"), DType::F32, &Device::Cpu).unwrap();
    let checked = std::cell::Cell::new(0);
    for_each_loaded(|variant, base, adapter, recorded| {
        let prefix = format!("{}/", variant["name"].as_str().unwrap());
        let expected: BTreeMap<&str, &Tensor> =
            gradients.iter().filter_map(|(key, tensor)| Some((key.strip_prefix(&prefix)?, tensor))).collect();
        if expected.is_empty() {
            return;
        }
        let loss = loss(adapter.task(), &logits(base, adapter, recorded), &batch(recorded));
        let found = kernels::backward(&loss).unwrap();
        assert_eq!(expected.len(), adapter.parameters().len(), "{prefix}");
        for Parameter { name, variable, .. } in adapter.parameters() {
            assert_close(found.get(variable).unwrap(), expected[name.as_str()], &format!("{prefix}{name}"));
        }
        checked.set(checked.get() + 1);
    });
    assert_eq!(checked.get(), 9);
}

#[test]
fn merged_models_give_the_logits_of_unmerged_ones() {
    for_each_loaded(|variant, base, adapter, recorded| {
        let merged = merge(base, adapter).unwrap();
        let model = merged.build(adapter.task()).unwrap();
        let logits = model.forward(&batch(recorded), &Context::inference()).unwrap();
        assert_close(&logits, &expected_logits(variant), variant["name"].as_str().unwrap());
    });
}

#[test]
fn a_new_adapter_has_the_tensors_and_counts_of_peft() {
    let recorded = recorded();
    for variant in recorded["variants"].as_array().unwrap() {
        let name = variant["name"].as_str().unwrap();
        let lora = settings(&variant["settings"]);
        let config = config(&recorded["base"]);
        let Count { trainable, all, matched_modules } = count(&lora, &config, task(variant)).unwrap();
        assert_eq!(
            (trainable as u64, all as u64),
            (parse(&variant["trainable"]), parse(&variant["all"])),
            "{name}"
        );
        assert_eq!(matched_modules, parse::<Vec<String>>(&variant["matched"]), "{name}");

        let mut base = base(&config, task(variant));
        let adapter = Adapter::new(&lora, &mut base, task(variant), "a/base", 7).unwrap();
        let found: BTreeMap<String, Vec<usize>> =
            adapter.parameters().iter().map(|one| (one.name.clone(), one.variable.dims().to_vec())).collect();
        let mut expected: BTreeMap<String, Vec<usize>> = parse(&variant["tensors"]);
        expected.retain(|key, _| !is_copy(key));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_saved_adapter_is_the_one_that_was_loaded() {
    for_each_loaded(|variant, _, adapter, recorded| {
        let folder = tempfile::tempdir().unwrap();
        adapter.save(folder.path()).unwrap();
        let mut fresh = base(&config(&recorded["base"]), task(variant));
        let (again, _) = Adapter::load(folder.path(), &mut fresh).unwrap();
        assert_eq!(again.matched_modules(), adapter.matched_modules());
        assert_close(
            &logits(&fresh, &again, recorded),
            &expected_logits(variant),
            variant["name"].as_str().unwrap(),
        );
    });
}

#[test]
fn modules_are_matched_as_peft_matches_them() {
    let recorded = recorded();
    let modules = config(&recorded["twelve_layers"]).modules(Task::SequenceClassification { labels: 3 });
    for case in recorded["matches"].as_array().unwrap() {
        let lora = settings(&case["settings"]);
        let mut saved = lora.modules_to_save.clone();
        saved.extend(["classifier".to_owned(), "score".to_owned()]);
        let selection = Selection {
            targets: lora.target_modules.as_ref().unwrap(),
            exclude: lora.exclude_modules.as_ref(),
            layers: lora.layers_to_transform.as_deref(),
            layers_pattern: &lora.layers_pattern,
            saved: &saved,
        };
        let entries = case["settings"]["target_modules"].as_array().cloned().unwrap_or_default();
        let entries: Vec<&str> = entries.iter().filter_map(Value::as_str).collect();
        let expected: Option<Vec<String>> = parse(&case["matched"]);
        let found = match_modules(&selection, &modules);
        if entries.contains(&"no_such") {
            // peft passes over an entry that matches nothing; here it is an error.
            assert!(found.is_err(), "{case}");
        } else if entries.iter().any(|entry| entry.contains('*')) {
            // In peft a glob in a list matches nothing; here it is expanded.
            assert_eq!(found.unwrap().len(), 12 * entries.len(), "{case}");
        } else if entries.contains(&"ln_1") {
            // Norms are matched, and refused by LoRA, here and there.
            assert!(
                count(&lora, &config(&recorded["twelve_layers"]), Task::SequenceClassification { labels: 3 })
                    .is_err()
            );
        } else {
            assert_eq!(found.ok(), expected, "{case}");
        }
    }
}
