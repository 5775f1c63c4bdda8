//! The records that the model got wrong, the surest first, with their sequences.

use std::path::Path;

use sequence::Part;
use serde::Serialize;
use tokenizer::Tokenizer;

use super::scored;
use crate::configuration::RunConfiguration;
use crate::dataset::Dataset;
use crate::error::Error;
use crate::folder::RunFolder;

/// What the model got wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistakes {
    /// Records that were scored.
    pub records: usize,
    /// Of these, the wrong ones.
    pub wrong: usize,
    /// The wrong ones of which the model was surest.
    pub mistakes: Vec<Mistake>,
    /// Why the sequences are not there, where they are not.
    pub note: Option<String>,
}

/// A record that the model got wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The record's name.
    pub id: String,
    /// Its letters' number.
    pub length: usize,
    /// What it is.
    pub true_label: String,
    /// What the model called it.
    pub predicted_label: String,
    /// How sure the model was.
    pub confidence: f64,
    /// What the baseline called it.
    pub baseline_label: Option<String>,
    /// The sequence, from the data file; none where the file is gone or has changed.
    pub sequence: Option<String>,
    /// The data file.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
}

/// The `limit` most confident mistakes of a run.
///
/// # Errors
/// When the run has no report, or its files cannot be understood. A data file that is gone is no error: the mistakes are
/// then without their sequences, and the note says so.
pub fn mistakes(run: &Path, limit: usize) -> Result<Mistakes, Error> {
    let metrics = super::metrics(run)?;
    let rows = scored::read(run, &metrics.labels)?;
    let records = rows.len();
    let mut wrong: Vec<scored::Scored> = rows.into_iter().filter(|row| row.predicted != row.truth).collect();
    let count = wrong.len();
    let sure = |row: &scored::Scored| row.probabilities[row.predicted];
    wrong.sort_by(|a, b| sure(b).total_cmp(&sure(a)).then(a.place.cmp(&b.place)));
    wrong.truncate(limit);
    let sources = sources(run, &metrics.split);
    let note = match &sources {
        Ok(sources)
            if wrong.iter().any(|row| sources.get(row.place).is_none_or(|source| source.id != row.id)) =>
        {
            Some("the data files are not what they were when the run was made".to_owned())
        }
        Err(error) => Some(format!("the sequences cannot be shown: {error}")),
        Ok(_) => None,
    };
    let sources = sources.ok().filter(|_| note.is_none()).unwrap_or_default();
    let mistakes = wrong.into_iter().map(|row| {
        let source = sources.get(row.place);
        Mistake {
            confidence: sure(&row),
            true_label: metrics.labels[row.truth].clone(),
            predicted_label: metrics.labels[row.predicted].clone(),
            baseline_label: row.baseline.map(|class| metrics.labels[class].clone()),
            sequence: source.map(|source| source.sequence.clone()),
            file: source.map(|source| source.origin.file.display().to_string()),
            line: source.map(|source| source.origin.line),
            id: row.id,
            length: row.length,
        }
    });
    Ok(Mistakes { records, wrong: count, mistakes: mistakes.collect(), note })
}

/// The records of a split in their order, read from the data files once more.
fn sources(run: &Path, split: &str) -> Result<Vec<sequence::Record>, Error> {
    let configuration = RunConfiguration::read(run)?;
    let tokenizer = Tokenizer::from_folder(&RunFolder::at(run.to_owned()).adapter().join("tokenizer"))?;
    let seed = configuration.hyperparameters.seed;
    let dataset = Dataset::read(&configuration.data, tokenizer.alphabet(), seed)?;
    let part = Part::parse(split).unwrap_or(Part::Test);
    Ok(dataset.of(part).map(|index| dataset.records[index].clone()).collect())
}
