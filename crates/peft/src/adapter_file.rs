//! The two files that peft reads, as its versions have written them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use models::Task;
use serde_json::{Map, Value};

use crate::plan::PREFIX;
use crate::{Error, Result};

/// adapter_config.json of a folder.
pub(crate) fn read_config(folder: &Path) -> Result<(Map<String, Value>, PathBuf)> {
    let path = folder.join("adapter_config.json");
    if !path.is_file() {
        let reason = if folder.join("config.json").is_file() {
            "it holds config.json, so it is a full model. Choose it as the base model instead"
        } else if folder.is_dir() {
            "it has no adapter_config.json. Choose the folder that peft or Episome wrote"
        } else {
            "there is no such folder"
        };
        return Err(Error::NotAnAdapter { folder: folder.to_owned(), reason: reason.into() });
    }
    let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(object)) => Ok((object, path)),
        Ok(_) => Err(Error::Config { path, reason: "is not a JSON object. Copy the adapter again".into() }),
        Err(error) => {
            let reason = format!("is not valid JSON ({error}). Copy the adapter again");
            Err(Error::Config { path, reason })
        }
    }
}

/// adapter_model.safetensors, or the pickle that old versions of peft wrote.
pub(crate) fn weights_path(folder: &Path) -> Result<PathBuf> {
    for name in ["adapter_model.safetensors", "adapter_model.bin"] {
        let path = folder.join(name);
        if path.is_file() {
            return Ok(path);
        }
    }
    Err(Error::NotAnAdapter {
        folder: folder.to_owned(),
        reason: "it has an adapter_config.json but no adapter_model.safetensors. Copy or download the adapter again"
            .into(),
    })
}

/// Keys as old and new versions of peft write them, made alike: biases of adapted modules with or without the wrapper,
/// and without the second copies that `bias: all` leaves beside `modules_to_save`.
pub(crate) fn normalised(file: BTreeMap<String, Tensor>) -> BTreeMap<String, Tensor> {
    file.into_iter()
        .filter(|(key, _)| !key.contains(".original_module.") && !key.contains(".modules_to_save."))
        .map(|(key, tensor)| (normalised_key(&key), tensor))
        .collect()
}

pub(crate) fn normalised_key(key: &str) -> String {
    key.replace(".base_layer.", ".")
}

/// The task that an adapter was made for: by `task_type`, or by whether the file holds a head.
pub(crate) fn task(
    object: &Map<String, Value>,
    path: &Path,
    file: &BTreeMap<String, Tensor>,
    weights: &Path,
) -> Result<Task> {
    let key = format!("{PREFIX}score.weight");
    let head = file.get(&key).and_then(|head| head.dims().first().copied());
    match (object.get("task_type").and_then(Value::as_str), head) {
        (Some("SEQ_CLS") | None, Some(labels)) => Ok(Task::SequenceClassification { labels }),
        (Some("CAUSAL_LM") | None, None) => Ok(Task::CausalLanguageModelling),
        (Some("SEQ_CLS"), None) => Err(Error::MissingTensors {
            path: weights.to_owned(),
            missing: vec![key],
            expected: file.len() + 1,
        }),
        (Some("CAUSAL_LM"), Some(_)) => Ok(Task::CausalLanguageModelling),
        (Some(other), _) => Err(Error::Unsupported {
            path: path.to_owned(),
            what: format!("the task {other}"),
            reason: "this version runs SEQ_CLS and CAUSAL_LM".into(),
        }),
    }
}

pub(crate) fn shown(base_name: &str) -> String {
    if base_name.is_empty() { "a base model that it does not name".to_owned() } else { base_name.to_owned() }
}
