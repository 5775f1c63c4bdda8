//! What a classifier is worth on held-out records: accuracy, precision, recall, F1, MCC, AUROC, AUPRC and loss.
//!
//! Every value follows scikit-learn's definition, and `tests/golden/metrics.py` checks it against scikit-learn. Where a
//! value does not exist (no held-out record of a class, say) it is `None`, `null` in JSON, and
//! [`Evaluation::undefined`] gives the reason; where scikit-learn answers 0 for a division by zero
//! (`zero_division=0`), so does this, and [`Evaluation::notes`] says that it happened.
//!
//! ```
//! use episome_train::metrics::{Evaluation, Metric};
//!
//! // Four records, two classes: logits as (N, K), row after row.
//! let logits = [2.0, -1.0, 0.5, 0.0, -1.0, 1.0, 0.3, 0.1];
//! let evaluation = Evaluation::of(&logits, &[0, 0, 1, 1], 2)?;
//! assert_eq!(evaluation.metric(Metric::Accuracy), Some(0.75));
//! assert_eq!(evaluation.metric(Metric::Auroc), Some(1.0));
//! assert_eq!(evaluation.confusion, [[2, 0], [1, 1]]);
//! # Ok::<(), episome_train::metrics::Error>(())
//! ```

mod calibration;
mod curve;
mod evaluation;
mod tally;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use calibration::{Calibration, CalibrationBin, calibration};
pub use curve::{PrecisionRecallPoint, RocPoint, precision_recall_curve, roc_curve};
pub use evaluation::{Averages, ClassScores, Evaluation, Scores};
pub(crate) use tally::{Ranking, Tally};

/// Why predictions can't be scored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to score.
    #[error("no records to score: a metric needs at least one labelled record")]
    Empty,
    /// A classifier needs two classes or more.
    #[error("{0} class(es): a classifier needs at least two")]
    Classes(usize),
    /// The number of scores is not records × classes.
    #[error("{values} scores for {records} records of {classes} classes: expected {}", records * classes)]
    Shape {
        /// Scores that came.
        values: usize,
        /// Labels that came.
        records: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A label lies outside the classes.
    #[error("record {record} has label {label}, but there are {classes} classes (0 to {})", classes - 1)]
    Label {
        /// Position of the record, from 0.
        record: usize,
        /// Its label.
        label: usize,
        /// Number of classes.
        classes: usize,
    },
    /// Two models can only be compared on the same records.
    #[error("the two models were not scored on the same records in the same order ({ours} and {theirs})")]
    Unpaired {
        /// Records of the first.
        ours: usize,
        /// Records of the second.
        theirs: usize,
    },
    /// A score is not a finite number.
    #[error(
        "record {record} has a score that is not a number ({value}) for class {class}: the model has diverged"
    )]
    NotFinite {
        /// Position of the record, from 0.
        record: usize,
        /// The class.
        class: usize,
        /// The value, `NaN` or infinite.
        value: f64,
    },
}

/// A headline number, as `--metric` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of records whose predicted class is the true one.
    Accuracy,
    /// Precision, mean over classes (macro).
    Precision,
    /// Recall, mean over classes (macro): balanced accuracy.
    Recall,
    /// F1, mean over classes (macro).
    F1,
    /// Matthews correlation coefficient, Gorodkin's R_K for more than two classes.
    Mcc,
    /// Area under the ROC curve; for more than two classes one against the rest, mean over classes.
    Auroc,
    /// Average precision; for more than two classes one against the rest, mean over classes.
    Auprc,
    /// Cross-entropy, in nats a record.
    Loss,
}

impl Metric {
    /// All of them, in the order in which tables list them.
    pub const ALL: [Self; 8] = [
        Self::Accuracy,
        Self::Mcc,
        Self::F1,
        Self::Precision,
        Self::Recall,
        Self::Auroc,
        Self::Auprc,
        Self::Loss,
    ];

    /// The name that `--metric`, events and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::F1 => "f1",
            Self::Mcc => "mcc",
            Self::Auroc => "auroc",
            Self::Auprc => "auprc",
            Self::Loss => "loss",
        }
    }

    /// The name that people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Accuracy => "Accuracy",
            Self::Precision => "Precision",
            Self::Recall => "Recall",
            Self::F1 => "F1",
            Self::Mcc => "MCC",
            Self::Auroc => "AUROC",
            Self::Auprc => "AUPRC",
            Self::Loss => "Loss",
        }
    }

    /// A sentence for people who have not met it.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Accuracy => {
                "Share of records given the right class; misleading when classes are unbalanced."
            }
            Self::Precision => {
                "Of the records called a class, the share that belongs to it; mean over classes, each counting the same."
            }
            Self::Recall => {
                "Of the records of a class, the share that was found; mean over classes, each counting the same (balanced accuracy)."
            }
            Self::F1 => "Harmonic mean of precision and recall; mean over classes, each counting the same.",
            Self::Mcc => {
                "Correlation between true and predicted class: 1 is perfect, 0 is guessing; fair to unbalanced classes."
            }
            Self::Auroc => {
                "Chance that a record of the class is ranked above one that is not: 1 is perfect, 0.5 is guessing."
            }
            Self::Auprc => "Average precision over all recalls; guessing gives the share of the class.",
            Self::Loss => {
                "Cross-entropy in nats a record: lower is better; ln(number of classes) is guessing."
            }
        }
    }

    /// Whether a larger value is a better one; only for the loss it is not.
    #[must_use]
    pub const fn higher_is_better(self) -> bool {
        !matches!(self, Self::Loss)
    }

    /// Whether `value` is better than `than`. A missing or undefined value is never better; any value is better than none.
    #[must_use]
    pub fn is_better(self, value: Option<f64>, than: Option<f64>) -> bool {
        match (value, than) {
            (Some(value), _) if value.is_nan() => false,
            (Some(_), None) => true,
            (Some(value), Some(than)) if self.higher_is_better() => value > than,
            (Some(value), Some(than)) => value < than,
            (None, _) => false,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that is no metric's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no metric {0:?}: use accuracy, mcc, f1, precision, recall, auroc, auprc or loss")]
pub struct UnknownMetric(
    /// The name that was given.
    pub String,
);

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(name: &str) -> Result<Self, UnknownMetric> {
        let wanted = name.trim().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|metric| metric.name() == wanted)
            .ok_or_else(|| UnknownMetric(name.to_owned()))
    }
}

/// Class probabilities beside the true labels: what every score is computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    classes: usize,
    labels: Vec<usize>,
    /// (N, K), row after row.
    probabilities: Vec<f64>,
    /// Cross-entropy of each record in nats.
    losses: Vec<f64>,
}

impl Predictions {
    /// Softmax of `logits` (N, K), row after row, in f64; `labels` (N), each below `classes`.
    ///
    /// # Errors
    /// When shapes disagree, a label is no class, or a logit is not finite.
    pub fn from_logits(logits: &[f32], labels: &[usize], classes: usize) -> Result<Self, Error> {
        check(logits.iter().copied().map(f64::from), labels, classes)?;
        let mut probabilities = Vec::with_capacity(logits.len());
        let mut losses = Vec::with_capacity(labels.len());
        for (row, &label) in logits.chunks_exact(classes).zip(labels) {
            let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let shifted = |value: f32| f64::from(value) - f64::from(largest);
            let total: f64 = row.iter().map(|&value| shifted(value).exp()).sum();
            probabilities.extend(row.iter().map(|&value| shifted(value).exp() / total));
            losses.push(total.ln() - shifted(row[label]));
        }
        Ok(Self { classes, labels: labels.to_vec(), probabilities, losses })
    }

    /// Takes `probabilities` (N, K), row after row, as they are. The loss clips them at f64's epsilon, as scikit-learn does.
    ///
    /// # Errors
    /// When shapes disagree, a label is no class, or a probability is not finite.
    pub fn from_probabilities(
        probabilities: &[f64],
        labels: &[usize],
        classes: usize,
    ) -> Result<Self, Error> {
        check(probabilities.iter().copied(), labels, classes)?;
        let losses = probabilities
            .chunks_exact(classes)
            .zip(labels)
            .map(|(row, &label)| -row[label].clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln())
            .collect();
        Ok(Self { classes, labels: labels.to_vec(), probabilities: probabilities.to_vec(), losses })
    }

    /// Number of records, N.
    #[must_use]
    pub fn records(&self) -> usize {
        self.labels.len()
    }

    /// Number of classes, K.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// True class of every record, (N).
    #[must_use]
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// Probabilities of one record, (K).
    #[must_use]
    pub fn row(&self, record: usize) -> &[f64] {
        &self.probabilities[record * self.classes..(record + 1) * self.classes]
    }

    /// Probability of `class` for every record, (N).
    #[must_use]
    pub fn scores(&self, class: usize) -> Vec<f64> {
        self.probabilities.iter().skip(class).step_by(self.classes).copied().collect()
    }

    /// Probabilities of every record, K each.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.probabilities.chunks_exact(self.classes)
    }

    /// Cross-entropy of every record in nats, (N).
    #[must_use]
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// The class with the largest probability, the first of equals, for every record, (N).
    #[must_use]
    pub fn predicted(&self) -> Vec<usize> {
        self.probabilities
            .chunks_exact(self.classes)
            .map(|row| {
                let mut best = 0;
                for class in 1..row.len() {
                    if row[class] > row[best] {
                        best = class;
                    }
                }
                best
            })
            .collect()
    }
}

fn check(values: impl ExactSizeIterator<Item = f64>, labels: &[usize], classes: usize) -> Result<(), Error> {
    if classes < 2 {
        return Err(Error::Classes(classes));
    }
    if labels.is_empty() {
        return Err(Error::Empty);
    }
    if values.len() != labels.len() * classes {
        return Err(Error::Shape { values: values.len(), records: labels.len(), classes });
    }
    if let Some((record, &label)) = labels.iter().enumerate().find(|&(_, &label)| label >= classes) {
        return Err(Error::Label { record, label, classes });
    }
    for (position, value) in values.enumerate() {
        if !value.is_finite() {
            return Err(Error::NotFinite { record: position / classes, class: position % classes, value });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
