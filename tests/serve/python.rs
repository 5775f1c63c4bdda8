//! The lines of Python that the Adapters screen hands out, run by Python.

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
    let out = home.path().join("one.csv");
    episome(["predict", adapter, "--input"])
        .arg(&fasta)
        .arg("--model")
        .arg(&base)
        .arg("--out")
        .arg(&out)
        .succeeds();
    let row = &csv_rows(&out)[0];
    for (column, logit) in
        ["logit_enhancer", "logit_promoter"].iter().zip(theirs["logits"].as_array().expect("logits"))
    {
        let ours: f64 = row[*column].parse().expect("a number");
        assert!((ours - logit.as_f64().expect("a number")).abs() < 1e-4, "{row:?} and {theirs}");
    }
}
