//! Model folders as people have them: every layout loads to the same weights, every damage is an error that says what
//! to do, and nothing panics.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use episome_models::{
    Base, Config, Error, Gpt2Config, Module, Task, Weights, describe, random, read_tensors, write_tensors,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const SHAPE: &str =
    r#"{"model_type": "gpt2", "vocab_size": 11, "n_positions": 8, "n_embd": 8, "n_layer": 1, "n_head": 2}"#;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(name)
}

fn shape() -> Config {
    Config::from_json(serde_json::from_str(SHAPE).unwrap(), Path::new("config.json")).unwrap()
}

/// The weights that torch_files.py saved.
fn weights() -> Weights {
    let mut weights = Weights::default();
    for (name, shape) in shape().modules(Task::CausalLanguageModelling).iter().flat_map(Module::tensors) {
        if name != "lm_head.weight" {
            let value = random::uniform(5, &name, shape, 0.3, &Device::Cpu).unwrap();
            let norm = name.contains(".ln_") && name.ends_with(".weight");
            weights.insert(name, if norm { (value + 1.0).unwrap() } else { value });
        }
    }
    weights
}

/// A folder with config.json.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.json"), SHAPE).unwrap();
    folder
}

/// A folder with config.json and model.safetensors.
fn safetensors() -> TempDir {
    let folder = folder();
    write_tensors(&folder.path().join("model.safetensors"), weights().iter()).unwrap();
    folder
}

fn load(folder: &Path) -> Result<Base, Error> {
    Base::load(folder, &Device::Cpu, DType::F32)
}

fn message(folder: &Path) -> String {
    load(folder).unwrap_err().to_string()
}

fn assert_equal(found: &Weights, tolerance: f32) {
    let expected = weights();
    assert!(found.iter().map(|(name, _)| name).eq(expected.iter().map(|(name, _)| name)));
    for (name, tensor) in expected.iter() {
        let difference = (found.get(name).unwrap() - tensor).unwrap().abs().unwrap().flatten_all().unwrap();
        assert!(difference.max(0).unwrap().to_scalar::<f32>().unwrap() <= tolerance, "{name}");
    }
}

#[test]
fn safetensors_load_with_and_without_the_prefix() {
    assert_equal(&load(safetensors().path()).unwrap().weights, 0.0);

    let bare = folder();
    let weights = weights();
    let stripped = weights.iter().map(|(name, tensor)| (name.strip_prefix("transformer.").unwrap(), tensor));
    write_tensors(&bare.path().join("model.safetensors"), stripped).unwrap();
    assert_equal(&load(bare.path()).unwrap().weights, 0.0);
}

#[test]
fn files_of_torch_load_whatever_their_age() {
    for name in ["torch_zip.bin", "torch_legacy.bin"] {
        let folder = folder();
        fs::copy(golden(name), folder.path().join("pytorch_model.bin")).unwrap();
        // The positions are stored in half precision, where numbers from 0.25 to 0.5 are 2⁻¹² apart.
        assert_equal(&load(folder.path()).unwrap().weights, 2f32.powi(-13));
    }
}

#[test]
fn shards_load_by_their_index() {
    let folder = folder();
    let weights = weights();
    let mut map = serde_json::Map::new();
    for shard in 0..2 {
        let file = format!("model-0000{}-of-00002.safetensors", shard + 1);
        let part: Vec<(&str, &Tensor)> = weights.iter().skip(shard).step_by(2).collect();
        map.extend(part.iter().map(|(name, _)| ((*name).to_owned(), Value::from(file.clone()))));
        write_tensors(&folder.path().join(&file), part).unwrap();
    }
    let index = json!({"metadata": {"total_size": 1}, "weight_map": map}).to_string();
    fs::write(folder.path().join("model.safetensors.index.json"), index).unwrap();
    assert_equal(&load(folder.path()).unwrap().weights, 0.0);

    fs::remove_file(folder.path().join("model-00002-of-00002.safetensors")).unwrap();
    let message = message(folder.path());
    assert!(
        message.contains("model-00002-of-00002.safetensors") && message.contains("Download"),
        "{message}"
    );
}

#[test]
fn safetensors_are_read_where_both_kinds_are_there() {
    let folder = safetensors();
    fs::write(folder.path().join("pytorch_model.bin"), "not read").unwrap();
    assert_equal(&load(folder.path()).unwrap().weights, 0.0);
}

#[test]
fn half_precision_is_widened() {
    let folder = folder();
    let mut halves = Weights::default();
    for (name, tensor) in weights().iter() {
        halves.insert(name, tensor.to_dtype(DType::F16).unwrap());
    }
    write_tensors(&folder.path().join("model.safetensors"), halves.iter()).unwrap();
    assert_equal(&load(folder.path()).unwrap().weights, 1e-3);
}

#[test]
fn a_saved_model_loads_again_with_its_head_and_labels() {
    let mut base = Base::random(shape(), 3, &Device::Cpu).unwrap();
    base.new_head(2, 3).unwrap();
    base.config.set_labels(vec!["negative".into(), "positive".into()]);
    let folder = tempfile::tempdir().unwrap();
    base.save(folder.path(), DType::F32).unwrap();
    let again = load(folder.path()).unwrap();
    assert_eq!(again.config.labels(), ["negative", "positive"]);
    assert_eq!(again.task(), Task::SequenceClassification { labels: 2 });
    for (name, tensor) in base.weights.iter() {
        let found = again.weights.get(name).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(found, tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap(), "{name}");
    }
    let left: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn fields_that_are_not_used_survive_saving() {
    let mut object: serde_json::Map<String, Value> = serde_json::from_str(SHAPE).unwrap();
    object.insert("bos_token_id".into(), 7.into());
    object.insert("pad_token_id".into(), 3.into());
    let config = Config::from_json(object, Path::new("config.json")).unwrap();
    let written = config.to_json(Task::CausalLanguageModelling);
    assert_eq!((&written["bos_token_id"], &written["pad_token_id"]), (&7.into(), &3.into()));
    assert_eq!(written["architectures"], json!(["GPT2LMHeadModel"]));
}

#[test]
fn a_folder_that_is_no_model_is_told_apart() {
    let empty = tempfile::tempdir().unwrap();
    assert!(message(empty.path()).contains("no config.json"));
    assert!(message(&empty.path().join("nowhere")).contains("there is no such folder"));
    fs::write(empty.path().join("adapter_config.json"), r#"{"base_model_name_or_path": "gpt2"}"#).unwrap();
    let adapter = message(empty.path());
    assert!(adapter.contains("adapter folder") && adapter.contains("gpt2"), "{adapter}");

    let no_weights = folder();
    assert!(message(no_weights.path()).contains("no weights"));
    fs::write(no_weights.path().join("tf_model.h5"), "x").unwrap();
    assert!(message(no_weights.path()).contains("tf_model.h5"));
}

#[test]
fn missing_unexpected_and_misshapen_tensors_are_named() {
    let folder = folder();
    let path = folder.path().join("model.safetensors");
    let mut changed = weights();
    changed.remove("transformer.h.0.mlp.c_fc.bias");
    write_tensors(&path, changed.iter()).unwrap();
    assert!(
        message(folder.path()).contains("lacks the tensor `transformer.h.0.mlp.c_fc.bias` of shape [32]")
    );

    let mut changed = weights();
    changed.insert("transformer.h.1.ln_1.weight", Tensor::zeros(8, DType::F32, &Device::Cpu).unwrap());
    write_tensors(&path, changed.iter()).unwrap();
    assert!(message(folder.path()).contains("`transformer.h.1.ln_1.weight`"));

    let mut changed = weights();
    changed.insert("transformer.wpe.weight", Tensor::zeros((9, 8), DType::F32, &Device::Cpu).unwrap());
    write_tensors(&path, changed.iter()).unwrap();
    let message = message(folder.path());
    assert!(message.contains("[9, 8]") && message.contains("[8, 8]"), "{message}");
}

#[test]
fn a_file_cut_short_at_any_byte_is_an_error() {
    let folder = safetensors();
    let path = folder.path().join("model.safetensors");
    let whole = fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(37).chain(0..16) {
        fs::write(&path, &whole[..length]).unwrap();
        let error = message(folder.path());
        assert!(error.contains("again"), "{length}: {error}");
    }
    let mut longer = whole;
    longer.push(0);
    fs::write(&path, longer).unwrap();
    assert!(message(folder.path()).contains("longer than its header says"));
    fs::write(&path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n").unwrap();
    assert!(message(folder.path()).contains("git lfs pull"));
}

#[test]
fn damaged_files_of_torch_never_panic() {
    for name in ["torch_zip.bin", "torch_legacy.bin"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.bin");
        let whole = fs::read(golden(name)).unwrap();
        for length in (0..whole.len()).step_by(61) {
            fs::write(&path, &whole[..length]).unwrap();
            let error = read_tensors(&path, DType::F32, &Device::Cpu).unwrap_err().to_string();
            assert!(error.contains("again"), "{length}: {error}");
        }
        // Bytes of the pickle: one changed gives an error or other numbers.
        for index in (0..3000.min(whole.len())).step_by(3) {
            let mut changed = whole.clone();
            changed[index] ^= 1 << (index % 8);
            fs::write(&path, changed).unwrap();
            let _ = read_tensors(&path, DType::F32, &Device::Cpu);
        }
    }
}

#[test]
fn broken_configurations_name_the_field() {
    let folder = folder();
    let with = |field: &str, value: Value| {
        let mut object: serde_json::Map<String, Value> = serde_json::from_str(SHAPE).unwrap();
        object.insert(field.into(), value);
        fs::write(folder.path().join("config.json"), Value::Object(object).to_string()).unwrap();
        message(folder.path())
    };
    for (field, value) in [
        ("n_embd", json!("wide")),
        ("n_layer", json!(0)),
        ("n_head", json!(3)),
        ("n_inner", json!(-4)),
        ("vocab_size", json!(1e300)),
        ("resid_pdrop", json!(1.5)),
        ("layer_norm_epsilon", json!(0)),
        ("activation_function", json!("laplace")),
        ("scale_attn_weights", json!("yes")),
        ("pad_token_id", json!("PAD")),
        ("id2label", json!({"1": "positive"})),
        ("add_cross_attention", json!(true)),
    ] {
        let message = with(field, value);
        assert!(message.contains(&format!("`{field}`")), "{field}: {message}");
    }
    fs::write(folder.path().join("config.json"), "{").unwrap();
    assert!(message(folder.path()).contains("not valid JSON"));
}

#[test]
fn other_architectures_are_refused_by_name_with_the_nearest_that_runs() {
    let folder = folder();
    for (config, what) in [
        (json!({"model_type": "esm", "architectures": ["EsmForMaskedLM"]}), "Nucleotide Transformer"),
        (json!({"architectures": ["BertForMaskedLM"], "model_type": "bert"}), "DNABERT"),
        (json!({"architectures": ["EsmForMaskedLM"]}), "Nucleotide Transformer"),
        (json!({"model_type": "modernbert"}), "ModernBERT"),
        (json!({"model_type": "hyenadna"}), "HyenaDNA"),
        (json!({"model_type": "caduceus"}), "Mamba"),
        (json!({"model_type": "llama"}), "Llama"),
        (json!({"model_type": "gpt_neo"}), "related to GPT-2"),
        (json!({"model_type": "perceiver"}), "perceiver"),
    ] {
        fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
        let message = message(folder.path());
        assert!(message.contains(what) && message.contains("GPT-2, "), "{message}");
    }
    fs::write(folder.path().join("config.json"), json!({"vocab_size": 3}).to_string()).unwrap();
    assert!(message(folder.path()).contains("model_type"));
}

#[test]
fn a_description_needs_no_weights() {
    let folder = tempfile::tempdir().unwrap();
    let task = Task::SequenceClassification { labels: 2 };
    let object = Config::Gpt2(Gpt2Config::small(30_000)).to_json(task);
    fs::write(folder.path().join("config.json"), Value::Object(object).to_string()).unwrap();
    let described = describe(folder.path(), task).unwrap();
    // 108,882,432 without a head, as transformers counts it, and 2 × 768.
    assert_eq!(described.parameters, 108_883_968);
    assert_eq!(described.modules.len(), 2 + 12 * 6 + 2);
    assert_eq!(describe(folder.path(), Task::CausalLanguageModelling).unwrap().parameters, 108_882_432);
}
