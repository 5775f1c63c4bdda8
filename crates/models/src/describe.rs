//! What a model folder holds, from its configuration alone.

use std::path::Path;

use serde::Serialize;

use crate::{Config, Module, Result, Task};

/// A model's shape, without its weights.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// The architecture, as `model_type` names it.
    pub family: &'static str,
    /// The task that the modules are listed for.
    pub task: Task,
    /// The number of parameters.
    pub parameters: usize,
    /// V, the number of token ids.
    pub vocabulary: usize,
    /// The longest sequence, in tokens.
    pub longest_sequence: usize,
    /// The names of the classes, if the model has a classification head with names.
    pub labels: Vec<String>,
    /// The modules that LoRA takes unless told otherwise.
    pub suggested_targets: Vec<String>,
    /// Every module that holds weights, in the order of the forward pass.
    pub modules: Vec<Module>,
}

/// Describes the model in `folder` as one that does `task`. Weights are not read.
pub fn describe(folder: &Path, task: Task) -> Result<Description> {
    let config = Config::read(folder)?;
    Ok(Description {
        family: config.family(),
        task,
        parameters: config.parameters(task),
        vocabulary: config.vocabulary_size(),
        longest_sequence: config.longest_sequence(),
        labels: config.labels().to_vec(),
        suggested_targets: config.suggested_targets().iter().map(|&target| target.to_owned()).collect(),
        modules: config.modules(task),
    })
}
