//! The regression itself: loss, gradient and the choice of C.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{
    Error, KmerLogisticRegression, Options,
    counts::Matrix,
    minimise::{Minimum, minimise},
};

/// Rows are summed in this many parts, then the parts in order: the same bits on any number of threads.
const PARTS: usize = 16;

/// How much less exactly candidates are solved than the one that is chosen.
const ROUGHER: f64 = 10.0;

pub(super) fn fit<S: AsRef<str> + Sync>(
    sequences: &[S],
    labels: &[usize],
    classes: usize,
    validation: Option<(&[S], &[usize])>,
    options: &Options,
    stop: &AtomicBool,
) -> Result<KmerLogisticRegression, Error> {
    let longest_word = options.longest_word.clamp(1, 7);
    let outputs = if classes == 2 { 1 } else { classes };
    let chosen = within(sequences, longest_word, outputs, options.budget);
    let texts: Vec<&str> = chosen.iter().map(|&record| sequences[record].as_ref()).collect();
    let labels: Vec<usize> = chosen.iter().map(|&record| labels[record]).collect();
    let problem = Problem::new(Matrix::of(&texts, longest_word), labels, outputs, stop);

    let mut strengths = match validation {
        Some(_) if !options.strengths.is_empty() => options.strengths.clone(),
        _ => vec![options.default_strength],
    };
    strengths.sort_by(f64::total_cmp);
    let held_out = validation.map(|(sequences, labels)| (Matrix::of(sequences, longest_word), labels));

    // To choose among several, a rough minimum of each is enough.
    let tolerance = options.tolerance * if strengths.len() > 1 { ROUGHER } else { 1.0 };
    let mut start = vec![0.0; (problem.matrix.features + 1) * outputs];
    let mut candidates: Vec<(f64, Minimum, Vec<f64>)> = Vec::new();
    for strength in strengths {
        let minimum = problem.solve(start, strength, tolerance, options.iterations).ok_or(Error::Stopped)?;
        start = minimum.point.clone();
        let losses = held_out
            .as_ref()
            .map_or_else(Vec::new, |(matrix, labels)| losses(matrix, labels, &minimum.point, outputs));
        candidates.push((strength, minimum, losses));
        // The loss falls and then rises with C: once it is clearly worse than the best, weaker penalties are too.
        let (last, best) = (candidates.len() - 1, lowest(&candidates));
        let (mean, error) = excess(&candidates[last].2, &candidates[best].2);
        if mean > error {
            break;
        }
    }
    let best = choose(&candidates);
    let tried = candidates.len();
    let (strength, rough, _) = candidates.swap_remove(best);
    let mut minimum =
        problem.solve(rough.point, strength, options.tolerance, options.iterations).ok_or(Error::Stopped)?;
    minimum.iterations += rough.iterations;
    let mut weights = minimum.point;
    let intercepts = weights.split_off(problem.matrix.features * outputs);
    Ok(KmerLogisticRegression {
        classes,
        longest_word,
        strength,
        chosen: tried > 1,
        iterations: minimum.iterations,
        fitted_on: chosen.len(),
        training_records: sequences.len(),
        weights,
        intercepts,
    })
}

/// The candidate with the lowest loss.
fn lowest(candidates: &[(f64, Minimum, Vec<f64>)]) -> usize {
    let total = |position: usize| candidates[position].2.iter().sum::<f64>();
    (0..candidates.len()).min_by(|&a, &b| total(a).total_cmp(&total(b))).unwrap_or(0)
}

/// Mean of the paired differences of two columns of losses, and its standard error.
fn excess(these: &[f64], those: &[f64]) -> (f64, f64) {
    let differences: Vec<f64> = these.iter().zip(those).map(|(this, that)| this - that).collect();
    let count = differences.len().max(1) as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let variance =
        differences.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    (mean, (variance / count).sqrt())
}

/// The strongest penalty (the first) whose mean loss is within one standard error of the best.
fn choose(candidates: &[(f64, Minimum, Vec<f64>)]) -> usize {
    let best = lowest(candidates);
    (0..best)
        .find(|&position| {
            let (mean, error) = excess(&candidates[position].2, &candidates[best].2);
            mean <= error
        })
        .unwrap_or(best)
}

/// The records to fit on: all, or evenly spaced ones when the counts would take more than the budget.
fn within<S: AsRef<str>>(sequences: &[S], longest: usize, outputs: usize, budget: usize) -> Vec<usize> {
    let entries: usize = sequences
        .iter()
        .map(|sequence| {
            let length = sequence.as_ref().len();
            (1..=longest).map(|word| length.min(1 << (2 * word))).sum::<usize>()
        })
        .sum();
    let needed = entries.saturating_mul(outputs);
    if needed <= budget {
        return (0..sequences.len()).collect();
    }
    let keep = (sequences.len() as u128 * budget as u128 / needed as u128).max(1);
    (0..keep).map(|position| (position * sequences.len() as u128 / keep) as usize).collect()
}

/// Mean loss and penalty, in variables in which every feature is centred and the curvature of each is about one: the
/// minimum is the same, the way to it several times shorter.
struct Problem<'a> {
    matrix: Matrix,
    labels: Vec<usize>,
    outputs: usize,
    /// Mean of each feature.
    means: Vec<f64>,
    /// Mean square of each feature about its mean.
    variances: Vec<f64>,
    stop: &'a AtomicBool,
}

impl<'a> Problem<'a> {
    fn new(matrix: Matrix, labels: Vec<usize>, outputs: usize, stop: &'a AtomicBool) -> Self {
        let count = matrix.rows() as f64;
        let (mut means, mut variances) = (vec![0.0; matrix.features], vec![0.0; matrix.features]);
        for row in 0..matrix.rows() {
            for (feature, value) in matrix.row(row) {
                means[feature] += value;
                variances[feature] += value * value;
            }
        }
        for (mean, variance) in means.iter_mut().zip(&mut variances) {
            *mean /= count;
            *variance = (*variance / count - *mean * *mean).max(0.0);
        }
        Self { matrix, labels, outputs, means, variances, stop }
    }

    /// Weights (features, outputs) and then intercepts (outputs) at the minimum, from `start` on.
    fn solve(&self, start: Vec<f64>, strength: f64, tolerance: f64, iterations: usize) -> Option<Minimum> {
        let (features, outputs) = (self.matrix.features, self.outputs);
        let penalty = 1.0 / (strength * self.matrix.rows() as f64);
        // p(1 − p) is at most 1/4 for two classes and at most this for K.
        let steepest = if outputs == 1 { 0.25 } else { (1.0 - 1.0 / outputs as f64) / outputs as f64 };
        let mut scales = vec![1.0; (features + 1) * outputs];
        for (feature, variance) in self.variances.iter().enumerate() {
            let scale = (steepest * variance + penalty).sqrt();
            scales[feature * outputs..(feature + 1) * outputs].fill(scale);
        }
        scales[features * outputs..].fill(steepest.sqrt());

        let plain = |scaled: &[f64]| -> Vec<f64> {
            let mut point: Vec<f64> =
                scaled.iter().zip(&scales).map(|(value, scale)| value / scale).collect();
            let (weights, intercepts) = point.split_at_mut(features * outputs);
            self.shift(weights, intercepts, -1.0);
            point
        };
        let objective = |scaled: &[f64]| -> Option<(f64, Vec<f64>)> {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let point = plain(scaled);
            let (value, mut gradient) = self.loss(&point, penalty);
            let (weights, intercepts) = gradient.split_at_mut(features * outputs);
            for (feature, mean) in self.means.iter().enumerate() {
                for output in 0..outputs {
                    weights[feature * outputs + output] -= mean * intercepts[output];
                }
            }
            gradient.iter_mut().zip(&scales).for_each(|(component, scale)| *component /= scale);
            Some((value, gradient))
        };

        let mut scaled = start;
        let (weights, intercepts) = scaled.split_at_mut(features * outputs);
        self.shift(weights, intercepts, 1.0);
        scaled.iter_mut().zip(&scales).for_each(|(value, scale)| *value *= scale);
        let minimum = minimise(&objective, scaled, tolerance, iterations)?;
        Some(Minimum { point: plain(&minimum.point), iterations: minimum.iterations })
    }

    /// `intercepts` += `sign` · Σ mean · weight: from plain to centred (1) or back (−1).
    fn shift(&self, weights: &[f64], intercepts: &mut [f64], sign: f64) {
        for (feature, mean) in self.means.iter().enumerate() {
            for (output, intercept) in intercepts.iter_mut().enumerate() {
                *intercept += sign * mean * weights[feature * self.outputs + output];
            }
        }
    }

    /// Mean cross-entropy + penalty/2·‖w‖², and its gradient.
    fn loss(&self, point: &[f64], penalty: f64) -> (f64, Vec<f64>) {
        let rows = self.matrix.rows();
        let outputs = self.outputs;
        let intercepts = self.matrix.features * outputs;
        let parts: Vec<(f64, Vec<f64>)> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let mut gradient = vec![0.0; point.len()];
                let mut scores = vec![0.0; outputs];
                let mut loss = 0.0;
                for row in part * rows / PARTS..(part + 1) * rows / PARTS {
                    score(&self.matrix, row, point, &mut scores);
                    loss += residuals(&mut scores, self.labels[row]);
                    scatter(&self.matrix, row, &scores, &mut gradient);
                    for (component, residual) in gradient[intercepts..].iter_mut().zip(&scores) {
                        *component += residual;
                    }
                }
                (loss, gradient)
            })
            .collect();
        let mut value = 0.0;
        let mut gradient = vec![0.0; point.len()];
        for (loss, part) in parts {
            value += loss;
            gradient.iter_mut().zip(part).for_each(|(sum, component)| *sum += component);
        }
        value /= rows as f64;
        gradient.iter_mut().for_each(|component| *component /= rows as f64);
        for (component, weight) in gradient[..intercepts].iter_mut().zip(point) {
            *component += penalty * weight;
            value += 0.5 * penalty * weight * weight;
        }
        (value, gradient)
    }
}

/// `scores` (outputs) of one row.
fn score(matrix: &Matrix, row: usize, point: &[f64], scores: &mut [f64]) {
    let (weights, intercepts) = point.split_at(features_end(matrix, scores.len()));
    scores.copy_from_slice(intercepts);
    // Lengths that the compiler knows are several times faster.
    match scores.len() {
        1 => gather::<1>(matrix, row, weights, scores),
        3 => gather::<3>(matrix, row, weights, scores),
        4 => gather::<4>(matrix, row, weights, scores),
        5 => gather::<5>(matrix, row, weights, scores),
        6 => gather::<6>(matrix, row, weights, scores),
        7 => gather::<7>(matrix, row, weights, scores),
        8 => gather::<8>(matrix, row, weights, scores),
        outputs => {
            for (feature, value) in matrix.row(row) {
                let weights = &weights[feature * outputs..(feature + 1) * outputs];
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * weight;
                }
            }
        }
    }
}

fn gather<const K: usize>(matrix: &Matrix, row: usize, weights: &[f64], scores: &mut [f64]) {
    let weights = weights.as_chunks::<K>().0;
    let mut sums = [0.0; K];
    for (feature, value) in matrix.row(row) {
        for (sum, weight) in sums.iter_mut().zip(&weights[feature]) {
            *sum += value * weight;
        }
    }
    scores.iter_mut().zip(sums).for_each(|(score, sum)| *score += sum);
}

/// `gradient` (features, outputs) += value · residual for every feature of one row.
fn scatter(matrix: &Matrix, row: usize, residuals: &[f64], gradient: &mut [f64]) {
    match residuals.len() {
        1 => spread::<1>(matrix, row, residuals, gradient),
        3 => spread::<3>(matrix, row, residuals, gradient),
        4 => spread::<4>(matrix, row, residuals, gradient),
        5 => spread::<5>(matrix, row, residuals, gradient),
        6 => spread::<6>(matrix, row, residuals, gradient),
        7 => spread::<7>(matrix, row, residuals, gradient),
        8 => spread::<8>(matrix, row, residuals, gradient),
        outputs => {
            for (feature, value) in matrix.row(row) {
                let components = &mut gradient[feature * outputs..(feature + 1) * outputs];
                for (component, residual) in components.iter_mut().zip(residuals) {
                    *component += value * residual;
                }
            }
        }
    }
}

fn spread<const K: usize>(matrix: &Matrix, row: usize, residuals: &[f64], gradient: &mut [f64]) {
    let Some(&residuals) = residuals.first_chunk::<K>() else {
        return;
    };
    let gradient = gradient.as_chunks_mut::<K>().0;
    for (feature, value) in matrix.row(row) {
        for (component, residual) in gradient[feature].iter_mut().zip(residuals) {
            *component += value * residual;
        }
    }
}

const fn features_end(matrix: &Matrix, outputs: usize) -> usize {
    matrix.features * outputs
}

/// Turns scores into ∂loss/∂score and gives the loss. One score is the log-odds of class 1.
fn residuals(scores: &mut [f64], label: usize) -> f64 {
    if let [score] = scores {
        let truth = if label == 1 { 1.0 } else { 0.0 };
        let loss = score.max(0.0) + (-score.abs()).exp().ln_1p() - truth * *score;
        *score = 1.0 / (1.0 + (-*score).exp()) - truth;
        return loss;
    }
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let truth = scores[label] - largest;
    scores.iter_mut().for_each(|score| *score = (*score - largest).exp());
    let total: f64 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= total);
    scores[label] -= 1.0;
    total.ln() - truth
}

/// Cross-entropy of every row.
fn losses(matrix: &Matrix, labels: &[usize], point: &[f64], outputs: usize) -> Vec<f64> {
    (0..matrix.rows())
        .into_par_iter()
        .with_min_len(16)
        .map(|row| {
            let mut scores = vec![0.0; outputs];
            score(matrix, row, point, &mut scores);
            residuals(&mut scores, labels[row])
        })
        .collect()
}
