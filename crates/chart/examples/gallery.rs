//! Draws one figure of each kind into a folder: `cargo run -p episome-chart --example gallery -- FOLDER`.

use std::{env, error::Error, fs, path::PathBuf};

use episome_chart::{
    Axis, Bars, ConfusionMatrix, Estimate, Estimates, Figure, Histogram, Lines, Role, Series, Stroke, Theme,
};

fn series(name: &str, role: Role, stroke: Stroke, points: impl Iterator<Item = (f64, f64)>) -> Series {
    Series { name: name.to_owned(), role, stroke, points: points.collect() }
}

/// A wave that looks like noise, the same each time.
fn noise(step: f64) -> f64 {
    (step * 12.9898).sin() * (step * 78.233).cos()
}

fn loss() -> Figure {
    let curve = |epoch: f64| 0.35 + 0.34 * (-epoch).exp();
    let steps = || (1..600).map(|step| f64::from(step) / 200.0);
    Figure::Lines(Lines {
        title: "Training loss".to_owned(),
        note: "Cross-entropy of each batch, its moving average, and of the validation split after each evaluation.".to_owned(),
        x: Axis { label: "Epoch".to_owned(), from_zero: true, ..Axis::default() },
        y: Axis { label: "Cross-entropy (nats a record)".to_owned(), ..Axis::default() },
        series: vec![
            series("Batch", Role::Neutral, Stroke::Faint, steps().map(|x| (x, curve(x) + 0.1 * noise(x)))),
            series("Batch, average", Role::Neutral, Stroke::Solid, steps().map(|x| (x, curve(x)))),
            series(
                "Validation",
                Role::Accent,
                Stroke::Dotted,
                (1..=12).map(|x| f64::from(x) / 4.0).map(|x| (x, curve(x) + 0.01 * x * x)),
            ),
        ],
        reference: None,
        marked: Some(("Chosen checkpoint".to_owned(), (2.0, curve(2.0) + 0.04))),
        square: false,
        size: None,
    })
}

fn learning_rate() -> Figure {
    Figure::Lines(Lines {
        title: "Learning rate".to_owned(),
        x: Axis { label: "Step".to_owned(), whole: true, from_zero: true, ..Axis::default() },
        y: Axis { label: "Learning rate".to_owned(), from_zero: true, ..Axis::default() },
        series: vec![series(
            "",
            Role::Accent,
            Stroke::Solid,
            (0..=3_000).map(|step| {
                let x = f64::from(step);
                (x, 2e-4 * (x / 300.0).min((3_000.0 - x) / 2_700.0))
            }),
        )],
        ..Lines::default()
    })
}

fn roc(classes: usize) -> Figure {
    let curve = move |class: usize| {
        (0..=100)
            .map(move |x| (f64::from(x) / 100.0).powi(2))
            .map(move |x| (x, x.powf(0.1 + 0.09 * class as f64)))
    };
    Figure::Lines(Lines {
        title: "ROC curve".to_owned(),
        note: "5,920 test records; positive class: promoter.".to_owned(),
        x: Axis { label: "False positive rate".to_owned(), range: Some((0.0, 1.0)), ..Axis::default() },
        y: Axis { label: "True positive rate".to_owned(), range: Some((0.0, 1.0)), ..Axis::default() },
        series: if classes == 2 {
            vec![
                series("k-mer baseline, AUROC 0.929", Role::Neutral, Stroke::Solid, curve(2)),
                series("Fine-tuned, AUROC 0.951", Role::Accent, Stroke::Solid, curve(0)),
            ]
        } else {
            (0..classes)
                .map(|class| {
                    series(
                        &format!("class number {class}, 0.9{class}1"),
                        Role::Class(class),
                        Stroke::Solid,
                        curve(class),
                    )
                })
                .collect()
        },
        reference: Some(series("Guessing", Role::Axis, Stroke::Dashed, [(0.0, 0.0), (1.0, 1.0)].into_iter())),
        square: true,
        ..Lines::default()
    })
}

fn confusion(classes: usize) -> Figure {
    let names = [
        "splice donor",
        "acceptor",
        "neither",
        "a very long class name indeed",
        "enhancer",
        "tRNA",
        "repeat",
    ];
    Figure::ConfusionMatrix(ConfusionMatrix {
        title: "Confusion matrix".to_owned(),
        note: "Share of each true class.".to_owned(),
        labels: (0..classes).map(|class| names[class % 7].to_owned()).collect(),
        counts: (0..classes)
            .map(|row| {
                (0..classes)
                    .map(|column| {
                        if row == column {
                            2_489 / (row as u64 + 1)
                        } else {
                            (37 * (row + 2 * column)) as u64 % 301
                        }
                    })
                    .collect()
            })
            .collect(),
    })
}

/// Names that the embedded face has no letters for.
fn chinese() -> Figure {
    Figure::ConfusionMatrix(ConfusionMatrix {
        title: "Confusion matrix".to_owned(),
        labels: vec!["启动子".to_owned(), "非启动子".to_owned()],
        counts: vec![vec![90, 10], vec![7, 93]],
        ..ConfusionMatrix::default()
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("give a folder")?);
    fs::create_dir_all(&folder)?;
    let estimate = |value: f64| Some(Estimate { value, low: value - 0.02, high: value + 0.017 });
    let figures = [
        ("loss", loss()),
        ("learning-rate", learning_rate()),
        ("roc", roc(2)),
        ("roc-many", roc(7)),
        ("confusion", confusion(2)),
        ("confusion-many", confusion(7)),
        ("confusion-chinese", chinese()),
        (
            "lengths",
            Figure::Histogram(Histogram {
                title: "Sequence lengths".to_owned(),
                x_label: "Length (bp)".to_owned(),
                y_label: "Records".to_owned(),
                series: [("Train", 4_000), ("Validation", 500), ("Test", 900)]
                    .into_iter()
                    .enumerate()
                    .map(|(class, (name, count))| {
                        let lengths =
                            (0..count).map(|record| 900.0 + 800.0 * noise(f64::from(record))).collect();
                        (name.to_owned(), Role::Class(class), lengths)
                    })
                    .collect(),
                ..Histogram::default()
            }),
        ),
        (
            "bars",
            Figure::Bars(Bars {
                title: "Records by class".to_owned(),
                x_label: "Records".to_owned(),
                bars: vec![
                    ("promoter".to_owned(), 4_586.0),
                    ("enhancer".to_owned(), 1_200.0),
                    ("neither".to_owned(), 37.0),
                ],
                ..Bars::default()
            }),
        ),
        (
            "estimates",
            Figure::Estimates(Estimates {
                title: "Scores on held-out records".to_owned(),
                note: "5,920 test records; lines are 95 % bootstrap intervals.".to_owned(),
                x_label: "Score".to_owned(),
                series: vec!["Fine-tuned language model".to_owned(), "k-mer baseline".to_owned()],
                rows: ["Accuracy", "MCC", "F1", "AUROC"]
                    .iter()
                    .enumerate()
                    .map(|(row, name)| {
                        let value = [0.861, 0.722, 0.86, 0.945][row];
                        ((*name).to_owned(), vec![estimate(value), estimate(value - 0.04)])
                    })
                    .collect(),
            }),
        ),
    ];
    for (name, figure) in figures {
        for (suffix, theme) in [("", Theme::Light), ("-dark", Theme::Dark)] {
            fs::write(folder.join(format!("{name}{suffix}.svg")), figure.svg(theme)?)?;
            fs::write(folder.join(format!("{name}{suffix}.png")), figure.png(theme)?)?;
            fs::write(folder.join(format!("{name}{suffix}.pdf")), figure.pdf(theme)?)?;
        }
    }
    Ok(())
}
