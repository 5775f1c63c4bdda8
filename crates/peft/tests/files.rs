//! Adapter folders as people have them: what peft would open in silence and compute wrongly is an error here, and what is
//! written is complete or not there.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use episome_peft::{
    Adapter, AdapterFolder, AdapterLabels, Bias, Card, LoraConfig, SelfTest, Targets, count, merge,
    read_base_name, read_labels, read_self_test,
};
use models::{Base, Batch, Config, Context, Gpt2Config, Hook, Task, random};
use serde_json::{Value, json};
use tempfile::TempDir;

const TASK: Task = Task::SequenceClassification { labels: 2 };

fn shape(width: usize) -> Config {
    layers(2, width)
}

fn layers(n_layer: usize, n_embd: usize) -> Config {
    Config::Gpt2(Gpt2Config { n_positions: 8, n_embd, n_layer, n_head: 2, ..Gpt2Config::small(11) })
}

fn base() -> Base {
    Base::random(shape(8), 5, &Device::Cpu).unwrap()
}

/// A new adapter whose tensors are all filled.
fn filled(lora: &LoraConfig, base: &mut Base) -> Adapter {
    let adapter = Adapter::new(lora, base, TASK, "lab/base", 1).unwrap();
    let filled: BTreeMap<String, Tensor> = adapter
        .parameters()
        .iter()
        .map(|one| {
            let shape = one.variable.shape().clone();
            (one.name.clone(), random::uniform(3, &one.name, shape, 0.5, &Device::Cpu).unwrap())
        })
        .collect();
    adapter.restore(&filled).unwrap();
    adapter
}

/// A folder with a filled adapter on c_attn.
fn saved() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    filled(&LoraConfig::default(), &mut base()).save(folder.path()).unwrap();
    folder
}

fn logits(base: &Base, hook: &dyn Hook) -> Vec<f32> {
    let batch = Batch::packed(&[&[1, 2, 3], &[4, 5]], None, &Device::Cpu).unwrap();
    let logits = base.build(TASK).unwrap().forward(&batch, &Context { hook, dropout_seed: None }).unwrap();
    logits.flatten_all().unwrap().to_vec1().unwrap()
}

fn message(folder: &Path) -> String {
    Adapter::load(folder, &mut base()).err().unwrap().to_string()
}

/// The message for a folder whose adapter_config.json has `field` set.
fn with(folder: &Path, field: &str, value: Value) -> String {
    let path = folder.join("adapter_config.json");
    let before = fs::read_to_string(&path).unwrap();
    let mut object: serde_json::Map<String, Value> = serde_json::from_str(&before).unwrap();
    object.insert(field.into(), value);
    fs::write(&path, Value::Object(object).to_string()).unwrap();
    let message = message(folder);
    fs::write(&path, before).unwrap();
    message
}

fn rewrite(folder: &Path, change: impl FnOnce(&mut BTreeMap<String, Tensor>)) {
    let path = folder.join("adapter_model.safetensors");
    let mut tensors = models::read_tensors(&path, DType::F32, &Device::Cpu).unwrap();
    change(&mut tensors);
    models::write_tensors(&path, tensors.iter().map(|(key, tensor)| (key.as_str(), tensor))).unwrap();
}

#[test]
fn other_methods_and_variants_are_refused_by_name() {
    let folder = saved();
    for method in ["IA3", "ADALORA", "PREFIX_TUNING", "LOHA", "FOURIERFT"] {
        let message = with(folder.path(), "peft_type", json!(method));
        assert!(message.contains(method) && message.contains("LORA"), "{message}");
    }
    assert!(with(folder.path(), "peft_type", json!("NEWEST")).contains("NEWEST"));
    for (field, value, what) in [
        ("use_dora", json!(true), "DoRA"),
        ("use_qalora", json!(true), "QALoRA"),
        ("lora_bias", json!(true), "lora_bias"),
        ("init_lora_weights", json!("pissa_niter_4"), "pissa"),
        ("layer_replication", json!([[0, 2]]), "layer_replication"),
        ("trainable_token_indices", json!([1]), "trainable_token_indices"),
        ("use_something_new", json!(true), "use_something_new"),
        ("task_type", json!("TOKEN_CLS"), "TOKEN_CLS"),
        ("bias", json!("some"), "bias"),
        ("r", json!("eight"), "`r`"),
        ("r", json!(0), "`r`"),
        ("target_modules", json!(7), "target_modules"),
        ("target_modules", json!("(c_attn"), "regular expression"),
    ] {
        let message = with(folder.path(), field, value);
        assert!(message.contains(what), "{field}: {message}");
    }
    // What is off, or only a start, does not matter.
    for (field, value) in [
        ("use_dora", json!(false)),
        ("loftq_config", json!({})),
        ("init_lora_weights", json!("gaussian")),
        ("peft_version", json!("0.99")),
        ("qalora_group_size", json!(16)),
    ] {
        let path = folder.path().join("adapter_config.json");
        let mut object: serde_json::Map<String, Value> =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        object.insert(field.into(), value);
        fs::write(&path, Value::Object(object).to_string()).unwrap();
        assert!(Adapter::load(folder.path(), &mut base()).is_ok(), "{field}");
    }
    fs::write(folder.path().join("adapter_config.json"), r#"{"config": {}, "version": "adapters.1.0"}"#)
        .unwrap();
    assert!(message(folder.path()).contains("`adapters` library"));
}

#[test]
fn folders_that_are_no_adapters_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    assert!(message(folder.path()).contains("no adapter_config.json"));
    assert!(message(&folder.path().join("nowhere")).contains("no such folder"));
    base().save(folder.path(), DType::F32).unwrap();
    assert!(message(folder.path()).contains("full model"));

    let folder = saved();
    let weights = folder.path().join("adapter_model.safetensors");
    fs::write(&weights, "").unwrap();
    assert!(message(folder.path()).contains("is empty"));
    fs::remove_file(&weights).unwrap();
    assert!(message(folder.path()).contains("no adapter_model.safetensors"));
    fs::write(folder.path().join("adapter_config.json"), "[]").unwrap();
    assert!(message(folder.path()).contains("not a JSON object"));
}

#[test]
fn missing_extra_and_misshapen_tensors_are_named() {
    let folder = saved();
    let key = "base_model.model.transformer.h.1.attn.c_attn.lora_B.weight";
    rewrite(folder.path(), |tensors| drop(tensors.remove(key)));
    let missing = message(folder.path());
    assert!(missing.contains(key) && missing.contains("1 of 5"), "{missing}");

    let folder = saved();
    rewrite(folder.path(), |tensors| {
        let spare = tensors[key].clone();
        tensors.insert(key.replace("c_attn", "c_proj"), spare);
    });
    let extra = message(folder.path());
    assert!(extra.contains("c_proj") && extra.contains("lab/base"), "{extra}");

    let folder = saved();
    rewrite(folder.path(), |tensors| drop(tensors.remove("base_model.model.score.weight")));
    assert!(message(folder.path()).contains("score.weight"));

    let folder = saved();
    let mut wider = Base::random(shape(12), 5, &Device::Cpu).unwrap();
    let size = Adapter::load(folder.path(), &mut wider).err().unwrap().to_string();
    assert!(
        size.contains("[8, 8]") && size.contains("[8, 12]") && size.contains("use that base model"),
        "{size}"
    );

    let whole = fs::read(folder.path().join("adapter_model.safetensors")).unwrap();
    for length in (1..whole.len()).step_by(101) {
        fs::write(folder.path().join("adapter_model.safetensors"), &whole[..length]).unwrap();
        assert!(message(folder.path()).contains("again"), "{length}");
    }
}

#[test]
fn keys_of_older_versions_of_peft_load() {
    let lora = LoraConfig { bias: Bias::LoraOnly, ..LoraConfig::default() };
    let mut first = base();
    let adapter = filled(&lora, &mut first);
    let folder = tempfile::tempdir().unwrap();
    adapter.save(folder.path()).unwrap();
    // Before 0.6 an adapted module's own tensors had no step of their own.
    rewrite(folder.path(), |tensors| {
        let keys: Vec<String> = tensors.keys().filter(|key| key.contains(".base_layer.")).cloned().collect();
        assert_eq!(keys.len(), 2);
        for key in keys {
            let tensor = tensors.remove(&key).unwrap();
            tensors.insert(key.replace(".base_layer.", "."), tensor);
        }
    });
    let mut second = base();
    let (again, task) = Adapter::load(folder.path(), &mut second).unwrap();
    assert_eq!((task, logits(&second, &again)), (TASK, logits(&first, &adapter)));
}

#[test]
fn pickles_of_older_versions_of_peft_load() {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({
        "peft_type": "LORA", "task_type": "SEQ_CLS", "base_model_name_or_path": "lab/base", "r": 2, "lora_alpha": 8,
        "target_modules": ["c_attn"], "modules_to_save": null, "bias": "none",
    });
    fs::write(folder.path().join("adapter_config.json"), config.to_string()).unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/peft_adapter.bin");
    fs::copy(golden, folder.path().join("adapter_model.bin")).unwrap();
    let mut base = Base::random(layers(1, 8), 5, &Device::Cpu).unwrap();
    let (adapter, task) = Adapter::load(folder.path(), &mut base).unwrap();
    assert_eq!((task, adapter.parameters().len()), (TASK, 3));
    for one in adapter.parameters() {
        let expected =
            random::uniform(2, &one.name, one.variable.shape().clone(), 0.2, &Device::Cpu).unwrap();
        let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(values(one.variable.as_tensor()), values(&expected), "{}", one.name);
    }
}

#[test]
fn a_target_that_matches_nothing_names_the_nearest_modules() {
    let refuse = |entry: &str| {
        let lora =
            LoraConfig { target_modules: Some(Targets::list(["c_fc", entry])), ..LoraConfig::default() };
        count(&lora, &shape(8), TASK).unwrap_err().to_string()
    };
    for (entry, nearest) in [
        ("c_atn", "Nearest: attn.c_attn"),
        ("attn.c_porj", "Nearest: attn.c_proj"),
        ("mlp.cproj", "Nearest: mlp.c_proj"),
        ("transformer.h.*.atn.c_attn", "Nearest: attn.c_attn"),
        ("query", "attn.c_attn"),
    ] {
        let message = refuse(entry);
        assert!(message.contains(&format!("`{entry}`")) && message.contains(nearest), "{message}");
    }
    for (entry, kind) in [("wte", "an embedding"), ("ln_2", "a layer norm")] {
        let message = refuse(entry);
        assert!(message.contains(kind) && message.contains("c_attn"), "{message}");
    }
    let refuse = |lora: LoraConfig| count(&lora, &shape(8), TASK).unwrap_err().to_string();
    let c_attn = || Some(Targets::list(["c_attn"]));
    let layers =
        LoraConfig { target_modules: c_attn(), layers_to_transform: Some(vec![2]), ..LoraConfig::default() };
    assert!(refuse(layers).contains("counted from 0"));
    let excluded =
        LoraConfig { target_modules: c_attn(), exclude_modules: c_attn(), ..LoraConfig::default() };
    assert!(refuse(excluded).contains("excluded"));
    let none = LoraConfig { target_modules: Some(Targets::list::<String>([])), ..LoraConfig::default() };
    assert!(refuse(none).contains("empty"));
    let saved = LoraConfig { modules_to_save: vec!["ln_g".into()], ..LoraConfig::default() };
    assert!(refuse(saved).contains("`ln_g`"));
}

#[test]
fn globs_and_exclusions_are_written_as_the_names_they_mean() {
    let lora = LoraConfig {
        target_modules: Some(Targets::list(["transformer.h.*.attn.c_attn", "h.[!0].mlp.c_??"])),
        exclude_modules: Some(Targets::list(["h.0.attn.c_attn"])),
        ..LoraConfig::default()
    };
    let written = Adapter::new(&lora, &mut base(), TASK, "lab/base", 1).unwrap().config();
    let expected = json!(["transformer.h.1.attn.c_attn", "transformer.h.1.mlp.c_fc"]);
    assert_eq!(written["target_modules"], expected);
    assert!(!written.contains_key("exclude_modules"));
}

#[test]
fn only_long_standing_keys_are_written() {
    // peft 0.3 of 2023 had these; unknown ones make old versions fail.
    let known = [
        "peft_type",
        "task_type",
        "base_model_name_or_path",
        "inference_mode",
        "r",
        "lora_alpha",
        "lora_dropout",
        "target_modules",
        "bias",
        "fan_in_fan_out",
        "init_lora_weights",
        "modules_to_save",
    ];
    let written = Adapter::new(&LoraConfig::default(), &mut base(), TASK, "lab/base", 1).unwrap().config();
    assert!(written.keys().all(|key| known.contains(&key.as_str())), "{written:?}");
    assert_eq!(written["modules_to_save"], json!(["classifier", "score"]));
    assert_eq!(written["lora_alpha"].to_string(), "8");
}

#[test]
fn a_new_adapter_changes_nothing_until_it_is_trained() {
    let mut with = base();
    with.new_head(2, 9).unwrap();
    let without = logits(&with.clone(), &models::NoHook);
    let adapter = Adapter::new(&LoraConfig::default(), &mut with, TASK, "lab/base", 1).unwrap();
    assert_eq!(logits(&with, &adapter), without);
    // A is uniform in ±1/√in.
    let a = &adapter.parameters()[0];
    let values = a.variable.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let bound = 1.0 / 8f32.sqrt();
    assert!(a.name.ends_with("lora_A.weight") && values.iter().all(|value| value.abs() <= bound));
    assert!(values.iter().any(|value| value.abs() > 0.8 * bound));
}

#[test]
fn decay_is_for_weights_that_are_no_norms() {
    let lora = LoraConfig { bias: Bias::All, modules_to_save: vec!["ln_f".into()], ..LoraConfig::default() };
    let adapter = Adapter::new(&lora, &mut base(), TASK, "lab/base", 1).unwrap();
    for one in adapter.parameters() {
        let expected = one.name.contains("lora_") || one.name.ends_with("score.weight");
        assert_eq!(one.decay, expected, "{}", one.name);
    }
}

#[test]
fn a_snapshot_restores_every_tensor_or_none() {
    let mut one = base();
    let adapter = filled(&LoraConfig::default(), &mut one);
    let (snapshot, before) = (adapter.snapshot().unwrap(), logits(&one, &adapter));
    for one in adapter.parameters() {
        one.variable.set(&one.variable.zeros_like().unwrap()).unwrap();
    }
    assert_ne!(logits(&one, &adapter), before);
    let mut incomplete = snapshot.clone();
    incomplete.pop_last();
    assert!(adapter.restore(&incomplete).is_err());
    let zeros = logits(&one, &adapter);
    let mut misshapen = snapshot.clone();
    misshapen.values_mut().next_back().map(|last| *last = last.t().unwrap()).unwrap();
    assert!(adapter.restore(&misshapen).is_err());
    assert_eq!(logits(&one, &adapter), zeros);
    adapter.restore(&snapshot).unwrap();
    assert_eq!(logits(&one, &adapter), before);
}

#[test]
fn merging_into_half_precision_rounds_once() {
    let mut wide = base();
    let adapter = filled(&LoraConfig::default(), &mut wide);
    let expected = merge(&wide, &adapter).unwrap();
    for (name, tensor) in wide.weights.clone().iter() {
        if name.ends_with("c_attn.weight") {
            wide.weights.insert(name, tensor.to_dtype(DType::F16).unwrap());
        }
    }
    let merged = merge(&wide, &adapter).unwrap();
    let name = "transformer.h.0.attn.c_attn.weight";
    assert_eq!(merged.weights.get(name).unwrap().dtype(), DType::F16);
    let found = merged.weights.get(name).unwrap().to_dtype(DType::F32).unwrap();
    let difference = (found - expected.weights.get(name).unwrap()).unwrap().abs().unwrap();
    // Numbers from 2 to 4, the largest here, are 2⁻⁹ apart in half precision; the base was rounded too, by far less.
    let largest = difference.flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>().unwrap();
    assert!(largest < 1.1 * 2f32.powi(-10), "{largest}");
}

fn write_folder(folder: &Path, title: &str) -> Result<(), episome_peft::Error> {
    let mut base = base();
    let adapter = filled(&LoraConfig::default(), &mut base);
    let tokenizer = tempfile::tempdir().unwrap();
    for name in ["tokenizer.json", "merges.txt", "config.json", "model.safetensors"] {
        fs::write(tokenizer.path().join(name), name).unwrap();
    }
    AdapterFolder {
        adapter: &adapter,
        labels: &AdapterLabels { labels: vec!["no".into(), "yes".into()], max_length: Some(64) },
        tokenizer: Some(tokenizer.path()),
        card: &Card {
            title: title.into(),
            sections: vec![("Limits".into(), "Many.".into())],
            ..Card::default()
        },
        self_test: &[SelfTest { sequence: "ACGT".into(), tokens: vec![1, 2], logits: vec![0.5, -0.25] }],
        profile: None,
    }
    .write(folder)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_folder_holds_what_people_need_and_nothing_that_breaks_peft() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run/adapter");
    write_folder(&folder, "Promoters").unwrap();
    let expected = [
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "labels.json",
        "load_adapter.py",
        "selftest.jsonl",
        "tokenizer",
    ];
    assert_eq!(files(&folder), expected);
    assert_eq!(files(&folder.join("tokenizer")), ["merges.txt", "tokenizer.json"]);
    let labels = read_labels(&folder).unwrap().unwrap();
    assert_eq!((labels.labels, labels.max_length), (vec!["no".to_owned(), "yes".to_owned()], Some(64)));
    assert_eq!(read_self_test(&folder).unwrap()[0].logits, [0.5, -0.25]);
    assert_eq!(read_base_name(&folder).unwrap(), "lab/base");
    let card = fs::read_to_string(folder.join("README.md")).unwrap();
    for part in [
        "base_model: lab/base\n",
        "library_name: peft\n",
        "# Promoters\n",
        "| 1 | yes |",
        "## Limits\n\nMany.",
    ] {
        assert!(card.contains(part), "{part}: {card}");
    }

    // Written again it is replaced whole, and nothing is left beside it.
    fs::write(folder.join("old.txt"), "").unwrap();
    write_folder(&folder, "Splice sites").unwrap();
    assert_eq!(files(&folder), expected);
    assert_eq!(files(&parent.path().join("run")), ["adapter"]);
    assert!(fs::read_to_string(folder.join("README.md")).unwrap().contains("Splice sites"));
}

#[test]
fn other_peoples_folders_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.docx"), "").unwrap();
    let error = write_folder(folder.path(), "x").unwrap_err().to_string();
    assert!(error.contains("left alone"), "{error}");
    assert_eq!(files(folder.path()), ["thesis.docx"]);
}

#[test]
fn folders_of_other_programs_have_no_labels_and_no_self_test() {
    let folder = saved();
    assert_eq!((read_labels(folder.path()).unwrap(), read_self_test(folder.path()).unwrap()), (None, vec![]));
    fs::write(folder.path().join("labels.json"), "[]").unwrap();
    assert!(read_labels(folder.path()).unwrap_err().to_string().contains("labels"));
    fs::write(folder.path().join("selftest.jsonl"), "{}\n").unwrap();
    assert!(read_self_test(folder.path()).unwrap_err().to_string().contains("line 1"));
}
