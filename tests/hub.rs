//! Models and data sets by their Hub ids, from a Hub on this computer, and without it from the cache.

use std::path::Path;

use episome_hub_stand_in::{READER, Repository, Running, StandIn};

use crate::support::{Episome, episome, folder, motif_table, small_base};

/// A Hub with a model and a data set that is split by the names of its files.
fn hub(scratch: &Path) -> Running {
    let base = small_base(scratch);
    let mut model = Repository::model("lab/tiny-dna").downloads(12).tag("license:mit");
    for file in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
        let bytes = std::fs::read(base.join(file)).expect("a file of the base");
        model = if file == "model.safetensors" { model.large(file, bytes) } else { model.file(file, bytes) };
    }
    let table = std::fs::read(motif_table(scratch, 120)).expect("a table");
    let data = Repository::dataset("lab/motifs").file("train.csv", table.clone()).file("test.csv", table);
    StandIn::new().with(model).with(data).start().expect("the Hub starts")
}

/// A call that may reach `hub` and keeps its cache in `scratch`.
fn online(words: &[&str], hub: &Running, scratch: &Path) -> Episome {
    episome(words)
        .env("HF_ENDPOINT", hub.endpoint())
        .env("HF_HOME", scratch.join("hf"))
        .env("HF_TOKEN", READER)
        .env("HF_HUB_OFFLINE", "0")
}

#[test]
fn what_a_search_finds_can_be_downloaded_and_used_offline() {
    let scratch = folder();
    let hub = hub(scratch.path());
    let found = online(&["hub", "search", "tiny", "--json"], &hub, scratch.path()).succeeds().json();
    assert_eq!(found["results"][0]["id"], "lab/tiny-dna", "{found}");
    let fetched =
        online(&["hub", "download", "lab/tiny-dna", "--json"], &hub, scratch.path()).succeeds().json();
    let place = Path::new(fetched["folder"].as_str().expect("a folder")).to_path_buf();
    assert!(place.starts_with(scratch.path().join("hf/hub")), "{fetched}");
    assert!(place.join("model.safetensors").is_file());
    drop(hub);
    let inspected = episome(["model", "inspect", "lab/tiny-dna", "--json"])
        .env("HF_HOME", scratch.path().join("hf"))
        .succeeds()
        .json();
    assert_eq!(inspected["revision"], fetched["commit"]);
}

#[test]
fn a_model_and_a_data_set_are_trained_by_their_ids() {
    let scratch = folder();
    let hub = hub(scratch.path());
    let run = scratch.path().join("run");
    online(&["train", "--json", "--data", "lab/motifs", "--model", "lab/tiny-dna"], &hub, scratch.path())
        .args(["--epochs", "1", "--no-baseline", "--threads", "2", "--out"])
        .arg(&run)
        .succeeds();
    let text = std::fs::read_to_string(run.join("run.json")).expect("run.json");
    let described: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(described["base"]["name"], "lab/tiny-dna");
    assert_eq!(described["base"]["revision"], hub.commit("lab/tiny-dna", "main").expect("a commit"));
    assert_eq!(described["data"]["name"], "lab/motifs");
    // The test file is not split off from the other: it was named by the data set.
    assert!(described["data"]["test"][0].as_str().expect("a file").ends_with("test.csv"), "{described}");
}

#[test]
fn a_name_that_the_hub_does_not_know_is_told_with_what_to_do() {
    let scratch = folder();
    let hub = hub(scratch.path());
    let failed = online(&["model", "inspect", "lab/nothing", "--json"], &hub, scratch.path()).fails();
    assert_eq!(failed.code, Some(6));
    let error = failed.lines().pop().expect("an object")["error"].clone();
    assert_eq!(error["kind"], "network", "{error}");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("lab/nothing")), "{error}");
    assert!(error["remedy"].as_str().is_some_and(|text| text.contains("hub search")), "{error}");
}
