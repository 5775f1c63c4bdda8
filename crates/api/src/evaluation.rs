//! Scoring an adapter or a run on labelled records.

use std::path::PathBuf;

use serde::Serialize;
use train::{DataConfiguration, Evaluated, EvaluationOptions, Event, Inputs, SystemClock};

use crate::{Downloads, Engine, Error, Kind, adapters, training};

/// An evaluation as a person asks for it.
#[derive(Clone, Debug, Default)]
pub struct EvaluateRequest {
    /// A run, or an adapter folder.
    pub adapter: PathBuf,
    /// Files, a folder or a Hub data set; of one that is split already, its test part.
    pub data: Vec<String>,
    /// The base model, where the adapter's own name for it does not lead to it.
    pub model: Option<String>,
    /// Columns, and whether broken records are passed over.
    pub reading: DataConfiguration,
    /// Names of the outputs, length, device, precision and seed.
    pub options: EvaluationOptions,
}

/// What an evaluation found.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationReport {
    /// The adapter's folder.
    pub adapter: PathBuf,
    /// The base model's name.
    pub base: String,
    /// Every metric, with intervals of the headline ones.
    #[serde(flatten)]
    pub evaluated: Evaluated,
}

/// Scores an adapter on labelled records. See [`train::evaluate`].
pub fn evaluate(
    engine: &Engine,
    request: &EvaluateRequest,
    downloads: Downloads<'_>,
    observer: &mut dyn FnMut(&Event),
) -> Result<EvaluationReport, Error> {
    let files = training::evaluation_files(engine, &request.data, downloads)?;
    if let Some(missing) = files.iter().find(|file| !file.exists()) {
        return Err(Error::new(Kind::Data, format!("there is no data file {}", missing.display()))
            .at(missing.display())
            .remedy("check the path; a Hub data set is named owner/name"));
    }
    let found = adapters::find(engine, &request.adapter, request.model.as_deref(), downloads)?;
    let clock = SystemClock::new();
    let tokenizer = found.tokenizer_folder();
    let inputs = Inputs {
        model: &found.base.folder,
        tokenizer: &tokenizer,
        clock: &clock,
        explain: crate::conversion::explained,
    };
    let data = DataConfiguration { train: files, ..request.reading.clone() };
    let evaluated = train::evaluate(&found.folder, &data, &request.options, &inputs, observer, &engine.stop)?;
    Ok(EvaluationReport { adapter: found.folder, base: found.base.name, evaluated })
}
