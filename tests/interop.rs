//! Python's transformers and peft open what we write, with equal logits.

use std::path::Path;

use serde_json::Value;

use crate::support::{
    csv_rows, data, episome, folder, merged, motif_table, python, quick_training, root, trained,
};

#[test]
fn the_adapters_own_snippet_predicts_the_same_in_python() {
    let Some(mut python) = python() else { return };
    let scratch = folder();
    let (base, run) = trained(scratch.path());
    let adapter = run.join("adapter");
    let input = data("awkward/needletail/test.fa");
    let out = scratch.path().join("p.csv");
    episome(["predict"]).arg(&run).arg("--input").arg(&input).arg("--out").arg(&out).succeeds();
    let rows = csv_rows(&out);

    let output = python
        .arg(root().join("tests/interop/predict_with_peft.py"))
        .arg(&base)
        .arg(&adapter)
        .arg(&input)
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reference: Vec<Value> = serde_json::from_slice(&output.stdout).expect("logits");
    assert_eq!(reference.len(), rows.len());
    for (row, reference) in rows.iter().zip(&reference) {
        for (column, logit) in
            ["logit_enhancer", "logit_promoter"].iter().zip(reference.as_array().expect("logits"))
        {
            let ours: f64 = row[*column].parse().expect("a number");
            assert!((ours - logit.as_f64().expect("a number")).abs() < 1e-4, "{row:?} and {reference}");
        }
    }
}

/// The embedded base is stored in 16 bits: Python must not compute in them.
#[test]
fn the_adapters_own_test_passes_in_python_on_the_embedded_base() {
    let Some(mut python) = python() else { return };
    let scratch = folder();
    let run = scratch.path().join("run");
    let table = motif_table(scratch.path(), 60);
    quick_training(&table, Path::new("episome-mini"), &run).arg("--no-baseline").succeeds();
    let output = python
        .arg(run.join("adapter/load_adapter.py"))
        .arg("--base")
        .arg(root().join("assets/episome-mini"))
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let worst = said.trim_end().rsplit(' ').next().and_then(|word| word.parse::<f64>().ok());
    assert!(worst.is_some_and(|worst| worst < 1e-4), "{said}");
}

#[test]
fn transformers_loads_a_merged_model() {
    let Some(mut python) = python() else { return };
    let scratch = folder();
    let (base, run) = trained(scratch.path());
    let merged = merged(&base, &run);
    let input = data("awkward/needletail/test.fa");
    let out = scratch.path().join("p.csv");
    episome(["predict"]).arg(&run).arg("--input").arg(&input).arg("--out").arg(&out).succeeds();
    let output = python
        .arg(root().join("tests/interop/predict_with_transformers.py"))
        .arg(&merged)
        .arg(&input)
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reference: Value = serde_json::from_slice(&output.stdout).expect("logits");
    assert_eq!(reference["labels"], serde_json::json!(["enhancer", "promoter"]));
    for (row, logits) in csv_rows(&out).iter().zip(reference["logits"].as_array().expect("rows")) {
        let ours: f64 = row["logit_promoter"].parse().expect("a number");
        assert!((ours - logits[1].as_f64().expect("a number")).abs() < 1e-4);
    }
}
