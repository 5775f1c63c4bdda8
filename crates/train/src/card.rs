//! What the model card of a run's adapter says.

use crate::configuration::RunConfiguration;
use crate::folder::RunFolder;
use crate::metrics::Metric;
use crate::prepare::Prepared;
use crate::report::{self, format};
use peft::Card;
use sequence::Part;

pub(crate) fn of(
    configuration: &RunConfiguration,
    prepared: &Prepared,
    report: Option<&report::Report>,
    folder: &RunFolder,
) -> Card {
    let name = folder
        .path()
        .file_name()
        .map_or_else(|| "adapter".into(), |name| name.to_string_lossy().into_owned());
    Card {
        title: name,
        base_revision: configuration.base.revision.clone(),
        tags: Vec::new(),
        sections: vec![
            ("What it does".to_owned(), purpose(configuration)),
            ("How well".to_owned(), report.map_or_else(unfinished, scores)),
            ("Data".to_owned(), data(configuration, prepared)),
            ("Training".to_owned(), training(configuration)),
        ],
    }
}

fn purpose(configuration: &RunConfiguration) -> String {
    format!(
        "Sorts DNA sequences into {} classes: {}. It was fine-tuned from `{}` with LoRA.",
        configuration.data.labels.len(),
        configuration.data.labels.join(", "),
        configuration.base.name
    )
}

fn unfinished() -> String {
    "The training was stopped before its end; this is its best state by the validation records, not yet scored on held-out \
     ones."
        .to_owned()
}

/// The numbers of metrics.json, rounded as the report rounds them.
fn scores(report: &report::Report) -> String {
    let metrics = &report.metrics;
    let mut text = format!(
        "{}\n\n| metric | {} split | 95 % interval |\n|---|---|---|\n",
        report.sentence, metrics.split
    );
    for metric in Metric::ALL {
        let interval = metrics.model.intervals.get(&metric).map_or_else(
            || "–".to_owned(),
            |interval| {
                format!("{} to {}", format::score(Some(interval.low)), format::score(Some(interval.high)))
            },
        );
        let value = format::score(metrics.model.evaluation.metric(metric));
        text.push_str(&format!("| {} | {value} | {interval} |\n", metric.title()));
    }
    text.push_str(&format!("\nOn {}.", format::plural(metrics.records as u64, "held-out record")));
    text
}

fn data(configuration: &RunConfiguration, prepared: &Prepared) -> String {
    let counts = prepared.dataset.counts();
    let source = match (&configuration.data.name, &configuration.data.revision) {
        (Some(name), Some(revision)) => format!("The Hub data set `{name}` (revision {revision}). "),
        (Some(name), None) => format!("The Hub data set `{name}`. "),
        _ => String::new(),
    };
    let mut text = format!(
        "{source}{} to train on, {} to choose the best state by, {} to judge it by; {}. Sequences are cut at {} tokens.",
        format::plural(counts.train as u64, "record"),
        counts.validation,
        counts.test,
        prepared.dataset.split_method,
        prepared.max_length
    );
    if prepared.dataset.of(Part::Test).next().is_none() {
        text.push_str(" There is no test split, so the numbers above are optimistic.");
    }
    for warning in &prepared.warnings {
        text.push_str(&format!("\n- {warning}"));
    }
    text
}

fn training(configuration: &RunConfiguration) -> String {
    let settings = &configuration.hyperparameters;
    format!(
        "Rank {}, alpha {}, dropout {}, learning rate {}, batches of {}, {} at most, seed {}. Episome {}.",
        settings.rank,
        settings.alpha,
        settings.dropout,
        settings.learning_rate,
        settings.batch_size,
        format::plural(settings.epochs as u64, "epoch"),
        settings.seed,
        configuration.version
    )
}
