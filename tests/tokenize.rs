//! `episome tokenize` gives the ids of the reference.

use std::io::Write as _;

use serde_json::Value;

use crate::support::{data, episome, folder};

#[test]
fn byte_pair_encodings_equal_the_reference() {
    let golden: Vec<Value> = std::fs::read_to_string(data("tokenizers/golden.jsonl"))
        .expect("golden ids")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect();
    let scratch = folder();
    for (name, key) in [
        ("dna_gpt2_v0", "dna_gpt2_v0_fast"),
        ("dna_bpe_dict_train_output", "dna_bpe_dict_raw"),
        ("dnabert2_like_4096", "dnabert2_like"),
        ("gena_t2t_32k", "gena_t2t_32k"),
    ] {
        // One sequence a line: the inputs that are one non-blank line are compared.
        let rows: Vec<&Value> = golden
            .iter()
            .filter(|row| {
                row["seq"].as_str().is_some_and(|text| !text.trim().is_empty() && text.lines().count() == 1)
            })
            .filter(|row| row.get(key).is_some())
            .collect();
        assert!(rows.len() > 100, "{name}: only {} inputs to compare", rows.len());
        let input = scratch.path().join(format!("{name}.txt"));
        let mut file = std::fs::File::create(&input).expect("a file");
        for row in &rows {
            writeln!(file, "{}", row["seq"].as_str().expect("text")).expect("a line");
        }
        let model = data(&format!("tokenizers/{name}"));
        let finished =
            episome(["tokenize", "--json", "--model"]).arg(&model).arg("--input").arg(&input).succeeds();
        let lines = finished.lines();
        assert_eq!(lines.len(), rows.len(), "{name}");
        for (line, row) in lines.iter().zip(&rows) {
            assert_eq!(line["ids"], row[key], "{name}: {}", row["seq"]);
        }
    }
}

#[test]
fn reads_standard_input_and_names_each_sequence() {
    let model = data("tokenizers/dna_gpt2_v0");
    let mut command = episome(["tokenize", "--json", "--model"]).arg(&model).command();
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(b"TGGCGTGAACCCGGGATCGGG\n").expect("input");
    let output = child.wait_with_output().expect("the program ends");
    let line: Value = serde_json::from_slice(&output.stdout).expect("one JSON line");
    assert_eq!(line["ids"], serde_json::json!([8, 3058, 713, 5359, 3]));
    assert!(line["id"].is_string());
}
