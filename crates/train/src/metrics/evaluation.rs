//! All scores of one model on one set of records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Error, Metric, Predictions, Ranking, Tally, tally};

/// The headline numbers; in JSON a number or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

impl Scores {
    /// One of them.
    #[must_use]
    pub const fn metric(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Accuracy => self.accuracy,
            Metric::Precision => self.precision,
            Metric::Recall => self.recall,
            Metric::F1 => self.f1,
            Metric::Mcc => self.mcc,
            Metric::Auroc => self.auroc,
            Metric::Auprc => self.auprc,
            Metric::Loss => self.loss,
        }
    }
}

/// Scores of one class against the rest. `None` where the held-out records cannot tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// All scores of one model on one set of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of records that were scored.
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
    /// Records by true class (row) and predicted class (column), (K, K).
    pub confusion: Vec<Vec<u64>>,
    /// Why a value is missing, by its name (`auroc`, or `per_class.3.recall`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undefined: BTreeMap<String, String>,
    /// What a reader must know to read the numbers rightly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Evaluation {
    /// Scores `logits` (N, K), row after row, against `labels` (N), each below `classes`.
    ///
    /// # Errors
    /// When shapes disagree, a label is no class, or a logit is not finite.
    pub fn of(logits: &[f32], labels: &[usize], classes: usize) -> Result<Self, Error> {
        Ok(Self::of_predictions(&Predictions::from_logits(logits, labels, classes)?))
    }

    /// Scores predictions.
    #[must_use]
    pub fn of_predictions(predictions: &Predictions) -> Self {
        let classes = predictions.classes();
        let rankings: Vec<Ranking> = (0..classes).map(|class| Ranking::of(predictions, class)).collect();
        let ones = vec![1; predictions.records()];
        let tally = Tally::of(predictions, &predictions.predicted(), &rankings, &ones);
        let metric = |metric| tally.metric(metric);
        let mut evaluation = Self {
            records: predictions.records(),
            scores: Scores {
                accuracy: metric(Metric::Accuracy),
                precision: metric(Metric::Precision),
                recall: metric(Metric::Recall),
                f1: metric(Metric::F1),
                mcc: metric(Metric::Mcc),
                auroc: metric(Metric::Auroc),
                auprc: metric(Metric::Auprc),
                loss: metric(Metric::Loss),
            },
            per_class: (0..classes).map(|class| class_scores(&tally, class)).collect(),
            macro_average: Averages {
                precision: metric(Metric::Precision),
                recall: metric(Metric::Recall),
                f1: metric(Metric::F1),
                auroc: tally::mean(tally.areas.iter().filter_map(|areas| areas.0)),
                auprc: tally::mean(tally.areas.iter().filter_map(|areas| areas.1)),
            },
            weighted_average: Averages {
                precision: Some(tally.weighted_mean(|rates| rates.precision)),
                recall: Some(tally.weighted_mean(|rates| rates.recall)),
                f1: Some(tally.weighted_mean(|rates| rates.f1)),
                auroc: weighted(&tally, |areas| areas.0),
                auprc: weighted(&tally, |areas| areas.1),
            },
            undefined: BTreeMap::new(),
            notes: Vec::new(),
            confusion: tally.confusion.clone(),
        };
        evaluation.explain();
        evaluation
    }

    /// One headline number; `None` where the records cannot tell.
    #[must_use]
    pub const fn metric(&self, metric: Metric) -> Option<f64> {
        self.scores.metric(metric)
    }

    /// Fills in `undefined` and `notes`.
    fn explain(&mut self) {
        let absent: Vec<usize> =
            (0..self.per_class.len()).filter(|&class| self.per_class[class].records == 0).collect();
        let silent: Vec<usize> = (0..self.per_class.len())
            .filter(|&class| self.per_class[class].records > 0 && self.per_class[class].predicted == 0)
            .collect();
        let only = self.per_class.iter().filter(|scores| scores.records > 0).count() == 1;
        for &class in &absent {
            let never = self.per_class[class].predicted == 0;
            for (name, value) in fields(&self.per_class[class]) {
                if value.is_none() {
                    let reason = if never {
                        "no record of the class, and none called so"
                    } else {
                        "no record of the class"
                    };
                    self.undefined.insert(format!("per_class.{class}.{name}"), reason.to_owned());
                }
            }
        }
        if only {
            let reason = "all records are of one class, so there is nothing to rank them against";
            for (class, scores) in self.per_class.iter().enumerate() {
                if scores.records > 0 && scores.auroc.is_none() {
                    self.undefined.insert(format!("per_class.{class}.auroc"), reason.to_owned());
                }
            }
            self.notes.push("All records are of one class: MCC is 0 by convention.".to_owned());
        } else if self.per_class.iter().filter(|scores| scores.predicted > 0).count() == 1 {
            self.notes.push("All records were called one class: MCC is 0 by convention.".to_owned());
        }
        for metric in [Metric::Auroc, Metric::Auprc] {
            if self.metric(metric).is_none() {
                let reason = if only && metric == Metric::Auroc {
                    "all records are of one class"
                } else {
                    "no record of the positive class"
                };
                self.undefined.insert(metric.name().to_owned(), reason.to_owned());
            }
        }
        let (called, nowhere): (Vec<usize>, Vec<usize>) =
            absent.iter().partition(|&&class| self.per_class[class].predicted > 0);
        if !nowhere.is_empty() && self.per_class.len() > 2 {
            self.notes
                .push(format!("No record of {}: averages are over the other classes.", classes_of(&nowhere)));
        }
        if !called.is_empty() && self.per_class.len() > 2 {
            self.notes.push(format!(
                "No record of {}, though some were called so: precision, recall and F1 count as 0 in the macro average, \
                 AUROC and AUPRC are averaged over the other classes.",
                classes_of(&called)
            ));
        }
        if !silent.is_empty() {
            self.notes.push(format!(
                "No record was called {}: its precision and F1 are 0 by convention.",
                classes_of(&silent)
            ));
        }
    }
}

fn classes_of(classes: &[usize]) -> String {
    let numbers: Vec<String> = classes.iter().map(usize::to_string).collect();
    format!("class {}", numbers.join(", "))
}

const fn fields(scores: &ClassScores) -> [(&'static str, Option<f64>); 5] {
    [
        ("precision", scores.precision),
        ("recall", scores.recall),
        ("f1", scores.f1),
        ("auroc", scores.auroc),
        ("auprc", scores.auprc),
    ]
}

fn class_scores(tally: &Tally, class: usize) -> ClassScores {
    let (records, predicted) = (tally.support(class), tally.called(class));
    let rates = tally.rates(class);
    ClassScores {
        records,
        predicted,
        // A class that occurs but is never called has precision 0 by scikit-learn's zero_division; one that is neither has none.
        precision: (records + predicted > 0).then_some(rates.precision),
        recall: (records > 0).then_some(rates.recall),
        f1: (records + predicted > 0).then_some(rates.f1),
        auroc: tally.areas[class].0,
        auprc: tally.areas[class].1,
    }
}

fn weighted(tally: &Tally, pick: impl Fn(&(Option<f64>, Option<f64>)) -> Option<f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for class in 0..tally.classes() {
        if let Some(value) = pick(&tally.areas[class]) {
            sum += value * tally.support(class) as f64;
            count += tally.support(class) as f64;
        }
    }
    (count > 0.0).then(|| sum / count)
}
