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
fn a_training_that_comes_to_nothing_says_so() {
    let scratch = folder();
    let table = motif_table(scratch.path(), 120);
    let run = scratch.path().join("run");
    // A thousand times the usual learning rate, and nothing that holds it back.
    let finished =
        crate::support::episome(["train", "--json", "--epochs", "1", "--seed", "5", "--threads", "2"])
            .args([
                "--model",
                "episome-mini",
                "--learning-rate",
                "1",
                "--clip",
                "0",
                "--no-baseline",
                "--data",
            ])
            .arg(&table)
            .arg("--out")
            .arg(&run)
            .succeeds();
    let kinds: Vec<String> = finished
        .events("warning")
        .iter()
        .map(|warning| warning["kind"].as_str().expect("a kind").to_owned())
        .collect();
    assert!(kinds.contains(&"unusual-setting".to_owned()), "before: {kinds:?}");
    for kind in ["diverged", "one-class"] {
        assert!(kinds.contains(&kind.to_owned()), "after: {kinds:?}");
    }
    let metrics: Value =
        serde_json::from_slice(&std::fs::read(run.join("report/metrics.json")).expect("metrics"))
            .expect("JSON");
    assert_eq!(metrics["model"]["mcc"], 0.0);
    let remedy = metrics["findings"][0]["remedy"].as_str().expect("a remedy");
    assert_eq!(
        remedy,
        "train again with a learning rate of 0.001 or less and with gradient clipping (--clip 1)"
    );
    let page = std::fs::read_to_string(run.join("report/report.html")).expect("the page");
    assert!(page.contains("it has not learned to tell the classes apart"));
    let said = crate::support::episome(["results"]).arg(&run).succeeds().stdout;
    assert!(said.contains("what to do: train again with a learning rate of 0.001 or less"), "{said}");
}

#[test]
fn a_failure_is_told_in_its_parts() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 40);
    let text = std::fs::read_to_string(&table).expect("the table").replace("read7,", "read7,MKVLHQ!!");
    std::fs::write(&table, text).expect("written");
    let run = scratch.path().join("run");
    let failed = quick_training(&table, &base, &run).fails();
    let told = failed.events("failed").pop().expect("the event");
    assert!(told["where"].as_str().expect("a place").contains("motifs.csv, line 9"), "{told}");
    assert!(told["remedy"].as_str().expect("a remedy").contains("--skip-invalid"), "{told}");
    assert!(!told["message"].as_str().expect("a message").contains("--skip-invalid"), "{told}");
    let kept = std::fs::read_to_string(run.join("events.jsonl")).expect("events");
    assert!(kept.lines().last().expect("a line").contains("\"remedy\""), "{kept}");
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
