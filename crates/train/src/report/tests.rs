use std::collections::BTreeSet;

use super::*;
use crate::metrics::{Evaluation, Metric, Scores};

/// A small run: `records` held-out records of `classes` classes, the model right on most, the baseline on fewer.
pub(super) fn run(records: usize, classes: usize) -> ReportInput {
    let labels: Vec<usize> = (0..records).map(|record| record % classes).collect();
    let logits = |wrong: usize| -> Vec<f32> {
        labels
            .iter()
            .enumerate()
            .flat_map(|(record, &label)| {
                let called = if record % 10 < wrong { (label + 1) % classes } else { label };
                (0..classes).map(move |class| {
                    if class == called { 1.0 + (record % 7) as f32 / 5.0 } else { (record % 3) as f32 / 9.0 }
                })
            })
            .collect()
    };
    let scores = |loss: f64| {
        let one = Evaluation::of(&logits(2), &labels, classes).unwrap().scores;
        Scores { loss: Some(loss), ..one }
    };
    let part = |name: &str, count: usize| PartSummary {
        name: name.to_owned(),
        per_class: vec![count; classes],
        lengths: (0..count * classes).map(|record| 100 + record % 400).collect(),
    };
    ReportInput {
        title: "promoters <one>".to_owned(),
        labels: (0..classes).map(|class| format!("class & {class}")).collect(),
        scored: Scored {
            split: "test".to_owned(),
            ids: (0..records).map(|record| format!("record,{record}")).collect(),
            lengths: vec![300; records],
            labels: labels.clone(),
            logits: logits(1),
            truncated: 0,
        },
        baseline: Some(BaselineScored {
            description: "Logistic regression on words".to_owned(),
            logits: logits(4),
            seconds: 3.2,
        }),
        history: History {
            steps: (1..=200)
                .map(|step| StepPoint {
                    step,
                    epoch: step as f64 / 100.0,
                    loss: 0.7 - step as f64 / 500.0,
                    learning_rate: 2e-4 * (1.0 - step as f64 / 200.0),
                })
                .collect(),
            evaluations: (1..=4)
                .map(|evaluation| EvaluationPoint {
                    step: 50 * evaluation,
                    epoch: evaluation as f64 / 2.0,
                    split: "validation".to_owned(),
                    scores: scores(0.7 - 0.05 * evaluation as f64),
                })
                .collect(),
            chosen_by: "mcc".to_owned(),
            best_step: Some(150),
            ended: "after 2 epochs".to_owned(),
        },
        data: DataSummary {
            files: vec![DataFile { name: "a.csv".to_owned(), sha256: "ab".repeat(32), records: 3 * records }],
            parts: vec![part("train", 80), part("validation", 10), part("test", 10)],
            split_method: "drawn at random within each class (80/10/10, seed 42)".to_owned(),
            audit: vec!["2 sequences are in train and in test.".to_owned()],
            repairs: vec!["12 letters made upper case".to_owned()],
            ..DataSummary::default()
        },
        model: BaseModel {
            name: "episome-mini".to_owned(),
            family: "GPT-2".to_owned(),
            shape: "6 layers × 256".to_owned(),
            ..BaseModel::default()
        },
        method: "LoRA".to_owned(),
        trainable_parameters: 296_448,
        all_parameters: 109_180_416,
        settings: vec![
            Setting { group: "Method".to_owned(), name: "Rank".to_owned(), value: "8".to_owned() },
            Setting { group: "Training".to_owned(), name: "Epochs".to_owned(), value: "2".to_owned() },
        ],
        environment: Environment { version: "0.1.0".to_owned(), threads: 4, ..Environment::default() },
        resamples: 200,
        seed: 42,
        warnings: Vec::new(),
        findings: Vec::new(),
    }
}

fn written(input: &ReportInput) -> (tempfile::TempDir, Report, String) {
    let folder = tempfile::tempdir().unwrap();
    let report = write(folder.path(), input).unwrap();
    let page = fs::read_to_string(&report.page).unwrap();
    (folder, report, page)
}

#[test]
fn the_page_shows_the_numbers_of_metrics_json() {
    let (folder, report, page) = written(&run(300, 3));
    let text = fs::read_to_string(folder.path().join("metrics.json")).unwrap();
    let stored: Metrics = serde_json::from_str(&text).unwrap();
    assert_eq!(stored, report.metrics);
    let shown = |value: f64| format!("<data value=\"{value}\">{}</data>", format::score(Some(value)));
    for model in [&stored.model, stored.baseline.as_ref().unwrap()] {
        for metric in Metric::ALL {
            assert!(page.contains(&shown(model.evaluation.metric(metric).unwrap())), "{metric}");
            let interval = model.intervals[&metric];
            assert!(page.contains(&shown(interval.low)) && page.contains(&shown(interval.high)), "{metric}");
        }
    }
    for class in &stored.model.evaluation.per_class {
        assert!(page.contains(&shown(class.f1.unwrap())));
    }
    for interval in stored.comparison.unwrap().difference.values() {
        assert!(page.contains(&format!("<data value=\"{}\">", interval.estimate)));
    }
    assert!(page.contains(&stored.sentence.replace(" %", "\u{a0}%")));
    assert!(page.contains("296,448 of 109,180,416 (0.2715\u{a0}%)"));
}

#[test]
fn the_page_is_one_file_without_scripts_and_names_are_escaped() {
    let (_folder, _, page) = written(&run(60, 2));
    for foreign in ["<script", "src=", "@import", "url(", "href="] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("promoters &lt;one&gt;") && !page.contains("<one>"));
    assert!(page.contains("class &amp; 1") && !page.contains("class & 1"));
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
    assert!(!page.contains("NaN") && !page.contains("None"));
    assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
    assert_eq!(page.matches("<div").count(), page.matches("</div>").count());
    assert_eq!(page.matches("<figure").count(), 9);
}

#[test]
fn every_figure_is_there_as_svg_png_and_pdf() {
    let (folder, report, _) = written(&run(60, 2));
    let names: BTreeSet<String> = fs::read_dir(folder.path().join("figures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 9 * 5, "{names:?}");
    for name in [
        "scores",
        "confusion",
        "roc",
        "precision-recall",
        "calibration",
        "loss",
        "validation",
        "learning-rate",
        "lengths",
    ] {
        for ending in [".svg", ".png", ".pdf", "-dark.svg", "-dark.png"] {
            assert!(names.contains(&format!("{name}{ending}")), "{name}{ending}");
        }
    }
    for file in &report.files {
        assert!(file.is_file(), "{}", file.display());
    }
    // Nothing that was being written aside is left.
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 5);
}

#[test]
fn predictions_are_those_of_the_records() {
    let (folder, report, _) = written(&run(60, 2));
    let text = fs::read_to_string(folder.path().join("predictions.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "id,length,true_label,predicted_label,correct,confidence,prob_class & 0,prob_class & 1,\
         logit_class & 0,logit_class & 1,baseline_label,baseline_prob_class & 0,baseline_prob_class & 1"
    );
    let first = lines.next().unwrap();
    assert!(first.starts_with("\"record,0\",300,class & 0,class & 1,0,"), "{first}");
    let correct = 1 + lines.filter(|line| line.split(',').nth(5) == Some("1")).count();
    let accuracy = report.metrics.model.evaluation.metric(Metric::Accuracy).unwrap();
    // The first line was a wrong one.
    assert!((accuracy - (correct - 1) as f64 / 60.0).abs() < 1e-12);
}

#[test]
fn the_sentence_says_what_the_interval_allows() {
    let better = Metrics::of(&run(300, 2)).unwrap();
    assert!(better.sentence.contains("The language model adds 0."), "{}", better.sentence);

    let mut input = run(300, 2);
    let logits = input.scored.logits.clone();
    input.scored.logits = std::mem::replace(&mut input.baseline.as_mut().unwrap().logits, logits);
    let worse = Metrics::of(&input).unwrap();
    assert!(worse.sentence.contains("adds nothing here: it is worse"), "{}", worse.sentence);

    let mut input = run(300, 2);
    input.baseline.as_mut().unwrap().logits = input.scored.logits.clone();
    let same = Metrics::of(&input).unwrap();
    assert!(same.sentence.contains("cannot be told from these records"), "{}", same.sentence);

    let mut input = run(300, 2);
    input.baseline = None;
    let alone = Metrics::of(&input).unwrap();
    assert!(alone.sentence.contains("No baseline"), "{}", alone.sentence);
}

#[test]
fn a_reader_is_told_what_weakens_the_numbers() {
    let mut input = run(40, 2);
    input.scored.split = "validation".to_owned();
    input.scored.truncated = 7;
    input.data.simulated = Some("a motif grammar with seed 1.".to_owned());
    input.warnings = vec!["21 sequences carry both labels.".to_owned()];
    let [kind, message, remedy] = ["one-class", "All are called yes.", "train again"].map(str::to_owned);
    input.findings = vec![crate::Finding { kind, message, remedy }];
    let (_folder, _, page) = written(&input);
    for words in [
        "These sequences are simulated, not measured",
        "There was no test split",
        "Few held-out records: 40 in all",
        "7 of 40 held-out records are longer",
        "21 sequences carry both labels.",
        "All are called yes. What to do: train again.",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn one_class_no_history_and_one_record_still_make_a_report() {
    let mut input = run(2, 2);
    input.scored.labels = vec![0, 0];
    input.history = History::default();
    input.data = DataSummary::default();
    let (_folder, report, page) = written(&input);
    assert!(report.sentence.contains("All 2 test records are of one class"), "{}", report.sentence);
    assert!(page.contains("not defined on these records"));
    let (_folder, _, page) = written(&run(1, 2));
    assert!(page.contains("1 test record"));
}

#[test]
fn records_that_do_not_belong_together_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut input = run(20, 2);
    input.scored.ids.pop();
    assert!(matches!(
        write(folder.path(), &input),
        Err(Error::Records { ids: 19, lengths: 20, records: 20 })
    ));
    let mut input = run(20, 2);
    input.scored.logits[7] = f32::NAN;
    let error = write(folder.path(), &input).unwrap_err().to_string();
    assert!(error.contains("record 3"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_same_input_gives_the_same_files() {
    let input = run(60, 3);
    let (first, second) = (written(&input), written(&input));
    for file in &first.1.files {
        let name = file.strip_prefix(first.0.path()).unwrap();
        let (one, other) = (fs::read(file).unwrap(), fs::read(second.0.path().join(name)).unwrap());
        assert!(one == other, "{}", name.display());
    }
}
