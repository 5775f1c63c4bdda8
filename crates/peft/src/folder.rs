//! The adapter folder: what peft reads, and beside it what it ignores and people need.
//!
//! | file | for whom |
//! |---|---|
//! | adapter_config.json, adapter_model.safetensors | peft |
//! | README.md | people and the Hub: the model card |
//! | labels.json | the names of the classes, which peft's files do not carry |
//! | tokenizer/ | the base's tokenizer; in a folder of its own, because peft enlarges the base's embeddings where tokenizer_config.json lies beside the adapter |
//! | selftest.jsonl | inputs and the logits that they must give, to be run wherever the adapter goes |
//! | profile.json | what the training sequences are like, to flag others |
//! | load_adapter.py | Python: checks the adapter and predicts with it |
//!
//! There is never a config.json: transformers would take the folder for a full model.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Adapter, Card, Error, Result};

const LABELS: &str = "labels.json";
const SELF_TEST: &str = "selftest.jsonl";
const PROFILE: &str = "profile.json";
/// load_adapter.py: checks an adapter in Python and predicts with it.
pub const LOAD_ADAPTER: &str = include_str!("load_adapter.py");

/// The files that make up a tokenizer, of those that models of the Hub have.
const TOKENIZER_FILES: [&str; 7] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
];

/// One input with what it must give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfTest {
    /// The sequence, cleaned.
    pub sequence: String,
    /// Its token ids.
    pub tokens: Vec<u32>,
    /// The logits, one for each class.
    pub logits: Vec<f32>,
}

/// labels.json.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterLabels {
    /// The names of the classes, by index.
    pub labels: Vec<String>,
    /// The number of tokens that sequences were cut to in training; null: not cut.
    #[serde(default)]
    pub max_length: Option<usize>,
}

/// Everything that goes into an adapter folder.
pub struct AdapterFolder<'a> {
    /// The adapter.
    pub adapter: &'a Adapter,
    /// The classes.
    pub labels: &'a AdapterLabels,
    /// The folder with the base's tokenizer, whose files are copied.
    pub tokenizer: Option<&'a Path>,
    /// The model card.
    pub card: &'a Card,
    /// Inputs with what they must give.
    pub self_test: &'a [SelfTest],
    /// What the training sequences are like, as JSON.
    pub profile: Option<&'a str>,
}

impl AdapterFolder<'_> {
    /// Writes the folder aside and renames it. An adapter folder that was there is replaced; any other folder with
    /// something in it is refused.
    pub fn write(&self, folder: &Path) -> Result<()> {
        if folder.exists() && !folder.join("adapter_config.json").exists() {
            let empty = std::fs::read_dir(folder).map_err(Error::io("read", folder))?.next().is_none();
            if !empty {
                return Err(Error::Occupied { folder: folder.to_owned() });
            }
        }
        let aside = beside(folder, "partial");
        let filled = remove(&aside).and_then(|()| self.fill(&aside));
        if let Err(error) = filled.and_then(|()| replace(folder, &aside)) {
            // What is left of it is in the way; the first failure is the one to tell.
            let _ = std::fs::remove_dir_all(&aside);
            return Err(error);
        }
        Ok(())
    }

    fn fill(&self, folder: &Path) -> Result<()> {
        self.adapter.save(folder)?;
        let labels = json!(self.labels);
        write(folder, LABELS, &format!("{labels:#}\n"))?;
        let lines: String = self.self_test.iter().map(|one| format!("{}\n", json!(one))).collect();
        write(folder, SELF_TEST, &lines)?;
        write(folder, "load_adapter.py", LOAD_ADAPTER)?;
        if let Some(profile) = self.profile {
            write(folder, PROFILE, profile)?;
        }
        write(folder, "README.md", &self.card.render(self.adapter, self.labels))?;
        if let Some(source) = self.tokenizer {
            let target = folder.join("tokenizer");
            std::fs::create_dir_all(&target).map_err(Error::io("create", &target))?;
            for name in TOKENIZER_FILES {
                let file = source.join(name);
                if file.is_file() {
                    std::fs::copy(&file, target.join(name)).map_err(Error::io("copy", &file))?;
                }
            }
        }
        Ok(())
    }
}

/// The classes of an adapter folder; `None` where it was written by another program and names none.
pub fn read_labels(folder: &Path) -> Result<Option<AdapterLabels>> {
    let Some((text, path)) = read(folder, LABELS)? else {
        return Ok(None);
    };
    let labels = serde_json::from_str(&text).map_err(|error| Error::Config {
        path,
        reason: format!("is not a list of labels ({error}): expected {{\"labels\": [\"…\", \"…\"]}}"),
    })?;
    Ok(Some(labels))
}

/// The self-test of an adapter folder; empty where it has none.
pub fn read_self_test(folder: &Path) -> Result<Vec<SelfTest>> {
    let Some((text, path)) = read(folder, SELF_TEST)? else {
        return Ok(Vec::new());
    };
    let mut tests = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        tests.push(serde_json::from_str(line).map_err(|error| Error::Config {
            path: path.clone(),
            reason: format!("line {}: {error}", index + 1),
        })?);
    }
    Ok(tests)
}

/// What the training sequences of an adapter folder are like, as JSON; `None` where it does not say.
pub fn read_profile(folder: &Path) -> Result<Option<String>> {
    Ok(read(folder, PROFILE)?.map(|(text, _)| text))
}

/// The base model's name in an adapter folder, without loading anything.
pub fn read_base_name(folder: &Path) -> Result<String> {
    let (object, path) = crate::adapter_file::read_config(folder)?;
    match object.get("base_model_name_or_path").and_then(Value::as_str) {
        Some(name) if !name.is_empty() => Ok(name.to_owned()),
        _ => Err(Error::Config {
            path,
            reason:
                "names no base model (base_model_name_or_path). Say which one it was trained on (--model)"
                    .into(),
        }),
    }
}

fn read(folder: &Path, name: &str) -> Result<Option<(String, PathBuf)>> {
    let path = folder.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    Ok(Some((text, path)))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(Error::io("write", &path))
}

/// Puts `aside` in the place of `folder`. Folders can't be exchanged in one step: for a moment the old one has
/// another name.
fn replace(folder: &Path, aside: &Path) -> Result<()> {
    let old = beside(folder, "old");
    remove(&old)?;
    if folder.exists() {
        std::fs::rename(folder, &old).map_err(Error::io("replace", folder))?;
    }
    if let Err(error) = std::fs::rename(aside, folder) {
        if old.exists() {
            std::fs::rename(&old, folder).map_err(Error::io("restore", folder))?;
        }
        return Err(Error::io("write", folder)(error));
    }
    remove(&old)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Error::io("remove", folder))
    } else {
        Ok(())
    }
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{}.{ending}", std::process::id()))
}
