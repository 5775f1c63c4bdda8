//! What an adapter would sit on and train, known from the model's configuration alone.

use std::path::Path;

use crate::error::Error;
use crate::hyperparameters::Hyperparameters;
use crate::session::lora;
use models::{Config, Task};
use peft::Count;

/// Counts what `settings` would train of the model in the folder `model` with `classes` classes. Reads its config.json, not
/// its weights.
///
/// # Errors
/// When a setting is outside its limits, or no module matches; the message names the nearest ones.
pub fn matched(settings: &Hyperparameters, model: &Path, classes: usize) -> Result<Count, Error> {
    settings.validate()?;
    let config = Config::read(model)?;
    let task = Task::SequenceClassification { labels: classes };
    Ok(peft::count(&lora(settings, &config.modules(task)), &config, task)?)
}
