//! config.json: which architecture, and which shape.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::gpt2_config::Gpt2Config;
use crate::{Error, Module, Result, Task, family};

/// The configuration of a supported architecture.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Config {
    /// GPT-2.
    Gpt2(Gpt2Config),
}

impl Config {
    /// Reads `folder/config.json`. An architecture that is not supported is an error that names the nearest one.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("config.json");
        if !path.is_file() {
            return Err(missing_config(folder));
        }
        let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        let damaged =
            |reason: String| Error::Config { path: path.clone(), field: "(whole file)".into(), reason };
        let object = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(Value::Object(object)) => object,
            Ok(_) => return Err(damaged("is not a JSON object. Download the model again".into())),
            Err(error) => {
                return Err(damaged(format!("is not valid JSON ({error}). Download the model again")));
            }
        };
        Self::from_json(object, &path)
    }

    /// From the JSON object of a config.json at `path`, which messages name.
    pub fn from_json(object: Map<String, Value>, path: &Path) -> Result<Self> {
        family::check(&object, path)?;
        Ok(Self::Gpt2(Gpt2Config::from_json(object, path)?))
    }

    /// The JSON object of config.json for a model that does `task`.
    #[must_use]
    pub fn to_json(&self, task: Task) -> Map<String, Value> {
        let Self::Gpt2(config) = self;
        config.to_json(task)
    }

    /// The architecture's name, as `model_type` has it.
    #[must_use]
    pub fn family(&self) -> &'static str {
        let Self::Gpt2(_) = self;
        "gpt2"
    }

    /// Every module that holds weights, in the order of the forward pass.
    #[must_use]
    pub fn modules(&self, task: Task) -> Vec<Module> {
        let Self::Gpt2(config) = self;
        config.modules(task)
    }

    /// The number of parameters of a model that does `task`.
    #[must_use]
    pub fn parameters(&self, task: Task) -> usize {
        self.modules(task).iter().map(|module| module.parameters).sum()
    }

    /// The modules that LoRA takes unless told otherwise: peft's own default for this architecture.
    #[must_use]
    pub fn suggested_targets(&self) -> &'static [&'static str] {
        let Self::Gpt2(_) = self;
        &["c_attn"]
    }

    /// The block that a tensor belongs to, by its full name: 0 to below [`Config::layers`], and `layers` for what comes
    /// after the blocks. `None` for what comes before them and for names of other kinds.
    #[must_use]
    pub fn block_of(&self, tensor: &str) -> Option<usize> {
        let Self::Gpt2(config) = self;
        let after = ["transformer.ln_f.", "score.", "lm_head."];
        if after.iter().any(|start| tensor.starts_with(start)) {
            return Some(config.n_layer);
        }
        tensor.strip_prefix("transformer.h.")?.split('.').next()?.parse().ok()
    }

    /// Whether the base model drops anything out in training.
    #[must_use]
    pub fn has_dropout(&self) -> bool {
        let Self::Gpt2(config) = self;
        [config.resid_pdrop, config.embd_pdrop, config.attn_pdrop]
            .iter()
            .any(|&probability| probability > 0.0)
    }

    /// The id that stands for padding, where the model names one.
    #[must_use]
    pub fn pad_id(&self) -> Option<u32> {
        let Self::Gpt2(config) = self;
        config.pad_token_id
    }

    /// V, the number of token ids.
    #[must_use]
    pub fn vocabulary_size(&self) -> usize {
        let Self::Gpt2(config) = self;
        config.vocab_size
    }

    /// The longest sequence, in tokens.
    #[must_use]
    pub fn longest_sequence(&self) -> usize {
        let Self::Gpt2(config) = self;
        config.n_positions
    }

    /// C, the width of the hidden state.
    #[must_use]
    pub fn width(&self) -> usize {
        let Self::Gpt2(config) = self;
        config.n_embd
    }

    /// The number of blocks.
    #[must_use]
    pub fn layers(&self) -> usize {
        let Self::Gpt2(config) = self;
        config.n_layer
    }

    /// Standard deviation of new weights.
    #[must_use]
    pub fn initializer_range(&self) -> f64 {
        let Self::Gpt2(config) = self;
        config.initializer_range
    }

    /// The names of the classes, by index; empty without a classification head.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        let Self::Gpt2(config) = self;
        &config.labels
    }

    /// Names the classes, as a saved model carries them in `id2label`.
    pub fn set_labels(&mut self, labels: Vec<String>) {
        let Self::Gpt2(config) = self;
        config.labels = labels;
    }
}

fn missing_config(folder: &Path) -> Error {
    if !folder.is_dir() {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such folder");
        return Error::Io { action: "open the model", path: folder.to_owned(), source };
    }
    let adapter = std::fs::read_to_string(folder.join("adapter_config.json"))
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok());
    match adapter {
        Some(adapter) => Error::AdapterFolder {
            folder: folder.to_owned(),
            base: adapter["base_model_name_or_path"].as_str().unwrap_or("not named in the file").to_owned(),
        },
        None => Error::NoConfig { folder: folder.to_owned() },
    }
}

/// The fields of a configuration, taken out one by one with their types checked.
pub(crate) struct Fields {
    object: Map<String, Value>,
    path: PathBuf,
}

impl Fields {
    pub(crate) fn new(object: Map<String, Value>, path: &Path) -> Self {
        Self { object, path: path.to_owned() }
    }

    /// What has not been taken, but for what is written anew on saving.
    pub(crate) fn rest(mut self) -> Map<String, Value> {
        for field in
            ["architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "_name_or_path"]
        {
            self.object.shift_remove(field);
        }
        self.object
    }

    fn wrong(&self, field: &str, found: &Value, expected: &str) -> Error {
        let reason = format!("is {found}, but it must be {expected}");
        Error::Config { path: self.path.clone(), field: field.to_owned(), reason }
    }

    fn take(&mut self, field: &str) -> Option<Value> {
        self.object.shift_remove(field).filter(|value| !value.is_null())
    }

    /// A positive whole number under the first of `names` that is there.
    pub(crate) fn size(&mut self, names: &[&str], default: usize) -> Result<usize> {
        let mut found = None;
        for &name in names {
            let value = self.take(name);
            found = found.or(value.map(|value| (name, value)));
        }
        let Some((name, value)) = found else {
            return Ok(default);
        };
        // Larger numbers than any model has would overflow products of sizes.
        match value.as_u64() {
            Some(size @ 1..=0x0fff_ffff) => Ok(size as usize),
            _ => Err(self.wrong(name, &value, "a positive whole number")),
        }
    }

    pub(crate) fn optional_size(&mut self, name: &str) -> Result<Option<usize>> {
        match self.size(&[name], 0)? {
            0 => Ok(None),
            size => Ok(Some(size)),
        }
    }

    pub(crate) fn text(&mut self, name: &str, default: &str) -> Result<String> {
        match self.take(name) {
            None => Ok(default.to_owned()),
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(self.wrong(name, &other, "text")),
        }
    }

    pub(crate) fn flag(&mut self, name: &str, default: bool) -> Result<bool> {
        match self.take(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(self.wrong(name, &other, "true or false")),
        }
    }

    fn number(
        &mut self,
        name: &str,
        default: f64,
        range: std::ops::RangeInclusive<f64>,
        what: &str,
    ) -> Result<f64> {
        let Some(value) = self.take(name) else {
            return Ok(default);
        };
        match value.as_f64() {
            Some(number) if range.contains(&number) => Ok(number),
            _ => Err(self.wrong(name, &value, what)),
        }
    }

    pub(crate) fn probability(&mut self, name: &str, default: f64) -> Result<f64> {
        self.number(name, default, 0.0..=1.0f64.next_down(), "a number from 0 to below 1")
    }

    pub(crate) fn positive(&mut self, name: &str, default: f64) -> Result<f64> {
        self.number(name, default, f64::MIN_POSITIVE..=1.0, "a number above 0, at most 1")
    }

    /// A token id; below 0 means none, as some configurations have it.
    pub(crate) fn token(&mut self, name: &str) -> Result<Option<u32>> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match value.as_i64() {
            Some(id) if id < 0 => Ok(None),
            Some(id) if u32::try_from(id).is_ok() => Ok(Some(id as u32)),
            _ => Err(self.wrong(name, &value, "a token id or null")),
        }
    }

    /// `id2label`: {"0": "negative", "1": "positive"}. transformers' placeholders (LABEL_0 …) count as no names.
    pub(crate) fn labels(&mut self) -> Result<Vec<String>> {
        self.take("label2id");
        self.take("num_labels");
        let Some(value) = self.take("id2label") else {
            return Ok(Vec::new());
        };
        let wrong = |fields: &Self| fields.wrong("id2label", &value, "an object from 0, 1, 2 … to names");
        let Value::Object(object) = &value else {
            return Err(wrong(self));
        };
        let mut labels = Vec::with_capacity(object.len());
        for index in 0..object.len() {
            match object.get(&index.to_string()) {
                Some(Value::String(name)) => labels.push(name.clone()),
                Some(Value::Number(name)) => labels.push(name.to_string()),
                _ => return Err(wrong(self)),
            }
        }
        let placeholders = labels.iter().enumerate().all(|(index, name)| *name == format!("LABEL_{index}"));
        Ok(if placeholders { Vec::new() } else { labels })
    }
}
