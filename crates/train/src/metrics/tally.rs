//! Counting. One implementation serves a plain evaluation, where every record counts once, and the bootstrap, where a
//! record counts as often as it was drawn.

use super::{Metric, Predictions};

/// Records in order of falling probability of one class, with the places where a group of equal probabilities ends.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    /// Record index; the highest bit says that the record is of the class.
    order: Vec<u32>,
    /// The positions in `order` after which a new probability starts, closed by its length.
    ends: Vec<u32>,
}

const POSITIVE: u32 = 1 << 31;

impl Ranking {
    pub(crate) fn of(predictions: &Predictions, class: usize) -> Self {
        let scores = predictions.scores(class);
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        order.sort_by(|&a, &b| scores[b as usize].total_cmp(&scores[a as usize]));
        let ends = (1..=order.len())
            .filter(|&end| {
                end == order.len() || scores[order[end] as usize] != scores[order[end - 1] as usize]
            })
            .map(|end| end as u32)
            .collect();
        for record in &mut order {
            if predictions.labels()[*record as usize] == class {
                *record |= POSITIVE;
            }
        }
        Self { order, ends }
    }

    /// (positives, negatives) of each group of equal probability, from the most probable on.
    fn groups(&self, weights: &[u32]) -> impl Iterator<Item = (u64, u64)> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let (mut positives, mut all) = (0, 0);
            for &record in &self.order[start..end as usize] {
                let weight = u64::from(weights[(record & !POSITIVE) as usize]);
                all += weight;
                positives += weight * u64::from(record >> 31);
            }
            start = end as usize;
            (positives, all - positives)
        })
    }

    /// Area under the ROC curve (trapezoids, so a tie counts half) and average precision,
    /// Σ (Rₙ − Rₙ₋₁)·Pₙ. `None` where there are no positives (both) or no negatives (the first).
    pub(crate) fn areas(&self, weights: &[u32]) -> (Option<f64>, Option<f64>) {
        let (mut true_positives, mut false_positives, mut twice_area, mut precision) =
            (0_u64, 0_u64, 0_u128, 0.0);
        for (positives, negatives) in self.groups(weights) {
            twice_area += u128::from(negatives) * u128::from(2 * true_positives + positives);
            true_positives += positives;
            false_positives += negatives;
            if positives > 0 {
                precision +=
                    positives as f64 * true_positives as f64 / (true_positives + false_positives) as f64;
            }
        }
        let pairs = u128::from(true_positives) * u128::from(false_positives);
        (
            (pairs > 0).then(|| twice_area as f64 / (2 * pairs) as f64),
            (true_positives > 0).then(|| precision / true_positives as f64),
        )
    }
}

/// Counts of one evaluation, weighted by how often each record counts.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// Rows are the truth, columns the prediction, (K, K).
    pub(crate) confusion: Vec<Vec<u64>>,
    /// (AUROC, AUPRC) of each class against the rest.
    pub(crate) areas: Vec<(Option<f64>, Option<f64>)>,
    /// Mean cross-entropy in nats.
    pub(crate) loss: f64,
}

/// Precision, recall and F1 of one class; a division by zero gives 0.
pub(crate) struct Rates {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
}

pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Tally {
    pub(crate) fn of(
        predictions: &Predictions,
        predicted: &[usize],
        rankings: &[Ranking],
        weights: &[u32],
    ) -> Self {
        let classes = predictions.classes();
        let mut confusion = vec![vec![0; classes]; classes];
        let (mut loss, mut count) = (0.0, 0_u64);
        for (record, &weight) in weights.iter().enumerate() {
            confusion[predictions.labels()[record]][predicted[record]] += u64::from(weight);
            loss += f64::from(weight) * predictions.losses()[record];
            count += u64::from(weight);
        }
        Self {
            confusion,
            areas: rankings.iter().map(|ranking| ranking.areas(weights)).collect(),
            loss: loss / count as f64,
        }
    }

    pub(crate) fn classes(&self) -> usize {
        self.confusion.len()
    }

    /// Records of a class.
    pub(crate) fn support(&self, class: usize) -> u64 {
        self.confusion[class].iter().sum()
    }

    /// Records predicted as a class.
    pub(crate) fn called(&self, class: usize) -> u64 {
        self.confusion.iter().map(|row| row[class]).sum()
    }

    pub(crate) fn total(&self) -> u64 {
        self.confusion.iter().flatten().sum()
    }

    fn hits(&self) -> u64 {
        (0..self.classes()).map(|class| self.confusion[class][class]).sum()
    }

    pub(crate) fn rates(&self, class: usize) -> Rates {
        let (hits, support, called) = (self.confusion[class][class], self.support(class), self.called(class));
        Rates {
            precision: ratio(hits, called),
            recall: ratio(hits, support),
            f1: ratio(2 * hits, support + called),
        }
    }

    pub(crate) fn accuracy(&self) -> f64 {
        ratio(self.hits(), self.total())
    }

    /// Gorodkin's R_K (Comput. Biol. Chem. 28:367, 2004), Matthews' coefficient for two classes; 0 when the truth or the
    /// prediction is a single class, as scikit-learn has it.
    pub(crate) fn mcc(&self) -> f64 {
        let total = self.total() as f64;
        let (mut chance, mut truth, mut prediction) = (0.0, 0.0, 0.0);
        for class in 0..self.classes() {
            let (support, called) = (self.support(class) as f64, self.called(class) as f64);
            chance += support * called;
            truth += support * support;
            prediction += called * called;
        }
        let scale = (total * total - truth) * (total * total - prediction);
        if scale <= 0.0 { 0.0 } else { (self.hits() as f64 * total - chance) / scale.sqrt() }
    }

    /// Mean over the classes that occur in truth or prediction, as scikit-learn averages when it is not told the labels.
    pub(crate) fn macro_mean(&self, rate: impl Fn(&Rates) -> f64) -> f64 {
        let present: Vec<f64> = (0..self.classes())
            .filter(|&class| self.support(class) + self.called(class) > 0)
            .map(|class| rate(&self.rates(class)))
            .collect();
        present.iter().sum::<f64>() / present.len() as f64
    }

    /// Mean over records: classes weighted by their support.
    pub(crate) fn weighted_mean(&self, rate: impl Fn(&Rates) -> f64) -> f64 {
        let weighted = |class: usize| self.support(class) as f64 * rate(&self.rates(class));
        (0..self.classes()).map(weighted).sum::<f64>() / self.total() as f64
    }

    /// AUROC of the second of two classes; of more, the mean over those that have one.
    pub(crate) fn auroc(&self) -> Option<f64> {
        self.area(|areas| areas.0)
    }

    /// AUPRC of the second of two classes; of more, the mean over those that have one.
    pub(crate) fn auprc(&self) -> Option<f64> {
        self.area(|areas| areas.1)
    }

    fn area(&self, pick: impl Fn(&(Option<f64>, Option<f64>)) -> Option<f64>) -> Option<f64> {
        if self.classes() == 2 { pick(&self.areas[1]) } else { mean(self.areas.iter().filter_map(pick)) }
    }

    pub(crate) fn metric(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Accuracy => Some(self.accuracy()),
            Metric::Precision => Some(self.macro_mean(|rates| rates.precision)),
            Metric::Recall => Some(self.macro_mean(|rates| rates.recall)),
            Metric::F1 => Some(self.macro_mean(|rates| rates.f1)),
            Metric::Mcc => Some(self.mcc()),
            Metric::Auroc => self.auroc(),
            Metric::Auprc => self.auprc(),
            Metric::Loss => Some(self.loss),
        }
    }
}

pub(crate) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}
