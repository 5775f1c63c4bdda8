//! Looking into a base model without loading its weights.

use std::path::PathBuf;

use models::{Module, Task};
use serde::Serialize;
use tokenizer::Tokenizer;

use crate::{BaseModel, Downloads, Engine, Error, base_model};

/// What a base model is.
#[derive(Clone, Debug, Serialize)]
pub struct ModelReport {
    /// The name that finds it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The commit on the Hub.
    pub revision: Option<String>,
    /// The architecture, as config.json names it.
    pub family: String,
    /// All its parameters, as a language model.
    pub parameters: usize,
    /// Blocks.
    pub layers: usize,
    /// Width of the hidden state.
    pub width: usize,
    /// Token ids.
    pub vocabulary: usize,
    /// The longest sequence, in tokens.
    pub longest_sequence: usize,
    /// Names of classes, where it has a classification head.
    pub labels: Vec<String>,
    /// Bytes of its weight files; none where there are none.
    pub weights_bytes: Option<u64>,
    /// Its tokenizer, where there is one.
    pub tokenizer: Option<TokenizerReport>,
    /// The modules that LoRA usually takes.
    pub suggested_targets: Vec<String>,
    /// Every module that holds weights: full name, kind, shape.
    pub modules: Vec<Module>,
}

/// What a tokenizer is.
#[derive(Clone, Debug, Serialize)]
pub struct TokenizerReport {
    /// Its tokens.
    pub tokens: usize,
    /// The letters that it knows, in words.
    pub letters: String,
}

/// Looks into a base model. The weights are not read.
pub fn inspect_model(
    engine: &Engine,
    name: &str,
    revision: Option<&str>,
    downloads: Downloads<'_>,
) -> Result<ModelReport, Error> {
    let BaseModel { name, folder, revision, .. } = base_model(engine, name, revision, downloads)?;
    let config = models::Config::read(&folder)?;
    let description = models::describe(&folder, Task::CausalLanguageModelling)?;
    let tokenizer = Tokenizer::from_folder(&folder).ok().map(|tokenizer| TokenizerReport {
        tokens: tokenizer.vocabulary_size(),
        letters: tokenizer.alphabet().to_string(),
    });
    Ok(ModelReport {
        weights_bytes: weights_bytes(&folder),
        name,
        folder,
        revision,
        family: description.family.to_owned(),
        parameters: description.parameters,
        layers: config.layers(),
        width: config.width(),
        vocabulary: description.vocabulary,
        longest_sequence: description.longest_sequence,
        labels: description.labels,
        tokenizer,
        suggested_targets: description.suggested_targets,
        modules: description.modules,
    })
}

fn weights_bytes(folder: &std::path::Path) -> Option<u64> {
    let size = |ending: &str| -> u64 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.file_name().to_string_lossy().ends_with(ending))
            // Through links: the Hub's cache consists of them.
            .filter_map(|entry| std::fs::metadata(entry.path()).ok())
            .map(|file| file.len())
            .sum()
    };
    [size(".safetensors"), size(".bin")].into_iter().find(|size| *size > 0)
}
