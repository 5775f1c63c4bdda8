//! Records, one after the other, from files of any size.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::alphabet::Alphabet;
use crate::columns::Columns;
use crate::error::Error;
use crate::format::delimited::{Delimited, trimmed};
use crate::format::fasta::Fasta;
use crate::format::fastq::Fastq;
use crate::format::json::Json;
use crate::format::parquet::Parquet;
use crate::format::spreadsheet::Spreadsheet;
use crate::format::{Entries, Entry, Problem};
use crate::header_label::{HeaderLabel, stem};
use crate::reason::Reason;
use crate::record::{Invalid, Origin, Record};
use crate::sniff::{Format, Plan, Sniffed, sniff};
use crate::source::{self, Lines};

/// How files are to be read. A column is named by its header or by its number counted from 1. In FASTA and FASTQ
/// headers `label_column` is a key (`label` for `label=promoter`), the number of a field (the header cut at blanks and
/// `|`), or `file` for the file's name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The letters to keep.
    pub alphabet: Alphabet,
    /// The column of names; found by name where it is not given.
    pub id_column: Option<String>,
    /// The column of sequences; found by name and content where it is not given.
    pub sequence_column: Option<String>,
    /// The column of labels; found by name and content where it is not given.
    pub label_column: Option<String>,
    /// The column that assigns train, validation and test; found by name where it is not given.
    pub split_column: Option<String>,
    /// The column of groups to keep together in a split; never guessed.
    pub group_column: Option<String>,
    /// The sheet of a spreadsheet; the first where it is not given.
    pub sheet: Option<String>,
    /// Refuse records without a label, and files without labels.
    pub labels_required: bool,
    /// Collect refused records in [`Reader::invalid`] instead of returning them as errors.
    pub skip_invalid: bool,
}

/// Reads records from files, in order, in memory that does not grow with them (spreadsheets and compressed Parquet files
/// excepted, which are read whole).
///
/// A record that is refused comes as [`Error::Record`], and the next call goes on with the next record; after any other
/// error the reader has ended.
pub struct Reader {
    files: Vec<(Arc<Path>, Sniffed)>,
    options: ReadOptions,
    next_file: usize,
    current: Option<(Arc<Path>, Box<dyn Entries>)>,
    record: u64,
    counts: Vec<u64>,
    invalid: Vec<Invalid>,
    ended: bool,
}

impl Reader {
    /// Finds out what the files are and which columns hold what; reads no record yet.
    pub fn open(files: &[PathBuf], options: &ReadOptions) -> Result<Reader, Error> {
        if files.is_empty() {
            return Err(Error::Nothing {
                what: "no file was given".to_string(),
                advice: "Name at least one file of sequences.".to_string(),
            });
        }
        let mut sniffed: Vec<(Arc<Path>, Sniffed)> = Vec::with_capacity(files.len());
        for path in files {
            sniffed.push((Arc::from(path.as_path()), sniff(path, options)?));
        }
        if options.label_column.is_none() {
            label_by_file(&mut sniffed);
        }
        if options.labels_required
            && let Some((path, found)) = sniffed.iter().find(|(_, found)| found.columns.label.is_none())
        {
            return Err(no_labels(path, found));
        }
        Ok(Reader {
            counts: vec![0; sniffed.len()],
            files: sniffed,
            options: options.clone(),
            next_file: 0,
            current: None,
            record: 0,
            invalid: Vec::new(),
            ended: false,
        })
    }

    /// The records refused so far, with `skip_invalid`.
    pub fn invalid(&self) -> &[Invalid] {
        &self.invalid
    }

    /// Takes the list of refused records, so that a long run can write it away.
    pub fn take_invalid(&mut self) -> Vec<Invalid> {
        std::mem::take(&mut self.invalid)
    }

    /// What is read from where, in the first file.
    pub fn columns(&self) -> &Columns {
        &self.files[0].1.columns
    }

    /// Each file's format, and how many records were met in it so far, refused ones included.
    pub fn files(&self) -> impl Iterator<Item = (&Path, Format, u64)> {
        self.files
            .iter()
            .zip(&self.counts)
            .map(|((path, found), count)| (path.as_ref(), found.format, *count))
    }

    fn open_next(&mut self) -> Result<bool, Error> {
        let Some((path, found)) = self.files.get(self.next_file) else {
            return Ok(false);
        };
        let entries = entries(path, found)?;
        self.current = Some((path.clone(), entries));
        self.next_file += 1;
        self.record = 0;
        Ok(true)
    }

    /// Turns an entry into a record, or says why it is refused.
    fn record(&self, path: &Arc<Path>, entry: Entry) -> Result<Record, Invalid> {
        let origin = Origin { file: path.clone(), line: entry.line, record: self.record };
        let id = entry.id.filter(|id| !id.is_empty()).unwrap_or_else(|| self.record.to_string());
        let (label, label_repairs) = trimmed(entry.label);
        let mut sequence = entry.sequence;
        sequence.count(label_repairs);
        match sequence.finish(self.options.alphabet) {
            Err(reason) => Err(Invalid { origin, id, reason }),
            Ok(_) if label.is_none() && self.options.labels_required => {
                Err(Invalid { origin, id, reason: Reason::MissingLabel })
            }
            Ok((sequence, repairs)) => {
                Ok(Record { id, sequence, label, split: entry.split, group: entry.group, origin, repairs })
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let Some((path, entries)) = &mut self.current else {
                match self.open_next() {
                    Ok(true) => continue,
                    Ok(false) => break,
                    Err(error) => {
                        self.ended = true;
                        return Some(Err(error));
                    }
                }
            };
            let path = path.clone();
            let Some(result) = entries.next() else {
                self.current = None;
                continue;
            };
            let result = match result {
                Ok(entry) => {
                    self.record += 1;
                    self.record(&path, entry)
                }
                Err(Problem::Refused { line, id, reason }) => {
                    self.record += 1;
                    let origin = Origin { file: path.clone(), line, record: self.record };
                    Err(Invalid { origin, id: id.unwrap_or_default(), reason })
                }
                Err(Problem::Read { line, source }) => {
                    self.ended = true;
                    return Some(Err(Error::Read { path: path.to_path_buf(), line, source }));
                }
                Err(Problem::Broken { line, what, advice }) => {
                    self.ended = true;
                    return Some(Err(Error::Structure { path: path.to_path_buf(), line, what, advice }));
                }
            };
            if let Some(count) = self.counts.get_mut(self.next_file - 1) {
                *count = self.record;
            }
            match result {
                Ok(record) => return Some(Ok(record)),
                Err(invalid) if self.options.skip_invalid => self.invalid.push(invalid),
                Err(invalid) => return Some(Err(Error::Record(Box::new(invalid)))),
            }
        }
        self.ended = true;
        None
    }
}

/// Several FASTA or FASTQ files of which not all have labels in their headers: one file per class, named by the files. (What
/// looked like labels in the headers of some was then something else.)
fn label_by_file(files: &mut [(Arc<Path>, Sniffed)]) {
    let of_headers = |found: &Sniffed| matches!(found.format, Format::Fasta | Format::Fastq);
    if files.len() < 2
        || !files.iter().all(|(_, found)| of_headers(found))
        || files.iter().all(|(_, found)| found.columns.label.is_some())
    {
        return;
    }
    for (path, found) in files {
        let label = HeaderLabel::File(stem(path));
        found.columns.label = label.described();
        if let Plan::Fasta(place, _) | Plan::Fastq(place, _) = &mut found.plan {
            *place = label;
        }
    }
}

fn no_labels(path: &Path, found: &Sniffed) -> Error {
    let advice = match found.format {
        Format::Fasta | Format::Fastq => {
            "Give one file per class, or write the label into each header, as in \
             '>name label=promoter' or '>name|promoter'."
                .to_string()
        }
        _ => format!(
            "The columns are {}: say which one holds the labels.",
            found.columns.available.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
        ),
    };
    Error::Column { path: path.to_path_buf(), what: "no labels were found".to_string(), advice }
}

fn entries(path: &Path, found: &Sniffed) -> Result<Box<dyn Entries>, Error> {
    let lines = || -> Result<Lines, Error> {
        let bytes = source::utf8(source::decompressed(path)?).map_err(|source| Error::Read {
            path: path.to_path_buf(),
            line: 0,
            source,
        })?;
        Ok(Lines::new(bytes))
    };
    Ok(match &found.plan {
        Plan::Fasta(label, _) => Box::new(Fasta::new(lines()?, label.clone())),
        Plan::Fastq(label, _) => Box::new(Fastq::new(lines()?, label.clone())),
        Plan::Delimited(delimiter, layout) => Box::new(Delimited::new(lines()?, *delimiter, layout.clone())),
        Plan::Json { by_line, fields } => Box::new(Json::new(lines()?, *by_line, fields.clone())),
        Plan::Parquet(chosen, names) => Box::new(Parquet::open(path, chosen, names)?),
        Plan::Spreadsheet(rows, layout) => Box::new(Spreadsheet::new(rows.clone(), layout.clone())),
    })
}
