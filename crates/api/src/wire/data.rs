//! Looking at sequences before training.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::carry::carry;
use super::command::Command;
use super::method::Configuration;
use super::results::Saved;
use super::state::State;
use crate::{
    Error, InspectDataRequest, Kind, Mend, ReadOptions, TrainRequest, base_model, inspect_data, preview_data,
    preview_split,
};

/// Which data, and how it is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct DataRequest {
    /// Files, a folder, or a Hub data set.
    pub data: Vec<String>,
    /// Files that choose the checkpoint.
    #[ts(optional, as = "Option<_>")]
    pub validation: Vec<String>,
    /// Files that are scored once.
    #[ts(optional, as = "Option<_>")]
    pub test: Vec<String>,
    /// The columns, where they are not to be guessed.
    #[ts(optional, as = "Option<_>")]
    pub columns: ColumnChoice,
    /// The base model whose tokenizer decides which letters are kept; absent: all IUPAC codes are.
    pub model: Option<String>,
    /// List broken records instead of stopping at the first.
    #[ts(optional, as = "Option<_>")]
    pub skip_invalid: bool,
    /// What is left out before anything else; the files stay as they are.
    #[ts(optional, as = "Option<_>")]
    pub repair: Vec<Repair>,
}

/// Records that are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Every record whose sequence stands under two labels or more, on either strand.
    Contradictions,
    /// Training records that validation or test hold too, on either strand.
    Leaks,
    /// Records that repeat an earlier one of the same part, on either strand.
    Duplicates,
}

impl From<Repair> for Mend {
    fn from(repair: Repair) -> Mend {
        match repair {
            Repair::Contradictions => Mend::Contradictions,
            Repair::Leaks => Mend::Leaks,
            Repair::Duplicates => Mend::Duplicates,
        }
    }
}

/// Columns by their names or by their numbers, counted from 1. In FASTA headers: a key, the number of a field, or `file`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ColumnChoice {
    /// The sequences.
    pub sequence: Option<String>,
    /// The labels.
    pub label: Option<String>,
    /// The names of the records.
    pub id: Option<String>,
    /// Train, validation or test.
    pub split: Option<String>,
    /// What must stay in one split.
    pub group: Option<String>,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
}

impl DataRequest {
    pub(super) fn options(&self) -> ReadOptions {
        let columns = self.columns.clone();
        ReadOptions {
            sequence_column: columns.sequence,
            label_column: columns.label,
            id_column: columns.id,
            split_column: columns.split,
            group_column: columns.group,
            sheet: columns.sheet,
            skip_invalid: self.skip_invalid,
            ..ReadOptions::default()
        }
    }

    pub(super) fn asked(&self) -> InspectDataRequest {
        InspectDataRequest {
            data: self.data.clone(),
            validation: self.validation.clone(),
            test: self.test.clone(),
            model: self.model.clone(),
            options: self.options(),
            repair: self.repair.iter().map(|repair| (*repair).into()).collect(),
        }
    }
}

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

/// Rows of the first file as they stand in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct DataRowsRequest {
    /// The data.
    #[serde(flatten)]
    pub data: DataRequest,
    /// Rows to pass over.
    #[ts(optional, as = "Option<_>")]
    pub offset: usize,
    /// Rows at most; absent: 20.
    pub limit: Option<usize>,
}

/// Rows of a file as they stand in it, before any cleaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DataRows {
    /// What the file is.
    pub format: String,
    /// What is taken from which column.
    pub columns: Columns,
    /// The names of the columns; of a table without a header, their numbers.
    pub names: Vec<String>,
    /// The cells as text.
    pub rows: Vec<Vec<String>>,
}

/// Sequences as a model sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TokensRequest {
    /// The base model.
    pub model: String,
    /// The sequences.
    pub sequences: Vec<String>,
}

/// Sequences as a model sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TokenizedSequences {
    /// One for each sequence.
    pub sequences: Vec<SequenceTokens>,
    /// The most tokens that the model takes.
    pub longest_sequence: usize,
}

/// One sequence as a model sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SequenceTokens {
    /// The sequence after cleaning, which `start` and `end` count in.
    pub sequence: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Why it cannot be read, where it cannot.
    pub problem: Option<String>,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Token {
    /// Its id.
    pub id: u32,
    /// Its text as it stands in the vocabulary.
    pub token: String,
    /// The first letter that it stands for, from 0.
    pub start: usize,
    /// The letter after its last; the same as `start` for tokens that stand for none.
    pub end: usize,
}

/// Sequences as a person pastes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PasteRequest {
    /// The text: FASTA, a table, or a sequence a line.
    pub text: String,
}

/// A division to look at beforehand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SplitRequest {
    /// The data.
    #[serde(flatten)]
    pub data: DataRequest,
    /// The settings, of which those of the group `data` and the seed matter.
    #[ts(optional, as = "Option<_>")]
    pub configuration: Configuration,
}

/// How a data set would be divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SplitPart {
    /// `train`, `validation` or `test`.
    pub name: String,
    /// Its records.
    pub records: usize,
    /// Its records of each label, in the labels' order.
    pub per_label: Vec<usize>,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("data.inspect", inspect),
        Command::new("data.rows", rows),
        Command::new("data.tokens", tokens),
        Command::new("data.paste", paste),
        Command::new("data.split_preview", split_preview),
    ]
}

fn inspect(state: &State, request: DataRequest) -> Result<DataReport, Error> {
    carry(&inspect_data(&state.engine(), &request.asked(), &mut |_| {})?)
}

fn rows(state: &State, request: DataRowsRequest) -> Result<DataRows, Error> {
    let limit = request.limit.unwrap_or(20).min(1000);
    carry(&preview_data(&state.engine(), &request.data.asked(), request.offset, limit, &mut |_| {})?)
}

fn tokens(state: &State, request: TokensRequest) -> Result<TokenizedSequences, Error> {
    let engine = super::model::here(state);
    let base = base_model(&engine, &request.model, None, &mut |_| {})
        .map_err(|error| super::model::not_here(&request.model, error))?;
    let tokenizer = tokenizer::Tokenizer::from_folder(&base.folder)?;
    let mut sequences = Vec::new();
    for text in request.sequences.iter().take(100) {
        sequences.push(match sequence::clean(text, tokenizer.alphabet()) {
            Ok((cleaned, _)) => {
                let pieces = tokenizer.pieces(&cleaned)?;
                let token = |piece: tokenizer::Piece| {
                    let tokenizer::Piece { id, token, start, end } = piece;
                    Token { id, token, start, end }
                };
                let tokens = pieces.into_iter().map(token).collect();
                SequenceTokens { sequence: cleaned, tokens, problem: None }
            }
            Err(reason) => {
                let problem = Some(reason.to_string());
                SequenceTokens { sequence: text.clone(), tokens: Vec::new(), problem }
            }
        });
    }
    let longest_sequence = models::Config::read(&base.folder)?.longest_sequence();
    Ok(TokenizedSequences { sequences, longest_sequence })
}

fn paste(state: &State, request: PasteRequest) -> Result<Saved, Error> {
    if request.text.trim().is_empty() {
        return Err(
            Error::new(Kind::Data, "nothing was pasted").remedy("paste FASTA, a table, or a sequence a line")
        );
    }
    let fasta = request.text.trim_start().starts_with('>');
    let path = state.place_for_data(if fasta { "pasted.fasta" } else { "pasted.txt" })?;
    std::fs::write(&path, request.text).map_err(|error| Error::file("write", &path, &error))?;
    Ok(Saved { path })
}

impl DataRequest {
    /// A training on this data.
    pub(super) fn training(
        self,
        model: Option<String>,
        configuration: &Configuration,
    ) -> Result<TrainRequest, Error> {
        let mut configuration = configuration.run_configuration()?;
        let data = &mut configuration.data;
        let ColumnChoice { sequence, label, id, split, group, .. } = self.columns;
        for (chosen, column) in [
            (sequence, &mut data.sequence_column),
            (label, &mut data.label_column),
            (id, &mut data.id_column),
            (split, &mut data.split_column),
            (group, &mut data.group_column),
        ] {
            if chosen.is_some() {
                *column = chosen;
            }
        }
        data.skip_invalid |= self.skip_invalid;
        for repair in self.repair {
            if !data.repair.contains(&repair.into()) {
                data.repair.push(repair.into());
            }
        }
        let model = model.or(self.model);
        let (validation, test) = (self.validation, self.test);
        Ok(TrainRequest { data: self.data, validation, test, model, revision: None, configuration })
    }
}

fn split_preview(state: &State, request: SplitRequest) -> Result<SplitPreview, Error> {
    let asked = request.data.training(None, &request.configuration)?;
    carry(&preview_split(&super::model::here(state), asked, &mut |_| {})?)
}
