//! The numbers of a report: the wire form of [`train::report::Metrics`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The headline numbers; null where the records cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Scores {
    /// Share of records given the right class.
    pub accuracy: Option<f64>,
    /// Precision, macro average.
    pub precision: Option<f64>,
    /// Recall, macro average.
    pub recall: Option<f64>,
    /// F1, macro average.
    pub f1: Option<f64>,
    /// Matthews correlation coefficient.
    pub mcc: Option<f64>,
    /// Area under the ROC curve.
    pub auroc: Option<f64>,
    /// Average precision.
    pub auprc: Option<f64>,
    /// Cross-entropy in nats a record.
    pub loss: Option<f64>,
}

/// Scores of one class against the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassScores {
    /// Records of the class.
    pub records: u64,
    /// Records called the class.
    pub predicted: u64,
    /// Of the records called the class, the share that is.
    pub precision: Option<f64>,
    /// Of the class's records, the share called so.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
    /// Area under the ROC curve, the class against the rest.
    pub auroc: Option<f64>,
    /// Average precision, the class against the rest.
    pub auprc: Option<f64>,
}

/// Class scores averaged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Averages {
    /// Precision.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// F1.
    pub f1: Option<f64>,
    /// Area under the ROC curve.
    pub auroc: Option<f64>,
    /// Average precision.
    pub auprc: Option<f64>,
}

/// What metrics.json holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunMetrics {
    /// The split that was scored.
    pub split: String,
    /// Records in it.
    pub records: usize,
    /// Class names, by number.
    pub labels: Vec<String>,
    /// What the language model adds to the baseline, in a sentence.
    pub sentence: String,
    /// Why the numbers are not to be believed, where there is a reason.
    #[serde(default)]
    pub findings: Vec<RunFinding>,
    /// The fine-tuned model.
    pub model: ModelMetrics,
    /// The baseline on the same records.
    pub baseline: Option<ModelMetrics>,
    /// The model minus the baseline.
    pub comparison: Option<Difference>,
    /// How the intervals were drawn.
    pub bootstrap: Resampling,
}

/// Something about a finished run that its scores alone do not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunFinding {
    /// `diverged` or `one-class`.
    pub kind: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// One model's numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelMetrics {
    /// What it is.
    pub description: String,
    /// Records that were scored.
    pub records: usize,
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
    /// The interval of each headline number that is defined, by the metric's name.
    pub intervals: BTreeMap<String, Interval>,
    /// ROC and precision–recall curves.
    pub curves: Vec<ClassCurves>,
    /// How sure it was, and how often right.
    pub calibration: Option<Calibration>,
}

/// A number with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Interval {
    /// The number.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The model minus the baseline, on the same draws of the same records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Difference {
    /// The interval of each difference, by the metric's name.
    pub difference: BTreeMap<String, Interval>,
}

/// How intervals were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Resampling {
    /// How many times the records were drawn again.
    pub resamples: usize,
    /// The share of the draws that an interval holds.
    pub confidence: f64,
    /// The seed.
    pub seed: u64,
}

/// Curves of one class against the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassCurves {
    /// Number of the class.
    pub class: usize,
    /// ROC curve.
    pub roc: Vec<RocPoint>,
    /// Precision–recall curve.
    pub precision_recall: Vec<PrecisionRecallPoint>,
}

/// A point of a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RocPoint {
    /// Share of the other classes' records called this class.
    pub false_positive_rate: f64,
    /// Share of the class's records called this class.
    pub true_positive_rate: f64,
    /// Records with at least this probability are called.
    pub threshold: Option<f64>,
}

/// A point of a precision–recall curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PrecisionRecallPoint {
    /// Share of the class's records called this class.
    pub recall: f64,
    /// Share of the called records that are of the class.
    pub precision: f64,
    /// Records with at least this probability are called.
    pub threshold: Option<f64>,
}

/// How sure the model was of the class that it named, and how often it was right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Calibration {
    /// The bins that hold records, by confidence.
    pub bins: Vec<CalibrationBin>,
    /// The expected calibration error.
    pub error: f64,
    /// The mean confidence.
    pub confidence: f64,
    /// The share that was right.
    pub accuracy: f64,
}

/// Records of like confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CalibrationBin {
    /// The lowest confidence in it.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// Its records.
    pub records: u64,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that was right.
    pub accuracy: f64,
}
