//! The state of a pretraining on disk: written aside, then renamed; the two newest are kept.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use serde::{Deserialize, Serialize};

use super::feed::Place;
use crate::Error;
use crate::optimizer::AdamW;

const TENSORS: &str = "state.safetensors";
const STATE: &str = "state.json";
const KEPT: usize = 2;

/// What is not a tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// Steps taken.
    pub(super) step: usize,
    /// Epochs begun before the current one.
    pub(super) epoch: u64,
    /// Windows of the current epoch that were read.
    pub(super) window: usize,
    /// Tokens read.
    pub(super) tokens: u64,
    /// Seconds of training.
    pub(super) seconds: f64,
}

impl State {
    pub(super) fn place(&self) -> Place {
        Place { epoch: self.epoch, window: self.window }
    }
}

/// Writes a checkpoint into `folder` (`checkpoints` of the run) and deletes those before the last two.
pub(super) fn write(folder: &Path, state: &State, optimizer: &AdamW) -> Result<PathBuf, Error> {
    let name = format!("step-{:07}", state.step);
    let aside = folder.join(format!(".{name}.partial"));
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(Error::file("replace", &aside))?;
    }
    fs::create_dir_all(&aside).map_err(Error::file("create", &aside))?;
    let mut tensors = optimizer.state()?;
    for trainable in optimizer.trainables() {
        tensors.push((trainable.name.clone(), trainable.variable.as_detached_tensor()));
    }
    models::write_tensors(
        &aside.join(TENSORS),
        tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)),
    )?;
    models::write_aside(&aside.join(STATE), serde_json::to_string_pretty(state)?.as_bytes())?;
    let path = folder.join(name);
    if path.exists() {
        fs::remove_dir_all(&path).map_err(Error::file("replace", &path))?;
    }
    fs::rename(&aside, &path).map_err(Error::file("write", &path))?;
    let mut all = list(folder)?;
    all.truncate(all.len().saturating_sub(KEPT));
    for old in all {
        fs::remove_dir_all(&old).map_err(Error::file("delete", &old))?;
    }
    Ok(path)
}

/// The newest checkpoint, if there is one.
pub(super) fn newest(folder: &Path) -> Result<Option<PathBuf>, Error> {
    Ok(list(folder)?.pop())
}

/// Puts a checkpoint's tensors into the optimizer's parameters and moments.
pub(super) fn restore(path: &Path, optimizer: &mut AdamW, device: &Device) -> Result<State, Error> {
    let file = path.join(STATE);
    let text = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
    let state: State = serde_json::from_str(&text)
        .map_err(|error| Error::Broken { path: file, reason: error.to_string() })?;
    let tensors: HashMap<String, Tensor> =
        models::read_tensors(&path.join(TENSORS), DType::F32, device)?.into_iter().collect();
    for trainable in optimizer.trainables() {
        let saved = tensors
            .get(&trainable.name)
            .filter(|saved| saved.shape() == trainable.variable.shape())
            .ok_or_else(|| Error::CheckpointLacks { tensor: trainable.name.clone() })?;
        trainable.variable.set(saved)?;
    }
    optimizer.restore(&tensors, state.step)?;
    Ok(state)
}

/// All complete checkpoints, the oldest first.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = entry.map_err(Error::file("read", folder))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("step-")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
