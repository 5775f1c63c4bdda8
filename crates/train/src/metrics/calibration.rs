//! Calibration: whether what the model calls 80 % sure is right in 80 % of the cases.

use serde::{Deserialize, Serialize};

use super::Predictions;

/// Bins of one width between 0 and 1, as Guo et al., On Calibration of Modern Neural Networks, ICML 2017 (arXiv 1706.04599).
const BINS: usize = 10;

/// How sure the model was of the class that it named, and how often it was right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The bins that hold records, by confidence.
    pub bins: Vec<CalibrationBin>,
    /// The expected calibration error: the mean distance of confidence and accuracy over the bins, by their records.
    pub error: f64,
    /// The mean confidence over all records.
    pub confidence: f64,
    /// The share of all records that was right.
    pub accuracy: f64,
}

/// Records of like confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// The lowest confidence in it, included.
    pub from: f64,
    /// The highest, excluded but for 1.
    pub to: f64,
    /// Its records.
    pub records: u64,
    /// Their mean confidence: the probability of the class that was named.
    pub confidence: f64,
    /// The share of them that was right.
    pub accuracy: f64,
}

/// The calibration of `predictions`; none where there are no records.
///
/// ```
/// use episome_train::metrics::{Predictions, calibration};
/// let predictions = Predictions::from_probabilities(&[0.1, 0.9, 0.1, 0.9], &[1, 0], 2)?;
/// let calibration = calibration(&predictions).unwrap();
/// assert_eq!(calibration.accuracy, 0.5);
/// assert!((calibration.error - 0.4).abs() < 1e-12);
/// # Ok::<(), episome_train::metrics::Error>(())
/// ```
#[must_use]
pub fn calibration(predictions: &Predictions) -> Option<Calibration> {
    let mut sums = [(0_u64, 0.0, 0_u64); BINS];
    for ((row, &truth), predicted) in
        predictions.rows().zip(predictions.labels()).zip(predictions.predicted())
    {
        let confidence = row[predicted];
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        sums[bin].0 += 1;
        sums[bin].1 += confidence;
        sums[bin].2 += u64::from(predicted == truth);
    }
    let records = predictions.records();
    if records == 0 {
        return None;
    }
    let all = records as f64;
    let bins: Vec<CalibrationBin> = sums
        .iter()
        .enumerate()
        .filter(|(_, sum)| sum.0 > 0)
        .map(|(bin, &(count, confidence, right))| CalibrationBin {
            from: bin as f64 / BINS as f64,
            to: (bin + 1) as f64 / BINS as f64,
            records: count,
            confidence: confidence / count as f64,
            accuracy: right as f64 / count as f64,
        })
        .collect();
    Some(Calibration {
        error: bins.iter().map(|bin| (bin.confidence - bin.accuracy).abs() * bin.records as f64 / all).sum(),
        confidence: sums.iter().map(|sum| sum.1).sum::<f64>() / all,
        accuracy: sums.iter().map(|sum| sum.2).sum::<u64>() as f64 / all,
        bins,
    })
}
