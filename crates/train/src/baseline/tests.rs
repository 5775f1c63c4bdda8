use std::{path::Path, sync::atomic::AtomicBool};

use super::*;
use crate::metrics::{Evaluation, Metric};

static NEVER: AtomicBool = AtomicBool::new(false);

/// Letters from a counter hash, with `rich` letters of GC in ten.
fn sequence(seed: u64, length: usize, rich: u64) -> String {
    (0..length as u64)
        .map(|site| {
            let mut hash = (seed << 32 | site).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            hash ^= hash >> 32;
            let strong = hash % 10 < rich;
            match (strong, hash >> 20 & 1) {
                (true, 0) => 'G',
                (true, _) => 'C',
                (false, 0) => 'A',
                (false, _) => 'T',
            }
        })
        .collect()
}

#[test]
fn words_are_counted_as_they_overlap() {
    assert_eq!(counts::features(6), 5_460);
    let counts = Counts::of("ACACNAC", 2);
    let of = |word: &str| {
        let feature = counts::feature(word, 2).unwrap() as u16;
        counts.0.iter().find(|entry| entry.0 == feature).map_or(0, |entry| entry.1)
    };
    assert_eq!([of("A"), of("C"), of("AC"), of("CA"), of("AA"), of("G")], [3, 3, 3, 1, 0, 0]);
    assert_eq!(counts::feature("AN", 2), None);
    assert_eq!(counts::feature("TTTTTT", 6), Some(5_459));
    assert_eq!(Counts::of("", 6), Counts::default());
    assert!((0..5_460).all(|feature| counts::feature(&counts::word(feature), 6) == Some(feature)));
    // More than 65,535 of one word count as 65,535 and do not wrap.
    assert_eq!(Counts::of(&"A".repeat(70_000), 1).0, [(0, u16::MAX)]);
}

#[test]
fn seven_classes_of_any_length_are_told_apart() {
    let lengths = [20, 50, 100, 400, 1_000, 5_000, 20_000];
    let make = |offset: u64, each: u64| -> (Vec<String>, Vec<usize>) {
        (0..7 * each)
            .map(|record| {
                let class = record % 7;
                let length = lengths[(record / 7 % 7) as usize];
                (sequence(offset + record, length, 2 + class), class as usize)
            })
            .unzip()
    };
    let (train, labels) = make(0, 35);
    let (test, truth) = make(10_000, 14);
    let options = Options::default();
    let model =
        KmerLogisticRegression::fit(&train, &labels, 7, Some((&test, &truth)), &options, &NEVER).unwrap();
    let evaluation = Evaluation::of(&model.logits(&test), &truth, 7).unwrap();
    assert!(evaluation.metric(Metric::Auroc) > Some(0.9), "{evaluation:?}");
    for row in model.probabilities(&test).chunks_exact(7) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert!(model.weight("GGG", 6) > model.weight("GGG", 0));
}

#[test]
fn one_class_only_is_learnt_as_such() {
    for classes in [2, 3] {
        let sequences = ["ACGTACGTTTGACCA", "GGGTACGTTTGACCA"];
        let model =
            KmerLogisticRegression::fit(&sequences, &[1, 1], classes, None, &Options::default(), &NEVER)
                .unwrap();
        let probabilities = model.probabilities(&["ACGGACGTTTGACCA", "", "NNNN"]);
        for row in probabilities.chunks_exact(classes) {
            assert!(row.iter().all(|value| value.is_finite()));
            assert!(row[1] > 0.9, "{row:?}");
        }
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let sequences: Vec<String> = (0..90).map(|record| sequence(record, 60, 3 + record % 3)).collect();
    let labels: Vec<usize> = (0..90).map(|record| record % 3).collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let validation = Some((&sequences[60..], &labels[60..]));
        let options = Options::default();
        pool.install(|| {
            KmerLogisticRegression::fit(&sequences[..60], &labels[..60], 3, validation, &options, &NEVER)
                .unwrap()
        })
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_set_beyond_the_budget_is_thinned_and_the_description_says_so() {
    let sequences: Vec<String> = (0..100).map(|record| sequence(record, 50, 2 + record % 2 * 6)).collect();
    let labels: Vec<usize> = (0..100).map(|record| record % 2).collect();
    let options = Options { budget: 10_000, ..Options::default() };
    let model = KmerLogisticRegression::fit(&sequences, &labels, 2, None, &options, &NEVER).unwrap();
    assert!(model.fitted_on() < 60, "{}", model.fitted_on());
    assert!(model.description().contains("of 100 training records"), "{}", model.description());
}

#[test]
fn bad_input_and_a_raised_flag_are_errors() {
    let options = Options::default();
    let fit = |labels: &[usize], classes| {
        KmerLogisticRegression::fit(&["ACGT", "GGGG"], labels, classes, None, &options, &NEVER).unwrap_err()
    };
    assert_eq!(fit(&[0], 2), Error::Lengths { split: "training", sequences: 2, labels: 1 });
    assert_eq!(fit(&[0, 2], 2), Error::Label { split: "training", record: 1, label: 2, classes: 2 });
    assert_eq!(fit(&[0, 0], 1), Error::Classes(1));
    let empty: [&str; 0] = [];
    assert_eq!(KmerLogisticRegression::fit(&empty, &[], 2, None, &options, &NEVER), Err(Error::Empty));
    let stopped = AtomicBool::new(true);
    assert_eq!(
        KmerLogisticRegression::fit(&["ACGT", "GGGG"], &[0, 1], 2, None, &options, &stopped),
        Err(Error::Stopped)
    );
}

#[test]
fn the_minimum_is_scikit_learn_s() {
    // tests/golden/baseline.py fits the same sequences with CountVectorizer and LogisticRegression.
    let text = include_str!("../../../../tests/golden/baseline.json");
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    let texts = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    for case in golden["cases"].as_array().unwrap() {
        let (train, test) = (texts(&case["train"]), texts(&case["test"]));
        let labels: Vec<usize> =
            case["labels"].as_array().unwrap().iter().map(|label| label.as_u64().unwrap() as usize).collect();
        let options = Options {
            default_strength: case["C"].as_f64().unwrap(),
            tolerance: 1e-9,
            iterations: 2_000,
            ..Options::default()
        };
        let classes = case["classes"].as_u64().unwrap() as usize;
        let model = KmerLogisticRegression::fit(&train, &labels, classes, None, &options, &NEVER).unwrap();
        let expected: Vec<f64> =
            case["probabilities"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
        let ours = model.probabilities(&test);
        assert_eq!(ours.len(), expected.len());
        // Logits are f32; scikit-learn stops where its gradient is below 1e-10.
        for (ours, theirs) in ours.iter().zip(expected) {
            assert!((ours - theirs).abs() < 2e-6, "{ours} and {theirs}");
        }
    }
}

/// Sequences and labels of a file of the data that comes beside the project.
fn promoters(file: &str) -> (Vec<String>, Vec<usize>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/prom300").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',');
            let sequence = fields.next().unwrap().to_owned();
            (sequence, fields.next().unwrap().parse::<usize>().unwrap())
        })
        .unzip()
}

#[test]
fn promoters_are_called_as_well_as_the_field_calls_them() {
    let ((train, labels), (held_out, held_out_labels), (test, truth)) =
        (promoters("train.csv"), promoters("dev.csv"), promoters("test.csv"));
    assert_eq!((train.len(), held_out.len(), test.len()), (9_155, 1_018, 5_920));
    let validation = Some((&held_out[..], &held_out_labels[..]));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let (model, logits) = pool.install(|| {
        let options = Options::default();
        let model = KmerLogisticRegression::fit(&train, &labels, 2, validation, &options, &NEVER).unwrap();
        let logits = model.logits(&test);
        (model, logits)
    });
    assert_eq!(model.strength(), 0.003, "{}", model.description());
    let evaluation = Evaluation::of(&logits, &truth, 2).unwrap();
    let near = |metric, value: f64, by: f64| {
        let ours = evaluation.metric(metric).unwrap();
        assert!((ours - value).abs() <= by, "{metric}: {ours}, not {value}");
    };
    // scikit-learn 1.9 on the same features and C, fitted on train.csv alone: .8363, .6816, .9285; F1 of class 1 .8235.
    near(Metric::Accuracy, 0.8363, 0.001);
    near(Metric::Mcc, 0.6816, 0.002);
    near(Metric::Auroc, 0.9285, 0.0005);
    assert!((evaluation.per_class[1].f1.unwrap() - 0.8235).abs() <= 0.001);
}
