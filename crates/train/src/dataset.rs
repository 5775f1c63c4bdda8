//! From data files to labelled records in three splits.

use crate::configuration::{DataConfiguration, DataFile, RunConfiguration, SplitBy};
use crate::error::Error;
use crate::event::Records;
use crate::files;
use sequence::{
    Alphabet, Columns, Invalid, Labels, Mend, Part, ReadOptions, Record, Repairs, SourceFile, Table, split,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The labelled records of a run.
#[derive(Debug)]
pub(crate) struct Dataset {
    /// In the order of the files.
    pub records: Vec<Record>,
    /// In the order of the head's outputs.
    pub labels: Labels,
    /// The class of each record.
    pub classes: Vec<usize>,
    /// The split of each record.
    pub parts: Vec<Part>,
    /// How records came to their splits, in a sentence.
    pub split_method: String,
    /// What was read from which column of the training file.
    pub columns: BTreeMap<String, String>,
    /// The files as they were read.
    pub files: Vec<SourceFile>,
    /// Records left out on request.
    pub invalid: Vec<Invalid>,
    /// What cleaning changed.
    pub repairs: Repairs,
    /// In how many records.
    pub repaired_records: u64,
    /// What the user should know about the reading and splitting, as (kind, sentence).
    pub remarks: Vec<(&'static str, String)>,
}

impl Dataset {
    /// Reads and divides the records of `data`; the same for the same files, settings and seed.
    pub fn read(data: &DataConfiguration, alphabet: Alphabet, seed: u64) -> Result<Self, Error> {
        for path in data.train.iter().chain(&data.validation).chain(&data.test) {
            if !path.exists() {
                return Err(Error::DataVanished { path: path.clone() });
            }
        }
        if data.train.is_empty() {
            return Err(Error::Data(
                "no training data was given: name at least one file with --data".to_owned(),
            ));
        }
        let options = ReadOptions {
            alphabet,
            id_column: data.id_column.clone(),
            sequence_column: data.sequence_column.clone(),
            label_column: data.label_column.clone(),
            split_column: data.split_column.clone(),
            group_column: data.group_column.clone(),
            // Left out on request: then they are no error.
            labels_required: !data.repair.contains(&Mend::Unlabelled),
            skip_invalid: data.skip_invalid,
            ..ReadOptions::default()
        };
        let mut gathered = Gathered::default();
        let table = Table::read(&data.train, &options)?;
        let parts = parts_by_column(&table, data, &mut gathered.remarks)?;
        gathered.columns = columns(&table, parts.is_some());
        gathered.add(table, |index| parts.as_ref().map_or(Part::Train, |parts| parts[index]));
        for (paths, part) in [(&data.validation, Part::Validation), (&data.test, Part::Test)] {
            if !paths.is_empty() {
                // The other files need not have the columns that divide or group the training file.
                let options = ReadOptions { split_column: None, group_column: None, ..options.clone() };
                gathered.add(Table::read(paths, &options)?, |_| part);
            }
        }
        gathered.divide(data, parts.is_some(), seed)
    }

    /// Records in the three splits.
    pub fn counts(&self) -> Records {
        let of = |wanted| self.parts.iter().filter(|part| **part == wanted).count();
        Records { train: of(Part::Train), validation: of(Part::Validation), test: of(Part::Test) }
    }

    /// The indices of the records of one split.
    pub fn of(&self, part: Part) -> impl Iterator<Item = usize> + Clone + '_ {
        self.parts.iter().enumerate().filter(move |(_, found)| **found == part).map(|(index, _)| index)
    }

    /// The files with their hashes, for run.json.
    pub fn data_files(&self) -> Vec<DataFile> {
        let file = |file: &SourceFile| DataFile {
            path: file.path.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        };
        self.files.iter().map(file).collect()
    }

    /// Writes split.csv: a line for each record with its split.
    pub fn write_split(&self, path: &Path) -> Result<(), Error> {
        files::write(path, |file| {
            let mut table = csv::Writer::from_writer(file);
            table.write_record(["id", "label", "split", "file", "line", "record", "length"])?;
            for (record, part) in self.records.iter().zip(&self.parts) {
                table.write_record([
                    record.id.as_str(),
                    record.label.as_deref().unwrap_or_default(),
                    part.name(),
                    &record.origin.file.to_string_lossy(),
                    &record.origin.line.to_string(),
                    &record.origin.record.to_string(),
                    &record.sequence.len().to_string(),
                ])?;
            }
            table.flush()
        })
    }
}

/// The split that a column of the training files assigns, if there is such a column and nothing overrides it.
fn parts_by_column(
    table: &Table,
    data: &DataConfiguration,
    remarks: &mut Vec<(&'static str, String)>,
) -> Result<Option<Vec<Part>>, Error> {
    let Some(column) = &table.columns.split else {
        return Ok(None);
    };
    if data.split_by != SplitBy::Auto {
        return Ok(None); // what was chosen comes before what the file says
    }
    let asked = data.split_column.is_some();
    let files = !data.validation.is_empty() || !data.test.is_empty();
    if files && !asked {
        return Ok(None); // files for validation or test say more than a column that was only guessed
    }
    match split::by_column(table.records.iter().map(|record| record.split.as_deref())) {
        Ok(parts) if parts.contains(&Part::Train) => Ok(Some(parts)),
        Ok(_) if asked => Err(Error::Data(format!(
            "the column {column} assigns no record to train, so there is nothing to learn from. Correct it, or leave out \
             --split-column"
        ))),
        Err(error) if asked => Err(error.into()),
        Ok(_) | Err(_) => {
            let sentence = format!(
                "The column {column} looks like a division into train, validation and test, but its values are others; it \
                 was not used, and records are divided at random."
            );
            remarks.push(("split-column", sentence));
            Ok(None)
        }
    }
}

/// The columns that were used, by what they hold.
fn columns(table: &Table, divides: bool) -> BTreeMap<String, String> {
    let Columns { id, sequence, label, split, group, .. } = &table.columns;
    let split = split.as_ref().filter(|_| divides);
    let held =
        [("id", id.as_ref()), ("sequence", sequence.as_ref()), ("label", label.as_ref()), ("split", split)];
    let held = held.into_iter().chain([("group", group.as_ref())]);
    held.filter_map(|(what, name)| Some((what.to_owned(), name?.clone()))).collect()
}

#[derive(Default)]
struct Gathered {
    columns: BTreeMap<String, String>,
    records: Vec<Record>,
    parts: Vec<Part>,
    files: Vec<SourceFile>,
    invalid: Vec<Invalid>,
    repairs: Repairs,
    repaired_records: u64,
    remarks: Vec<(&'static str, String)>,
}

impl Gathered {
    fn add(&mut self, table: Table, part: impl Fn(usize) -> Part) {
        self.parts.extend((0..table.records.len()).map(part));
        self.records.extend(table.records);
        self.files.extend(table.files);
        self.invalid.extend(table.invalid);
        self.repairs += table.repairs;
        self.repaired_records += table.repaired_records;
    }

    /// Draws what no file and no column holds out from the training records.
    fn divide(mut self, data: &DataConfiguration, by_column: bool, seed: u64) -> Result<Dataset, Error> {
        if self.records.iter().all(|record| record.label.is_none()) {
            return Err(Error::Data(
                "no record has a label. Say which column or which field of the headers holds the labels"
                    .to_owned(),
            ));
        }
        self.mend(&data.repair);
        let training: Vec<usize> =
            (0..self.records.len()).filter(|&index| self.parts[index] == Part::Train).collect();
        let training_records = || training.iter().map(|&index| &self.records[index]);
        let labels = Labels::of(training_records())?;
        let classes = labels.indices(training_records())?;
        for (class, count) in labels.counts(&classes).into_iter().enumerate() {
            if count < 2 {
                return Err(Error::Data(format!(
                    "only one training record has the label {:?}, so it cannot be both learned and tested. Collect more \
                     records of it, merge it with another label, or take it out of the data",
                    labels.name(class).unwrap_or_default()
                )));
            }
        }
        let lacks = |part| !self.parts.contains(&part);
        let validation = if lacks(Part::Validation) { data.validation_fraction } else { 0.0 };
        let test = if lacks(Part::Test) { data.test_fraction } else { 0.0 };
        let fractions = [1.0 - validation - test, validation, test];
        if validation + test > 0.0 {
            let drawn = if data.split_by == SplitBy::Similarity {
                let records: Vec<&Record> = training_records().collect();
                let groups = sequence::audit::similarity_groups(&records);
                split::grouped(&groups, &classes, fractions, seed)
            } else if data.group_column.is_some() {
                let groups = split::group_numbers(training_records().map(|record| record.group.as_deref()));
                split::grouped(&groups, &classes, fractions, seed)
            } else {
                split::stratified(&classes, fractions, seed)
            };
            for (&index, part) in training.iter().zip(drawn) {
                self.parts[index] = part;
            }
        }
        let split_method = describe(data, by_column, fractions, seed);
        self.check(&labels, split_method)
    }

    /// Leaves out what `mends` ask for, and says so.
    fn mend(&mut self, mends: &[Mend]) {
        let (stays, left_out) = sequence::mend(&self.records, &self.parts, mends);
        for (mend, count) in left_out {
            if count > 0 {
                let sentence = format!("{count} records were left out, as asked (--repair {mend}).");
                self.remarks.push(("left-out", sentence));
            }
        }
        let mut stay = stays.iter();
        self.parts.retain(|_| stay.next().is_none_or(|stays| *stays));
        let mut stay = stays.iter();
        self.records.retain(|_| stay.next().is_none_or(|stays| *stays));
    }

    fn check(self, labels: &Labels, split_method: String) -> Result<Dataset, Error> {
        let labels = labels.clone();
        let mut remarks = self.remarks;
        let mut classes = Vec::with_capacity(self.records.len());
        for (record, part) in self.records.iter().zip(&self.parts) {
            let label = record.label.as_deref().unwrap_or_default();
            let class = labels.index_of(label).ok_or_else(|| {
                Error::Data(format!(
                    "the {part} record {} ({}) has the label {label:?}, which no training record has, so the model cannot \
                     know it. Correct the label, or add training records with it (training has {})",
                    record.id,
                    record.origin,
                    labels.names().join(", ")
                ))
            })?;
            classes.push(class);
        }
        let mut tally: BTreeMap<(Part, usize), usize> = BTreeMap::new();
        for (part, class) in self.parts.iter().zip(&classes) {
            *tally.entry((*part, *class)).or_default() += 1;
        }
        for part in [Part::Train, Part::Validation, Part::Test] {
            let missing: Vec<&str> = (0..labels.len())
                .filter(|class| !tally.contains_key(&(part, *class)))
                .filter_map(|class| labels.name(class))
                .collect();
            let empty = missing.len() == labels.len();
            match part {
                Part::Train if !missing.is_empty() => {
                    return Err(Error::Data(format!(
                        "after the split no training record is left with the label {}. Collect more records of it, or \
                         lower --validation-fraction and --test-fraction",
                        missing.join(", ")
                    )));
                }
                Part::Validation if empty => {
                    return Err(Error::Data(format!(
                        "there are too few records ({}) to hold some out for validation. Collect more, raise \
                         --validation-fraction, or give a file with --validation",
                        self.records.len()
                    )));
                }
                Part::Test if empty => remarks.push((
                    "no-test",
                    "There is no test split: the reported numbers stand on the validation records that also chose the \
                     best state, and are therefore optimistic."
                        .to_owned(),
                )),
                _ if !missing.is_empty() => remarks.push((
                    "class-missing",
                    format!(
                        "The {part} split has no record with the label {}: nothing can be said about it there.",
                        missing.join(", ")
                    ),
                )),
                _ => {}
            }
        }
        Ok(Dataset {
            records: self.records,
            labels,
            classes,
            parts: self.parts,
            split_method,
            columns: self.columns,
            files: self.files,
            invalid: self.invalid,
            repairs: self.repairs,
            repaired_records: self.repaired_records,
            remarks,
        })
    }
}

fn describe(data: &DataConfiguration, by_column: bool, fractions: [f64; 3], seed: u64) -> String {
    let mut parts = Vec::new();
    if by_column {
        parts.push("given by a column of the data file".to_owned());
    }
    for (name, paths) in [("validation", &data.validation), ("test", &data.test)] {
        if !paths.is_empty() {
            parts.push(format!("{name} from its own file"));
        }
    }
    if fractions[1] + fractions[2] > 0.0 {
        let percent = |fraction: f64| (fraction * 1000.0).round() / 10.0;
        let how = match data.split_by {
            SplitBy::Similarity => "with sequences that resemble each other kept together",
            _ if data.group_column.is_some() => "whole groups at a time",
            _ => "within each class",
        };
        parts.push(format!(
            "the rest drawn at random {how} ({}/{}/{} % train/validation/test, seed {seed})",
            percent(fractions[0]),
            percent(fractions[1]),
            percent(fractions[2])
        ));
    }
    if let [only] = parts.as_mut_slice()
        && let Some(rest) = only.strip_prefix("the rest ")
    {
        *only = rest.to_owned();
    }
    parts.join("; ")
}

/// How a data set would be divided.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SplitPreview {
    /// How records come to their splits, in a sentence.
    pub method: String,
    /// The labels in the order of the head's outputs.
    pub labels: Vec<String>,
    /// Train, validation and test, those that have records.
    pub parts: Vec<SplitPart>,
    /// What to know about it, a sentence each.
    pub remarks: Vec<String>,
}

/// One split.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SplitPart {
    /// `train`, `validation` or `test`.
    pub name: String,
    /// Its records.
    pub records: usize,
    /// Its records of each label, in the labels' order.
    pub per_label: Vec<usize>,
}

/// Says how a training with the settings of `configuration` would divide its data, without writing anything.
///
/// # Errors
/// What would keep a training from reading the data.
pub fn preview_split(configuration: &RunConfiguration, alphabet: Alphabet) -> Result<SplitPreview, Error> {
    let dataset = Dataset::read(&configuration.data, alphabet, configuration.hyperparameters.seed)?;
    let part = |part: Part| {
        let mut per_label = vec![0; dataset.labels.len()];
        dataset.of(part).for_each(|index| per_label[dataset.classes[index]] += 1);
        SplitPart { name: part.name().to_owned(), records: per_label.iter().sum(), per_label }
    };
    Ok(SplitPreview {
        method: dataset.split_method.clone(),
        labels: dataset.labels.names().to_vec(),
        parts: Part::ALL.map(part).into_iter().filter(|part| part.records > 0).collect(),
        remarks: dataset.remarks.iter().map(|(_, sentence)| sentence.clone()).collect(),
    })
}

/// Compares the files with those in run.json.
pub(crate) fn unchanged(expected: &[DataFile], found: &[DataFile]) -> Result<(), Error> {
    for file in expected {
        let now = found.iter().find(|now| now.path == file.path);
        let now = now.ok_or_else(|| Error::DataVanished { path: file.path.clone() })?;
        if now.sha256 != file.sha256 {
            return Err(Error::DataChanged {
                path: file.path.clone(),
                expected: file.sha256.clone(),
                found: now.sha256.clone(),
            });
        }
    }
    Ok(())
}

/// The paths made absolute, so that a run can be resumed from another folder. Links keep their own names: what the Hub's
/// cache links to is named by a hash.
pub(crate) fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    paths
        .iter()
        .map(|path| {
            if !path.exists() {
                return Err(Error::DataVanished { path: path.clone() });
            }
            std::path::absolute(path).map_err(Error::file("read", path))
        })
        .collect()
}
