use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Error, RepositoryFile};

/// How the weights of a model are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// `model.safetensors`.
    Safetensors,
    /// `model.safetensors.index.json` and the shards that it names.
    ShardedSafetensors,
    /// `pytorch_model.bin`.
    Pytorch,
    /// `pytorch_model.bin.index.json` and the shards that it names.
    ShardedPytorch,
}

/// What a model needs beside its weights, as far as the repository has it.
const SMALL: [&str; 11] = [
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
    "README.md",
    "LICENSE",
];

impl Weights {
    /// In the order in which transformers looks for them.
    const ORDER: [(&'static str, Weights); 4] = [
        ("model.safetensors", Weights::Safetensors),
        ("model.safetensors.index.json", Weights::ShardedSafetensors),
        ("pytorch_model.bin", Weights::Pytorch),
        ("pytorch_model.bin.index.json", Weights::ShardedPytorch),
    ];

    pub(crate) fn is_sharded(self) -> bool {
        matches!(self, Weights::ShardedSafetensors | Weights::ShardedPytorch)
    }
}

/// The small files to fetch, and the weights (or their index), which come last.
pub(crate) fn choose<'a>(
    id: &str,
    files: &'a [RepositoryFile],
) -> Result<(Vec<&'a RepositoryFile>, &'a RepositoryFile, Weights), Error> {
    let find = |name: &str| files.iter().find(|file| file.path == name);
    let refuse = |reason: &str| Err(Error::NotAModel { id: id.to_string(), reason: reason.to_string() });
    if find("config.json").is_none() {
        if find("adapter_config.json").is_some() {
            return refuse(
                "it is an adapter. Use the base model that its adapter_config.json names, and load it on top",
            );
        }
        if files.iter().any(|file| file.name().ends_with(".gguf")) {
            return refuse(
                "it is a GGUF file for llama.cpp, without a config.json. Look for the original it was made from",
            );
        }
        return refuse("it has no config.json, so its architecture is unknown");
    }
    for (name, weights) in Weights::ORDER {
        if let Some(file) = find(name) {
            let small = SMALL.iter().filter_map(|name| find(name)).collect();
            return Ok((small, file, weights));
        }
    }
    let other = ["tf_model.h5", "flax_model.msgpack", "model.onnx", "onnx/model.onnx"];
    match other.iter().find(|name| find(name).is_some()) {
        Some(name) => refuse(&format!("its weights are in {name} only, which is for another framework")),
        None => refuse("it has neither model.safetensors nor pytorch_model.bin"),
    }
}

/// Whether a model that lacks this file in the cache cannot be used without a network.
pub(crate) fn is_essential(file: &RepositoryFile, files: &[RepositoryFile]) -> bool {
    match file.path.as_str() {
        "config.json" | "tokenizer.json" => true,
        "vocab.json" | "merges.txt" | "vocab.txt" => !files.iter().any(|file| file.path == "tokenizer.json"),
        _ => false,
    }
}

/// The shards that an index names, each once.
pub(crate) fn shards<'a>(
    id: &str,
    index: &str,
    text: &str,
    files: &'a [RepositoryFile],
) -> Result<Vec<&'a RepositoryFile>, Error> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    let refuse = |reason: String| Error::NotAModel { id: id.to_string(), reason };
    let parsed: Index = serde_json::from_str(text).map_err(|error| refuse(format!("{index}: {error}")))?;
    let names: BTreeSet<_> = parsed.weight_map.into_values().collect();
    let find = |name: &String| {
        let found = files.iter().find(|file| &file.path == name);
        found.ok_or_else(|| refuse(format!("{index} names {name}, which is not there")))
    };
    names.iter().map(find).collect()
}
