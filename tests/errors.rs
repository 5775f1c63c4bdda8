//! Wrong input gives an error that a person can act on, an exit code, and never a panic.

use crate::support::{data, episome, folder, motif_table, quick_training, small_base};

#[test]
fn a_wrong_command_line_is_told_apart_from_a_failure() {
    let wrong = episome(["trian"]).fails();
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("train"), "the nearest command is named: {}", wrong.stderr);
}

#[test]
fn every_command_has_help_with_an_example() {
    for words in [
        &["data", "inspect"][..],
        &["tokenize"],
        &["model", "inspect"],
        &["train"],
        &["resume"],
        &["evaluate"],
        &["predict"],
        &["export"],
        &["merge"],
        &["pretrain"],
        &["simulate"],
        &["hub", "search"],
        &["hub", "download"],
        &["adapters", "list"],
        &["adapters", "check"],
        &["runs"],
        &["doctor"],
    ] {
        let help = episome(words).arg("--help").succeeds().stdout;
        let example =
            help.lines().any(|line| line.trim_start().starts_with("episome ") && line.contains(words[0]));
        assert!(example, "no example in the help of {words:?}:\n{help}");
    }
}

#[test]
fn errors_are_json_for_machines() {
    let failed = episome(["data", "inspect", "--json", "nowhere.fa"]).fails();
    let error = failed.lines().pop().expect("an object")["error"].clone();
    assert!(error["message"].as_str().is_some_and(|text| text.contains("nowhere.fa")), "{error}");
    assert!(error["remedy"].is_string(), "{error}");
}

#[test]
fn a_prompt_names_the_flags_that_choose_columns() {
    let scratch = folder();
    let table = scratch.path().join("plates.csv");
    std::fs::write(&table, "plate,well,signal\nA,1,0.25\nA,2,0.75\nB,1,0.5\n").expect("a table");
    let failed = episome(["data", "inspect", "--json"]).arg(&table).fails();
    let hint = "(--sequence-column, --label-column)";
    assert!(failed.stderr.contains("no column holds DNA sequences"), "{}", failed.stderr);
    assert!(failed.stderr.contains(hint), "{}", failed.stderr);
    // What a window shows speaks of no flags.
    let error = failed.lines().pop().expect("an object")["error"].clone();
    assert!(!error["remedy"].as_str().expect("a remedy").contains("--"), "{error}");
}

#[test]
fn an_unknown_model_names_the_nearest() {
    let scratch = folder();
    let failed = quick_training(
        &motif_table(scratch.path(), 40),
        std::path::Path::new("episome-mimi"),
        &scratch.path().join("run"),
    )
    .fails();
    assert!(failed.stderr.contains("episome-mini"), "{}", failed.stderr);
}

#[test]
fn a_model_file_cut_short_is_refused_before_a_run_begins() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let weights = base.join("model.safetensors");
    let bytes = std::fs::read(&weights).expect("weights");
    std::fs::write(&weights, &bytes[..bytes.len() / 2]).expect("half of them");
    let failed = quick_training(&motif_table(scratch.path(), 40), &base, &scratch.path().join("run")).fails();
    assert!(failed.stderr.contains("model.safetensors"), "{}", failed.stderr);
}

#[test]
fn data_that_cannot_be_learnt_from_is_refused() {
    let scratch = folder();
    let base = small_base(scratch.path());
    for (name, word) in [
        ("awkward/tables/one_class.csv", "label"),
        ("awkward/tables/only_header.csv", "record"),
        ("awkward/tables/empty.fa", "empty"),
    ] {
        let failed = quick_training(&data(name), &base, &scratch.path().join("run")).fails();
        assert!(failed.stderr.to_lowercase().contains(word), "{name}: {}", failed.stderr);
        assert!(!scratch.path().join("run/adapter").exists(), "{name}");
    }
}
