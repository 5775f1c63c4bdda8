//! What happened while training: losses, validation scores, learning rates.

use chart::{Axis, Figure, Lines, Role, Series, Stroke};

use super::{Named, axis, named};
use crate::{
    metrics::Metric,
    report::{History, input::EvaluationPoint, words},
};

fn evaluations<'a>(history: &'a History, split: &'a str) -> impl Iterator<Item = &'a EvaluationPoint> {
    history.evaluations.iter().filter(move |point| point.split == split)
}

/// The evaluation of the chosen checkpoint.
fn chosen(history: &History) -> Option<&EvaluationPoint> {
    let best = history.best_step?;
    evaluations(history, "validation").find(|point| point.step == best)
}

pub(super) fn loss(history: &History) -> Option<Named> {
    let steps = &history.steps;
    let batches: Vec<(f64, f64)> = steps.iter().map(|step| (step.epoch, step.loss)).collect();
    let validation: Vec<(f64, f64)> = evaluations(history, "validation")
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
    // A few wild batches should not press all else together: the axis ends below them.
    let mut sorted: Vec<f64> = batches.iter().map(|point| point.1).filter(|loss| loss.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let measured = series
        .iter()
        .take(series.len().saturating_sub(1))
        .flat_map(|series| series.points.iter().map(|point| point.1));
    let usual = measured.chain(sorted.get(sorted.len() * 99 / 100).copied());
    let (low, high) = usual
        .chain(sorted.first().copied())
        .filter(|loss| loss.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), loss| (low.min(loss), high.max(loss)));
    let wild = low < high && sorted.last().is_some_and(|largest| *largest > high);
    let marked = chosen(history)
        .and_then(|point| Some(("Chosen checkpoint".to_owned(), (point.epoch, point.scores.loss?))));
    let figure = Figure::Lines(Lines {
        title: "Loss while training".to_owned(),
        x: Axis { from_zero: true, ..axis("Epoch") },
        y: Axis { range: wild.then_some((low, high)), ..axis("Cross-entropy (nats a record)") },
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

/// The most points of a line, enough for any screen.
const POINTS: usize = 1_000;

/// At most [`POINTS`] of them, the first, the last and every peak and trough among them: of each stretch its lowest and its
/// highest.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let [first, inner @ .., last] = points else { return points.to_vec() };
    if points.len() <= POINTS {
        return points.to_vec();
    }
    let mut kept = vec![*first];
    for stretch in inner.chunks(inner.len().div_ceil((POINTS - 2) / 2)) {
        let by_height = |a: &usize, b: &usize| stretch[*a].1.total_cmp(&stretch[*b].1);
        let (lowest, highest) = ((0..stretch.len()).min_by(by_height), (0..stretch.len()).max_by(by_height));
        let (Some(lowest), Some(highest)) = (lowest, highest) else { continue };
        kept.push(stretch[lowest.min(highest)]);
        if lowest != highest {
            kept.push(stretch[lowest.max(highest)]);
        }
    }
    kept.push(*last);
    kept
}

pub(super) fn validation(history: &History) -> Option<Named> {
    let first: Metric = history.chosen_by.parse().unwrap_or(words::COMPARED);
    let shown = [first, Metric::Mcc, Metric::Accuracy, Metric::Auroc];
    let mut series: Vec<Series> = Vec::new();
    for metric in shown {
        let known = series.iter().any(|series| series.name == metric.title());
        if known || !metric.higher_is_better() {
            continue;
        }
        let points: Vec<(f64, f64)> = evaluations(history, "validation")
            .filter_map(|point| Some((point.epoch, point.scores.metric(metric)?)))
            .collect();
        if !points.is_empty() {
            let role = Role::Class(series.len());
            series.push(Series { name: metric.title().to_owned(), role, points, stroke: Stroke::Dotted });
        }
    }
    let marked = chosen(history)
        .and_then(|point| Some(("Chosen checkpoint".to_owned(), (point.epoch, point.scores.metric(first)?))))
        .filter(|_| first.higher_is_better());
    if series.is_empty() {
        return None;
    }
    let figure = Figure::Lines(Lines {
        title: "Validation scores while training".to_owned(),
        x: Axis { from_zero: true, ..axis("Epoch") },
        y: axis("Score"),
        series,
        marked,
        ..Lines::default()
    });
    let caption = format!("The checkpoint with the best validation {} was kept.", first.title());
    Some(named("validation", figure, caption))
}

pub(super) fn learning_rate(history: &History) -> Option<Named> {
    let points: Vec<(f64, f64)> =
        history.steps.iter().map(|step| (step.step as f64, step.learning_rate)).collect();
    if points.is_empty() {
        return None;
    }
    let figure = Figure::Lines(Lines {
        title: "Learning rate".to_owned(),
        x: Axis { whole: true, from_zero: true, ..axis("Optimizer step") },
        y: Axis { from_zero: true, ..axis("Learning rate") },
        series: vec![Series {
            name: String::new(),
            role: Role::Accent,
            points: thin(&points),
            stroke: Stroke::Solid,
        }],
        ..Lines::default()
    });
    Some(named("learning-rate", figure, "The learning rate of each optimizer step."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_waits_for_half_its_window() {
        let points: Vec<(f64, f64)> = (1..=6).map(|x| (f64::from(x), f64::from(x))).collect();
        assert_eq!(average(&points, 4), [(2.0, 1.5), (3.0, 2.0), (4.0, 2.5), (5.0, 3.5), (6.0, 4.5)]);
    }

    #[test]
    fn a_long_run_is_drawn_with_few_points_that_keep_every_extreme() {
        // 200,000 steps with one spike and one dip in them.
        let loss = |step: u64| match step {
            77_777 => 9.5,
            123_456 => 0.01,
            _ => 0.7 + (step % 7) as f64 * 0.01,
        };
        let point = |step: u64| crate::report::StepPoint {
            step,
            epoch: step as f64 / 1_000.0,
            loss: loss(step),
            learning_rate: 1e-3,
        };
        let history = History { steps: (1..=200_000).map(point).collect(), ..History::default() };
        for named in [super::loss(&history), learning_rate(&history)].into_iter().flatten() {
            let Figure::Lines(lines) = named.figure else { panic!("lines") };
            for series in &lines.series {
                assert!(series.points.len() <= POINTS, "{}: {}", series.name, series.points.len());
                assert!(series.points.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{}", series.name);
            }
            if named.name == "loss" {
                let batches = lines.series.last().unwrap();
                let held = |wanted: f64| batches.points.iter().any(|point| point.1 == wanted);
                assert!(held(9.5) && held(0.01), "the spike and the dip are there, with their true values");
                assert_eq!(batches.points.last().unwrap().0, 200.0);
                assert!(
                    lines.y.range.is_some_and(|range| range.1 < 1.0),
                    "the spike does not press the rest flat"
                );
            }
            assert!(Figure::Lines(lines).inline_svg().unwrap().len() < 100_000);
        }
    }
}
