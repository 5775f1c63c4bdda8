//! Pretraining a small base model.

use std::path::Path;

use candle_core::Device;
use train::pretrain::{self, Outcome, Settings};
use train::{Event, SystemClock};

use crate::{Engine, Error};

/// Pretrains a model in the new folder that the settings name; none if it was stopped before the end.
pub fn pretrain(
    engine: &Engine,
    settings: &Settings,
    observer: &mut dyn FnMut(&Event),
) -> Result<Option<Outcome>, Error> {
    Ok(pretrain::run(settings, &Device::Cpu, &SystemClock::new(), observer, &engine.stop)?)
}

/// Goes on with the pretraining in `folder` from its newest checkpoint.
pub fn resume_pretraining(
    engine: &Engine,
    folder: &Path,
    observer: &mut dyn FnMut(&Event),
) -> Result<Option<Outcome>, Error> {
    Ok(pretrain::resume(folder, &Device::Cpu, &SystemClock::new(), observer, &engine.stop)?)
}
