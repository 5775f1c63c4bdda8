//! Data that cannot be trained on is refused in words, and what is odd about it is told.

use crate::bench::{Bench, sequences};
use episome_train::Event;

fn refusal(table: &str) -> String {
    let bench = Bench::new();
    std::fs::write(bench.path("data.csv"), table).unwrap();
    bench.start(bench.configuration(), "run").0.unwrap_err().to_string()
}

fn table(rows: &[(String, &str)]) -> String {
    let rows = rows.iter().map(|(sequence, label)| format!("{sequence},{label}\n"));
    format!("sequence,label\n{}", rows.collect::<String>())
}

#[test]
fn one_label_only() {
    let rows: Vec<_> = sequences(20, 1).into_iter().map(|(sequence, _)| (sequence, "same")).collect();
    let error = refusal(&table(&rows));
    assert!(error.contains("same") && error.contains("two"), "{error}");
}

#[test]
fn a_label_with_one_record() {
    let mut rows = sequences(20, 1);
    rows[3].1 = "rare";
    let error = refusal(&table(&rows));
    assert!(error.contains("rare") && error.contains("one training record"), "{error}");
}

#[test]
fn a_test_label_that_training_lacks() {
    let bench = Bench::new();
    let mut rows = sequences(10, 5);
    rows[4].1 = "enhancer";
    std::fs::write(bench.path("test.csv"), table(&rows)).unwrap();
    let mut configuration = bench.configuration();
    configuration.data.test = vec![bench.path("test.csv")];
    let error = bench.start(configuration, "run").0.unwrap_err().to_string();
    for part in ["enhancer", "test.csv", "record 5", "other, promoter"] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
}

#[test]
fn an_empty_file() {
    for text in ["", "sequence,label\n"] {
        let error = refusal(text);
        assert!(error.contains("data.csv"), "{error}");
    }
}

#[test]
fn files_and_columns_that_divide_are_respected() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.epochs = 1;
    configuration.data.validation = vec![bench.write("dev.csv", 20, 5)];
    configuration.data.test = vec![bench.write("test.csv", 30, 6)];
    let (outcome, events) = bench.start(configuration.clone(), "files");
    outcome.unwrap();
    let records = |events: &[Event]| {
        events.iter().find_map(|event| match event {
            Event::Started { records, .. } => Some((records.train, records.validation, records.test)),
            _ => None,
        })
    };
    assert_eq!(records(&events), Some((120, 20, 30)));

    let names = ["train", "train", "train", "dev", "test"];
    let rows = sequences(50, 9).into_iter().enumerate();
    let rows =
        rows.map(|(index, (sequence, label))| format!("{sequence},{label},{}\n", names[index / 2 % 5]));
    std::fs::write(bench.path("split.csv"), format!("sequence,label,split\n{}", rows.collect::<String>()))
        .unwrap();
    configuration.data.validation.clear();
    configuration.data.test.clear();
    configuration.data.train = vec![bench.path("split.csv")];
    let (outcome, events) = bench.start(configuration, "column");
    outcome.unwrap();
    assert_eq!(records(&events), Some((30, 10, 10)));
}

#[test]
fn leaks_and_cut_sequences_are_told() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.epochs = 1;
    configuration.hyperparameters.max_length = Some(10);
    // The test records are the first of data.csv, most of which are trained on; the others choose the best state.
    configuration.data.test = vec![bench.write("test.csv", 30, 3)];
    let (outcome, events) = bench.start(configuration, "run");
    outcome.unwrap();
    let count = |wanted: &str| {
        events.iter().find_map(|event| match event {
            Event::Warning { kind, count, .. } if kind == wanted => Some(count.unwrap_or(0)),
            _ => None,
        })
    };
    assert!(count("leak").unwrap() > 20, "{events:?}");
    assert!(count("truncated").unwrap() > 100);
}

#[test]
fn a_limit_beyond_the_model_is_lowered_with_a_word() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.epochs = 1;
    configuration.hyperparameters.max_length = Some(5000);
    let (outcome, events) = bench.start(configuration, "run");
    outcome.unwrap();
    let told = |event: &Event| matches!(event, Event::Warning { kind, message, .. } if kind == "max-length" && message.contains("64"));
    assert!(events.iter().any(told));
}
