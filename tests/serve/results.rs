//! What a run found and what an adapter predicts, asked for from a browser: the same numbers as in the report's files.

use serde_json::{Value, json};

use super::client::Server;
use super::training::{quick, trained};
use crate::support::{csv_rows, folder, motif_table, small_base};

#[test]
fn the_numbers_are_those_of_the_report() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "first", json!({})));
    let other = trained(&server, quick(&table, &base, "second", json!({ "rank": 2 })));

    let report = server.call("results.report", json!({ "run": run }));
    let stored: Value =
        serde_json::from_slice(&std::fs::read(run.join("report/metrics.json")).expect("metrics"))
            .expect("JSON");
    assert_eq!(report["metrics"]["model"]["mcc"], stored["model"]["mcc"]);
    assert_eq!(report["metrics"]["model"]["intervals"], stored["model"]["intervals"]);
    assert_eq!(report["metrics"]["sentence"], stored["sentence"]);
    let bins = report["metrics"]["model"]["calibration"]["bins"].as_array().expect("bins");
    let counted: u64 = bins.iter().map(|bin| bin["records"].as_u64().expect("a count")).sum();
    assert_eq!(counted, stored["records"].as_u64().expect("a count"));

    for figure in report["figures"].as_array().expect("figures") {
        let request = json!({ "run": run, "name": figure["name"], "theme": "dark" });
        let drawn = server.call("results.figure", request);
        let svg = drawn["svg"].as_str().expect("svg");
        let size = format!("width=\"{}\" height=\"{}\"", drawn["width"], drawn["height"]);
        assert!(svg.starts_with("<svg") && svg.contains(&size.replace(".0\"", "\"")), "{size} {figure}");
        let lines = !drawn["series"].as_array().expect("lines").is_empty();
        assert_eq!(lines, drawn["x_label"] != "" && drawn["y_label"] != "", "{figure}");
    }
    for (format, begin) in [("svg", &b"<svg"[..]), ("png", b"\x89PNG"), ("pdf", b"%PDF-")] {
        let saved =
            server.call("results.save_figure", json!({ "run": run, "name": "roc", "format": format }));
        let path = saved["path"].as_str().expect("a path").replace(' ', "%20");
        let file = server.get(&format!("/files?path={path}"));
        assert_eq!((file.status, &file.body[..begin.len()]), (200, begin));
        // The command line saves the same bytes.
        let out = home.path().join("roc").with_extension(format);
        crate::support::episome(["results", "--figure", "roc", "--out"]).arg(&out).arg(&run).succeeds();
        assert_eq!(file.body, std::fs::read(&out).expect("a figure"), "{format}");
    }
    assert_eq!(server.refused("results.figure", json!({ "run": run, "name": "none" }))["kind"], "usage");
    // A report that lost a file is not told to be on its way.
    std::fs::rename(other.join("report/report.json"), home.path().join("kept")).expect("moved");
    let error = server.refused("results.report", json!({ "run": other }));
    assert!(error["message"].as_str().expect("a message").contains("has no report.json"), "{error}");
    std::fs::rename(home.path().join("kept"), other.join("report/report.json")).expect("moved back");

    let rows = csv_rows(&run.join("report/predictions.csv"));
    let wrong = rows.iter().filter(|row| row["correct"] == "0").count();
    let mistakes = server.call("results.mistakes", json!({ "run": run, "limit": 1000 }));
    assert_eq!((mistakes["wrong"].as_u64(), &mistakes["note"]), (Some(wrong as u64), &Value::Null));
    let sequences = csv_rows(&table);
    for mistake in mistakes["mistakes"].as_array().expect("a list") {
        let record = sequences.iter().find(|row| mistake["id"] == row["name"]).expect("the record");
        assert_eq!(mistake["sequence"], record["sequence"]);
        assert_eq!(mistake["true_label"], record["label"]);
    }

    let all = server.call("results.threshold", json!({ "run": run }));
    assert_eq!((all["points"].as_array().map(Vec::len), &all["class"]), (Some(101), &json!("promoter")));
    let half = server.call("results.threshold", json!({ "run": run, "threshold": 0.5, "class": "promoter" }));
    let point = &half["points"][0];
    let called = rows.iter().filter(|row| row["prob_promoter"].parse::<f64>().expect("a number") >= 0.5);
    let hits = called.clone().filter(|row| row["true_label"] == "promoter").count();
    assert_eq!(
        (point["true_positives"].as_u64(), point["false_positives"].as_u64()),
        (Some(hits as u64), Some((called.count() - hits) as u64))
    );

    let compared = server.call("results.compare", json!({ "runs": [run, other] }));
    let names: Vec<&Value> =
        compared["differences"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("rank")]);
    assert_eq!(compared["differences"][0]["values"], json!([4.0, 2.0]));
    assert_eq!(compared["same_records"], true);
    assert_eq!(compared["metrics"][1]["values"][0]["estimate"], stored["model"]["mcc"]);

    let methods = server.call("results.methods", json!({ "run": run }));
    let page = std::fs::read_to_string(run.join("report/report.html")).expect("the page");
    let start: String = methods["methods"].as_str().expect("a text").chars().take(40).collect();
    assert!(page.contains(&start), "{start}");
    assert!(methods["dome"].as_array().expect("items").iter().any(|item| item["item"] == "Data splits"));
}

#[test]
fn rows_can_be_read_sorted_and_saved() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "first", json!({ "baseline": false })));
    let text = ">one first\nACGTACGTATAAATATATAGCGC\n>two\nacgugcgggcgccggcATGC\n>broken\nMKVLHQ!!\n";
    let (_, end) = server.job("predict.start", json!({ "adapter": run, "text": text }));
    assert_eq!(end["type"], "done", "{end}");
    assert_eq!((&end["answer"]["sequences"], &end["answer"]["invalid"]), (&json!(3), &json!(1)));

    let rows_of = |job: &Value, count: u64| loop {
        let page = server.call("predict.rows", json!({ "job": job, "limit": 5 }));
        if page["total"] == count {
            break page;
        }
        std::thread::sleep(std::time::Duration::from_millis(30));
    };
    let broken = server.call("predict.start", json!({ "adapter": run, "text": text }))["job"].clone();
    rows_of(&broken, 3);
    let unpredicted =
        server.call("predict.rows", json!({ "job": broken, "filter": { "unpredicted": true } }));
    assert_eq!((&unpredicted["matched"], &unpredicted["rows"][0]["id"]), (&json!(1), &json!("broken")));
    server.call("predict.forget", json!({ "job": broken }));

    // What a folder would predict with, wherever it lies: a run, an adapter, a merged model.
    let labels = json!(["enhancer", "promoter"]);
    let merged = crate::support::merged(&base, &run);
    for (folder, method) in [(&run, "LORA"), (&run.join("adapter"), "LORA"), (&merged, "full")] {
        let found = server.call("predict.model", json!({ "adapter": folder }));
        assert_eq!((&found["method"], &found["labels"]), (&json!(method), &labels), "{found}");
    }
    assert_eq!(server.refused("predict.model", json!({ "adapter": home.path() }))["kind"], "adapter");

    let started = server.call("predict.start", json!({ "adapter": run, "input": [table] }));
    let job = started["job"].clone();
    let page = rows_of(&job, 240);
    assert_eq!(page["rows"][0]["id"], "read0");
    assert_eq!(page["rows"][0]["sequence"], csv_rows(&table)[0]["sequence"]);
    let sort = json!({ "column": "confidence", "descending": true });
    let sorted = server.call("predict.rows", json!({ "job": job, "limit": 240, "sort": sort }));
    let sure: Vec<f64> = sorted["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["confidence"].as_f64().expect("a number"))
        .collect();
    assert!(sure.is_sorted_by(|a, b| a >= b));
    let filter = json!({ "label": "promoter" });
    let found = server.call("predict.rows", json!({ "job": job, "filter": filter, "limit": 3 }));
    assert!(found["rows"].as_array().expect("rows").iter().all(|row| row["label"] == "promoter"));
    let matched = found["matched"].as_u64().expect("a count");
    assert!(matched > 0 && matched < 240);

    for format in ["csv", "tsv", "xlsx", "fasta", "jsonl", "parquet"] {
        let request = json!({ "job": job, "format": format, "filter": { "label": "promoter" } });
        let saved = server.call("predict.save", request);
        let path = saved["path"].as_str().expect("a path").to_owned();
        assert!(path.ends_with(format), "{path}");
        assert_eq!(server.get(&format!("/files?path={path}")).status, 200);
        match format {
            "csv" => assert_eq!(csv_rows(path.as_ref()).len() as u64, matched),
            "fasta" => {
                let text = std::fs::read_to_string(path).expect("the file");
                let headers: Vec<&str> = text.lines().filter(|line| line.starts_with('>')).collect();
                assert!(
                    headers.len() as u64 == matched
                        && headers.iter().all(|line| line.contains(" label=promoter "))
                );
            }
            _ => {}
        }
    }
    // A name to which the dialog did not add the ending is none that it asked about.
    let named = home.path().join("predictions");
    std::fs::write(named.with_extension("csv"), "mine").expect("written");
    let save = |out: &std::path::Path| {
        server.call("predict.save", json!({ "job": job, "format": "csv", "out": out }))["path"].clone()
    };
    assert_eq!(save(&named), json!(home.path().join("predictions (2).csv")));
    assert_eq!(std::fs::read_to_string(named.with_extension("csv")).expect("the file"), "mine");
    assert_eq!(save(&named.with_extension("csv")), json!(named.with_extension("csv")), "agreed to");
    // What is like nothing that was trained on is flagged: its prediction stands on nothing.
    let strange = format!(">poly\n{}\n>usual\n{}\n", "A".repeat(60), csv_rows(&table)[3]["sequence"]);
    let (_, end) = server.job("predict.start", json!({ "adapter": run, "text": strange }));
    assert_eq!(end["answer"]["unlike"], 1, "{end}");

    server.call("predict.forget", json!({ "job": job }));
    assert_eq!(server.refused("predict.rows", json!({ "job": job }))["kind"], "usage");
    let left: Vec<_> =
        std::fs::read_dir(home.path().join("cache/predictions")).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 4, "the rows and pasted texts of the other two: {left:?}");
}
