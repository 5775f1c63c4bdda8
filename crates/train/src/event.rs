//! What happens in a run, as it happens: the lines of events.jsonl.

use crate::metrics::Metric;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// One line of events.jsonl: a JSON object with `type` and `time` (RFC 3339, UTC).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// Training begins, or goes on.
    Started {
        /// When.
        time: String,
        /// Steps that a resumed run had taken already; 0 for a new one. Step events beyond it that stand earlier in the file
        /// were lost with the process and are repeated.
        resumed_at: usize,
        /// The program's version.
        version: String,
        /// The base model's name.
        base: String,
        /// The method.
        method: String,
        /// Numbers that training changes.
        trainable_parameters: usize,
        /// All numbers of the model with its adapter.
        all_parameters: usize,
        /// The former in per cent of the latter, to four decimals.
        trainable_percent: f64,
        /// Modules that the adapter sits on.
        matched_modules: Vec<String>,
        /// The labels in the order of the head's outputs.
        labels: Vec<String>,
        /// Records in the three splits.
        records: Records,
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
        /// Threads in use on the processor.
        threads: usize,
    },
    /// A part of the work that takes a while.
    Progress {
        /// When.
        time: String,
        /// `reading`, `auditing`, `tokenizing`, `loading`, `baseline`, `testing` or `report`.
        stage: Stage,
        /// A sentence.
        message: String,
        /// Records done; `None` where nothing is counted.
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
    Evaluation {
        /// When.
        time: String,
        /// `validation` or `test`.
        split: String,
        /// Steps done.
        step: usize,
        /// Epochs done.
        epoch: f64,
        /// Records scored.
        records: usize,
        /// Whether it is the best so far by the chosen metric.
        best: bool,
        /// Every metric by name; `null` where it does not exist.
        #[serde(flatten)]
        metrics: Map<String, Value>,
    },
    /// The state was saved; a killed run goes on from here.
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
        /// A short word for machines, such as `truncated` or `contradicting-labels`.
        kind: String,
        /// A sentence, with numbers and what to do.
        message: String,
        /// How many records it concerns, where it concerns records.
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
        metric: Metric,
        /// Its value on the validation split.
        best: Option<f64>,
        /// Why the training ended before the last epoch, if it did.
        ended_early: Option<String>,
        /// Whether it did because someone wanted it judged as it was.
        #[serde(default)]
        on_request: bool,
        /// Seconds of work, those before an interruption among them.
        seconds: f64,
    },
    /// A pretraining is complete.
    Pretrained {
        /// When.
        time: String,
        /// Steps taken.
        step: usize,
        /// Passes over the sequences.
        epoch: f64,
        /// The model's folder.
        model: PathBuf,
        /// What the model needs on held-out sequences.
        bits_per_base: f64,
        /// What a Markov model of order 5 needs on the same bases.
        markov_bits_per_base: f64,
        /// Seconds of training.
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
        /// What to do about it; in events of older versions the message says it.
        #[serde(default)]
        remedy: Option<String>,
        /// Steps done.
        step: usize,
        /// Whether `episome resume` can go on.
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
        /// The best adapter so far, if there was an evaluation.
        adapter: Option<PathBuf>,
    },
}

/// A part of the work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Trained on.
    pub train: usize,
    /// Choosing the best state.
    pub validation: usize,
    /// Scored once.
    pub test: usize,
}
