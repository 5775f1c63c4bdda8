//! What an audit found: the wire form of `sequence`'s and of [`crate::DataReport`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the audit found, and what it read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DataReport {
    /// The files with their formats, sizes and hashes.
    pub files: Vec<SourceFile>,
    /// Which column was taken for what, in the first file.
    pub columns: Columns,
    /// Records in all parts.
    pub records: u64,
    /// Their letters.
    pub letters: u64,
    /// The base model whose letters are kept; none: all IUPAC codes are.
    pub model: Option<String>,
    /// Records per label.
    pub labels: Vec<ClassCount>,
    /// Records without a label.
    pub unlabelled: u64,
    /// Each part by itself; one part named `all` where nothing assigns splits.
    pub parts: Vec<PartAudit>,
    /// What is repeated from one part in another.
    pub across: Vec<Across>,
    /// The same sequence under different labels.
    pub contradictions: Contradictions,
    /// Records that share pieces with records of another class.
    pub relatives: Vec<Relatives>,
    /// How well length or composition alone tells each class from the others.
    pub shortcuts: Vec<Shortcut>,
    /// Records that hold ambiguity codes.
    pub ambiguous_records: u64,
    /// Ambiguity codes in all.
    pub ambiguous_letters: u64,
    /// Records whose name an earlier one carries too.
    pub repeated_ids: u64,
    /// What cleaning changed.
    pub repairs: Repairs,
    /// Records that it changed.
    pub repaired_records: u64,
    /// Refused records, by the kind of reason.
    pub invalid: BTreeMap<String, u64>,
    /// Everything that was looked at, with a judgement each, the gravest first.
    pub findings: Vec<Finding>,
    /// The refused records, with `skip_invalid`.
    pub refused: Vec<Refused>,
}

/// A file that records came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of these bytes.
    pub sha256: String,
    /// What it is: `fasta`, `fastq`, `delimited`, `text`, `json_lines`, `json_array`, `parquet`, `spreadsheet`.
    pub format: String,
    /// The records met in it, refused ones included.
    pub records: u64,
}

/// What the reader takes from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Columns {
    /// The column of names; none: records are numbered.
    pub id: Option<String>,
    /// The column of sequences.
    pub sequence: Option<String>,
    /// The column of labels, or where else labels come from.
    pub label: Option<String>,
    /// The column that assigns splits.
    pub split: Option<String>,
    /// The column of groups.
    pub group: Option<String>,
    /// All columns of the file.
    pub available: Vec<String>,
    /// Columns that look as if they named groups.
    pub group_candidates: Vec<String>,
}

/// How many records a class has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassCount {
    /// The label.
    pub label: String,
    /// Its records.
    pub records: u64,
    /// Their share of the labelled records.
    pub fraction: f64,
}

/// One part by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PartAudit {
    /// Its name.
    pub name: String,
    /// Its records.
    pub records: u64,
    /// Records per label.
    pub labels: Vec<ClassCount>,
    /// Lengths, in letters.
    pub length: Option<Distribution>,
    /// The share of G and C, from 0 to 1.
    pub gc: Option<Distribution>,
    /// Length and composition of each class.
    pub classes: Vec<ClassAudit>,
    /// What repeats an earlier record of the same part.
    pub repeats: Repeats,
}

/// One class of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassAudit {
    /// The label.
    pub label: String,
    /// Lengths, in letters.
    pub length: Option<Distribution>,
    /// The share of G and C, from 0 to 1.
    pub gc: Option<Distribution>,
}

/// How a number is distributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Distribution {
    /// How many values.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The smallest.
    pub minimum: f64,
    /// A twentieth lies below.
    pub quantile_05: f64,
    /// A quarter lies below.
    pub quantile_25: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub quantile_75: f64,
    /// All but a twentieth lies below.
    pub quantile_95: f64,
    /// The largest.
    pub maximum: f64,
    /// Up to twenty bins of one width.
    pub histogram: Bins,
}

/// Bins of one width. A value belongs to the bin that starts at or below it; the last bin includes its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Bins {
    /// Where the first bin starts.
    pub start: f64,
    /// How wide each bin is.
    pub width: f64,
    /// Values in each bin.
    pub counts: Vec<u64>,
}

/// How many records repeat others. A record counts once, under the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repeats {
    /// Letter for letter.
    pub exact: u64,
    /// Letter for letter on the other strand.
    pub reverse_complement: u64,
    /// Sharing at least half of the 15-mers.
    pub near: u64,
}

/// What one part has in common with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Across {
    /// The part whose records are counted.
    pub part: String,
    /// The part in which they were found.
    pub other: String,
    /// The records of `part`.
    pub records: u64,
    /// Those of them that `other` holds, too.
    pub repeats: Repeats,
}

/// Different labels for one sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contradictions {
    /// Sequences that carry two labels or more.
    pub sequences: u64,
    /// The records that hold them.
    pub records: u64,
    /// Further records that nearly repeat a record of another label.
    pub near_records: u64,
}

/// Records of a class that have pieces in common with records of another class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Relatives {
    /// The class.
    pub label: String,
    /// The class whose pieces they hold.
    pub other: String,
    /// How many records of the class do.
    pub records: u64,
    /// Their share of the class.
    pub fraction: f64,
    /// The share of the class that has pieces in common with other records of its own.
    pub fraction_in_class: f64,
}

/// How well one plain number tells a class from all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Shortcut {
    /// `gc` or `length`.
    pub feature: String,
    /// The class.
    pub label: String,
    /// The area under the ROC curve of that number alone: 0.5 says nothing, 1 and 0 say everything.
    pub auroc: f64,
    /// The mean in the class.
    pub mean: f64,
    /// The mean of the others.
    pub mean_of_others: f64,
}

/// What cleaning changed, in letters (labels in labels).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repairs {
    /// Lower-case letters made upper case.
    pub upper_cased: u64,
    /// U turned into T.
    pub uracil: u64,
    /// Blanks removed.
    pub blanks: u64,
    /// Gap characters removed.
    pub gaps: u64,
    /// Letters left over when overlapping k-mers were joined.
    pub kmers: u64,
    /// Labels whose surrounding blanks were removed.
    pub labels: u64,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Its name for programs: `invalid`, `unlabelled`, `classes`, `balance`, `missing-class`, `leak`, `near-leak`,
    /// `duplicates`, `contradictions`, `relatives`, `shortcut`, `ambiguity`, `short`, `ids`, `repairs`.
    pub kind: String,
    /// What was found and what to do about it.
    pub sentence: String,
    /// How many records it concerns.
    pub count: u64,
    /// The numbers in the sentence, by name.
    pub numbers: BTreeMap<String, f64>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Put it right before training: results would be wrong.
    Fix,
    /// Have a look: it may be meant, it may be a mistake.
    Look,
    /// In order.
    Fine,
}

/// A refused record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
