//! Everything that a run does before its first step: reading, looking for traps, tokenizing.

use crate::HYPERPARAMETERS;
use crate::configuration::{DataFile, RunConfiguration};
use crate::dataset::{Dataset, unchanged};
use crate::error::Error;
use crate::event::Stage;
use crate::files;
use crate::hyperparameters::{Hyperparameter, Hyperparameters};
use crate::journal::Journal;
use crate::session::Example;
use crate::training::total_steps;
use models::Config;
use rayon::prelude::*;
use sequence::{Audit, Part, Record};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokenizer::Tokenizer;

/// The records of a run as the model sees them.
pub(crate) struct Prepared {
    pub dataset: Dataset,
    /// The folder of the tokenizer's files.
    pub tokenizer_folder: PathBuf,
    /// What the audit found, a sentence each.
    pub findings: Vec<String>,
    pub train: Vec<Example>,
    pub validation: Vec<Example>,
    pub test: Vec<Example>,
    /// The most tokens that a sequence keeps.
    pub max_length: usize,
    /// Every warning, in words, for the report.
    pub warnings: Vec<String>,
}

/// Whether a data file that is not what run.json says is an error, or only worth a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// A run that goes on needs the very same records.
    Refuse,
    /// A new run that repeats an old one may have other data.
    Warn,
}

/// Reads, audits and tokenizes; fills the labels and the files into `configuration`.
pub(crate) fn prepare(
    configuration: &mut RunConfiguration,
    model: &Path,
    tokenizer: &Path,
    changed: Changed,
    journal: &mut Journal<'_>,
) -> Result<Prepared, Error> {
    let mut warnings = Vec::new();
    let mut warn = |journal: &mut Journal<'_>, kind: &str, sentence: String, count: Option<u64>| {
        warnings.push(sentence.clone());
        journal.warn(kind, sentence, count)
    };
    let limit = Config::read(model)?.longest_sequence();
    let tokenizer_folder = tokenizer.to_path_buf();
    let tokenizer = Tokenizer::from_folder(tokenizer)?;

    for (kind, sentence) in unusual(&configuration.hyperparameters)? {
        warn(journal, kind, sentence, None)?;
    }
    journal.progress(Stage::Reading, "Reading the sequences", None, None)?;
    if changed == Changed::Refuse {
        // Before reading: a file that was cut short is then named as changed, not as broken.
        let now = configuration.data.files.iter().map(|file| DataFile::read(&file.path));
        unchanged(&configuration.data.files, &now.collect::<Result<Vec<_>, _>>()?)?;
    }
    let settings = &configuration.hyperparameters;
    let dataset = Dataset::read(&configuration.data, tokenizer.alphabet(), settings.seed)?;
    let files = dataset.data_files();
    if let Err(error) = unchanged(&configuration.data.files, &files) {
        warn(journal, "data-changed", format!("Not the data of the run that is repeated: {error}."), None)?;
    }
    if !dataset.repairs.is_empty() {
        let count = dataset.repaired_records;
        let sentence = format!("{count} records were repaired on reading: {}.", dataset.repairs);
        warn(journal, "repaired", sentence, Some(count))?;
    }
    if let Some(first) = dataset.invalid.first() {
        let count = dataset.invalid.len();
        let sentence = format!("{count} records were left out; invalid.csv lists them. The first: {first}.");
        warn(journal, "invalid-records", sentence, Some(count as u64))?;
    }
    for (kind, sentence) in &dataset.remarks {
        warn(journal, kind, sentence.clone(), None)?;
    }

    journal.progress(Stage::Auditing, "Looking for duplicates and contradictions", None, None)?;
    let audit = audit(&dataset);
    let findings: Vec<String> = audit.findings().map(ToString::to_string).collect();
    for finding in audit.findings().filter(|finding| !TOLD_ALREADY.contains(&finding.kind())) {
        warn(journal, finding.kind(), finding.to_string(), Some(finding.count()))?;
    }

    let total = dataset.records.len() as u64;
    journal.progress(Stage::Tokenizing, "Turning sequences into tokens", Some(0), Some(total))?;
    let asked = settings.max_length;
    let max_length = asked.unwrap_or(limit).min(limit);
    if let Some(asked) = asked
        && asked > limit
    {
        let sentence = format!(
            "--max-length {asked} is more than the base model can take; sequences are cut at its limit of {limit} tokens."
        );
        warn(journal, "max-length", sentence, None)?;
    }
    let examples = tokenize(&dataset, &tokenizer, max_length)?;
    let cut = examples.iter().filter(|example| example.truncated).count();
    if cut > 0 {
        let advice = if max_length < limit {
            format!("Raise --max-length (the model takes {limit}), or cut the sequences around what matters")
        } else {
            "Cut the sequences around what matters, or choose a base model that takes longer ones".to_owned()
        };
        let sentence = format!(
            "{cut} of {total} sequences are longer than {max_length} tokens; the model sees only their beginning. {advice}."
        );
        warn(journal, "truncated", sentence, Some(cut as u64))?;
    }
    let mut sets: BTreeMap<Part, Vec<Example>> = BTreeMap::new();
    for example in examples {
        sets.entry(dataset.parts[example.record]).or_default().push(example);
    }
    let mut take = |part| sets.remove(&part).unwrap_or_default();
    let (train, validation, test) = (take(Part::Train), take(Part::Validation), take(Part::Test));
    let steps = total_steps(settings, train.len());
    if steps < FEW_STEPS && settings.steps.is_none() {
        let sentence = format!(
            "This training has only {steps} steps, in which a model hardly learns. With so few records use more --epochs \
             or a smaller --batch-size."
        );
        warn(journal, "few-steps", sentence, None)?;
    }
    configuration.data.labels = dataset.labels.names().to_vec();
    configuration.data.columns = dataset.columns.clone();
    configuration.data.split = dataset.split_method.clone();
    configuration.data.files = files;
    Ok(Prepared { dataset, tokenizer_folder, findings, train, validation, test, max_length, warnings })
}

/// Settings far from what nearly every training keeps to.
fn unusual(settings: &Hyperparameters) -> Result<Vec<(&'static str, String)>, Error> {
    let values = serde_json::to_value(settings)?;
    let told = |one: &Hyperparameter| {
        let ([least, most], value) = (one.usual?, values.get(one.name)?.as_f64()?);
        (value < least || value > most).then(|| {
            let sentence = format!(
                "{} {value} is far from the usual {least} to {most}; the training may come to nothing.",
                one.flag
            );
            ("unusual-setting", sentence)
        })
    };
    Ok(HYPERPARAMETERS.iter().filter_map(told).collect())
}

/// Below that many steps LoRA has moved too little to judge it by.
const FEW_STEPS: usize = 50;

/// Findings of the audit that reading and splitting have told in more detail; and of codes that this model knows, or their
/// records would have been refused.
const TOLD_ALREADY: [&str; 4] = ["invalid", "missing-class", "repairs", "ambiguity"];

fn audit(dataset: &Dataset) -> Audit {
    let of = |part| -> Vec<&Record> { dataset.of(part).map(|index| &dataset.records[index]).collect() };
    let parts = Part::ALL.map(|part| (part, of(part)));
    let filled = parts.iter().filter(|(_, records)| !records.is_empty());
    let parts: Vec<(Part, &[&Record])> = filled.map(|(part, records)| (*part, records.as_slice())).collect();
    Audit::of(&parts)
}

pub(crate) fn tokenize(
    dataset: &Dataset,
    tokenizer: &Tokenizer,
    max_length: usize,
) -> Result<Vec<Example>, Error> {
    let encode = |(index, record): (usize, &Record)| {
        let mut tokens = tokenizer.encode(&record.sequence)?;
        if tokens.is_empty() {
            return Err(Error::Data(format!(
                "the tokenizer makes nothing of the record {} ({}): it knows none of its letters. Choose a base model \
                 whose tokenizer knows them, or take the record out",
                record.id, record.origin
            )));
        }
        let truncated = tokens.len() > max_length;
        tokens.truncate(max_length);
        Ok(Example { tokens, class: dataset.classes[index], record: index, truncated })
    };
    dataset.records.par_iter().enumerate().map(encode).collect()
}

/// One SHA-256 over what makes a base model: its configuration, its weights as they would be loaded, its tokenizer.
pub(crate) fn base_hash(model: &Path, tokenizer: &Path) -> Result<String, Error> {
    let listed = |folder: &Path, wanted: &dyn Fn(&str) -> bool| -> Result<Vec<PathBuf>, Error> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(Error::file("read", folder))? {
            let path = entry.map_err(Error::file("read", folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if wanted(name) && path.is_file() {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    };
    let safetensors = |name: &str| name.starts_with("model") && name.ends_with(".safetensors");
    let mut paths = listed(model, &|name| name == "config.json" || safetensors(name))?;
    if !paths.iter().any(|path| path.extension().is_some_and(|ending| ending == "safetensors")) {
        paths.extend(listed(model, &|name| name.starts_with("pytorch_model") && name.ends_with(".bin"))?);
    }
    let known = ["tokenizer.json", "vocab.json", "merges.txt", "vocab.txt"];
    paths.extend(listed(tokenizer, &|name| known.contains(&name))?);
    files::sha256_of_all(&paths)
}
