//! A training from a table to an adapter and a report.

use std::path::Path;

use serde_json::Value;

use crate::support::{csv_rows, folder, motif_table, quick_training, small_base};

#[test]
fn a_run_learns_scores_the_test_split_once_and_leaves_a_whole_folder() {
    let scratch = folder();
    let base = Path::new("episome-mini");
    let table = motif_table(scratch.path(), 400);
    let run = scratch.path().join("run");
    let finished =
        quick_training(&table, base, &run).args(["--epochs", "4", "--learning-rate", "0.002"]).succeeds();

    let steps = finished.events("step");
    assert!(!steps.is_empty());
    for field in
        ["step", "epoch", "loss", "learning_rate", "sequences_per_second", "tokens_per_second", "time"]
    {
        assert!(!steps[0][field].is_null(), "a step has no {field}: {}", steps[0]);
    }
    let evaluations = finished.events("evaluation");
    let tests: Vec<&Value> = evaluations.iter().filter(|event| event["split"] == "test").collect();
    assert_eq!(tests.len(), 1, "the test split is scored once");
    assert_eq!(evaluations.len(), 4 + 1, "validation is scored once an epoch");
    let end = finished.events("finished").pop().expect("the run finished");
    assert!(end["adapter"].is_string() && end["report"].is_string(), "{end}");

    // What was printed is what was kept.
    let kept = std::fs::read_to_string(run.join("events.jsonl")).expect("events.jsonl");
    let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    assert_eq!(kept, finished.lines());

    for file in [
        "run.json",
        "split.csv",
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
        "adapter/README.md",
        "adapter/labels.json",
        "adapter/selftest.jsonl",
        "adapter/profile.json",
        "adapter/load_adapter.py",
        "adapter/tokenizer/tokenizer.json",
        "report/metrics.json",
        "report/predictions.csv",
        "report/report.html",
    ] {
        assert!(run.join(file).is_file(), "{file} is missing");
    }
    assert!(!run.join("adapter/config.json").exists(), "peft would look for full weights");

    // Every record went somewhere, and the motifs were learnt.
    assert_eq!(csv_rows(&run.join("split.csv")).len(), 400);
    assert!(tests[0]["accuracy"].as_f64().expect("an accuracy") > 0.9, "{}", tests[0]);

    // The report is one file: nothing is fetched from elsewhere.
    let report = std::fs::read_to_string(run.join("report/report.html")).expect("the report");
    for outside in ["src=\"http", "href=\"http", "src=\"figures", "@import"] {
        assert!(!report.contains(outside), "the report fetches {outside}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 120);
    let adapter = |name: &str, threads: &str| {
        let run = scratch.path().join(name);
        quick_training(&table, &base, &run).args(["--no-baseline", "--threads", threads]).succeeds();
        std::fs::read(run.join("adapter/adapter_model.safetensors")).expect("an adapter")
    };
    let first = adapter("first", "2");
    assert_eq!(first, adapter("second", "2"), "twice the same run");
    assert_eq!(first, adapter("third", "1"), "one thread instead of two");
}

#[test]
fn a_run_is_never_overwritten() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 60);
    let run = scratch.path().join("run");
    quick_training(&table, &base, &run).arg("--no-baseline").succeeds();
    let before = std::fs::read(run.join("events.jsonl")).expect("events");
    let failed = quick_training(&table, &base, &run).arg("--no-baseline").fails();
    assert!(failed.stderr.contains("run"), "{}", failed.stderr);
    assert_eq!(before, std::fs::read(run.join("events.jsonl")).expect("events"));
}

#[test]
fn a_run_can_be_repeated_from_its_own_description() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 120);
    let (first, second) = (scratch.path().join("first"), scratch.path().join("second"));
    quick_training(&table, &base, &first).args(["--no-baseline", "--dropout", "0.2", "--rslora"]).succeeds();
    crate::support::episome(["train", "--json", "--threads", "2", "--no-baseline", "--config"])
        .arg(first.join("run.json"))
        .arg("--data")
        .arg(&table)
        .arg("--model")
        .arg(&base)
        .arg("--out")
        .arg(&second)
        .succeeds();
    let adapter = |run: &Path| std::fs::read(run.join("adapter/adapter_model.safetensors")).expect("bytes");
    assert_eq!(adapter(&first), adapter(&second));
}

#[test]
fn a_learning_rate_that_explodes_fails_clearly() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 120);
    let run = scratch.path().join("run");
    let failed = quick_training(&table, &base, &run)
        .args(["--no-baseline", "--learning-rate", "1e30", "--clip", "1e30", "--weight-decay", "0"])
        .run();
    // Limits on the learning rate may refuse it first; either way a sentence, no panic, and no adapter.
    assert_ne!(failed.code, Some(0));
    assert!(
        failed.stderr.contains("learning rate") || failed.stderr.contains("learning-rate"),
        "{}",
        failed.stderr
    );
    assert!(!run.join("adapter/adapter_model.safetensors").exists());
}
