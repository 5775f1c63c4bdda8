//! Scoring an adapter on labelled records that it has not seen.

use crate::bootstrap::{Interval, Resampling, intervals};
use crate::configuration::{DataConfiguration, DataFile};
use crate::dataset::absolute;
use crate::error::Error;
use crate::event::{Event, Stage};
use crate::hyperparameters::{DTypeChoice, DeviceChoice};
use crate::journal::Journal;
use crate::metrics::{Evaluation, Metric, Predictions};
use crate::run::Inputs;
use crate::session::{Example, Session};
use rayon::prelude::*;
use sequence::{Labels, ReadOptions, Record, Table};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tokenizer::Tokenizer;

/// How to score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvaluationOptions {
    /// The names of the head's outputs, for an adapter whose folder does not name them.
    pub labels: Option<Vec<String>>,
    /// The most tokens of a sequence; `None`: as in training.
    pub max_length: Option<usize>,
    /// Where tensors are computed.
    pub device: DeviceChoice,
    /// The precision of the base model's weights.
    pub dtype: DTypeChoice,
    /// The seed of the bootstrap.
    pub seed: u64,
}

/// The scores of an adapter on labelled records.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluated {
    /// The labels in the order of the head's outputs.
    pub labels: Vec<String>,
    /// Every metric.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// 95 % bootstrap intervals of the headline numbers.
    pub intervals: BTreeMap<Metric, Interval>,
    /// Records longer than the model sees.
    pub truncated: usize,
    /// Records left out on request.
    pub left_out: usize,
    /// The files.
    pub files: Vec<DataFile>,
}

/// Scores the adapter in the folder `adapter` on the records of `data.train` (the other files of `data` are not read).
///
/// # Errors
/// When the records have labels that the adapter does not know, and whatever keeps the adapter or the files from being
/// read. [`Error::Stopped`] when `stop` becomes true.
pub fn evaluate(
    adapter: &Path,
    data: &DataConfiguration,
    options: &EvaluationOptions,
    inputs: &Inputs<'_>,
    observer: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<Evaluated, Error> {
    let mut journal = Journal::unwritten(observer, inputs.clock);
    let known = peft::read_labels(adapter)?;
    let names = options.labels.clone().or_else(|| known.as_ref().map(|known| known.labels.clone()));
    let tokenizer = Tokenizer::from_folder(inputs.tokenizer)?;

    journal.progress(Stage::Reading, "Reading the sequences", None, None)?;
    let read = ReadOptions {
        alphabet: tokenizer.alphabet(),
        id_column: data.id_column.clone(),
        sequence_column: data.sequence_column.clone(),
        label_column: data.label_column.clone(),
        labels_required: true,
        skip_invalid: data.skip_invalid,
        ..ReadOptions::default()
    };
    let table = Table::read(&absolute(&data.train)?, &read)?;

    journal.progress(Stage::Loading, "Loading the base model and the adapter", None, None)?;
    let session = Session::load(inputs.model, adapter, options.device, options.dtype)?;
    let labels = match names {
        Some(names) => names,
        // peft's files name no classes; numbers from 0 are what Python users mean then.
        None => (0..session.classes).map(|class| class.to_string()).collect(),
    };
    if labels.len() != session.classes {
        return Err(Error::Data(format!(
            "the adapter in {} has {} outputs, but {} labels were given for it ({}). Name each output once, in order",
            adapter.display(),
            session.classes,
            labels.len(),
            labels.join(", ")
        )));
    }
    let limit = session.base.config.longest_sequence();
    let trained_with = known.and_then(|known| known.max_length);
    let max_length = options.max_length.or(trained_with).unwrap_or(limit).min(limit);
    let examples = examples(&table.records, &labels, &tokenizer, max_length)?;

    let total = Some(examples.len() as u64);
    journal.progress(Stage::Testing, "Scoring the records", Some(0), total)?;
    let interrupted = || stop.load(Ordering::Relaxed);
    let mut told = |done: usize| {
        if journal.step_is_due() {
            journal.progress(Stage::Testing, "Scoring the records", Some(done as u64), total)?;
        }
        Ok(())
    };
    let logits = session.logits(&examples, &interrupted, &mut told)?.ok_or(Error::Stopped)?;
    let truth: Vec<usize> = examples.iter().map(|example| example.class).collect();
    let predictions = Predictions::from_logits(&logits, &truth, session.classes)?;
    let resampling = Resampling { seed: options.seed, ..Resampling::default() };
    Ok(Evaluated {
        labels,
        evaluation: Evaluation::of_predictions(&predictions),
        intervals: intervals(&predictions, &resampling),
        truncated: examples.iter().filter(|example| example.truncated).count(),
        left_out: table.invalid.len(),
        files: table
            .files
            .iter()
            .map(|file| DataFile { path: file.path.clone(), bytes: file.bytes, sha256: file.sha256.clone() })
            .collect(),
    })
}

fn examples(
    records: &[Record],
    labels: &[String],
    tokenizer: &Tokenizer,
    max_length: usize,
) -> Result<Vec<Example>, Error> {
    let present = Labels::from_names(records.iter().filter_map(|record| record.label.as_deref()));
    if let Some(unknown) = present.names().iter().find(|name| !labels.contains(name)) {
        return Err(Error::Data(format!(
            "the records have the label {unknown:?}, which the adapter does not know; it knows {}. Rename the labels, or \
             name the outputs of the adapter in order with --labels",
            labels.join(", ")
        )));
    }
    let encode = |(index, record): (usize, &Record)| {
        let label = record.label.as_deref().unwrap_or_default();
        let class = labels.iter().position(|name| name == label).unwrap_or_default();
        let mut tokens = tokenizer.encode(&record.sequence)?;
        let truncated = tokens.len() > max_length;
        tokens.truncate(max_length);
        Ok(Example { tokens, class, record: index, truncated })
    };
    records.par_iter().enumerate().map(encode).collect()
}
