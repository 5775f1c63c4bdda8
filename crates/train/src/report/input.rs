//! What a report is made from: plain values, all of which a run knows.

use serde::{Deserialize, Serialize};

use crate::{Finding, metrics::Scores};

/// Everything that a report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportInput {
    /// Name of the run, often its folder's.
    pub title: String,
    /// Class names, by number.
    pub labels: Vec<String>,
    /// The held-out records and what the fine-tuned model says of them.
    pub scored: Scored,
    /// What the baseline says of the same records; `None` with `--no-baseline` or where it failed (say so in `warnings`).
    pub baseline: Option<BaselineScored>,
    /// What happened while training.
    pub history: History,
    /// The data and what the audit found in them.
    pub data: DataSummary,
    /// The base model.
    pub model: BaseModel,
    /// The method's name, "LoRA".
    pub method: String,
    /// Parameters that were trained, the head's among them.
    pub trainable_parameters: u64,
    /// All parameters, as peft counts them.
    pub all_parameters: u64,
    /// Every setting of the run, in the order to show.
    pub settings: Vec<Setting>,
    /// Where and when it ran.
    pub environment: Environment,
    /// Resamples of the bootstrap; 2,000 is usual.
    pub resamples: usize,
    /// Seed of the run; the bootstrap's too.
    pub seed: u64,
    /// What a reader must know, in whole sentences.
    pub warnings: Vec<String>,
    /// Why the numbers are not to be believed, where there is a reason.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// Held-out records and a model's logits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// "test"; "validation" where a run has no test split (the report then says that the numbers are optimistic).
    pub split: String,
    /// Ids, (N).
    pub ids: Vec<String>,
    /// Lengths in bp, (N).
    pub lengths: Vec<usize>,
    /// True classes, (N).
    pub labels: Vec<usize>,
    /// Logits (N, K), row after row.
    pub logits: Vec<f32>,
    /// Records of which the model saw only the beginning, as they are longer than its context.
    pub truncated: usize,
}

/// The baseline on the same records in the same order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineScored {
    /// [`crate::baseline::KmerLogisticRegression::description`].
    pub description: String,
    /// Logits (N, K), row after row.
    pub logits: Vec<f32>,
    /// Seconds that fitting and scoring took.
    pub seconds: f64,
}

/// What happened while training.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Optimizer steps, or some of them.
    pub steps: Vec<StepPoint>,
    /// Evaluations while training.
    pub evaluations: Vec<EvaluationPoint>,
    /// Name of the metric by which the best checkpoint was chosen.
    pub chosen_by: String,
    /// Step of the chosen checkpoint.
    pub best_step: Option<u64>,
    /// Why training ended: "after 3 epochs", "no better for 2 evaluations", "stopped by the user".
    pub ended: String,
}

/// One optimizer step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StepPoint {
    /// Number of the step, from 1.
    pub step: u64,
    /// Epochs done, with a fraction.
    pub epoch: f64,
    /// Loss of the batch, nats a record.
    pub loss: f64,
    /// Learning rate of the step.
    pub learning_rate: f64,
}

/// One evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluationPoint {
    /// Steps done.
    pub step: u64,
    /// Epochs done, with a fraction.
    pub epoch: f64,
    /// "validation", or "train".
    pub split: String,
    /// Its scores.
    pub scores: Scores,
}

/// The data of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DataSummary {
    /// The files that were read.
    pub files: Vec<DataFile>,
    /// The splits, in the order train, validation, test.
    pub parts: Vec<PartSummary>,
    /// How records came to their splits, in a sentence: "drawn at random within each class (80/10/10, seed 42)".
    pub split_method: String,
    /// What the audit found, a sentence each: duplicates, leaks between splits, contradicting labels.
    pub audit: Vec<String>,
    /// What was repaired on entry, a sentence each: "1,204 letters made upper case".
    pub repairs: Vec<String>,
    /// Records left out, a sentence each with the reason.
    pub left_out: Vec<String>,
    /// Where the sequences were simulated: how, in a sentence.
    pub simulated: Option<String>,
}

/// A file of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataFile {
    /// File name, without the folder.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Records read from it.
    pub records: usize,
}

/// One split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartSummary {
    /// "train", "validation" or "test".
    pub name: String,
    /// Records of each class, (K).
    pub per_class: Vec<usize>,
    /// Length of each record in bp.
    pub lengths: Vec<usize>,
}

/// The base model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BaseModel {
    /// Its name: a Hub id, a folder, or the embedded model's.
    pub name: String,
    /// Revision on the Hub, or version.
    pub revision: Option<String>,
    /// SHA-256 of the weights, hexadecimal.
    pub sha256: Option<String>,
    /// Architecture, "GPT-2".
    pub family: String,
    /// Layers, width, heads, vocabulary, context in words: "6 layers × 256, 8 heads, vocabulary 1,024, context 512 tokens".
    pub shape: String,
    /// Licence, where it is known.
    pub licence: Option<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Heading under which it stands: "Method", "Training", "Data".
    pub group: String,
    /// Its name: "Rank".
    pub name: String,
    /// Its value with its unit: "8".
    pub value: String,
}

/// Where and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Episome's version.
    pub version: String,
    /// "CPU", "NVIDIA H100".
    pub device: String,
    /// "f32".
    pub dtype: String,
    /// Worker threads.
    pub threads: usize,
    /// Operating system and processor.
    pub machine: String,
    /// When training started, RFC 3339.
    pub started: String,
    /// Seconds of training, evaluations included, test and report not.
    pub training_seconds: f64,
}
