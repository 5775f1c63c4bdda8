//! Predictions in every format, in the order of the input.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{csv_rows, data, episome, folder, motif_table, quick_training, small_base};

fn trained(parent: &Path) -> (PathBuf, PathBuf) {
    let (base, run) = (small_base(parent), parent.join("run"));
    quick_training(&motif_table(parent, 120), &base, &run).arg("--no-baseline").succeeds();
    (base, run)
}

#[test]
fn rows_keep_the_order_and_add_up() {
    let scratch = folder();
    let (_, run) = trained(scratch.path());
    let fasta = scratch.path().join("reads.fa");
    let mut text = String::new();
    for record in 0..300 {
        // Lengths go up and down, so that batches by length would change the order.
        let length = 20 + (record * 37) % 180;
        let sequence: String =
            (0..length).map(|place| ['A', 'C', 'G', 'T'][(place * place + record) % 4]).collect();
        text += &format!(">read{record} some words\n{sequence}\n");
    }
    std::fs::write(&fasta, text).expect("a FASTA file");
    let out = scratch.path().join("predictions.csv");
    episome(["predict", "--json"]).arg(&run).arg("--input").arg(&fasta).arg("--out").arg(&out).succeeds();
    let mut reader = csv::Reader::from_path(&out).expect("predictions");
    let columns: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(
        columns,
        [
            "id",
            "length",
            "predicted_label",
            "confidence",
            "prob_enhancer",
            "prob_promoter",
            "logit_enhancer",
            "logit_promoter",
            "note"
        ]
    );
    let rows = csv_rows(&out);
    assert_eq!(rows.len(), 300);
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row["id"], format!("read{number}"));
        let value = |column: &str| row[column].parse::<f64>().expect("a number");
        assert!((value("prob_enhancer") + value("prob_promoter") - 1.0).abs() < 1e-5);
        let difference = value("logit_promoter") - value("logit_enhancer");
        assert!((value("prob_promoter") - 1.0 / (1.0 + (-difference).exp())).abs() < 1e-5);
        assert!((value("confidence") - value("prob_enhancer").max(value("prob_promoter"))).abs() < 1e-9);
    }
}

#[test]
fn every_format_holds_the_same_rows() {
    let scratch = folder();
    let (_, run) = trained(scratch.path());
    let input = data("awkward/needletail/test.fa.gz");
    let out = |name: &str| {
        let path = scratch.path().join(name);
        episome(["predict", "--json"])
            .arg(&run)
            .arg("--input")
            .arg(&input)
            .arg("--out")
            .arg(&path)
            .succeeds();
        path
    };
    let rows = csv_rows(&out("p.csv"));
    let lines = std::fs::read_to_string(out("p.jsonl")).expect("JSON lines");
    let lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        assert_eq!(line["id"], row["id"].as_str());
        assert_eq!(line["predicted_label"], row["predicted_label"].as_str());
        let number = row["logit_promoter"].parse::<f64>().expect("a number");
        assert!((line["logit_promoter"].as_f64().expect("a number") - number).abs() < 1e-6);
    }
    let tabs = std::fs::read_to_string(out("p.tsv")).expect("TSV");
    assert_eq!(tabs.lines().count(), rows.len() + 1);
    assert!(tabs.starts_with("id\tlength\tpredicted_label\tconfidence\t"));
    let parquet = out("p.parquet");
    if let Some(mut python) = crate::support::python() {
        let script = "import pandas, sys; print(pandas.read_parquet(sys.argv[1]).to_json(orient='records'))";
        let output = python.args(["-c", script]).arg(&parquet).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let table: Vec<Value> = serde_json::from_slice(&output.stdout).expect("rows");
        assert_eq!(table.len(), rows.len());
        assert_eq!(table[0]["id"], rows[0]["id"].as_str());
        assert_eq!(table[0]["predicted_label"], rows[0]["predicted_label"].as_str());
    }
}

#[test]
fn a_run_and_its_adapter_predict_alike() {
    let scratch = folder();
    let (base, run) = trained(scratch.path());
    let input = data("awkward/needletail/test.fa");
    let (first, second) = (scratch.path().join("run.csv"), scratch.path().join("adapter.csv"));
    episome(["predict"]).arg(&run).arg("--input").arg(&input).arg("--out").arg(&first).succeeds();
    episome(["predict"])
        .arg(run.join("adapter"))
        .arg("--model")
        .arg(&base)
        .arg("--input")
        .arg(&input)
        .arg("--out")
        .arg(&second)
        .succeeds();
    assert_eq!(std::fs::read(first).expect("rows"), std::fs::read(second).expect("rows"));
}

#[test]
fn a_broken_record_is_named_or_noted_never_lost() {
    let scratch = folder();
    let (_, run) = trained(scratch.path());
    let fasta = scratch.path().join("mixed.fa");
    std::fs::write(&fasta, ">good\nACGTACGTACGTACGT\n>odd\nACGT!!ACGT\n>empty\n>last\nTTTTACGTACGGG\n")
        .expect("FASTA");
    let out = scratch.path().join("p.csv");
    let failed =
        episome(["predict", "--json"]).arg(&run).arg("--input").arg(&fasta).arg("--out").arg(&out).fails();
    assert!(failed.stderr.contains("mixed.fa") && failed.stderr.contains("odd"), "{}", failed.stderr);
    assert!(!out.exists(), "half a file must not look whole");
    episome(["predict", "--json", "--skip-invalid"])
        .arg(&run)
        .arg("--input")
        .arg(&fasta)
        .arg("--out")
        .arg(&out)
        .succeeds();
    let rows = csv_rows(&out);
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["good", "odd", "empty", "last"]);
    for (row, valid) in rows.iter().zip([true, false, false, true]) {
        assert_eq!(row["predicted_label"].is_empty(), !valid, "{row:?}");
        // The training sequences have 60 letters, which a note on shorter ones says.
        let told = row["note"].is_empty() || row["note"].starts_with("unlike the training sequences");
        assert_eq!(told, valid, "{row:?}");
    }
}

#[test]
fn a_large_file_needs_no_more_memory_than_a_small_one() {
    let scratch = folder();
    let (_, run) = trained(scratch.path());
    let peak = |records: usize| {
        let fasta = scratch.path().join(format!("{records}.fa"));
        let mut text = String::new();
        for record in 0..records {
            text += &format!(">r{record}\n{}\n", "ACGTTGCAAC".repeat(8));
        }
        std::fs::write(&fasta, text).expect("FASTA");
        let mut child = episome(["predict", "--quiet", "--threads", "2"])
            .arg(&run)
            .arg("--input")
            .arg(&fasta)
            .arg("--out")
            .arg(scratch.path().join(format!("{records}.csv")))
            .command()
            .spawn()
            .expect("the program starts");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0_u64;
        while child.try_wait().expect("its state").is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = peak.max(
                line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0),
            );
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(child.wait().expect("its end").success());
        peak
    };
    // 40,000 records are 3.8 MB of FASTA and, kept whole with their predictions, tens of megabytes.
    let (few, many) = (peak(4_000), peak(40_000));
    assert!(many < few + 16 * 1024, "{few} KiB for 4,000 records, {many} KiB for 40,000");
}
