//! Looking at sequences before training.

mod report;
mod shortcut;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::carry::carry;
use super::command::Command;
use super::jobs::Job;
use super::method::Configuration;
use super::model::DownloadProgress;
use super::results::Saved;
use super::state::State;
use crate::{
    Engine, Error, InspectDataRequest, Kind, Mend, ReadOptions, TrainRequest, base_model, preview_data,
    preview_split, read_data,
};
pub(super) use report::Repairs;
use report::{Columns, DataReport};
use shortcut::{KmerShortcut, ShortcutProgress, ShortcutStage};

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
    /// Records without a label.
    Unlabelled,
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
            Repair::Unlabelled => Mend::Unlabelled,
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

    /// The look that is asked for. No model is fetched for it: one that is not on this machine decides about no letter yet.
    pub(super) fn asked(&self, engine: &Engine) -> InspectDataRequest {
        InspectDataRequest {
            data: self.data.clone(),
            validation: self.validation.clone(),
            test: self.test.clone(),
            model: self.model_here(engine),
            options: self.options(),
            repair: self.repair.iter().map(|repair| (*repair).into()).collect(),
        }
    }

    fn model_here(&self, engine: &Engine) -> Option<String> {
        self.model.clone().filter(|model| crate::is_downloaded(engine, model))
    }
}

/// How a look at data gets on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum InspectProgress {
    /// A data set of the Hub comes to this machine.
    Downloading(DownloadProgress),
    /// The files are read.
    Reading,
    /// The records are checked.
    Checking,
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
    /// Where in headers labels may stand; none in tables.
    pub header_places: Vec<HeaderPlace>,
}

/// A place in FASTA and FASTQ headers where a label may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeaderPlace {
    /// The words for it as the column of labels: a key, the number of a field counted from 1, or `file`.
    pub value: String,
    /// What it is.
    pub kind: HeaderPlaceKind,
    /// What stands there in the first headers, each once.
    pub examples: Vec<String>,
}

/// What a place in headers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeaderPlaceKind {
    /// The value after a key: `label=promoter`.
    Key,
    /// A field of the header cut at blanks and `|`.
    Field,
    /// The name of the file.
    File,
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
        Command::job("data.inspect", inspect),
        Command::job("data.kmer_shortcut", kmer_shortcut),
        Command::new("data.rows", rows),
        Command::new("data.tokens", tokens),
        Command::new("data.paste", paste),
        Command::new("data.split_preview", split_preview),
    ]
}

fn inspect(_: &State, job: &Job<InspectProgress>, request: DataRequest) -> Result<DataReport, Error> {
    job.tell(&InspectProgress::Reading);
    let mut tell =
        |progress: &crate::DownloadProgress| job.tell(&InspectProgress::Downloading(progress.into()));
    let data = read_data(job.engine(), &request.asked(job.engine()), &mut tell)?;
    job.tell(&InspectProgress::Checking);
    carry(&data.report())
}

fn kmer_shortcut(
    state: &State,
    job: &Job<ShortcutProgress>,
    request: DataRequest,
) -> Result<KmerShortcut, Error> {
    // The data was looked at before: nothing is fetched for this.
    let here = Engine { stop: Arc::clone(&job.engine().stop), ..super::model::here(state) };
    let data = read_data(&here, &request.asked(&here), &mut |_| {})?;
    let mut tell = |stage: crate::ShortcutStage| {
        job.tell(&ShortcutProgress {
            stage: match stage {
                crate::ShortcutStage::Dividing => ShortcutStage::Dividing,
                crate::ShortcutStage::Fitting => ShortcutStage::Fitting,
                crate::ShortcutStage::Scoring => ShortcutStage::Scoring,
            },
        })
    };
    carry(&data.kmer_shortcut(&mut tell, &job.engine().stop)?)
}

fn rows(state: &State, request: DataRowsRequest) -> Result<DataRows, Error> {
    let limit = request.limit.unwrap_or(20).min(1000);
    // Only what is here: `data.inspect` fetches, and tells how it gets on.
    let engine = super::model::here(state);
    carry(&preview_data(&engine, &request.data.asked(&engine), request.offset, limit, &mut |_| {})?)
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
    let name = if fasta { "pasted.fasta" } else { "pasted.txt" };
    let aside = state.place_for_data(&format!(".{name}.partial"))?;
    std::fs::write(&aside, request.text).map_err(|error| Error::file("write", &aside, &error))?;
    Ok(Saved { path: state.settle_data(&aside, name)? })
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
    let engine = super::model::here(state);
    let model = request.data.model_here(&engine);
    let asked = DataRequest { model, ..request.data }.training(None, &request.configuration)?;
    carry(&preview_split(&engine, asked, &mut |_| {})?)
}
