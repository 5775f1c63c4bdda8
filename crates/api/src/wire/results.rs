//! What a finished run found, read from its report: the same numbers as in report.html.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::Command;

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

pub(super) fn commands() -> Vec<Command> {
    Vec::new()
}
