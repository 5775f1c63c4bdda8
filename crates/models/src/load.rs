//! Weights from a folder in the layout of the Hub: safetensors or PyTorch's pickles, in one file or several.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use serde::Deserialize;

use crate::pickle_file::PickleFile;
use crate::safetensors_file::SafetensorsFile;
use crate::{Config, Error, Result, Task, Weights};

/// The weights that a language model with `config` needs, and a classification head where the files hold one.
pub(crate) fn weights(folder: &Path, config: &Config, device: &Device, dtype: DType) -> Result<Weights> {
    let mut sources = Sources::open(folder)?;
    let head_labels = sources.shape("score.weight").and_then(|shape| shape.first().copied());
    let mut expected: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut tasks = vec![Task::CausalLanguageModelling];
    tasks.extend(head_labels.map(|labels| Task::SequenceClassification { labels }));
    for task in tasks {
        for module in config.modules(task).iter().filter(|module| module.parameters > 0) {
            // A classification model, or one saved without any head, has no lm_head.
            if module.name != "lm_head" || sources.shape("lm_head.weight").is_some() {
                expected.extend(module.tensors());
            }
        }
    }

    if let Some(name) =
        sources.names().find(|name| name.starts_with("transformer.") && !expected.contains_key(*name))
    {
        let path = sources.path_of(name);
        return Err(Error::UnexpectedTensor { name: name.to_owned(), path });
    }
    let mut weights = Weights::default();
    for (name, expected) in expected {
        let Some(found) = sources.shape(&name) else {
            return Err(Error::MissingTensor {
                name,
                shape: expected,
                place: folder.display().to_string(),
                advice: "The download is incomplete, or config.json belongs to another model: download the model again"
                    .into(),
            });
        };
        if found != expected {
            let place = sources.path_of(&name).display().to_string();
            return Err(Error::Shape { name, place, expected, found });
        }
        let tensor = sources.read(&name, dtype, device)?;
        weights.insert(name, tensor);
    }
    Ok(weights)
}

/// The canonical name of a tensor; `None` for buffers that are no weights.
fn canonical(name: &str) -> Option<String> {
    // The causal mask and its fill value, which old versions saved.
    if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
        return None;
    }
    let bare = ["wte.", "wpe.", "h.", "ln_f."].iter().any(|prefix| name.starts_with(prefix));
    Some(if bare { format!("transformer.{name}") } else { name.to_owned() })
}

/// The files of a folder, and which tensor is where.
struct Sources {
    files: Vec<Source>,
    /// Canonical name → (file, name in the file).
    places: BTreeMap<String, (usize, String)>,
}

enum Source {
    Safetensors(SafetensorsFile),
    Pickle(PickleFile),
}

#[derive(Deserialize)]
struct Index {
    weight_map: HashMap<String, String>,
}

impl Sources {
    fn open(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for path in Self::paths(folder)? {
            files.push(Source::open(&path)?);
        }
        let mut places = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            for name in file.names() {
                if let Some(canonical) = canonical(&name) {
                    places.insert(canonical, (index, name));
                }
            }
        }
        Ok(Self { files, places })
    }

    /// The weight files of a folder: safetensors before pickles, one file before several.
    fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
        for name in ["model.safetensors", "pytorch_model.bin"] {
            let single = folder.join(name);
            if single.is_file() {
                return Ok(vec![single]);
            }
            let index = folder.join(format!("{name}.index.json"));
            if index.is_file() {
                return Self::shards(folder, &index);
            }
        }
        let also = ["tf_model.h5", "flax_model.msgpack", "model.onnx", "ggml-model.gguf"]
            .iter()
            .find(|name| folder.join(name).exists())
            .map_or(String::new(), |name| format!(" (there is {name}, which is another program's)"));
        Err(Error::NoWeights { folder: folder.to_owned(), also })
    }

    fn shards(folder: &Path, index: &Path) -> Result<Vec<PathBuf>> {
        let damaged = |reason: String| Error::WeightFile { path: index.to_owned(), reason };
        let text = std::fs::read_to_string(index).map_err(Error::io("read", index))?;
        let parsed: Index = serde_json::from_str(&text)
            .map_err(|error| damaged(format!("is no index of weight files ({error}). Download it again")))?;
        let names: BTreeSet<String> = parsed.weight_map.into_values().collect();
        let mut paths = Vec::with_capacity(names.len());
        for name in &names {
            if Path::new(name).components().count() != 1 || name == ".." {
                return Err(damaged(format!("names the file `{name}`, which is outside its folder")));
            }
            let path = folder.join(name);
            if !path.is_file() {
                return Err(damaged(format!(
                    "names {name}, one of {} weight files, which is not in the folder. Download the model again",
                    names.len()
                )));
            }
            paths.push(path);
        }
        Ok(paths)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    fn path_of(&self, name: &str) -> PathBuf {
        self.places.get(name).map(|(file, _)| self.files[*file].path().to_owned()).unwrap_or_default()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let (file, stored) = self.places.get(name)?;
        self.files[*file].shape(stored)
    }

    fn read(&mut self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        let Some((file, stored)) = self.places.get(name) else {
            return Weights::default().get(name).cloned();
        };
        self.files[*file].read(stored, dtype, device)
    }
}

impl Source {
    fn open(path: &Path) -> Result<Self> {
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            return Ok(Self::Safetensors(SafetensorsFile::open(path)?));
        }
        Ok(Self::Pickle(PickleFile::open(path)?))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Safetensors(file) => file.path(),
            Self::Pickle(file) => file.path(),
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Safetensors(file) => file.names(),
            Self::Pickle(file) => file.names(),
        }
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        match self {
            Self::Safetensors(file) => file.shape(name),
            Self::Pickle(file) => file.shape(name),
        }
        .map(<[usize]>::to_vec)
    }

    fn read(&mut self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        match self {
            Self::Safetensors(file) => file.read(name, dtype, device),
            Self::Pickle(file) => file.read(name, dtype, device),
        }
    }
}

/// Reads all tensors of a file: safetensors, or by its ending (.bin, .pt, .pth) of `torch.save`.
pub fn read_tensors(path: &Path, dtype: DType, device: &Device) -> Result<BTreeMap<String, Tensor>> {
    let mut source = Source::open(path)?;
    source
        .names()
        .into_iter()
        .map(|name| source.read(&name, dtype, device).map(|tensor| (name, tensor)))
        .collect()
}
