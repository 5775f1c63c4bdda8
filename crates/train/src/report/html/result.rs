//! What came out: the sentence, the headline numbers, class by class.

use super::{difference, escape, figure, list, score};
use crate::{
    metrics::Metric,
    report::{
        Error, Metrics, ModelMetrics, ReportInput,
        figures::{Named, OURS, THEIRS},
        format,
    },
};

/// What a reader must know first.
pub(super) fn notices(input: &ReportInput, metrics: &Metrics) -> String {
    let mut notices = Vec::new();
    if let Some(how) = &input.data.simulated {
        notices.push(format!(
            "These sequences are simulated, not measured: {how} The numbers show that the method works on them and say \
             nothing about living cells.",
        ));
    }
    if metrics.split != "test" {
        notices.push(format!(
            "There was no test split. The numbers stand on the {} records, on which the checkpoint was also chosen, \
             so they are optimistic.",
            metrics.split
        ));
    }
    let per_class = &metrics.model.evaluation.per_class;
    if metrics.records < 100 || per_class.iter().any(|class| class.records > 0 && class.records < 10) {
        notices.push(format!(
            "Few held-out records: {} in all, {} in the smallest class. Read the intervals, not the numbers; \
             with so few records the intervals themselves are rough.",
            format::count(metrics.records as u64),
            format::count(
                per_class.iter().map(|class| class.records).filter(|&records| records > 0).min().unwrap_or(0)
            ),
        ));
    }
    if input.scored.truncated > 0 {
        notices.push(format!(
            "{} of {} held-out records are longer than the model's context or the chosen length limit; \
             it saw only a part of each.",
            format::count(input.scored.truncated as u64),
            format::count(metrics.records as u64)
        ));
    }
    notices.extend(input.warnings.iter().cloned());
    let told = |finding: &crate::Finding| format!("{} What to do: {}.", finding.message, finding.remedy);
    notices.splice(0..0, input.findings.iter().map(told));
    let labels = &metrics.labels;
    notices.extend(metrics.model.evaluation.notes.iter().map(|note| named_classes(note, labels)));
    match notices.as_slice() {
        [] => String::new(),
        [notice] => format!("<p class=\"notice\">{}</p>\n", escape(notice)),
        notices => {
            format!("<div class=\"notice\"><strong>Before you read on</strong>\n{}</div>\n", list(notices))
        }
    }
}

/// "class 3, 5" in a note as the classes' names.
fn named_classes(note: &str, labels: &[String]) -> String {
    let Some((before, rest)) = note.split_once("class ") else {
        return note.to_owned();
    };
    let list = rest.find(|character: char| !character.is_ascii_digit() && !matches!(character, ',' | ' '));
    let numbers = rest[..list.unwrap_or(rest.len())].trim_end_matches([',', ' ']);
    let names: Option<Vec<String>> = numbers
        .split(", ")
        .map(|number| Some(format!("“{}”", labels.get(number.parse::<usize>().ok()?)?)))
        .collect();
    match names {
        Some(names) => format!("{before}{}{}", names.join(", "), &rest[numbers.len()..]),
        None => note.to_owned(),
    }
}

/// The sentence, the tiles and the table of headline numbers.
pub(super) fn headline(metrics: &Metrics, figures: &[Named]) -> Result<String, Error> {
    let mut html = format!(
        "<section aria-labelledby=\"result\">\n<h2 id=\"result\">What the language model adds</h2>\n<p class=\"lead\">{}</p>\n<div class=\"tiles\">\n",
        escape(&metrics.sentence)
    );
    for metric in [Metric::Mcc, Metric::Accuracy, Metric::F1, Metric::Auroc] {
        html.push_str(&tile(metrics, metric));
    }
    html.push_str("</div>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">On ");
    html.push_str(&format::plural(metrics.records as u64, &format!("{} record", escape(&metrics.split))));
    html.push_str(&format!("</th><th scope=\"col\">{OURS}</th>"));
    if metrics.baseline.is_some() {
        html.push_str(&format!("<th scope=\"col\">{THEIRS}</th><th scope=\"col\">Difference</th>"));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for metric in Metric::ALL {
        let name = match metric {
            Metric::Precision | Metric::Recall | Metric::F1 => format!("{}, macro", metric.title()),
            Metric::Loss => "Loss (nats a record, lower is better)".to_owned(),
            _ => metric.title().to_owned(),
        };
        html.push_str(&format!(
            "<tr><th scope=\"row\" title=\"{}\">{name}</th>{}",
            escape(metric.explanation()),
            cell(&metrics.model, metric)
        ));
        if let Some(baseline) = &metrics.baseline {
            html.push_str(&cell(baseline, metric));
            let interval =
                metrics.comparison.as_ref().and_then(|comparison| comparison.difference.get(&metric));
            html.push_str(&interval.map_or_else(
                || "<td>–</td>".to_owned(),
                |interval| {
                    format!(
                        "<td>{}<span class=\"interval\">{} to {}</span></td>",
                        difference(interval.estimate),
                        difference(interval.low),
                        difference(interval.high)
                    )
                },
            ));
        }
        html.push_str("</tr>\n");
    }
    html.push_str(&format!(
        "</tbody></table></div>\n<p class=\"quiet small\">Below each number is its 95 % interval, from {} stratified bootstrap \
         resamples of the held-out records; the difference is paired, model minus baseline on the same resamples.{}</p>\n",
        format::count(metrics.bootstrap.resamples as u64),
        metrics.baseline.as_ref().map_or_else(String::new, |baseline| format!(" Baseline: {}.", escape(&baseline.description))),
    ));
    html.push_str(&figure(figures, &["scores"])?);
    html.push_str("</section>\n");
    Ok(html)
}

fn tile(metrics: &Metrics, metric: Metric) -> String {
    let interval = |model: &ModelMetrics| {
        model.intervals.get(&metric).map_or_else(
            || "not defined on these records".to_owned(),
            |interval| format!("95 %: {} to {}", score(Some(interval.low)), score(Some(interval.high))),
        )
    };
    let beside = metrics.baseline.as_ref().map_or_else(String::new, |baseline| {
        format!("<div class=\"beside\">{THEIRS} {}</div>", score(baseline.evaluation.metric(metric)))
    });
    let name = if metric == Metric::F1 { "F1, macro" } else { metric.title() };
    format!(
        "<div class=\"tile\"><div class=\"name\">{name}</div><div class=\"value\">{}</div>\
         <div class=\"interval\">{}</div>{beside}</div>\n",
        score(metrics.model.evaluation.metric(metric)),
        interval(&metrics.model),
    )
}

fn cell(model: &ModelMetrics, metric: Metric) -> String {
    let interval = model.intervals.get(&metric).map_or_else(String::new, |interval| {
        format!(
            "<span class=\"interval\">{} to {}</span>",
            score(Some(interval.low)),
            score(Some(interval.high))
        )
    });
    format!("<td>{}{interval}</td>", score(model.evaluation.metric(metric)))
}

/// Class by class, and the curves.
pub(super) fn classes(metrics: &Metrics, figures: &[Named]) -> Result<String, Error> {
    let evaluation = &metrics.model.evaluation;
    let mut html = String::from(
        "<section aria-labelledby=\"classes\">\n<h2 id=\"classes\">Class by class</h2>\n<div class=\"scroll\"><table>\n\
         <thead><tr><th scope=\"col\">Class</th><th scope=\"col\">Records</th><th scope=\"col\">Called so</th>\
         <th scope=\"col\">Precision</th><th scope=\"col\">Recall</th><th scope=\"col\">F1</th>\
         <th scope=\"col\">AUROC</th><th scope=\"col\">AUPRC</th></tr></thead>\n<tbody>\n",
    );
    for (label, scores) in metrics.labels.iter().zip(&evaluation.per_class) {
        html.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(label),
            format::count(scores.records),
            format::count(scores.predicted),
            score(scores.precision),
            score(scores.recall),
            score(scores.f1),
            score(scores.auroc),
            score(scores.auprc),
        ));
    }
    for (name, averages) in [
        ("Macro average (each class the same)", &evaluation.macro_average),
        ("Weighted average (each record the same)", &evaluation.weighted_average),
    ] {
        html.push_str(&format!(
            "<tr class=\"sum\"><th scope=\"row\">{name}</th><td></td><td></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            score(averages.precision),
            score(averages.recall),
            score(averages.f1),
            score(averages.auroc),
            score(averages.auprc),
        ));
    }
    html.push_str("</tbody></table></div>\n");
    if !evaluation.undefined.is_empty() {
        html.push_str("<p class=\"quiet small\">A dash means that the held-out records cannot tell: a class without a record has no recall, and ranking needs records of two classes.</p>\n");
    }
    html.push_str(&figure(figures, &["confusion"])?);
    html.push_str(&figure(figures, &["roc", "precision-recall"])?);
    html.push_str(&figure(figures, &["calibration"])?);
    html.push_str("</section>\n");
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_call_classes_by_their_names() {
        let labels = ["donor", "acceptor", "neither"].map(str::to_owned);
        let note = "No record of class 0, 2: averages are over the other classes.";
        assert_eq!(
            named_classes(note, &labels),
            "No record of “donor”, “neither”: averages are over the other classes."
        );
        assert_eq!(
            named_classes("No record of class 1, though some were called so.", &labels),
            "No record of “acceptor”, though some were called so."
        );
        assert_eq!(
            named_classes("All records were called one class: so.", &labels),
            "All records were called one class: so."
        );
    }
}
