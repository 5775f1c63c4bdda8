//! ROC and precision–recall curves, point by point as scikit-learn gives them.

use serde::{Deserialize, Serialize};

use super::Predictions;

/// A point of a ROC curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RocPoint {
    /// Share of the other classes' records called this class.
    pub false_positive_rate: f64,
    /// Share of the class's records called this class.
    pub true_positive_rate: f64,
    /// Records with at least this probability are called; `None` at the origin, where none are.
    pub threshold: Option<f64>,
}

/// A point of a precision–recall curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecallPoint {
    /// Share of the class's records called this class.
    pub recall: f64,
    /// Share of the called records that are of the class.
    pub precision: f64,
    /// Records with at least this probability are called; `None` at recall 0, where none are.
    pub threshold: Option<f64>,
}

/// (threshold, true positives, false positives) at every distinct probability of `class`, from the highest on.
fn counts(predictions: &Predictions, class: usize) -> Vec<(f64, u64, u64)> {
    let scores = predictions.scores(class);
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut counts: Vec<(f64, u64, u64)> = Vec::new();
    let (mut hits, mut misses) = (0, 0);
    for record in order {
        if predictions.labels()[record] == class {
            hits += 1;
        } else {
            misses += 1;
        }
        match counts.last_mut() {
            Some(last) if last.0 == scores[record] => *last = (last.0, hits, misses),
            _ => counts.push((scores[record], hits, misses)),
        }
    }
    counts
}

/// The ROC curve of `class` against the rest, from (0, 0) to (1, 1), without points on a straight line between their
/// neighbours: scikit-learn's `roc_curve(drop_intermediate=True)`. Empty when the class, or the rest, has no record.
#[must_use]
pub fn roc_curve(predictions: &Predictions, class: usize) -> Vec<RocPoint> {
    let counts = counts(predictions, class);
    let Some(&(_, positives, negatives)) = counts.last() else {
        return Vec::new();
    };
    if positives == 0 || negatives == 0 {
        return Vec::new();
    }
    let mut points = vec![RocPoint { false_positive_rate: 0.0, true_positive_rate: 0.0, threshold: None }];
    for (position, &(threshold, hits, misses)) in counts.iter().enumerate() {
        let straight = position > 0 && position + 1 < counts.len() && {
            let (before, after) = (counts[position - 1], counts[position + 1]);
            hits - before.1 == after.1 - hits && misses - before.2 == after.2 - misses
        };
        if !straight {
            points.push(RocPoint {
                false_positive_rate: misses as f64 / negatives as f64,
                true_positive_rate: hits as f64 / positives as f64,
                threshold: Some(threshold),
            });
        }
    }
    points
}

/// The precision–recall curve of `class` against the rest, from recall 0 (precision 1 by convention) to 1; every distinct
/// probability is a point, scikit-learn's `precision_recall_curve` in the other direction. Empty when the class has no record.
#[must_use]
pub fn precision_recall_curve(predictions: &Predictions, class: usize) -> Vec<PrecisionRecallPoint> {
    let counts = counts(predictions, class);
    let positives = counts.last().map_or(0, |last| last.1);
    if positives == 0 {
        return Vec::new();
    }
    let mut points = vec![PrecisionRecallPoint { recall: 0.0, precision: 1.0, threshold: None }];
    points.extend(counts.iter().map(|&(threshold, hits, misses)| PrecisionRecallPoint {
        recall: hits as f64 / positives as f64,
        precision: hits as f64 / (hits + misses) as f64,
        threshold: Some(threshold),
    }));
    points
}
