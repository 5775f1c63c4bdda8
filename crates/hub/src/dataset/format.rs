//! Which kind of table a file is, from its name, as `datasets` tells it (`packaged_modules/__init__.py`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::RepositoryFile;

/// The format of the files of a data set. All of them may be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Fields with commas between, or another separator that the card names.
    Csv,
    /// Fields with tabs between.
    Tsv,
    /// JSON, one list or one object a line.
    Json,
    /// Parquet.
    Parquet,
    /// A sequence a line.
    Text,
    /// FASTA.
    Fasta,
    /// FASTQ.
    Fastq,
}

/// Names that `datasets` knows for formats that are not read here, with what they are.
const FOREIGN: [(&str, &str); 16] = [
    ("arrow", "Arrow files"),
    ("tar", "tar archives"),
    ("h5", "HDF5 files"),
    ("hdf5", "HDF5 files"),
    ("xml", "XML files"),
    ("lance", "Lance files"),
    ("vortex", "Vortex files"),
    ("conll", "CoNLL files"),
    ("gb", "GenBank files"),
    ("gbk", "GenBank files"),
    ("pdb", "protein structures"),
    ("cif", "protein structures"),
    ("mmcif", "protein structures"),
    ("png", "images"),
    ("jpg", "images"),
    ("wav", "sound"),
];

const KNOWN: [(&str, Format); 18] = [
    ("csv", Format::Csv),
    ("tsv", Format::Tsv),
    ("json", Format::Json),
    ("jsonl", Format::Json),
    ("ndjson", Format::Json),
    ("parquet", Format::Parquet),
    ("geoparquet", Format::Parquet),
    ("gpq", Format::Parquet),
    ("txt", Format::Text),
    ("fa", Format::Fasta),
    ("fasta", Format::Fasta),
    ("fna", Format::Fasta),
    ("ffn", Format::Fasta),
    ("faa", Format::Fasta),
    ("frn", Format::Fasta),
    ("afa", Format::Fasta),
    ("fq", Format::Fastq),
    ("fastq", Format::Fastq),
];

fn known(extension: &str) -> Option<Format> {
    KNOWN.iter().find(|(name, _)| *name == extension).map(|(_, format)| *format)
}

fn foreign(extension: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(name, _)| *name == extension).map(|(_, what)| *what)
}

/// What follows each dot of a file's name, in lower case.
fn extensions(file: &RepositoryFile) -> impl Iterator<Item = String> {
    file.name().split('.').skip(1).map(str::to_lowercase)
}

/// Whether a pattern may take this file for data.
pub(super) fn is_data(file: &RepositoryFile) -> bool {
    extensions(file).any(|name| name == "zip" || known(&name).is_some() || foreign(&name).is_some())
}

/// The format of most of the files; in a draw Parquet, then JSON lines, JSON, CSV, then the last in the alphabet.
/// `Err` says what the files are instead.
pub(super) fn of_most(files: &[&RepositoryFile]) -> Result<Format, Option<&'static str>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for extension in files.iter().flat_map(|file| extensions(file)) {
        *counts.entry(extension).or_default() += 1;
    }
    let rank = |name: &str| {
        ["csv", "json", "jsonl", "arrow", "vortex", "lance", "parquet"]
            .iter()
            .position(|known| *known == name)
    };
    let mut order: Vec<_> = counts.into_iter().collect();
    order.sort_by(|(a, count_a), (b, count_b)| (count_b, rank(b), b).cmp(&(count_a, rank(a), a)));
    for (extension, _) in &order {
        if let Some(format) = known(extension) {
            return Ok(format);
        }
        if extension == "zip" {
            return Err(Some("zip archives"));
        }
        if let Some(what) = foreign(extension) {
            return Err(Some(what));
        }
    }
    Err(None)
}

/// Whether the file has this format; CSV and TSV are one reader's and go together.
pub(super) fn has(file: &RepositoryFile, format: Format) -> bool {
    let table = |format| matches!(format, Format::Csv | Format::Tsv);
    extensions(file).filter_map(|name| known(&name)).any(|own| own == format || (table(own) && table(format)))
}
