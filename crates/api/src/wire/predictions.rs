//! Predicting, and the rows that it gives while it goes on and afterwards.
//!
//! The rows stand in a file beside the cache, a JSON object a line; a page of them is read from there, sorted and filtered.

mod save;
mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::data::{ColumnChoice, Repairs};
use super::jobs::{Job, JobRequest};
use super::state::State;
use crate::wire::carry::carry;
use crate::{AdapterSummary, Error, Kind, PredictRequest, predict, predicting_model};
pub(super) use table::Table;
use table::{RowsPage, RowsRequest};

/// What to predict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PredictionRequest {
    /// A run, an adapter folder, or the folder of a merged model.
    pub adapter: PathBuf,
    /// Sequence files.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub input: Vec<PathBuf>,
    /// Sequences as pasted: FASTA, or one a line.
    pub text: Option<String>,
    /// The base model, where the adapter's own name for it does not lead to it.
    pub model: Option<String>,
    /// Stop at a record that cannot be read, instead of giving it a row with a note.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub strict: bool,
    /// The most tokens of a sequence; absent: as in training.
    pub max_length: Option<usize>,
    /// The columns of tables; only sequences and names are looked at.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub columns: ColumnChoice,
}

/// What is to predict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PredictingRequest {
    /// A run, an adapter folder, or the folder of a merged model.
    pub adapter: PathBuf,
}

/// How far a prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PredictionProgress {
    /// Rows that `predict.rows` can give.
    pub sequences: u64,
    /// Of these, rows without a prediction because the record was refused.
    pub invalid: u64,
    /// Of these, sequences cut to the model's limit.
    pub truncated: u64,
    /// Of these, sequences unlike anything trained on: their predictions stand on nothing.
    pub unlike: u64,
    /// Tokens computed.
    pub tokens: u64,
    /// Letters read, after cleaning.
    pub letters: u64,
}

/// What a prediction gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PredictionSummary {
    /// Whether every record has its row; false after `job.cancel`.
    pub complete: bool,
    /// What predicted.
    pub adapter: PathBuf,
    /// The base model's name.
    pub base: String,
    /// Counts.
    #[serde(flatten)]
    pub progress: PredictionProgress,
    /// The most tokens of a sequence.
    pub max_length: usize,
    /// Rows predicted for each label, in the labels' order.
    pub predicted: Vec<LabelCount>,
    /// What cleaning changed.
    pub repairs: Repairs,
    /// Seconds from the first record to the last row.
    pub seconds: f64,
}

/// Rows predicted for one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// The rows.
    pub sequences: u64,
}

/// The predictions whose rows can still be asked for.
#[derive(Default)]
pub(super) struct Predictions(Mutex<HashMap<String, Arc<Table>>>);

impl Predictions {
    fn add(&self, job: &str, table: Arc<Table>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job.to_owned(), table);
    }

    fn find(&self, job: &str) -> Option<Arc<Table>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned()
    }

    /// Lets go of what nobody has asked for since long: of rows whose file is there, only the list, which is made again when
    /// it is asked for; of others, everything. A page that was closed says nothing.
    fn tidy(&self) {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|_, table| !table.rests(REST) || table.is_there());
    }

    fn forget(&self, job: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(job);
    }
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new(
            "predict.model",
            |_: &State, request: PredictingRequest| -> Result<AdapterSummary, Error> {
                predicting_model(&request.adapter)
            },
        ),
        Command::job("predict.start", start),
        Command::new("predict.rows", rows),
        Command::new("predict.save", save::save),
        Command::new("predict.forget", forget),
    ]
}

/// So long the list of a prediction's rows is kept after it was last asked for.
const REST: Duration = Duration::from_secs(60 * 60);

/// Tokens of a batch: small enough that rows come soon.
const BATCH_TOKENS: usize = 2048;

/// At most so often a page is told how far it is.
const PULSE: Duration = Duration::from_millis(100);

fn start(
    state: &State,
    job: &Job<PredictionProgress>,
    request: PredictionRequest,
) -> Result<PredictionSummary, Error> {
    let folder = job.engine().cache.join("predictions");
    std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
    sweep(&folder);
    state.predictions().tidy();
    let out = folder.join(format!("{}.jsonl", job.number()));
    state.predictions().add(job.number(), Arc::new(Table::new(&out)));
    let mut input = request.input;
    if let Some(text) = request.text.filter(|text| !text.trim().is_empty()) {
        let path = folder.join(format!("{}.txt", job.number()));
        std::fs::write(&path, text).map_err(|error| Error::file("write", &path, &error))?;
        input.push(path);
    }
    let asked = PredictRequest {
        adapter: request.adapter,
        input,
        out,
        model: request.model,
        skip_invalid: !request.strict,
        overwrite: false,
        max_length: request.max_length,
        batch_tokens: BATCH_TOKENS,
        sequence_column: request.columns.sequence,
        id_column: request.columns.id,
        sequences: true,
        ..PredictRequest::default()
    };
    let mut told: Option<std::time::Instant> = None;
    let found = predict(job.engine(), &asked, &mut |_| {}, &mut |progress| {
        if told.is_none_or(|told| told.elapsed() >= PULSE) {
            told = Some(std::time::Instant::now());
            let crate::PredictionProgress { sequences, invalid, truncated, unlike, tokens, letters } =
                *progress;
            job.tell(&PredictionProgress { sequences, invalid, truncated, unlike, tokens, letters });
        }
    })?;
    carry(&found)
}

/// Removes what was left of predictions of another week: their program is gone.
fn sweep(folder: &Path) {
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let modified = entry.metadata().and_then(|file| file.modified());
        if modified.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > week)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn table(state: &State, job: &str) -> Result<Arc<Table>, Error> {
    state.predictions().find(job).ok_or_else(|| {
        Error::new(Kind::Usage, "these predictions are not there any more")
            .remedy("predict the sequences again")
    })
}

fn rows(state: &State, request: RowsRequest) -> Result<RowsPage, Error> {
    if state.predictions().find(&request.job).is_none() && state.jobs().is_running(&request.job) {
        // Its thread has only just begun.
        return Ok(RowsPage::default());
    }
    table(state, &request.job)?.page(&request)
}

fn forget(state: &State, request: JobRequest) -> Result<Nothing, Error> {
    if let Some(table) = state.predictions().find(&request.job) {
        state.predictions().forget(&request.job);
        table.remove();
    }
    Ok(Nothing {})
}
