//! How it came about: training, data, settings, and the words for a paper.

use super::{escape, figure, list, words};
use crate::{
    metrics::Metric,
    report::{Error, Metrics, ReportInput, Setting, Sheet, figures::Named, format},
};

/// Loss, scores and learning rate while training.
pub(super) fn training(input: &ReportInput, figures: &[Named]) -> Result<String, Error> {
    let history = &input.history;
    let mut html =
        String::from("<section aria-labelledby=\"training\">\n<h2 id=\"training\">Training</h2>\n");
    let chosen = history.best_step.map_or_else(String::new, |step| {
        let metric = title(&history.chosen_by);
        let epoch = history
            .evaluations
            .iter()
            .find(|point| point.step == step)
            .map_or_else(String::new, |point| format!(", epoch {:.2}", point.epoch));
        format!(
            "The checkpoint of step {}{epoch} was kept: it has the best {} on the validation split. ",
            format::count(step),
            escape(&metric)
        )
    });
    let ended = if history.ended.is_empty() {
        String::new()
    } else {
        format!("Training ended: {}. ", escape(&history.ended))
    };
    html.push_str(&format!(
        "<p>{chosen}{ended}It took {}.</p>\n",
        format::duration(input.environment.training_seconds)
    ));
    for name in ["loss", "validation", "learning-rate"] {
        html.push_str(&figure(figures, &[name])?);
    }
    html.push_str("</section>\n");
    Ok(html)
}

/// Splits, audit, repairs, files.
pub(super) fn data(input: &ReportInput, figures: &[Named]) -> Result<String, Error> {
    let data = &input.data;
    let mut html = String::from("<section aria-labelledby=\"data\">\n<h2 id=\"data\">Data</h2>\n");
    if !data.split_method.is_empty() {
        html.push_str(&format!("<p>Splits: {}.</p>\n", escape(data.split_method.trim_end_matches('.'))));
    }
    html.push_str("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Split</th><th scope=\"col\">Records</th>");
    for label in &input.labels {
        html.push_str(&format!("<th scope=\"col\">{}</th>", escape(label)));
    }
    html.push_str("<th scope=\"col\">Length (bp)</th></tr></thead>\n<tbody>\n");
    for part in &data.parts {
        let total: usize = part.per_class.iter().sum();
        html.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td>",
            escape(&part.name),
            format::count(total as u64)
        ));
        for &count in &part.per_class {
            html.push_str(&format!(
                "<td>{}<span class=\"interval\">{}</span></td>",
                format::count(count as u64),
                format::percent(count as u64, total as u64)
            ));
        }
        let range = match (part.lengths.iter().min(), part.lengths.iter().max()) {
            (Some(low), Some(high)) if low == high => format::count(*low as u64),
            (Some(low), Some(high)) => {
                format!("{} to {}", format::count(*low as u64), format::count(*high as u64))
            }
            _ => "–".to_owned(),
        };
        html.push_str(&format!("<td>{range}</td></tr>\n"));
    }
    html.push_str("</tbody></table></div>\n");
    html.push_str("<h3>What the audit found</h3>\n");
    if data.audit.is_empty() {
        html.push_str("<p>No duplicates, no sequence in two splits, no contradicting labels.</p>\n");
    } else {
        html.push_str(&list(&data.audit));
    }
    if !data.repairs.is_empty() {
        html.push_str("<h3>What was repaired on entry</h3>\n");
        html.push_str(&list(&data.repairs));
    }
    if !data.left_out.is_empty() {
        html.push_str("<h3>What was left out</h3>\n");
        html.push_str(&list(&data.left_out));
    }
    html.push_str(&figure(figures, &["lengths"])?);
    if !data.files.is_empty() {
        html.push_str("<h3>Files</h3>\n<div class=\"scroll\"><table class=\"words\"><thead><tr><th scope=\"col\">File</th><th scope=\"col\">Records</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>\n");
        for file in &data.files {
            html.push_str(&format!(
                "<tr><td>{}</td><td>{}</td><td><code>{}</code></td></tr>\n",
                escape(&file.name),
                format::count(file.records as u64),
                escape(&file.sha256)
            ));
        }
        html.push_str("</tbody></table></div>\n");
    }
    html.push_str("</section>\n");
    Ok(html)
}

/// The base model, every setting, the machine.
pub(super) fn settings(input: &ReportInput) -> String {
    let (model, environment) = (&input.model, &input.environment);
    let row = |name: &str, value: String| (name.to_owned(), value);
    let mut html = String::from(
        "<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">Model and settings</h2>\n<h3>Base model</h3>\n",
    );
    let code = |text: &Option<String>| {
        text.as_ref().map_or_else(String::new, |text| format!("<code>{}</code>", escape(text)))
    };
    html.push_str(&words(&[
        row("Name", escape(&model.name)),
        row("Architecture", escape(&join(&[&model.family, &model.shape]))),
        row("Revision", code(&model.revision)),
        row("SHA-256 of the weights", code(&model.sha256)),
        row("Licence", model.licence.as_deref().map(escape).unwrap_or_default()),
        row(
            "Trained parameters",
            format!(
                "{} of {} ({} %)",
                format::count(input.trainable_parameters),
                format::count(input.all_parameters),
                percentage(input.trainable_parameters, input.all_parameters)
            ),
        ),
    ]));
    let mut groups: Vec<&str> = Vec::new();
    for setting in &input.settings {
        if !groups.contains(&setting.group.as_str()) {
            groups.push(&setting.group);
        }
    }
    for group in groups {
        let rows: Vec<(String, String)> = input
            .settings
            .iter()
            .filter(|setting| setting.group == group)
            .map(|setting| (setting.name.clone(), escape(&setting.value)))
            .collect();
        html.push_str(&format!("<h3>{}</h3>\n{}", escape(group), words(&rows)));
    }
    html.push_str("<h3>Run</h3>\n");
    html.push_str(&words(&[
        row("Episome", escape(&environment.version)),
        row("Seed", input.seed.to_string()),
        row("Device", escape(&join(&[&environment.device, &environment.dtype]))),
        row("Threads", environment.threads.to_string()),
        row("Machine", escape(&environment.machine)),
        row("Started", escape(&format::moment(&environment.started))),
        row("Training time", format::duration(environment.training_seconds)),
        row(
            "Baseline time",
            input.baseline.as_ref().map(|baseline| format::duration(baseline.seconds)).unwrap_or_default(),
        ),
    ]));
    html.push_str("</section>\n");
    html
}

/// A metric's title by its name.
fn title(name: &str) -> String {
    name.parse::<Metric>().map_or_else(|_| name.to_owned(), |metric| metric.title().to_owned())
}

fn join(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// As peft prints it, four digits.
fn percentage(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.4}", 100.0 * part as f64 / whole as f64) }
}

/// A paragraph for a paper.
pub(super) fn methods(sheet: &Sheet) -> String {
    let rows: Vec<(String, String)> = sheet
        .dome
        .iter()
        .map(|item| (format!("{}: {}", item.section, item.item.to_lowercase()), escape(&item.text)))
        .collect();
    format!(
        "<section aria-labelledby=\"methods\">\n<h2 id=\"methods\">Methods, to copy</h2>\n<div class=\"methods\"><p>{}</p></div>\n\
         <p class=\"quiet small\">The items of the DOME recommendations (Walsh et al., Nature Methods 18:1122, 2021):</p>\n{}</section>\n",
        escape(&sheet.methods),
        words(&rows)
    )
}

/// The run in a paragraph for a paper.
pub(in crate::report) fn paragraph(input: &ReportInput, metrics: &Metrics) -> String {
    let count = |name: &str| {
        input
            .data
            .parts
            .iter()
            .find(|part| part.name == name)
            .map(|part| format::count(part.per_class.iter().sum::<usize>() as u64))
    };
    let chosen = |group: &str| -> String {
        let settings: Vec<String> = input
            .settings
            .iter()
            .filter(|setting| setting.group.eq_ignore_ascii_case(group))
            .map(|Setting { name, value, .. }| {
                // Only how it begins: names within it keep their capitals.
                let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
                format!("{}{rest} {value}", first.to_lowercase())
            })
            .collect();
        if settings.is_empty() { String::new() } else { format!(" ({})", settings.join(", ")) }
    };
    let sizes: Vec<String> = ["train", "validation", "test"]
        .iter()
        .filter_map(|name| Some(format!("{} {name}", count(name)?)))
        .collect();
    let model = &input.model;
    let revision =
        model.revision.as_ref().map_or_else(String::new, |revision| format!(", revision {revision}"));
    let shape = join(&[&model.family, &model.shape]);
    let simulated = if input.data.simulated.is_some() { "simulated " } else { "" };
    let mut text = format!(
        "Episome {} was used to fine-tune {} ({shape}{revision}) with {}{} to classify {simulated}DNA sequences into {} classes ({}). \
         Training{}, seed {}; {} of {} parameters were trained. Records were split into {} ({}).",
        input.environment.version,
        model.name,
        input.method,
        chosen("method"),
        input.labels.len(),
        input.labels.join(", "),
        chosen("training"),
        input.seed,
        format::count(input.trainable_parameters),
        format::count(input.all_parameters),
        sizes.join(", "),
        input.data.split_method.trim_end_matches('.'),
    );
    if !input.history.chosen_by.is_empty() {
        let metric = title(&input.history.chosen_by);
        text.push_str(&format!(" The checkpoint with the best {metric} on the validation split was kept"));
        text.push_str(if metrics.split == "test" { ", and the test split was scored once." } else { "." });
    }
    if let Some(baseline) = &metrics.baseline {
        let mut description = baseline.description.clone();
        if let Some(first) = description.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        text.push_str(&format!(" The baseline is {description}, fitted on the same training records."));
    }
    text.push_str(&format!(
        " Intervals are 95 % percentile intervals from {} bootstrap resamples of the {} records within each class; \
         differences are paired. {}",
        format::count(metrics.bootstrap.resamples as u64),
        metrics.split,
        metrics.sentence
    ));
    text
}

/// What the numbers mean.
pub(super) fn reading(metrics: &Metrics) -> String {
    let mut rows: Vec<(String, String)> =
        Metric::ALL.iter().map(|metric| (metric.title().to_owned(), escape(metric.explanation()))).collect();
    if let [_, positive] = metrics.labels.as_slice() {
        rows.push((
            "Positive class".to_owned(),
            format!("“{}”: AUROC, AUPRC and the curves are its.", escape(positive)),
        ));
    }
    rows.push((
        "95 % interval".to_owned(),
        "Where the number would fall in 95 of 100 draws of other records of the same kind with the same class shares. It does \
         not speak of another training run with another seed, nor of sequences of another origin."
            .to_owned(),
    ));
    rows.push((
        "Bootstrap".to_owned(),
        "Records are drawn again with replacement within each true class, as the splits are drawn class by class: Davison \
         &amp; Hinkley, Bootstrap Methods and their Application (1997), section 3.2; Efron &amp; Tibshirani, An Introduction \
         to the Bootstrap (1993), chapter 13."
            .to_owned(),
    ));
    rows.push((
        "MCC".to_owned(),
        "For more than two classes Gorodkin, Comput. Biol. Chem. 28:367 (2004). All scores follow scikit-learn's definitions.".to_owned(),
    ));
    rows.push((
        "LoRA".to_owned(),
        "Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, ICLR 2022.".to_owned(),
    ));
    format!(
        "<section aria-labelledby=\"reading\">\n<h2 id=\"reading\">How to read this</h2>\n{}</section>\n",
        words(&rows)
    )
}
