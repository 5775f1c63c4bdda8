//! Checkpoints: one safetensors file each, so that a rename replaces all of it or nothing.
//!
//! The tensors are the adapter's (`adapter.<name>`) and the optimizer's moments (`mean.<name>`, `square.<name>`); the state of
//! the loop is JSON in the file's metadata. There is no random state: every random number is a hash of the seed and of the
//! step (see `random`).

use crate::error::Error;
use crate::files;
use crate::loss_scale::LossScale;
use candle_core::{Device, Tensor};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Where the loop stands between two steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Optimizer steps taken.
    pub step: usize,
    /// Epochs completed.
    pub epoch: usize,
    /// Batches of the current epoch that were used.
    pub batch: usize,
    /// Whether the state after `step` steps has been evaluated.
    pub evaluated: bool,
    /// The best evaluation so far.
    pub best: Option<Best>,
    /// Evaluations since then.
    pub without_improvement: usize,
    /// Why the training is over, once it is.
    pub ended: Option<Ended>,
    /// Seconds of work.
    pub seconds: f64,
    /// What the loss is multiplied with in f16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_scale: Option<LossScale>,
    /// The most sequences that fitted into the device's memory at a time, where a batch did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_a_time: Option<usize>,
}

/// The best evaluation so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Best {
    /// After how many steps.
    pub step: usize,
    /// The metric's value; `None` where it does not exist.
    pub value: Option<f64>,
}

/// Why a training is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ended {
    /// All steps are done.
    Complete,
    /// No improvement for as long as was asked.
    EarlyStopping,
    /// Whoever stopped it wanted it judged as it was.
    OnRequest,
}

/// Saves the adapter's tensors, the optimizer's moments and the state as one file.
pub(crate) fn save(
    path: &Path,
    state: &State,
    adapter: &BTreeMap<String, Tensor>,
    moments: &[(String, Tensor)],
) -> Result<(), Error> {
    let mut tensors = Vec::with_capacity(adapter.len() + moments.len());
    for (name, tensor) in adapter {
        tensors.push((format!("adapter.{name}"), tensor.clone()));
    }
    tensors.extend_from_slice(moments);
    let metadata = HashMap::from([("state".to_owned(), serde_json::to_string(state)?)]);
    let bytes =
        safetensors::serialize(tensors, Some(metadata)).map_err(|error| broken(path, &error.to_string()))?;
    files::write(path, |file| file.write_all(&bytes))
}

/// A checkpoint read back.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    pub state: State,
    /// The adapter's tensors by name, on the processor.
    pub adapter: BTreeMap<String, Tensor>,
    /// The optimizer's moments by name, on the processor.
    pub moments: HashMap<String, Tensor>,
}

/// Reads the checkpoint in `path`; `None` if there is none.
pub(crate) fn load(path: &Path) -> Result<Option<Checkpoint>, Error> {
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(Error::file("read", path))?,
    };
    let refuse = |error: safetensors::SafeTensorError| broken(path, &error.to_string());
    let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(refuse)?;
    let state = metadata.metadata().as_ref().and_then(|entries| entries.get("state"));
    let state = state.ok_or_else(|| broken(path, "it has no state"))?;
    let state = serde_json::from_str(state).map_err(|error| broken(path, &error.to_string()))?;
    let (mut adapter, mut moments) = (BTreeMap::new(), HashMap::new());
    for (name, tensor) in candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)? {
        match name.strip_prefix("adapter.") {
            Some(name) => drop(adapter.insert(name.to_owned(), tensor)),
            None => drop(moments.insert(name, tensor)),
        }
    }
    Ok(Some(Checkpoint { state, adapter, moments }))
}

fn broken(path: &Path, reason: &str) -> Error {
    Error::Broken { path: path.to_path_buf(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("newest.safetensors");
        assert!(load(&path).unwrap().is_none());
        let tensor = Tensor::new(&[[0.1_f32, -2.0], [1e-30, 4.0]], &Device::Cpu).unwrap();
        let state = State {
            step: 17,
            best: Some(Best { step: 10, value: Some(0.1 + 0.2) }),
            seconds: 1.0 / 3.0,
            ..State::default()
        };
        save(&path, &state, &[("a.b".into(), tensor.clone())].into(), &[("mean.a.b".into(), tensor.clone())])
            .unwrap();
        let checkpoint = load(&path).unwrap().unwrap();
        assert_eq!(checkpoint.state, state);
        for found in [&checkpoint.adapter["a.b"], &checkpoint.moments["mean.a.b"]] {
            assert_eq!(found.to_vec2::<f32>().unwrap(), tensor.to_vec2::<f32>().unwrap());
        }
    }

    #[test]
    fn a_damaged_checkpoint_is_an_error_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("newest.safetensors");
        std::fs::write(&path, b"\x09\0\0\0\0\0\0\0not json").unwrap();
        let error = load(&path).unwrap_err();
        assert_eq!(error.kind(), "broken-file");
        assert!(error.to_string().contains("newest.safetensors"));
    }
}
