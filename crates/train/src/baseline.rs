//! The baseline beside every run: logistic regression on log k-mer counts.
//!
//! A language model that does not beat the composition of short words has learned nothing about their order. The baseline
//! counts every word of 1 to 6 letters (5,460 of them, one strand, overlapping, words with letters other than A, C, G, T
//! left out), takes log(1 + count), and fits a logistic regression with an L2 penalty: binomial for two classes,
//! multinomial for more; scikit-learn's `CountVectorizer(analyzer="char", ngram_range=(1, 6))` and `LogisticRegression`, to
//! which `tests/golden/baseline.py` compares it. The objective is Σ loss + ‖w‖²/(2C), the intercept free.
//!
//! C is chosen on the validation split among [`Options::strengths`] by the one-standard-error rule: the strongest penalty
//! whose validation loss is not more than one standard error (of the paired difference) above the best one's (Breiman et
//! al., Classification and Regression Trees, 1984; Hastie, Tibshirani & Friedman, The Elements of Statistical Learning,
//! 2009, section 7.10). Without a validation split it is 0.003, which served promoters of 300 bp well.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use episome_train::baseline::{KmerLogisticRegression, Options};
//!
//! let sequences = ["ATATATATATTATATA", "GCGCGGCGCGCGCCGC", "TATATTTATAATATAT", "GGCGCGCGGCCGCGCG"];
//! let never = AtomicBool::new(false);
//! let baseline = KmerLogisticRegression::fit(&sequences, &[0, 1, 0, 1], 2, None, &Options::default(), &never)?;
//! let probabilities = baseline.probabilities(&["ATATATTATATATATA"]); // (N, K)
//! assert!(probabilities[0] > 0.5);
//! # Ok::<(), episome_train::baseline::Error>(())
//! ```

mod counts;
mod fit;
mod minimise;
mod shortcut;

use std::sync::atomic::AtomicBool;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use counts::Counts;
pub use shortcut::{
    EASY, KmerShortcut, ShortcutError, ShortcutLimits, ShortcutStage, ShortcutVerdict, TellingWords,
    kmer_shortcut,
};

/// Why the baseline can't be fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No training records.
    #[error("no training records: the baseline needs at least one")]
    Empty,
    /// A classifier needs two classes or more.
    #[error("{0} class(es): the baseline needs at least two")]
    Classes(usize),
    /// As many labels as sequences are needed.
    #[error("{sequences} sequences but {labels} labels in the {split} split")]
    Lengths {
        /// Which split.
        split: &'static str,
        /// Number of sequences.
        sequences: usize,
        /// Number of labels.
        labels: usize,
    },
    /// A label lies outside the classes.
    #[error("record {record} of the {split} split has label {label}, but there are {classes} classes")]
    Label {
        /// Which split.
        split: &'static str,
        /// Position of the record, from 0.
        record: usize,
        /// Its label.
        label: usize,
        /// Number of classes.
        classes: usize,
    },
    /// The stop flag was raised.
    #[error("the baseline was stopped before it was fitted")]
    Stopped,
}

/// How to fit. The defaults are what every run uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The longest word, 1 to 7 letters.
    pub longest_word: usize,
    /// Values of C, inverse strength of the penalty, to choose from.
    pub strengths: Vec<f64>,
    /// C where no validation split can choose.
    pub default_strength: f64,
    /// Most steps of the solver for each C.
    pub iterations: usize,
    /// The solver is done when no component of the gradient of the mean loss is larger.
    pub tolerance: f64,
    /// Most stored counts × weight vectors (four bytes a count); beyond, evenly spaced training records are taken.
    pub budget: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            longest_word: 6,
            strengths: vec![0.0003, 0.003, 0.03, 0.3, 3.0],
            default_strength: 0.003,
            iterations: 300,
            tolerance: 1e-4,
            budget: 128_000_000,
        }
    }
}

/// A fitted baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KmerLogisticRegression {
    classes: usize,
    longest_word: usize,
    strength: f64,
    chosen: bool,
    iterations: usize,
    fitted_on: usize,
    training_records: usize,
    /// (features, outputs): one output for two classes, K for more.
    weights: Vec<f64>,
    /// (outputs).
    intercepts: Vec<f64>,
}

impl KmerLogisticRegression {
    /// Fits on cleaned, upper-case `sequences` (N) with `labels` (N) below `classes`, and chooses C on `validation`, records
    /// and labels, if there are any. `stop` ends it early with [`Error::Stopped`]. Same input, same bits, on any number of
    /// threads.
    ///
    /// # Errors
    /// Without records, with labels that are no class, or when stopped.
    pub fn fit<S: AsRef<str> + Sync>(
        sequences: &[S],
        labels: &[usize],
        classes: usize,
        validation: Option<(&[S], &[usize])>,
        options: &Options,
        stop: &AtomicBool,
    ) -> Result<Self, Error> {
        if classes < 2 {
            return Err(Error::Classes(classes));
        }
        if sequences.is_empty() {
            return Err(Error::Empty);
        }
        check("training", sequences.len(), labels, classes)?;
        if let Some((sequences, labels)) = validation {
            check("validation", sequences.len(), labels, classes)?;
        }
        fit::fit(sequences, labels, classes, validation.filter(|split| !split.0.is_empty()), options, stop)
    }

    /// Logits (N, K), row after row. For two classes the first is 0, as softmax does not mind.
    pub fn logits<S: AsRef<str> + Sync>(&self, sequences: &[S]) -> Vec<f32> {
        sequences
            .par_iter()
            .with_min_len(16)
            .flat_map_iter(|sequence| {
                let row = Counts::of(sequence.as_ref(), self.longest_word);
                let mut scores = self.intercepts.clone();
                row.add_to(&self.weights, &mut scores);
                if self.classes == 2 {
                    scores.insert(0, 0.0);
                }
                scores.into_iter().map(|score| score as f32)
            })
            .collect()
    }

    /// Probabilities (N, K), row after row.
    pub fn probabilities<S: AsRef<str> + Sync>(&self, sequences: &[S]) -> Vec<f64> {
        let mut probabilities: Vec<f64> = self.logits(sequences).into_iter().map(f64::from).collect();
        for row in probabilities.chunks_exact_mut(self.classes) {
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.iter_mut().for_each(|value| *value = (*value - largest).exp());
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|value| *value /= total);
        }
        probabilities
    }

    /// C, the inverse strength of the penalty.
    #[must_use]
    pub const fn strength(&self) -> f64 {
        self.strength
    }

    /// Steps that the solver took for the chosen C.
    #[must_use]
    pub const fn iterations(&self) -> usize {
        self.iterations
    }

    /// Training records that it was fitted on; fewer than came where they would not have fitted into the budget.
    #[must_use]
    pub const fn fitted_on(&self) -> usize {
        self.fitted_on
    }

    /// One sentence for reports.
    #[must_use]
    pub fn description(&self) -> String {
        let chosen = if self.chosen { ", chosen on the validation split" } else { "" };
        let part = if self.fitted_on < self.training_records {
            format!(", fitted on {} of {} training records", self.fitted_on, self.training_records)
        } else {
            String::new()
        };
        format!(
            "Logistic regression on log(1 + count) of all words of 1 to {} letters (L2 penalty, C = {}{chosen}{part})",
            self.longest_word, self.strength
        )
    }

    /// The logit's weight of a word of A, C, G and T for `class`: how much it speaks for it. `None` for other words.
    #[must_use]
    pub fn weight(&self, word: &str, class: usize) -> Option<f64> {
        let feature = counts::feature(word, self.longest_word)?;
        let outputs = self.intercepts.len();
        match (self.classes, class) {
            (2, 0) => Some(-self.weights[feature]),
            (2, 1) => Some(self.weights[feature]),
            (classes, class) if class < classes => Some(self.weights[feature * outputs + class]),
            _ => None,
        }
    }
}

fn check(split: &'static str, sequences: usize, labels: &[usize], classes: usize) -> Result<(), Error> {
    if sequences != labels.len() {
        return Err(Error::Lengths { split, sequences, labels: labels.len() });
    }
    match labels.iter().enumerate().find(|&(_, &label)| label >= classes) {
        Some((record, &label)) => Err(Error::Label { split, record, label, classes }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
