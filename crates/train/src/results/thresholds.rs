//! What happens to the counts when records are called a class from another probability on.

use std::path::Path;

use serde::Serialize;

use super::scored;
use crate::error::Error;

/// Hundredths: enough for a slider.
const POINTS: u32 = 100;

/// The counts at thresholds from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    /// The class.
    pub class: String,
    /// Records of the class.
    pub positives: u64,
    /// All other records.
    pub negatives: u64,
    /// One for each threshold, from the lowest on.
    pub points: Vec<ThresholdPoint>,
}

/// The counts where records with at least this probability are called the class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ThresholdPoint {
    /// The probability.
    pub threshold: f64,
    /// Records of the class that are called so.
    pub true_positives: u64,
    /// Other records that are called so.
    pub false_positives: u64,
    /// Other records that are not.
    pub true_negatives: u64,
    /// Records of the class that are missed.
    pub false_negatives: u64,
    /// Of the called records, the share that is of the class; none where none is called.
    pub precision: Option<f64>,
    /// Of the class's records, the share that is called.
    pub recall: Option<f64>,
    /// Of the other records, the share that is not called.
    pub specificity: Option<f64>,
    /// The harmonic mean of precision and recall.
    pub f1: Option<f64>,
    /// Matthews' correlation; 0 where it is not defined.
    pub mcc: f64,
    /// The share of records on the right side.
    pub accuracy: Option<f64>,
}

/// The counts of a run's scored records: of the class called `class`, or the second of two and the first of more. At
/// `threshold`, or at every hundredth.
///
/// # Errors
/// When the run has no report, or there is no such class.
pub fn thresholds(run: &Path, class: Option<&str>, threshold: Option<f64>) -> Result<Thresholds, Error> {
    let metrics = super::metrics(run)?;
    let labels = &metrics.labels;
    let chosen = match class {
        Some(name) => labels.iter().position(|label| label == name).ok_or_else(|| Error::Setting {
            flag: "--class".to_owned(),
            value: name.to_owned(),
            reason: format!("it is one of {}", labels.join(", ")),
        })?,
        None => usize::from(labels.len() == 2),
    };
    let rows = scored::read(run, labels)?;
    let scores: Vec<(f64, bool)> =
        rows.iter().map(|row| (row.probabilities[chosen], row.truth == chosen)).collect();
    let positives = scores.iter().filter(|(_, of_class)| *of_class).count() as u64;
    let wanted: Vec<f64> = match threshold {
        Some(threshold) => vec![threshold.clamp(0.0, 1.0)],
        None => (0..=POINTS).map(|point| f64::from(point) / f64::from(POINTS)).collect(),
    };
    Ok(Thresholds {
        class: labels[chosen].clone(),
        positives,
        negatives: scores.len() as u64 - positives,
        points: wanted.into_iter().map(|threshold| point(&scores, threshold)).collect(),
    })
}

fn point(scores: &[(f64, bool)], threshold: f64) -> ThresholdPoint {
    let count = |called: bool, of_class: bool| {
        scores.iter().filter(|(score, truth)| (*score >= threshold) == called && *truth == of_class).count()
            as u64
    };
    let (hits, false_alarms) = (count(true, true), count(true, false));
    let (misses, rejected) = (count(false, true), count(false, false));
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let [tp, fp, tn, fn_] = [hits, false_alarms, rejected, misses].map(|count| count as f64);
    let root = ((tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_)).sqrt();
    ThresholdPoint {
        threshold,
        true_positives: hits,
        false_positives: false_alarms,
        true_negatives: rejected,
        false_negatives: misses,
        precision: share(hits, hits + false_alarms),
        recall: share(hits, hits + misses),
        specificity: share(rejected, rejected + false_alarms),
        f1: share(2 * hits, 2 * hits + false_alarms + misses),
        mcc: if root > 0.0 { (tp * tn - fp * fn_) / root } else { 0.0 },
        accuracy: share(hits + rejected, scores.len() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_follow_the_threshold() {
        let scores = [(0.9, true), (0.8, false), (0.4, true), (0.1, false)];
        let middle = point(&scores, 0.5);
        assert_eq!((middle.true_positives, middle.false_positives), (1, 1));
        assert_eq!((middle.true_negatives, middle.false_negatives), (1, 1));
        assert_eq!((middle.precision, middle.mcc), (Some(0.5), 0.0));
        let low = point(&scores, 0.0);
        assert_eq!((low.true_positives, low.false_positives, low.specificity), (2, 2, Some(0.0)));
        assert_eq!(point(&scores, 1.0).precision, None, "nothing is called");
    }
}
