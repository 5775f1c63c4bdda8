use serde_json::Value;

use super::*;

/// scikit-learn sums in another order than we do: a few units in the last place of f64.
const CLOSE: f64 = 1e-12;

fn golden() -> Value {
    let text = include_str!("../../../../tests/golden/metrics.json");
    serde_json::from_str(text).expect("golden values")
}

fn same(ours: Option<f64>, theirs: &Value, what: &str) {
    match (ours, theirs.as_f64()) {
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() <= CLOSE * theirs.abs().max(1.0), "{what}: {ours} and {theirs}");
        }
        (None, None) => {}
        other => panic!("{what}: {other:?}"),
    }
}

fn predictions(case: &Value) -> Predictions {
    let logits: Vec<f32> =
        case["logits"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect();
    let labels: Vec<usize> =
        case["labels"].as_array().unwrap().iter().map(|value| value.as_u64().unwrap() as usize).collect();
    Predictions::from_logits(&logits, &labels, case["classes"].as_u64().unwrap() as usize).unwrap()
}

#[test]
fn scores_are_those_of_scikit_learn() {
    let golden = golden();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 11);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let evaluation = Evaluation::of_predictions(&predictions(case));
        let expected = &case["expected"];
        for metric in ["accuracy", "mcc", "loss", "auroc", "auprc"] {
            let ours = evaluation.metric(metric.parse().unwrap());
            same(ours, &expected[metric], &format!("{name}: {metric}"));
        }
        assert_eq!(serde_json::to_value(&evaluation.confusion).unwrap(), expected["confusion"], "{name}");
        for (averages, which) in
            [(evaluation.macro_average, "macro"), (evaluation.weighted_average, "weighted")]
        {
            for (value, metric) in [
                (averages.precision, "precision"),
                (averages.recall, "recall"),
                (averages.f1, "f1"),
                (averages.auroc, "auroc"),
                (averages.auprc, "auprc"),
            ] {
                if let Some(expected) = expected[which].get(metric) {
                    same(value, expected, &format!("{name}: {which} {metric}"));
                }
            }
        }
        for (class, scores) in evaluation.per_class.iter().enumerate() {
            assert_eq!(Some(scores.records as f64), expected["support"][class].as_f64());
            for (value, metric) in
                [(scores.precision, "precision"), (scores.recall, "recall"), (scores.f1, "f1")]
            {
                let theirs = &expected["per_class"][metric][class];
                if scores.records == 0 && (metric == "recall" || scores.predicted == 0) {
                    // Where scikit-learn answers 0 for what is 0 of 0 records, we say that there is no answer.
                    assert_eq!((value, theirs.as_f64()), (None, Some(0.0)), "{name}");
                } else {
                    same(value, theirs, &format!("{name}: {metric} of class {class}"));
                }
            }
            same(scores.auroc, &expected["per_class"]["auroc"][class], &format!("{name}: auroc {class}"));
            same(scores.auprc, &expected["per_class"]["auprc"][class], &format!("{name}: auprc {class}"));
        }
    }
}

#[test]
fn curves_are_those_of_scikit_learn() {
    let golden = golden();
    let mut seen = 0;
    for case in golden["cases"].as_array().unwrap() {
        let expected = &case["expected"];
        let Some(roc) = expected.get("roc") else { continue };
        seen += 1;
        let name = case["name"].as_str().unwrap();
        let predictions = predictions(case);
        let points = roc_curve(&predictions, 1);
        assert_eq!(points.len(), roc["false"].as_array().unwrap().len(), "{name}");
        for (position, point) in points.iter().enumerate() {
            same(Some(point.false_positive_rate), &roc["false"][position], name);
            same(Some(point.true_positive_rate), &roc["true"][position], name);
            same(point.threshold, &roc["thresholds"][position], name);
        }
        let curve = &expected["precision_recall"];
        let points = precision_recall_curve(&predictions, 1);
        let length = curve["recall"].as_array().unwrap().len();
        assert_eq!(points.len(), length, "{name}");
        for (position, point) in points.iter().enumerate() {
            // scikit-learn's runs from recall 1 to 0.
            same(Some(point.recall), &curve["recall"][length - 1 - position], name);
            same(Some(point.precision), &curve["precision"][length - 1 - position], name);
            if position > 0 {
                same(point.threshold, &curve["thresholds"][length - 1 - position], name);
            }
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn what_cannot_be_known_is_null_and_says_why() {
    let evaluation = Evaluation::of(&[1.0, 0.0, 0.0, 1.0, 0.2, 0.1], &[0, 0, 0], 2).unwrap();
    assert_eq!(evaluation.metric(Metric::Auroc), None);
    assert_eq!(evaluation.undefined["auroc"], "all records are of one class");
    assert_eq!(evaluation.undefined["auprc"], "no record of the positive class");
    assert_eq!(evaluation.metric(Metric::Mcc), Some(0.0));
    assert!(evaluation.notes[0].contains("one class"), "{:?}", evaluation.notes);
    let json = serde_json::to_value(&evaluation).unwrap();
    assert!(json["auroc"].is_null());
    assert_eq!(json["accuracy"].as_f64(), Some(2.0 / 3.0));
    let back: Evaluation = serde_json::from_value(json).unwrap();
    assert_eq!(back, evaluation);
}

#[test]
fn an_absent_class_is_named_and_left_out_of_averages() {
    let logits = [2.0, 0.0, -9.0, 0.0, 2.0, -9.0, 2.0, 0.0, -9.0];
    let evaluation = Evaluation::of(&logits, &[0, 1, 1], 3).unwrap();
    assert_eq!(evaluation.per_class[2].recall, None);
    assert_eq!(evaluation.undefined["per_class.2.recall"], "no record of the class, and none called so");
    assert_eq!(evaluation.metric(Metric::Recall), Some(0.75));
    assert!(evaluation.notes[0].contains("class 2"), "{:?}", evaluation.notes);
}

#[test]
fn a_diverged_model_and_wrong_shapes_are_refused() {
    let error = Evaluation::of(&[0.0, 1.0, f32::NAN, 0.0], &[0, 1], 2).unwrap_err();
    assert!(error.to_string().contains("record 1"), "{error}");
    assert_eq!(Evaluation::of(&[], &[], 2), Err(Error::Empty));
    assert_eq!(Evaluation::of(&[1.0], &[0], 1), Err(Error::Classes(1)));
    assert_eq!(Evaluation::of(&[1.0], &[0], 2), Err(Error::Shape { values: 1, records: 1, classes: 2 }));
    assert_eq!(Evaluation::of(&[1.0, 0.0], &[2], 2), Err(Error::Label { record: 0, label: 2, classes: 2 }));
}

#[test]
fn a_metric_knows_its_name_and_direction() {
    for metric in Metric::ALL {
        assert_eq!(metric.name().parse(), Ok(metric));
        assert_eq!(serde_json::to_value(metric).unwrap(), metric.name());
    }
    let error = "auc".parse::<Metric>().unwrap_err().to_string();
    assert!(error.contains("auroc"), "{error}");
    assert!(Metric::Loss.is_better(Some(0.3), Some(0.4)));
    assert!(Metric::Mcc.is_better(Some(0.3), None));
    assert!(!Metric::Mcc.is_better(Some(f64::NAN), None));
    assert!(!Metric::Mcc.is_better(None, Some(0.1)));
    assert!(!Metric::Mcc.is_better(Some(0.3), Some(0.3)));
}
