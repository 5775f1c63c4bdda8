//! All numbers of a report: what `metrics.json` holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Error, ReportInput, words};
use crate::{
    Finding,
    bootstrap::{self, Interval, Resampling},
    metrics::{
        Calibration, Evaluation, Metric, PrecisionRecallPoint, Predictions, RocPoint, calibration,
        precision_recall_curve, roc_curve,
    },
};

/// Points of a curve that are kept, enough for any screen.
const POINTS: usize = 400;

/// What `metrics.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// The split that was scored.
    pub split: String,
    /// Records in it.
    pub records: usize,
    /// Class names, by number.
    pub labels: Vec<String>,
    /// What the language model adds to the baseline, in a sentence.
    pub sentence: String,
    /// Why the numbers are not to be believed, where there is a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The fine-tuned model.
    pub model: ModelMetrics,
    /// The baseline on the same records.
    pub baseline: Option<ModelMetrics>,
    /// The model minus the baseline.
    pub comparison: Option<Comparison>,
    /// How the intervals were drawn.
    pub bootstrap: Resampling,
}

/// One model's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelMetrics {
    /// What it is.
    pub description: String,
    /// Its scores.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Interval of each headline score that is defined.
    pub intervals: BTreeMap<Metric, Interval>,
    /// ROC and precision–recall curves: of the second class of two, of each of more.
    pub curves: Vec<ClassCurves>,
    /// How sure it was, and how often right.
    #[serde(default)]
    pub calibration: Option<Calibration>,
}

/// Curves of one class against the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassCurves {
    /// Number of the class.
    pub class: usize,
    /// ROC curve, thinned to a few hundred points; empty where it is not defined.
    pub roc: Vec<RocPoint>,
    /// Precision–recall curve, thinned likewise.
    pub precision_recall: Vec<PrecisionRecallPoint>,
}

/// The model minus the baseline, on the same draws of the same records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Interval of the paired difference of each headline score.
    pub difference: BTreeMap<Metric, Interval>,
}

impl Metrics {
    /// Evaluates the model and the baseline.
    ///
    /// # Errors
    /// When logits, labels, ids and lengths do not belong together, or a logit is not finite.
    pub fn of(input: &ReportInput) -> Result<Self, Error> {
        let scored = &input.scored;
        let (records, classes) = (scored.labels.len(), input.labels.len());
        if scored.ids.len() != records || scored.lengths.len() != records {
            return Err(Error::Records { ids: scored.ids.len(), lengths: scored.lengths.len(), records });
        }
        let failed = |source| Error::Metrics { split: scored.split.clone(), source };
        let resampling =
            Resampling { resamples: input.resamples.max(1), seed: input.seed, ..Resampling::default() };
        let predictions = |logits| Predictions::from_logits(logits, &scored.labels, classes).map_err(failed);

        let ours = predictions(&scored.logits)?;
        let description = format!("{} with {}", input.model.name, input.method);
        let model = ModelMetrics::of(&ours, description, &resampling);
        let (baseline, comparison) = match &input.baseline {
            Some(scored) => {
                let theirs = predictions(&scored.logits)?;
                let difference = bootstrap::paired_difference(&ours, &theirs, &resampling).map_err(failed)?;
                (
                    Some(ModelMetrics::of(&theirs, scored.description.clone(), &resampling)),
                    Some(Comparison { difference }),
                )
            }
            None => (None, None),
        };
        let mut metrics = Self {
            split: scored.split.clone(),
            records,
            labels: input.labels.clone(),
            sentence: String::new(),
            findings: input.findings.clone(),
            model,
            baseline,
            comparison,
            bootstrap: resampling,
        };
        metrics.sentence = words::what_it_adds(&metrics);
        Ok(metrics)
    }
}

impl ModelMetrics {
    fn of(predictions: &Predictions, description: String, resampling: &Resampling) -> Self {
        let classes = if predictions.classes() == 2 { 1..2 } else { 0..predictions.classes() };
        Self {
            description,
            evaluation: Evaluation::of_predictions(predictions),
            intervals: bootstrap::intervals(predictions, resampling),
            curves: classes
                .map(|class| ClassCurves {
                    class,
                    roc: thin(roc_curve(predictions, class), |point| {
                        (point.false_positive_rate, point.true_positive_rate)
                    }),
                    precision_recall: thin(precision_recall_curve(predictions, class), |point| {
                        (point.recall, point.precision)
                    }),
                })
                .collect(),
            calibration: calibration(predictions),
        }
    }
}

/// Leaves out points that are nearer than 1/[`POINTS`] to the last kept one; keeps the ends.
fn thin<P: Copy>(points: Vec<P>, place: impl Fn(&P) -> (f64, f64)) -> Vec<P> {
    let Some(&last) = points.last() else { return points };
    let mut kept: Vec<P> = Vec::new();
    for point in &points[..points.len() - 1] {
        let (x, y) = place(point);
        let near = kept.last().is_some_and(|before| {
            let (a, b) = place(before);
            (x - a).hypot(y - b) < 1.0 / POINTS as f64
        });
        if !near {
            kept.push(*point);
        }
    }
    kept.push(last);
    kept
}
