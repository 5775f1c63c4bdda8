//! What a reader needs to know of a supervised learning study in biology: the DOME recommendations (Walsh et al., Nature
//! Methods 18:1122, 2021, doi:10.1038/s41592-021-01205-4), filled in as far as a run knows.

use serde::{Deserialize, Serialize};

use super::{Metrics, ReportInput, format};

/// One item of the recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomeItem {
    /// Data, Optimization, Model or Evaluation.
    pub section: String,
    /// What is asked.
    pub item: String,
    /// The answer; empty where only the author knows it.
    pub text: String,
}

/// Every item, in the order of the recommendations.
pub(super) fn items(input: &ReportInput, metrics: &Metrics) -> Vec<DomeItem> {
    let mut items = Vec::new();
    let mut say = |section: &str, item: &str, text: String| {
        items.push(DomeItem { section: section.to_owned(), item: item.to_owned(), text });
    };
    say("Data", "Provenance", provenance(input));
    say("Data", "Data splits", splits(input));
    say("Data", "Redundancy between splits", sentences(&input.data.audit));
    say("Data", "Availability of data", String::new());
    say(
        "Optimization",
        "Algorithm",
        format!("Fine-tuning of the language model {} with {}.", input.model.name, input.method),
    );
    say("Optimization", "Meta-predictions", "No output of other predictors is used as input.".to_owned());
    let repaired = sentences(&input.data.repairs);
    let encoding = format!(
        "DNA letters in upper case, turned into tokens by the base model's own tokenizer.{}{repaired}",
        if repaired.is_empty() { "" } else { " Repaired on entry: " }
    );
    say("Optimization", "Data encoding", encoding);
    let (trained, all) = (format::count(input.trainable_parameters), format::count(input.all_parameters));
    say("Optimization", "Parameters", format!("{trained} of {all} parameters were trained."));
    say("Optimization", "Features", "The sequence alone; no features were selected.".to_owned());
    say("Optimization", "Fitting", fitting(input, metrics));
    say("Optimization", "Regularization", settings(input, &["Dropout", "Weight decay", "Early stopping"]));
    let configuration = "All settings, file hashes and the seed stand in run.json of the run's folder.";
    say("Optimization", "Availability of configuration", configuration.to_owned());
    say(
        "Model",
        "Interpretability",
        "A neural network: its decisions are not explained by its form.".to_owned(),
    );
    say(
        "Model",
        "Output",
        format!("Classification into {}, with a probability for each class.", input.labels.join(", ")),
    );
    let environment = &input.environment;
    let time = format!(
        "{:.0} s of training on {} ({}, {} threads).",
        environment.training_seconds, environment.device, environment.machine, environment.threads
    );
    say("Model", "Execution time", time);
    say("Model", "Availability of software", format!("Episome {}.", environment.version));
    let records = format::plural(metrics.records as u64, "record");
    let method = format!(
        "Scored once on the {} split ({records}), which took no part in the training.",
        metrics.split
    );
    let optimistic = format!(
        "Scored on the {} split ({records}), by which the checkpoint was chosen: optimistic.",
        metrics.split
    );
    say("Evaluation", "Evaluation method", if metrics.split == "test" { method } else { optimistic });
    let measures = "Accuracy, MCC, and macro averages of precision, recall, F1, AUROC and AUPRC, by scikit-learn's definitions.";
    say("Evaluation", "Performance measures", measures.to_owned());
    say("Evaluation", "Comparison", metrics.sentence.clone());
    let confidence = format!(
        "{:.0} % percentile intervals of {} bootstrap resamples within each class.",
        metrics.bootstrap.confidence * 100.0,
        format::count(metrics.bootstrap.resamples as u64)
    );
    say("Evaluation", "Confidence", confidence);
    let files = "predictions.csv of the run's report holds every scored record with its probabilities.";
    say("Evaluation", "Availability of evaluation", files.to_owned());
    items
}

fn sentences(list: &[String]) -> String {
    list.join(" ")
}

fn provenance(input: &ReportInput) -> String {
    let files: Vec<String> = input
        .data
        .files
        .iter()
        .map(|file| {
            let start = file.sha256.get(..12).unwrap_or(&file.sha256);
            format!("{} ({}, SHA-256 {start}…)", file.name, format::plural(file.records as u64, "record"))
        })
        .collect();
    let simulated = input.data.simulated.as_ref().map_or(String::new(), |how| format!(" {how}"));
    format!("{}.{simulated}", files.join(", "))
}

fn splits(input: &ReportInput) -> String {
    let parts: Vec<String> = input
        .data
        .parts
        .iter()
        .map(|part| {
            let classes: Vec<String> = input
                .labels
                .iter()
                .zip(&part.per_class)
                .map(|(label, count)| format!("{label} {}", format::count(*count as u64)))
                .collect();
            format!("{}: {}", part.name, classes.join(", "))
        })
        .collect();
    let method = input.data.split_method.trim_end_matches('.');
    if method.is_empty() {
        format!("{}.", parts.join("; "))
    } else {
        format!("{}; {method}.", parts.join("; "))
    }
}

fn fitting(input: &ReportInput, metrics: &Metrics) -> String {
    let kept = if input.history.chosen_by.is_empty() {
        String::new()
    } else {
        format!(" The state with the best {} on the validation split was kept.", input.history.chosen_by)
    };
    let baseline =
        if metrics.baseline.is_some() { " A k-mer baseline was fitted to the same records." } else { "" };
    let ended = if input.history.ended.is_empty() {
        String::new()
    } else {
        format!("Training ended {}.", input.history.ended)
    };
    format!("{ended}{kept}{baseline}").trim().to_owned()
}

fn settings(input: &ReportInput, names: &[&str]) -> String {
    let found: Vec<String> = input
        .settings
        .iter()
        .filter(|setting| names.contains(&setting.name.as_str()))
        .map(|setting| format!("{} {}", setting.name, setting.value))
        .collect();
    if found.is_empty() { String::new() } else { format!("{}.", found.join(", ")) }
}
