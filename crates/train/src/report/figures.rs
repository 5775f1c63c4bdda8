//! The figures of a report.

use chart::{Axis, ConfusionMatrix, Estimate, Estimates, Figure, Histogram, Lines, Role, Series, Stroke};

use super::{Error, Metrics, ReportInput, format, input::EvaluationPoint, words};
use crate::metrics::Metric;

/// A figure with the name of its file and the words below it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) figure: Figure,
    pub(super) caption: String,
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
        loss(input),
        validation(input),
        learning_rate(input),
        lengths(input),
    ];
    let figures: Vec<Named> = figures.into_iter().flatten().collect();
    for named in &figures {
        // A figure that can't be drawn is found before anything is written.
        named.figure.inline_svg().map_err(|source| Error::Figure {
            name: named.name.clone(),
            source,
        })?;
    }
    Ok(figures)
}

fn named(name: &str, figure: Figure, caption: impl Into<String>) -> Named {
    Named {
        name: name.to_owned(),
        figure,
        caption: caption.into(),
    }
}

fn held_out(metrics: &Metrics) -> String {
    format::plural(metrics.records as u64, &format!("{} record", metrics.split))
}

fn scores(metrics: &Metrics) -> Option<Named> {
    let models: Vec<_> = [Some(&metrics.model), metrics.baseline.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    let rows: Vec<(String, Vec<Option<Estimate>>)> = Metric::ALL
        .into_iter()
        .filter(|metric| metric.higher_is_better() && metrics.model.intervals.contains_key(metric))
        .map(|metric| {
            let estimates = models.iter().map(|model| {
                let interval = model.intervals.get(&metric)?;
                Some(Estimate {
                    value: interval.estimate,
                    low: interval.low,
                    high: interval.high,
                })
            });
            (metric.title().to_owned(), estimates.collect())
        })
        .collect();
    let figure = Figure::Estimates(Estimates {
        title: "Scores on held-out records".to_owned(),
        note: format!("{}; each line is a 95 % bootstrap interval.", held_out(metrics)),
        x_label: "Score".to_owned(),
        series: [OURS, THEIRS]
            .into_iter()
            .take(models.len())
            .map(str::to_owned)
            .collect(),
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
    Axis {
        label: label.to_owned(),
        ..Axis::default()
    }
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
            metrics
                .baseline
                .as_ref()
                .map(|model| (THEIRS, Role::Neutral, model)),
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
                let value = if metric == Metric::Auroc {
                    scores.auroc
                } else {
                    scores.auprc
                };
                let name = format!("{} {}", metrics.labels[curve.class], format::score(value));
                // Beyond five, colours alone are too near to each other.
                let stroke = if curve.class % 8 < 5 {
                    Stroke::Solid
                } else {
                    Stroke::Dashed
                };
                Series {
                    stroke,
                    ..series(name, Role::Class(curve.class), points(curve))
                }
            })
            .collect()
    };
    curves
        .into_iter()
        .filter(|series| !series.points.is_empty())
        .collect()
}

fn roc(metrics: &Metrics) -> Option<Named> {
    let series = curves(metrics, Metric::Auroc, |curve| {
        curve
            .roc
            .iter()
            .map(|point| (point.false_positive_rate, point.true_positive_rate))
            .collect()
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
        x: Axis {
            range: unit(),
            ..axis("False positive rate")
        },
        y: Axis {
            range: unit(),
            ..axis("True positive rate")
        },
        series,
        reference: Some(guessing),
        marked: None,
        square: true,
    });
    Some(named(
        "roc",
        figure,
        "Every threshold on the predicted probability gives one point.",
    ))
}

fn precision_recall(metrics: &Metrics) -> Option<Named> {
    let series = curves(metrics, Metric::Auprc, |curve| {
        curve
            .precision_recall
            .iter()
            .map(|point| (point.recall, point.precision))
            .collect()
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
        x: Axis {
            range: unit(),
            ..axis("Recall")
        },
        y: Axis {
            range: unit(),
            ..axis("Precision")
        },
        series,
        reference,
        marked: None,
        square: true,
    });
    Some(named(
        "precision-recall",
        figure,
        "AUPRC is the average precision; guessing gives the share of the class.",
    ))
}

fn evaluations<'a>(input: &'a ReportInput, split: &'a str) -> impl Iterator<Item = &'a EvaluationPoint> {
    input
        .history
        .evaluations
        .iter()
        .filter(move |point| point.split == split)
}

/// The evaluation of the chosen checkpoint.
fn chosen(input: &ReportInput) -> Option<&EvaluationPoint> {
    let best = input.history.best_step?;
    evaluations(input, "validation").find(|point| point.step == best)
}

fn loss(input: &ReportInput) -> Option<Named> {
    let steps = &input.history.steps;
    let batches: Vec<(f64, f64)> = steps.iter().map(|step| (step.epoch, step.loss)).collect();
    let validation: Vec<(f64, f64)> = evaluations(input, "validation")
        .filter_map(|point| Some((point.epoch, point.scores.loss?)))
        .collect();
    if batches.is_empty() && validation.is_empty() {
        return None;
    }
    let window = (batches.len() / 40).clamp(5, 100);
    let mut series = vec![
        Series {
            name: "Validation".to_owned(),
            role: Role::Accent,
            points: validation,
            stroke: Stroke::Dotted,
        },
        Series {
            name: format!("Training, mean of {window} batches"),
            role: Role::Neutral,
            points: average(&batches, window),
            stroke: Stroke::Solid,
        },
        Series {
            name: "Training batches".to_owned(),
            role: Role::Neutral,
            points: thin(&batches),
            stroke: Stroke::Faint,
        },
    ];
    series.retain(|series| !series.points.is_empty());
    // A few wild batches should not press all else together.
    let mut sorted: Vec<f64> = batches
        .iter()
        .map(|point| point.1)
        .filter(|loss| loss.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let measured = series
        .iter()
        .take(series.len().saturating_sub(1))
        .flat_map(|series| series.points.iter().map(|point| point.1));
    let top = measured
        .chain(sorted.get(sorted.len() * 99 / 100).copied())
        .fold(f64::NEG_INFINITY, f64::max);
    for series in &mut series {
        for point in &mut series.points {
            point.1 = point.1.min(top);
        }
    }
    let marked = chosen(input)
        .and_then(|point| Some(("Chosen checkpoint".to_owned(), (point.epoch, point.scores.loss?))));
    let figure = Figure::Lines(Lines {
        title: "Loss while training".to_owned(),
        x: Axis {
            from_zero: true,
            ..axis("Epoch")
        },
        y: axis("Cross-entropy (nats a record)"),
        series,
        marked,
        ..Lines::default()
    });
    let caption =
        "Where validation rises while training falls, the model learns its training records by heart.";
    Some(named("loss", figure, caption))
}

/// Mean of the last `window` values at each place, or of as many as there are, at least half of them.
fn average(points: &[(f64, f64)], window: usize) -> Vec<(f64, f64)> {
    let mut sum = 0.0;
    let mut averages = Vec::new();
    for (position, &(x, y)) in points.iter().enumerate() {
        sum += y;
        if position >= window {
            sum -= points[position - window].1;
        }
        let count = (position + 1).min(window);
        if count * 2 >= window {
            averages.push((x, sum / count as f64));
        }
    }
    thin(&averages)
}

/// At most about a thousand of them, evenly.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points
        .iter()
        .copied()
        .step_by(points.len().div_ceil(1_000).max(1))
        .collect()
}

fn validation(input: &ReportInput) -> Option<Named> {
    let first: Metric = input.history.chosen_by.parse().unwrap_or(words::COMPARED);
    let shown = [first, Metric::Mcc, Metric::Accuracy, Metric::Auroc];
    let mut series: Vec<Series> = Vec::new();
    for metric in shown {
        let known = series.iter().any(|series| series.name == metric.title());
        if known || !metric.higher_is_better() {
            continue;
        }
        let points: Vec<(f64, f64)> = evaluations(input, "validation")
            .filter_map(|point| Some((point.epoch, point.scores.metric(metric)?)))
            .collect();
        if !points.is_empty() {
            let role = Role::Class(series.len());
            series.push(Series {
                name: metric.title().to_owned(),
                role,
                points,
                stroke: Stroke::Dotted,
            });
        }
    }
    let marked = chosen(input)
        .and_then(|point| {
            Some((
                "Chosen checkpoint".to_owned(),
                (point.epoch, point.scores.metric(first)?),
            ))
        })
        .filter(|_| first.higher_is_better());
    if series.is_empty() {
        return None;
    }
    let figure = Figure::Lines(Lines {
        title: "Validation scores while training".to_owned(),
        x: Axis {
            from_zero: true,
            ..axis("Epoch")
        },
        y: axis("Score"),
        series,
        marked,
        ..Lines::default()
    });
    let caption = format!(
        "The checkpoint with the best validation {} was kept.",
        first.title()
    );
    Some(named("validation", figure, caption))
}

fn learning_rate(input: &ReportInput) -> Option<Named> {
    let points: Vec<(f64, f64)> = input
        .history
        .steps
        .iter()
        .map(|step| (step.step as f64, step.learning_rate))
        .collect();
    if points.is_empty() {
        return None;
    }
    let figure = Figure::Lines(Lines {
        title: "Learning rate".to_owned(),
        x: Axis {
            whole: true,
            from_zero: true,
            ..axis("Optimizer step")
        },
        y: Axis {
            from_zero: true,
            ..axis("Learning rate")
        },
        series: vec![Series {
            name: String::new(),
            role: Role::Accent,
            points: thin(&points),
            stroke: Stroke::Solid,
        }],
        ..Lines::default()
    });
    Some(named(
        "learning-rate",
        figure,
        "The learning rate of each optimizer step.",
    ))
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
            (
                name,
                Role::Class(position),
                part.lengths.iter().map(|&length| length as f64).collect(),
            )
        })
        .collect();
    if series
        .iter()
        .all(|series: &(String, Role, Vec<f64>)| series.2.is_empty())
    {
        return None;
    }
    let figure = Figure::Histogram(Histogram {
        title: "Sequence lengths".to_owned(),
        x_label: "Length (bp)".to_owned(),
        y_label: "Records".to_owned(),
        series,
        ..Histogram::default()
    });
    Some(named(
        "lengths",
        figure,
        "All records of the run by their length, the splits stacked.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_waits_for_half_its_window() {
        let points: Vec<(f64, f64)> = (1..=6).map(|x| (f64::from(x), f64::from(x))).collect();
        assert_eq!(
            average(&points, 4),
            [(2.0, 1.5), (3.0, 2.0), (4.0, 2.5), (5.0, 3.5), (6.0, 4.5)]
        );
    }
}
