//! Looking at data, sharing adapters and throwing things away, asked for from a browser.

use serde_json::{Value, json};

use super::client::Server;
use super::training::{quick, trained};
use crate::support::{folder, motif_table, small_base};

fn with(request: &Value, field: &str, value: Value) -> Value {
    let mut request = request.clone();
    request[field] = value;
    request
}

#[test]
fn data_are_shown_as_they_stand_as_a_model_sees_them_and_divided() {
    let home = folder();
    let server = Server::start(home.path());
    let table = home.path().join("messy.csv");
    let text = "name,dna,class\na,ACGTACGTAC,x\nb,acgtacgtac,x\nc,GTACGTACGT,y\nd,TTTTGGGGCA,y\ne,TTTTGGGGCC,y\nf,CATCATCATT,x\n";
    std::fs::write(&table, text).expect("written");
    let rows = server.call("data.rows", json!({ "data": [table], "limit": 2 }));
    assert_eq!(rows["names"], json!(["name", "dna", "class"]));
    assert_eq!(rows["rows"][1], json!(["b", "acgtacgtac", "x"]), "as it stands, before any cleaning");
    let report = server.done("data.inspect", json!({ "data": [table] }));
    assert_eq!(report["contradictions"]["records"], 3);
    let mended = json!({ "data": [table], "repair": ["contradictions"] });
    let report = server.done("data.inspect", mended.clone());
    assert_eq!((&report["records"], &report["contradictions"]["records"]), (&json!(3), &json!(0)));
    assert_eq!(std::fs::read_to_string(&table).expect("the table"), text, "the file stays as it is");

    let motifs = motif_table(home.path(), 60);
    let (told, last) = server.job("data.inspect", json!({ "data": [motifs] }));
    assert_eq!(last["type"], "done", "{last}");
    let stages: Vec<&Value> = told.iter().map(|one| &one["stage"]).collect();
    assert_eq!(stages, ["reading", "checking"]);
    let (told, last) = server.job("data.kmer_shortcut", json!({ "data": [motifs] }));
    let found = &last["answer"];
    assert_eq!(found["records"], 60, "{last}");
    assert_eq!(told.last().expect("a stage")["stage"], "scoring");
    let score = |name: &str| found["mcc"][name].as_f64().expect("a score");
    assert!(score("low") <= score("estimate") && score("estimate") <= score("high"), "{found}");

    // Records without a label are left out on request.
    let bare = home.path().join("bare.csv");
    std::fs::write(&bare, "dna,class\nACGTACGTAC,x\nTTTTGGGGCA,y\nCATCATCATT,\n").expect("written");
    let report = server.done("data.inspect", json!({ "data": [bare] }));
    assert_eq!(report["unlabelled"], 1);
    let report = server.done("data.inspect", json!({ "data": [bare], "repair": ["unlabelled"] }));
    assert_eq!((&report["unlabelled"], &report["records"]), (&json!(0), &json!(2)));

    // The chosen model decides which letters can be read; one that is not here decides nothing yet.
    let codes = home.path().join("codes.csv");
    let mut text = std::fs::read_to_string(&motifs).expect("the table");
    let more = text.lines().nth(1).expect("a record").replacen(['A', 'C', 'G', 'T'], "D", 1);
    text.push_str(&format!("{more}\n{}\n", more.replace('D', "N")));
    std::fs::write(&codes, text).expect("written");
    for model in [json!(null), json!("someone/not-downloaded")] {
        let report = server.done("data.inspect", json!({ "data": [codes], "model": model }));
        assert_eq!((&report["ambiguous_records"], &report["records"]), (&json!(2), &json!(62)), "{model}");
        assert_eq!(report["model"], json!(null));
    }
    let chosen = json!({ "data": [codes], "model": "episome-mini" });
    let (_, last) = server.job("data.inspect", chosen.clone());
    assert_eq!(last["error"]["choices"], json!(["skip_invalid"]), "{last}");
    assert!(last["error"]["where"].as_str().is_some_and(|place| place.contains("line 62")), "{last}");
    let report = server.done("data.inspect", with(&chosen, "skip_invalid", json!(true)));
    assert_eq!((&report["records"], &report["invalid"]), (&json!(61), &json!({ "ambiguity code": 1 })));
    assert_eq!(report["model"], "episome-mini");
    let split = server.call("data.split_preview", with(&chosen, "skip_invalid", json!(true)));
    let records: u64 =
        split["parts"].as_array().expect("parts").iter().filter_map(|part| part["records"].as_u64()).sum();
    assert_eq!(records, 61, "{split}");

    let split = server.call(
        "data.split_preview",
        json!({ "data": [motifs], "configuration": { "settings": { "split_by": "similarity" } } }),
    );
    let parts = split["parts"].as_array().expect("parts");
    let records: u64 = parts.iter().map(|part| part["records"].as_u64().expect("a count")).sum();
    assert_eq!((parts.len(), records), (3, 60));
    assert!(split["method"].as_str().expect("a sentence").contains("resemble"), "{split}");

    let seen =
        server.call("data.tokens", json!({ "model": "episome-mini", "sequences": ["acgtTTGACA", "MKV!"] }));
    let first = &seen["sequences"][0];
    assert_eq!(first["sequence"], "ACGTTTGACA");
    let covered: u64 = first["tokens"]
        .as_array()
        .expect("tokens")
        .iter()
        .map(|token| token["end"].as_u64().expect("an end") - token["start"].as_u64().expect("a start"))
        .sum();
    assert_eq!(covered, 10, "{first}");
    assert!(seen["sequences"][1]["problem"].is_string());

    let pasted = server.call("data.paste", json!({ "text": ">a\nACGT\n" }));
    assert!(pasted["path"].as_str().expect("a path").ends_with("pasted.fasta"));
    assert_eq!(server.call("data.paste", json!({ "text": ">a\nACGT\n" })), pasted, "the same is there once");
    let fit = server.call("model.fit", json!({ "model": "episome-mini", "data": { "data": [motifs] } }));
    assert!(fit["bytes"].as_u64() > Some(1 << 20) && fit["seconds"].as_f64() > Some(0.0), "{fit}");
    // Of a model that is not here and cannot be asked for, its parameters say the least that it needs.
    let far = |model: &str| json!({ "model": model, "data": { "data": [motifs] } });
    let fit = server.call("model.fit", far("dnagpt/dna_gpt2_v0"));
    assert_eq!((&fit["bytes"], &fit["seconds"]), (&json!(436_000_000_u64), &Value::Null));
    assert_eq!(server.refused("model.fit", far("someone/unknown"))["kind"], "model");
}

#[test]
fn an_adapter_goes_out_and_comes_in_again() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "shared", json!({ "baseline": false })));

    let mut card = server.call("adapters.card", json!({ "adapter": run }));
    assert_eq!(card["title"], "shared");
    card["licence"] = json!("cc-by-4.0");
    card["limits"] = json!("Made up.");
    server.call("adapters.write_card", json!({ "adapter": run, "card": card }));
    let packed = server.call("adapters.pack", json!({ "adapter": run }));
    let archive = packed["path"].as_str().expect("an archive").to_owned();
    assert_eq!(server.get(&format!("/files?path={archive}")).status, 200);
    // As a dialog asks: one file, in the place of what was there; a name that it did not ask about is never written over.
    let named = folder();
    std::fs::write(named.path().join("mine.zip"), "an older one").expect("written");
    let pack = |name: &str| {
        server.call("adapters.pack", json!({ "adapter": run, "out": named.path().join(name) }))["path"]
            .clone()
    };
    assert_eq!(pack("mine.zip"), json!(named.path().join("mine.zip")));
    assert!(std::fs::read(named.path().join("mine.zip")).expect("it").starts_with(b"PK"));
    assert_eq!(pack("mine"), json!(named.path().join("mine (2).zip")));
    assert_eq!(std::fs::read_dir(named.path()).expect("the folder").count(), 2, "no folder beside them");

    let (told, end) = server.job("adapters.import", json!({ "source": archive }));
    let imported = &end["answer"];
    let steps: Vec<&Value> = told.iter().map(|progress| &progress["step"]).collect();
    for step in ["copying", "loading", "testing"] {
        assert!(steps.contains(&&json!(step)), "{step} in {told:?}");
    }
    assert_eq!(imported["problem"], Value::Null, "{imported}");
    assert!(imported["check"]["selftest"]["inputs"].as_u64() > Some(0), "its own test was run: {imported}");
    let adapter = &imported["folder"];
    assert_eq!(server.call("adapters.card", json!({ "adapter": adapter }))["limits"], "Made up.");
    let code = server.call("adapters.snippet", json!({ "adapter": adapter }))["code"].clone();
    assert!(code.as_str().expect("code").contains("PeftModel.from_pretrained"), "{code}");

    // One that was changed on its way is not taken in, and nothing of it is left.
    let changed = home.path().join("changed");
    server.call("adapters.export", json!({ "adapter": run, "out": changed }));
    let test = changed.join("selftest.jsonl");
    let text = std::fs::read_to_string(&test).expect("the test");
    std::fs::write(&test, text.replace("\"logits\":[", "\"logits\":[9.0,")).expect("written");
    assert_eq!(server.fails("adapters.import", json!({ "source": changed }))["kind"], "adapter");
    std::fs::write(changed.join("adapter_model.bin"), "a pickle").expect("written");
    let error = server.fails("adapters.import", json!({ "source": changed }));
    assert!(error["message"].as_str().expect("a message").contains("pickle"), "{error}");
    let library = home.path().join("projects/adapters");
    assert_eq!(std::fs::read_dir(library).expect("the library").count(), 1);

    // Merged into the library, each time under a name of its own.
    let merged = server.done("adapters.merge", json!({ "adapter": adapter }));
    let first = home.path().join("projects/models").join("shared-merged");
    assert_eq!(merged["folder"], json!(first), "{merged}");
    assert!(first.join("model.safetensors").is_file());
    let again = server.done("adapters.merge", json!({ "adapter": adapter }));
    assert_eq!(again["folder"], json!(first.with_file_name("shared-merged (2)")));
    let checked = server.done("adapters.check", json!({ "adapter": adapter }));
    assert!(checked["selftest"]["inputs"].as_u64() > Some(0), "{checked}");
}

#[test]
fn work_on_an_adapter_can_be_stopped_and_leaves_nothing() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "shared", json!({ "baseline": false })));
    let packed = server.call("adapters.pack", json!({ "adapter": run }));
    for (command, request, below) in [
        ("adapters.import", json!({ "source": packed["path"] }), "adapters"),
        ("adapters.merge", json!({ "adapter": run }), "models"),
        ("adapters.check", json!({ "adapter": run }), "data"),
    ] {
        let (_, end) = server.job_until(command, request, &mut |_| true);
        // It may have been done before it heard of it.
        if end["type"] == "done" {
            continue;
        }
        assert_eq!(end["error"]["kind"], "interrupted", "{command}: {end}");
        let folder = home.path().join("projects").join(below);
        let left = std::fs::read_dir(&folder).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{command} left something in {}", folder.display());
    }
}

#[cfg(unix)]
#[test]
fn what_was_thrown_away_through_a_link_comes_back() {
    let (home, elsewhere) = (folder(), folder());
    // As where the folder of projects lies on another disk and is linked to.
    std::os::unix::fs::symlink(elsewhere.path(), home.path().join("projects")).expect("a link");
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 60), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "linked", json!({ "baseline": false })));
    server.call("runs.trash", json!({ "run": run }));
    assert!(!run.exists());
    server.call("runs.restore", json!({ "run": run }));
    assert!(run.join("run.json").is_file());
}

#[test]
fn a_run_is_renamed_thrown_away_and_brought_back() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 60), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "first", json!({ "baseline": false })));
    let renamed =
        server.call("runs.rename", json!({ "run": run, "name": "Promoters, second try" }))["run"].clone();
    assert_eq!(renamed, json!(run.with_file_name("Promoters, second try")));
    assert!(!run.exists());
    assert_eq!(server.refused("runs.trash", json!({ "run": home.path() }))["kind"], "usage");
    assert!(home.path().exists());
    server.call("runs.trash", json!({ "run": renamed }));
    assert_eq!(server.call("runs.list", json!({}))["runs"], json!([]));
    server.call("runs.restore", json!({ "run": renamed }));
    assert_eq!(server.call("runs.list", json!({}))["runs"][0]["name"], "Promoters, second try");
    assert_eq!(server.call("results.report", json!({ "run": renamed }))["run"]["state"], "finished");
}
