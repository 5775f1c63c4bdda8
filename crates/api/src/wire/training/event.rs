//! What happens in a run: the lines of events.jsonl.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::wire::results::{Averages, ClassScores, Scores};

/// One line of events.jsonl. `time` is RFC 3339, UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(rename = "RunEvent")]
pub enum Event {
    /// Training begins, or goes on.
    Started {
        /// When.
        time: String,
        /// Steps that a resumed run had taken already.
        resumed_at: usize,
        /// The program's version.
        version: String,
        /// The base model's name.
        base: String,
        /// The method.
        method: String,
        /// Parameters that training changes.
        trainable_parameters: u64,
        /// All parameters.
        all_parameters: u64,
        /// The former in per cent of the latter.
        trainable_percent: f64,
        /// Modules that the adapter sits on.
        matched_modules: Vec<String>,
        /// The labels.
        labels: Vec<String>,
        /// Records in the three splits.
        records: SplitCounts,
        /// All optimizer steps of the run.
        steps: usize,
        /// All epochs of the run.
        epochs: usize,
        /// Sequences a step.
        batch_size: usize,
        /// The longest sequence in tokens after cutting.
        longest: usize,
        /// `cpu`, `cuda` or `metal`.
        device: String,
        /// Threads in use.
        threads: usize,
    },
    /// A part of the work that takes a while.
    Progress {
        /// When.
        time: String,
        /// Which part.
        stage: Stage,
        /// A sentence.
        message: String,
        /// Records done.
        done: Option<u64>,
        /// Records in all.
        total: Option<u64>,
    },
    /// An optimizer step.
    Step {
        /// When.
        time: String,
        /// Its number, counted from 1.
        step: usize,
        /// All steps of the run.
        steps: usize,
        /// Epochs done, with the fraction of the current one.
        epoch: f64,
        /// Mean cross-entropy of the batch, in nats.
        loss: f64,
        /// The learning rate of this step.
        learning_rate: f64,
        /// The joint norm of the gradients before clipping.
        gradient_norm: f64,
        /// Sequences a second since the last step event.
        sequences_per_second: f64,
        /// Tokens a second since the last step event.
        tokens_per_second: f64,
    },
    /// A split was scored.
    Evaluation(EvaluationEvent),
    /// The state was saved.
    Checkpoint {
        /// When.
        time: String,
        /// Steps done.
        step: usize,
        /// Its folder, relative to the run.
        path: PathBuf,
        /// Whether it holds the best state.
        best: bool,
    },
    /// Something that the user should know and may want to change.
    Warning {
        /// When.
        time: String,
        /// A short word for machines.
        kind: String,
        /// A sentence, with numbers and what to do.
        message: String,
        /// How many records it concerns.
        count: Option<u64>,
    },
    /// The process waits until it is let go on.
    Paused {
        /// When.
        time: String,
        /// Steps done.
        step: usize,
        /// Why.
        reason: String,
    },
    /// The run is complete.
    Finished {
        /// When.
        time: String,
        /// Steps taken.
        step: usize,
        /// Epochs done.
        epoch: f64,
        /// The adapter's folder.
        adapter: PathBuf,
        /// The report.
        report: PathBuf,
        /// The step whose state is the adapter.
        best_step: usize,
        /// The metric by which it was chosen.
        metric: String,
        /// Its value on the validation split.
        best: Option<f64>,
        /// Why the training ended before the last epoch, if it did.
        ended_early: Option<String>,
        /// Whether it did because someone wanted it judged as it was.
        #[serde(default)]
        on_request: bool,
        /// Seconds of work.
        seconds: f64,
    },
    /// The run could not go on.
    Failed {
        /// When.
        time: String,
        /// A short word for machines.
        kind: String,
        /// What failed.
        message: String,
        /// Where: a file with a line, a setting, a step.
        #[serde(default, rename = "where")]
        place: Option<String>,
        /// What to do about it.
        #[serde(default)]
        remedy: Option<String>,
        /// Steps done.
        step: usize,
        /// Whether the run can be resumed.
        resumable: bool,
    },
    /// The run was stopped on request and can be resumed.
    Stopped {
        /// When.
        time: String,
        /// Steps done.
        step: usize,
        /// Epochs done.
        epoch: f64,
        /// The best adapter so far.
        adapter: Option<PathBuf>,
    },
    /// A line of a kind that this program does not know: a newer one wrote it.
    Unknown,
}

/// A split was scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EvaluationEvent {
    /// When.
    pub time: String,
    /// `validation` or `test`.
    pub split: String,
    /// Steps done.
    pub step: usize,
    /// Epochs done.
    pub epoch: f64,
    /// Records scored.
    pub records: usize,
    /// Whether it is the best so far by the chosen metric.
    pub best: bool,
    /// The headline numbers.
    #[serde(flatten)]
    pub scores: Scores,
    /// Class by class.
    pub per_class: Vec<ClassScores>,
    /// Mean over the classes, each counting the same.
    pub macro_average: Averages,
    /// Mean over the classes, each by its number of records.
    pub weighted_average: Averages,
    /// Records by true class (row) and predicted class (column).
    pub confusion: Vec<Vec<u64>>,
    /// Why a value is missing, by its name.
    #[serde(default)]
    pub undefined: BTreeMap<String, String>,
    /// What a reader must know to read the numbers rightly.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A part of the work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading and cleaning the data files.
    Reading,
    /// Looking for duplicates and contradictions across splits.
    Auditing,
    /// Turning sequences into tokens.
    Tokenizing,
    /// Loading the base model.
    Loading,
    /// Fitting the k-mer baseline.
    Baseline,
    /// Scoring the test split.
    Testing,
    /// Writing the report.
    Report,
}

/// Records in the three splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SplitCounts {
    /// Trained on.
    pub train: usize,
    /// Choosing the best state.
    pub validation: usize,
    /// Scored once.
    pub test: usize,
}
