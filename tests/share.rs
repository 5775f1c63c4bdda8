//! Exported and merged, what was trained predicts the same elsewhere.

use crate::support::{csv_rows, data, episome, folder, merged, trained};

#[test]
fn an_export_is_the_adapter_and_passes_its_own_test() {
    let scratch = folder();
    let (base, run) = trained(scratch.path());
    let out = scratch.path().join("shared");
    episome(["export", "--zip"]).arg(&run).arg("--out").arg(&out).succeeds();
    for file in
        ["adapter_config.json", "adapter_model.safetensors", "README.md", "labels.json", "selftest.jsonl"]
    {
        assert!(out.join(file).is_file(), "{file} is missing");
    }
    assert!(scratch.path().join("shared.zip").is_file());
    episome(["adapters", "check", "--json"]).arg(&out).arg("--model").arg(&base).succeeds();

    // One byte of the weights changed: the check notices.
    let weights = out.join("adapter_model.safetensors");
    let mut bytes = std::fs::read(&weights).expect("weights");
    let last = bytes.len() - 2;
    bytes[last] ^= 0x7F;
    std::fs::write(&weights, bytes).expect("weights");
    episome(["adapters", "check", "--json"]).arg(&out).arg("--model").arg(&base).fails();
}

#[test]
fn a_merged_model_predicts_as_the_adapter_does() {
    let scratch = folder();
    let (base, run) = trained(scratch.path());
    let merged = merged(&base, &run);
    let config: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(merged.join("config.json")).expect("config"))
            .expect("JSON");
    assert_eq!(config["id2label"]["1"], "promoter");
    let rows = |source: &std::path::Path, name: &str| {
        let out = scratch.path().join(name);
        episome(["predict"])
            .arg(source)
            .arg("--input")
            .arg(data("awkward/needletail/test.fa"))
            .arg("--out")
            .arg(&out)
            .succeeds();
        csv_rows(&out)
    };
    let (with_adapter, whole) = (rows(&run, "adapter.csv"), rows(&merged, "merged.csv"));
    assert_eq!(with_adapter.len(), whole.len());
    for (one, other) in with_adapter.iter().zip(&whole) {
        assert_eq!(one["id"], other["id"]);
        let logit = |row: &std::collections::BTreeMap<String, String>| {
            row["logit_promoter"].parse::<f64>().expect("a number")
        };
        assert!((logit(one) - logit(other)).abs() < 1e-4, "{one:?}\n{other:?}");
    }
}
