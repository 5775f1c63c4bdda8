//! The lines of Python that the Adapters screen hands out, and an adapter that was uploaded, run by Python.

use std::path::Path;

use episome_hub_stand_in::{StandIn, WRITER};
use serde_json::{Value, json};

use super::client::Server;
use super::training::{quick, trained};
use crate::support::{csv_rows, episome, folder, motif_table, python, small_base};

#[test]
fn the_handed_out_lines_give_the_same_logits() {
    let Some(mut python) = python() else { return };
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "snippet", json!({ "baseline": false })));
    let exported = server.call("adapters.export", json!({ "adapter": run }));
    let adapter = exported["folder"].as_str().expect("a folder");
    let code = server.call("adapters.snippet", json!({ "adapter": adapter }))["code"].clone();
    let code = code.as_str().expect("code");

    // The lines as they are; after them, what they computed.
    let script = home.path().join("snippet.py");
    let asked = "\nimport json\nprint(json.dumps({\"sequence\": sequence, \"logits\": logits.tolist()}))\n";
    std::fs::write(&script, format!("{code}{asked}")).expect("written");
    let output = python.arg(&script).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    let (shown, last) = printed.trim_end().rsplit_once('\n').expect("lines");
    let theirs: Value = serde_json::from_str(last).expect("JSON");
    assert!(shown.contains("enhancer 0.") && shown.contains("promoter 0."), "what a person sees: {shown}");

    let fasta = home.path().join("one.fasta");
    std::fs::write(&fasta, format!(">one\n{}\n", theirs["sequence"].as_str().expect("a sequence")))
        .expect("written");
    same_as_ours(home.path(), adapter, &base, &fasta, &theirs["logits"]);
}

/// Predicts the one sequence of `fasta` with the program, and compares.
fn same_as_ours(home: &Path, adapter: &str, base: &Path, fasta: &Path, theirs: &Value) {
    let out = home.join("one.csv");
    let predict = episome(["predict", adapter, "--input"]).arg(fasta).arg("--model").arg(base);
    predict.arg("--out").arg(&out).succeeds();
    let row = &csv_rows(&out)[0];
    let logits = theirs.as_array().expect("logits");
    for (column, logit) in ["logit_enhancer", "logit_promoter"].iter().zip(logits) {
        let ours: f64 = row[*column].parse().expect("a number");
        assert!((ours - logit.as_f64().expect("a number")).abs() < 1e-4, "{row:?} and {theirs}");
    }
}

#[test]
fn peft_opens_an_uploaded_adapter_by_its_name() {
    let Some(mut python) = python() else { return };
    let (home, hub) = (folder(), StandIn::new().start().expect("a Hub"));
    let variables = [("HF_ENDPOINT", hub.endpoint()), ("HF_HUB_OFFLINE", "0"), ("HF_TOKEN", WRITER)];
    let server = Server::start_with(home.path(), &variables);
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "uploaded", json!({ "baseline": false })));
    let request = json!({ "adapter": run, "repository": "lab/motifs", "base": "lab/tiny-dna" });
    server.done("adapters.upload", request);

    let fasta = home.path().join("one.fasta");
    std::fs::write(&fasta, format!(">one\n{}\n", "ACGTTGCA".repeat(10))).expect("written");
    let script = crate::support::root().join("tests/interop/predict_with_peft.py");
    let output = python
        .arg(script)
        .arg(&base)
        .arg("lab/motifs")
        .arg(&fasta)
        .envs(variables)
        .env("HF_HOME", home.path().join("python"))
        .env("HF_HUB_DISABLE_XET", "1")
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Value = serde_json::from_slice(&output.stdout).expect("logits");
    let adapter = run.join("adapter");
    same_as_ours(home.path(), adapter.to_str().expect("a path"), &base, &fasta, &theirs[0]);
}
