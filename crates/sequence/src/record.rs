//! A record: one sequence with its name, its label and the place it comes from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::reason::Reason;
use crate::repairs::Repairs;

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file.
    pub file: Arc<Path>,
    /// The line on which the record starts, counted from 1. In Parquet files and spreadsheets, the row.
    pub line: u64,
    /// The record's number in its file, counted from 1, invalid records included.
    pub record: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, line {}, record {}", self.file.display(), self.line, self.record)
    }
}

/// One sequence, cleaned, with what the file says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The name: the first word of a FASTA or FASTQ header, the cell of the id column, or else the record's number.
    pub id: String,
    /// The cleaned sequence: upper-case letters of the alphabet that was asked for, at least one.
    pub sequence: String,
    /// The label as text, where there is one, without surrounding blanks.
    pub label: Option<String>,
    /// The split that the file assigns ("train", "dev", …), where it does.
    pub split: Option<String>,
    /// The group that must not be torn apart by a split (a chromosome, a gene family), where a column names it.
    pub group: Option<String>,
    /// Where the record stands.
    pub origin: Origin,
    /// What cleaning changed.
    pub repairs: Repairs,
}

impl Record {
    /// A record that comes from no file, for sequences typed in or made by a program.
    pub fn new(id: impl Into<String>, sequence: impl Into<String>) -> Record {
        Record {
            id: id.into(),
            sequence: sequence.into(),
            label: None,
            split: None,
            group: None,
            origin: Origin { file: Arc::from(Path::new("")), line: 0, record: 0 },
            repairs: Repairs::default(),
        }
    }

    /// Whether the name is only the record's number, given for want of one.
    pub(crate) fn is_numbered(&self) -> bool {
        self.id.parse() == Ok(self.origin.record)
    }

    /// The same record with a label.
    pub fn with_label(mut self, label: impl Into<String>) -> Record {
        self.label = Some(label.into());
        self
    }
}

/// A record that was refused: where, which, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Where the record stands.
    pub origin: Origin,
    /// Its name, as far as it could be read.
    pub id: String,
    /// Why it is refused.
    pub reason: Reason,
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.origin)?;
        if !self.id.is_empty() && self.id != self.origin.record.to_string() {
            write!(formatter, " ({})", self.id)?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// Which part of a data set a record serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The model learns from these.
    Train,
    /// The checkpoint is chosen on these.
    Validation,
    /// Scored once, at the end.
    Test,
}

impl Part {
    /// All three, in the order in which they are used.
    pub const ALL: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

    /// "train", "validation" or "test".
    pub fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "validation",
            Part::Test => "test",
        }
    }

    /// Reads the names that data sets use: train, training; validation, valid, val, dev, development, eval;
    /// test, testing, held-out. Upper and lower case alike.
    pub fn parse(name: &str) -> Option<Part> {
        match name.trim().to_lowercase().as_str() {
            "train" | "training" | "tr" => Some(Part::Train),
            "validation" | "valid" | "val" | "dev" | "development" | "eval" | "evaluation" => {
                Some(Part::Validation)
            }
            "test" | "testing" | "te" | "held-out" | "held_out" | "heldout" | "holdout" => Some(Part::Test),
            _ => None,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
