//! The audit of data before training.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use sequence::{
    Alphabet, Audit, Columns, Invalid, Mend, Part, Preview, ReadOptions, Record, SourceFile, Table,
};
use serde::Serialize;
use tokenizer::Tokenizer;
use train::baseline::{KmerShortcut, ShortcutLimits, ShortcutStage};

use crate::data_files::{data_files, plain_files};
use crate::{Downloads, Engine, Error, Kind, base_model};

/// An audit as a person asks for it.
#[derive(Clone, Debug, Default)]
pub struct InspectDataRequest {
    /// Files, a folder, or a Hub data set.
    pub data: Vec<String>,
    /// Files that choose the checkpoint.
    pub validation: Vec<String>,
    /// Files that are scored once.
    pub test: Vec<String>,
    /// The base model whose tokenizer decides which letters are kept; none: all IUPAC codes are.
    pub model: Option<String>,
    /// The columns, where they are not to be guessed, and whether broken records are passed over.
    pub options: ReadOptions,
    /// What is left out before the audit, as a training would leave it out.
    pub repair: Vec<Mend>,
}

/// What the audit found, and what it read.
#[derive(Clone, Debug, Serialize)]
pub struct DataReport {
    /// The files with their formats, sizes and hashes.
    pub files: Vec<SourceFile>,
    /// Which column was taken for what, in the first file.
    pub columns: Columns,
    /// The base model whose letters are kept; none: all IUPAC codes are.
    pub model: Option<String>,
    /// The audit: counts, balance, lengths, composition, duplicates, contradictions.
    #[serde(flatten)]
    pub audit: Audit,
    /// The refused records, with `skip_invalid`.
    pub refused: Vec<Refused>,
}

/// A refused record.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    /// The file.
    pub file: PathBuf,
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Its number in the file, from 1.
    pub record: u64,
    /// Its name.
    pub id: String,
    /// Why it is refused.
    pub reason: String,
}

impl From<&Invalid> for Refused {
    fn from(invalid: &Invalid) -> Refused {
        Refused {
            file: invalid.origin.file.to_path_buf(),
            line: invalid.origin.line,
            record: invalid.origin.record,
            id: invalid.id.clone(),
            reason: invalid.reason.to_string(),
        }
    }
}

/// A data set that was read for a look, with what was asked to be left out left out.
pub struct DataSet {
    /// Each part by its files, the training files first.
    tables: Vec<(&'static str, Table)>,
    model: Option<String>,
}

impl DataSet {
    /// The audit.
    pub fn report(self) -> DataReport {
        report(self.tables, self.model)
    }

    /// Measures how well short words alone tell the classes apart, on a sample of the records that a training would not
    /// test on. See [`train::baseline::kmer_shortcut`].
    pub fn kmer_shortcut(
        &self,
        tell: &mut dyn FnMut(ShortcutStage),
        stop: &AtomicBool,
    ) -> Result<KmerShortcut, Error> {
        let tested = |record: &Record| record.split.as_deref().and_then(Part::parse) == Some(Part::Test);
        let records: Vec<&Record> = self
            .tables
            .iter()
            .filter(|(name, _)| *name != Part::Test.name())
            .flat_map(|(_, table)| &table.records)
            .filter(|record| !tested(record))
            .collect();
        Ok(train::baseline::kmer_shortcut(&records, &ShortcutLimits::default(), tell, stop)?)
    }
}

/// Reads and audits a data set.
pub fn inspect_data(
    engine: &Engine,
    request: &InspectDataRequest,
    downloads: Downloads<'_>,
) -> Result<DataReport, Error> {
    Ok(read_data(engine, request, downloads)?.report())
}

/// Reads a data set, unless the engine is asked to stop.
pub fn read_data(
    engine: &Engine,
    request: &InspectDataRequest,
    downloads: Downloads<'_>,
) -> Result<DataSet, Error> {
    let files = data_files(engine, &request.data, downloads)?;
    let given = |names: &[String], found: Vec<PathBuf>| -> Result<Vec<PathBuf>, Error> {
        if names.is_empty() { Ok(found) } else { plain_files(names) }
    };
    let validation = given(&request.validation, files.validation)?;
    let test = given(&request.test, files.test)?;
    for file in files.train.iter().chain(&validation).chain(&test) {
        if !file.exists() {
            return Err(missing(file));
        }
    }
    let mut options = request.options.clone();
    if let Some(model) = &request.model {
        let base = base_model(engine, model, None, downloads)?;
        options.alphabet = Tokenizer::from_folder(&base.folder)?.alphabet();
    } else {
        options.alphabet = Alphabet::Iupac;
    }
    let read = |files: &[PathBuf]| Table::read_unless(files, &options, &engine.stop);
    let mut tables = vec![("train", read(&files.train)?)];
    for (name, files) in [("validation", validation), ("test", test)] {
        if !files.is_empty() {
            tables.push((name, read(&files)?));
        }
    }
    leave_out(&mut tables, &request.repair);
    Ok(DataSet { tables, model: request.model.clone() })
}

/// Leaves records out as a training with the same repairs does.
fn leave_out(tables: &mut [(&'static str, Table)], repair: &[Mend]) {
    if repair.is_empty() {
        return;
    }
    let mut parts = Vec::new();
    for (name, table) in tables.iter() {
        let assigned = sequence::split::by_column(table.records.iter().map(|record| record.split.as_deref()));
        match assigned {
            Ok(assigned) if *name == "train" && table.columns.split.is_some() => parts.extend(assigned),
            _ => parts.extend(table.records.iter().map(|_| Part::parse(name).unwrap_or(Part::Train))),
        }
    }
    let records: Vec<Record> = tables.iter().flat_map(|(_, table)| table.records.iter().cloned()).collect();
    let (stays, _) = sequence::mend(&records, &parts, repair);
    let mut stays = stays.into_iter();
    for (_, table) in tables {
        table.records.retain(|_| stays.next().unwrap_or(true));
    }
}

/// The first rows of a file as they stand in it. Of several files or a folder, the first; see [`sequence::preview`].
pub fn preview_data(
    engine: &Engine,
    request: &InspectDataRequest,
    offset: usize,
    limit: usize,
    downloads: Downloads<'_>,
) -> Result<Preview, Error> {
    let files = data_files(engine, &request.data, downloads)?;
    let file =
        files.train.first().ok_or_else(|| Error::new(Kind::Usage, "no data was named").at("--data"))?;
    if !file.exists() {
        return Err(missing(file));
    }
    Ok(sequence::preview(file, &request.options, offset, limit)?)
}

fn report(tables: Vec<(&'static str, Table)>, model: Option<String>) -> DataReport {
    let audit = match &tables[..] {
        [(_, table)] => Audit::of_table(table),
        _ => {
            let records: Vec<(&str, Vec<&Record>)> =
                tables.iter().map(|(name, table)| (*name, table.records.iter().collect())).collect();
            let parts: Vec<(&str, &[&Record])> =
                records.iter().map(|(name, records)| (*name, &records[..])).collect();
            Audit::of(&parts)
        }
    };
    DataReport {
        refused: tables.iter().flat_map(|(_, table)| table.invalid.iter().map(Refused::from)).collect(),
        columns: tables[0].1.columns.clone(),
        model,
        files: tables.into_iter().flat_map(|(_, table)| table.files).collect(),
        audit,
    }
}

fn missing(file: &Path) -> Error {
    Error::new(Kind::Data, format!("there is no data file {}", file.display()))
        .at(file.display())
        .remedy("check the path; a Hub data set is named owner/name")
}
