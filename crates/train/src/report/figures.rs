//! The figures of a report.

mod training;

use chart::{Axis, ConfusionMatrix, Estimate, Estimates, Figure, Histogram, Lines, Role, Series, Stroke};
use serde::{Deserialize, Serialize};

use super::{Error, History, Metrics, ReportInput, format};
use crate::metrics::Metric;

/// A figure with the name of its file and the words below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// The name of its file, without an ending.
    pub name: String,
    /// The figure.
    pub figure: Figure,
    /// The words below it.
    pub caption: String,
}

/// The figures of a training that is under way or over: `loss`, `validation` and `learning-rate`, as far as there is something
/// to draw.
#[must_use]
pub fn training_figures(history: &History) -> Vec<Named> {
    let figures = [training::loss(history), training::validation(history), training::learning_rate(history)];
    figures.into_iter().flatten().collect()
}

/// Names of the two models, everywhere the same.
pub(super) const OURS: &str = "Fine-tuned language model";
pub(super) const THEIRS: &str = "k-mer baseline";

/// Every figure that the run has numbers for.
pub(super) fn all(input: &ReportInput, metrics: &Metrics) -> Result<Vec<Named>, Error> {
    let figures = [
        scores(metrics),
        Some(confusion(metrics)),
        roc(metrics),
        precision_recall(metrics),
        calibration(metrics),
        training::loss(&input.history),
        training::validation(&input.history),
        training::learning_rate(&input.history),
        lengths(input),
    ];
    let figures: Vec<Named> = figures.into_iter().flatten().collect();
    for named in &figures {
        // A figure that can't be drawn is found before anything is written.
        named.figure.inline_svg().map_err(|source| Error::Figure { name: named.name.clone(), source })?;
    }
    Ok(figures)
}

fn named(name: &str, figure: Figure, caption: impl Into<String>) -> Named {
    Named { name: name.to_owned(), figure, caption: caption.into() }
}

fn held_out(metrics: &Metrics) -> String {
    format::plural(metrics.records as u64, &format!("{} record", metrics.split))
}

fn scores(metrics: &Metrics) -> Option<Named> {
    let models: Vec<_> = [Some(&metrics.model), metrics.baseline.as_ref()].into_iter().flatten().collect();
    let rows: Vec<(String, Vec<Option<Estimate>>)> = Metric::ALL
        .into_iter()
        .filter(|metric| metric.higher_is_better() && metrics.model.intervals.contains_key(metric))
        .map(|metric| {
            let estimates = models.iter().map(|model| {
                let interval = model.intervals.get(&metric)?;
                Some(Estimate { value: interval.estimate, low: interval.low, high: interval.high })
            });
            (metric.title().to_owned(), estimates.collect())
        })
        .collect();
    let figure = Figure::Estimates(Estimates {
        title: "Scores on held-out records".to_owned(),
        note: format!("{}; each line is a 95 % bootstrap interval.", held_out(metrics)),
        x_label: "Score".to_owned(),
        series: [OURS, THEIRS].into_iter().take(models.len()).map(str::to_owned).collect(),
        rows,
    });
    let caption = "Precision, recall and F1 are means over classes, each class counting the same.";
    (metrics.records > 0).then(|| named("scores", figure, caption))
}

fn confusion(metrics: &Metrics) -> Named {
    let figure = Figure::ConfusionMatrix(ConfusionMatrix {
        title: "Confusion matrix".to_owned(),
        note: format!("{}.", held_out(metrics)),
        labels: metrics.labels.clone(),
        counts: metrics.model.evaluation.confusion.clone(),
    });
    named(
        "confusion",
        figure,
        "Rows are true classes, columns predictions of the fine-tuned model; percentages are of the row.",
    )
}

fn unit() -> Option<(f64, f64)> {
    Some((0.0, 1.0))
}

fn axis(label: &str) -> Axis {
    Axis { label: label.to_owned(), ..Axis::default() }
}

/// What curves belong to: the positive class of two, or all of more.
fn positive(metrics: &Metrics) -> String {
    match metrics.labels.as_slice() {
        [_, positive] => format!("positive class: {positive}"),
        _ => "each class against the rest".to_owned(),
    }
}

/// One curve of each model for two classes; one of each class for more.
fn curves(
    metrics: &Metrics,
    metric: Metric,
    points: impl Fn(&super::ClassCurves) -> Vec<(f64, f64)>,
) -> Vec<Series> {
    let series = |name: String, role: Role, points: Vec<(f64, f64)>| Series {
        name,
        role,
        points,
        stroke: Stroke::Solid,
    };
    let curves = if metrics.labels.len() == 2 {
        let models = [
            Some((OURS, Role::Accent, &metrics.model)),
            metrics.baseline.as_ref().map(|model| (THEIRS, Role::Neutral, model)),
        ];
        models
            .into_iter()
            .flatten()
            .flat_map(|(name, role, model)| {
                let value = format::score(model.evaluation.metric(metric));
                model
                    .curves
                    .iter()
                    .map(|curve| series(format!("{name} {value}"), role, points(curve)))
                    .collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    } else {
        metrics
            .model
            .curves
            .iter()
            .map(|curve| {
                let scores = &metrics.model.evaluation.per_class[curve.class];
                let value = if metric == Metric::Auroc { scores.auroc } else { scores.auprc };
                let name = format!("{} {}", metrics.labels[curve.class], format::score(value));
                // Beyond five, colours alone are too near to each other.
                let stroke = if curve.class % 8 < 5 { Stroke::Solid } else { Stroke::Dashed };
                Series { stroke, ..series(name, Role::Class(curve.class), points(curve)) }
            })
            .collect()
    };
    curves.into_iter().filter(|series| !series.points.is_empty()).collect()
}

fn roc(metrics: &Metrics) -> Option<Named> {
    let series = curves(metrics, Metric::Auroc, |curve| {
        curve.roc.iter().map(|point| (point.false_positive_rate, point.true_positive_rate)).collect()
    });
    if series.is_empty() {
        return None;
    }
    let guessing = Series {
        name: "Guessing 0.500".to_owned(),
        role: Role::Axis,
        points: vec![(0.0, 0.0), (1.0, 1.0)],
        stroke: Stroke::Dashed,
    };
    let figure = Figure::Lines(Lines {
        title: "ROC curve".to_owned(),
        note: format!("{}; {}. Numbers are AUROC.", held_out(metrics), positive(metrics)),
        x: Axis { range: unit(), ..axis("False positive rate") },
        y: Axis { range: unit(), ..axis("True positive rate") },
        series,
        reference: Some(guessing),
        marked: None,
        square: true,
        size: None,
    });
    Some(named("roc", figure, "Every threshold on the predicted probability gives one point."))
}

fn precision_recall(metrics: &Metrics) -> Option<Named> {
    let series = curves(metrics, Metric::Auprc, |curve| {
        curve.precision_recall.iter().map(|point| (point.recall, point.precision)).collect()
    });
    if series.is_empty() {
        return None;
    }
    let reference = (metrics.labels.len() == 2).then(|| {
        let share = metrics.model.evaluation.per_class[1].records as f64 / metrics.records as f64;
        Series {
            name: format!("Guessing {}", format::score(Some(share))),
            role: Role::Axis,
            points: vec![(0.0, share), (1.0, share)],
            stroke: Stroke::Dashed,
        }
    });
    let figure = Figure::Lines(Lines {
        title: "Precision–recall curve".to_owned(),
        note: format!("{}; {}. Numbers are AUPRC.", held_out(metrics), positive(metrics)),
        x: Axis { range: unit(), ..axis("Recall") },
        y: Axis { range: unit(), ..axis("Precision") },
        series,
        reference,
        marked: None,
        square: true,
        size: None,
    });
    Some(named(
        "precision-recall",
        figure,
        "AUPRC is the average precision; guessing gives the share of the class.",
    ))
}

fn calibration(metrics: &Metrics) -> Option<Named> {
    let models = [
        Some((OURS, Role::Accent, &metrics.model)),
        metrics.baseline.as_ref().map(|model| (THEIRS, Role::Neutral, model)),
    ];
    let series: Vec<Series> = models
        .into_iter()
        .flatten()
        .filter_map(|(name, role, model)| {
            let calibration = model.calibration.as_ref()?;
            let name = format!("{name} {}", format::score(Some(calibration.error)));
            let points = calibration.bins.iter().map(|bin| (bin.confidence, bin.accuracy)).collect();
            Some(Series { name, role, points, stroke: Stroke::Dotted })
        })
        .collect();
    if series.is_empty() {
        return None;
    }
    let exact = Series {
        name: "As sure as right".to_owned(),
        role: Role::Axis,
        points: vec![(0.0, 0.0), (1.0, 1.0)],
        stroke: Stroke::Dashed,
    };
    let figure = Figure::Lines(Lines {
        title: "Calibration".to_owned(),
        note: format!("{}. Numbers are the expected calibration error.", held_out(metrics)),
        x: Axis { range: unit(), ..axis("Mean confidence") },
        y: Axis { range: unit(), ..axis("Share that is right") },
        series,
        reference: Some(exact),
        square: true,
        ..Lines::default()
    });
    let caption = "Records by how sure the model was of the class that it named. Below the diagonal it is surer than it should be.";
    Some(named("calibration", figure, caption))
}

fn lengths(input: &ReportInput) -> Option<Named> {
    let series: Vec<(String, Role, Vec<f64>)> = input
        .data
        .parts
        .iter()
        .enumerate()
        .map(|(position, part)| {
            let mut name = part.name.clone();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            (name, Role::Class(position), part.lengths.iter().map(|&length| length as f64).collect())
        })
        .collect();
    if series.iter().all(|series: &(String, Role, Vec<f64>)| series.2.is_empty()) {
        return None;
    }
    let figure = Figure::Histogram(Histogram {
        title: "Sequence lengths".to_owned(),
        x_label: "Length (bp)".to_owned(),
        y_label: "Records".to_owned(),
        series,
        ..Histogram::default()
    });
    Some(named("lengths", figure, "All records of the run by their length, the splits stacked."))
}
