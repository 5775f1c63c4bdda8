//! How far the numbers would move on other held-out records: 95 % bootstrap intervals, and the paired difference of two models.
//!
//! Records are drawn again with replacement *within each true class* (stratified), as many as the class has. The test split
//! is itself drawn class by class, so the resampling repeats the way the data were drawn (Davison & Hinkley, Bootstrap
//! Methods and their Application, 1997, section 3.2), as ROC studies do (Carpenter & Bithell, Stat. Med. 19:1141, 2000; the
//! default of pROC, Robin et al., BMC Bioinformatics 12:77, 2011); and no draw leaves a rare class without a record, which
//! would leave its scores undefined. The interval is the percentile interval (Efron & Tibshirani, An Introduction to the
//! Bootstrap, 1993, chapter 13). It speaks of other records of the same kind with the same class shares, not of another
//! training run with another seed.
//!
//! Two models are compared on the same draws, so that what is easy or hard for both cancels out.
//!
//! ```
//! use episome_train::{bootstrap::{self, Resampling}, metrics::{Metric, Predictions}};
//!
//! let labels: Vec<usize> = (0..200).map(|record| record % 2).collect();
//! let logits: Vec<f32> = (0..200).flat_map(|record| [0.0, if record % 5 == 0 { -0.1 } else { record as f32 % 2.0 - 0.5 }]).collect();
//! let predictions = Predictions::from_logits(&logits, &labels, 2)?;
//! let intervals = bootstrap::intervals(&predictions, &Resampling::default());
//! let accuracy = &intervals[&Metric::Accuracy];
//! assert!(accuracy.low < 0.9 && 0.9 < accuracy.high);
//! # Ok::<(), episome_train::metrics::Error>(())
//! ```

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::metrics::{Error, Metric, Predictions, Ranking, Tally};

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    /// How many times the records are drawn again.
    pub resamples: usize,
    /// Share of the draws that the interval holds, 0.95 for a 95 % interval.
    pub confidence: f64,
    /// Same seed, same interval, whatever the number of threads.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { resamples: 2_000, confidence: 0.95, seed: 0 }
    }
}

/// A number with the interval around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The number on the records as they are.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies within, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Intervals of every headline metric that the records define.
#[must_use]
pub fn intervals(predictions: &Predictions, resampling: &Resampling) -> BTreeMap<Metric, Interval> {
    let model = Model::of(predictions);
    let ones = vec![1; predictions.records()];
    let estimates = model.metrics(&ones);
    let draws = draws(predictions, resampling, |weights| model.metrics(weights));
    collect(&estimates, &draws, resampling)
}

/// `ours` minus `theirs` for every headline metric that the records define, on the same draws of the same records in the
/// same order. For the loss a negative difference is the better one.
///
/// # Errors
/// When the two were not made on the same records: other labels, or another number of classes.
pub fn paired_difference(
    ours: &Predictions,
    theirs: &Predictions,
    resampling: &Resampling,
) -> Result<BTreeMap<Metric, Interval>, Error> {
    if ours.labels() != theirs.labels() || ours.classes() != theirs.classes() {
        return Err(Error::Unpaired { ours: ours.records(), theirs: theirs.records() });
    }
    let (first, second) = (Model::of(ours), Model::of(theirs));
    let difference = |weights: &[u32]| -> Row {
        let (a, b) = (first.metrics(weights), second.metrics(weights));
        std::array::from_fn(|metric| Some(a[metric]? - b[metric]?))
    };
    let estimates = difference(&vec![1; ours.records()]);
    let draws = draws(ours, resampling, difference);
    Ok(collect(&estimates, &draws, resampling))
}

type Row = [Option<f64>; Metric::ALL.len()];

/// Predictions with all that does not change from draw to draw.
struct Model<'a> {
    predictions: &'a Predictions,
    predicted: Vec<usize>,
    rankings: Vec<Ranking>,
}

impl<'a> Model<'a> {
    fn of(predictions: &'a Predictions) -> Self {
        let rankings = (0..predictions.classes()).map(|class| Ranking::of(predictions, class)).collect();
        Self { predictions, predicted: predictions.predicted(), rankings }
    }

    fn metrics(&self, weights: &[u32]) -> Row {
        let tally = Tally::of(self.predictions, &self.predicted, &self.rankings, weights);
        std::array::from_fn(|metric| tally.metric(Metric::ALL[metric]))
    }
}

/// `statistic` of every draw, in the order of the draws. A draw is how often each record was drawn, (N).
fn draws(
    predictions: &Predictions,
    resampling: &Resampling,
    statistic: impl Fn(&[u32]) -> Row + Sync,
) -> Vec<Row> {
    let mut strata = vec![Vec::new(); predictions.classes()];
    for (record, &label) in predictions.labels().iter().enumerate() {
        strata[label].push(record as u32);
    }
    (0..resampling.resamples as u64)
        .into_par_iter()
        .map_init(
            || vec![0; predictions.records()],
            |weights, draw| {
                weights.fill(0);
                let mut random = Counter::new(resampling.seed, draw);
                for stratum in &strata {
                    for _ in 0..stratum.len() {
                        weights[stratum[random.below(stratum.len())] as usize] += 1;
                    }
                }
                statistic(weights)
            },
        )
        .collect()
}

fn collect(estimates: &Row, draws: &[Row], resampling: &Resampling) -> BTreeMap<Metric, Interval> {
    let tail = (1.0 - resampling.confidence) / 2.0;
    let mut intervals = BTreeMap::new();
    for (position, &metric) in Metric::ALL.iter().enumerate() {
        let mut values: Vec<f64> = draws.iter().filter_map(|row| row[position]).collect();
        let (Some(estimate), false) = (estimates[position], values.is_empty()) else {
            continue;
        };
        values.sort_by(f64::total_cmp);
        intervals.insert(
            metric,
            Interval { estimate, low: quantile(&values, tail), high: quantile(&values, 1.0 - tail) },
        );
    }
    intervals
}

/// Linear between the two nearest of the sorted `values`, as NumPy's `quantile`.
fn quantile(values: &[f64], share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(values.len() - 1);
    values[below] + (place - below as f64) * (values[above] - values[below])
}

/// Random numbers from a counter, SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): draw `n` of seed `s` is the same on every
/// thread.
struct Counter(u64);

impl Counter {
    fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed ^ mix(stream.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// A number below `limit`, by Lemire's multiplication (limit is far below 2³²; the bias is below 2⁻³²).
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        ((u128::from(mix(self.0)) * limit as u128) >> 64) as usize
    }
}

const fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests;
