//! The same Hub and the same cache, used by Python.

use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::atomic::AtomicBool};

use episome_hub::{DatasetFiles, Hub, Upload, UploadFile};
use episome_hub_stand_in::{Repository, Running, StandIn, WRITER};
use serde_json::Value;
use tempfile::tempdir;

use crate::{fetch, fetch_dataset, offline, serve, settings, tiny, weights, with_token};

/// Runs `tests/interop/hub_round_trip.py` and returns its result; `None` where there is no Python to run it.
fn python(hub: &Running, cache: &Path, offline: bool, arguments: &[&str]) -> Option<Value> {
    let Some(interpreter) = std::env::var_os("EPISOME_PYTHON") else {
        assert!(
            std::env::var_os("CI").is_none(),
            "EPISOME_PYTHON is not set: run `cargo xtask test`, which prepares it"
        );
        eprintln!("skipped: EPISOME_PYTHON is not set; `cargo xtask test` prepares it");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/hub_round_trip.py");
    let output = Command::new(interpreter)
        .arg(script)
        .args(arguments)
        .env_remove("HF_TOKEN")
        .env_remove("TRANSFORMERS_OFFLINE")
        .env("HF_ENDPOINT", hub.endpoint())
        .env("HF_HOME", cache.join("home"))
        .env("HF_HUB_CACHE", cache)
        .env("HF_HUB_OFFLINE", if offline { "1" } else { "0" })
        .env("HF_HUB_DISABLE_TELEMETRY", "1")
        // The stand-in has the storage of Git LFS only, as we use it.
        .env("HF_HUB_DISABLE_XET", "1")
        .env("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(printed["result"].clone())
}

#[test]
fn python_downloads_from_the_stand_in_and_we_read_its_cache() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let Some(result) = python(&hub, cache.path(), false, &["download", "lab/tiny"]) else {
        return;
    };
    let commit = hub.commit("lab/tiny", "main").unwrap();
    assert_eq!(result["found"], serde_json::json!(["lab/tiny"]));
    assert_eq!(result["sha"], commit.as_str());
    assert_eq!(result["siblings"], result["tree"]);
    assert_eq!(result["tree"]["model.safetensors"], 700_000);
    assert_eq!(result["weights_sha256"], result["weights_here"]);
    assert_eq!(result["folder"], result["single"]);
    assert_eq!(result["described"], serde_json::json!(["config.json", "model.safetensors"]));
    assert_eq!(result["branches"], serde_json::json!(["main"]));

    hub.forget();
    let folder = fetch(&offline(&hub, cache.path()), "lab/tiny").unwrap();
    assert_eq!(folder.commit, commit);
    assert_eq!(fs::canonicalize(&folder.path).unwrap(), Path::new(result["folder"].as_str().unwrap()));
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
    // Online, what Python fetched is not fetched again.
    fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    assert!(!hub.requests().iter().any(|request| request.path.contains("resolve")), "{:?}", hub.requests());
}

#[test]
fn python_reads_our_cache_offline() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let folder = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    hub.forget();
    let mut arguments = vec!["read", "lab/tiny"];
    arguments.extend(folder.files.iter().map(String::as_str));
    let Some(result) = python(&hub, cache.path(), true, &arguments) else {
        return;
    };
    assert_eq!(result["warnings"], serde_json::json!([]));
    assert_eq!(result["refs"], serde_json::json!(["main"]));
    assert_eq!(result["commit"], folder.commit.as_str());
    assert_eq!(result["sha256"].as_object().unwrap().len(), folder.files.len());
    assert_eq!(Path::new(result["snapshot"].as_str().unwrap()), fs::canonicalize(&folder.path).unwrap());
    assert_eq!(hub.requests(), []);
}

#[test]
fn python_finds_the_refusals_of_the_real_hub() {
    let gated = Repository::model("lab/gated").gated("auto").file("config.json", "{}");
    let (hub, cache) = (serve([tiny(), gated]), tempdir().unwrap());
    let Some(result) = python(&hub, cache.path(), false, &["refusals", "lab/tiny", "lab/gated"]) else {
        return;
    };
    for (case, expected) in [
        ("missing", "RepositoryNotFoundError"),
        ("missing_info", "RepositoryNotFoundError"),
        ("file", "RemoteEntryNotFoundError"),
        ("revision", "RevisionNotFoundError"),
        ("revision_info", "RevisionNotFoundError"),
        ("gated", "GatedRepoError"),
        ("wrong_token", "HfHubHTTPError"),
        ("gated_with_token", "config.json"),
    ] {
        assert_eq!(result[case], expected, "{case}");
    }
}

/// Layouts of data sets, each as a card and the paths of its files.
const LAYOUTS: [(&str, &str, &[&str]); 19] = [
    ("flat", "", &["train.csv", "dev.csv", "test.csv"]),
    ("single", "", &["promoters.csv"]),
    ("words", "", &["training_set.tsv", "my-valid.tsv", "evaluation.tsv", "attest.tsv"]),
    ("numbers", "", &["train_0.jsonl", "train_1.jsonl", "test0.jsonl"]),
    (
        "sharded",
        "",
        &[
            "data/train-00000-of-00002.parquet",
            "data/train-00001-of-00002.parquet",
            "data/extra-00000-of-00001.parquet",
            "data/test-00000-of-00001.parquet",
        ],
    ),
    ("folders", "", &["train/a.txt", "train/deep/b.txt", "test/c.txt", "other/d.txt"]),
    ("folder_and_name", "", &["data/train/x_test.csv", "data/validation/y.csv"]),
    ("both_words", "", &["train-train.csv", "train_test.csv"]),
    ("compressed", "", &["train.csv.gz", "test.csv.zst"]),
    (
        "ignored",
        "",
        &["train.csv", ".hidden/train.csv", "__MACOSX/train.csv", "config.json", "train.pdf.md.bak"],
    ),
    ("mixed", "", &["train.csv", "train.json", "train2.csv", "notes.txt"]),
    ("draw", "", &["a.csv", "b.parquet"]),
    ("case", "", &["Train.csv", "TEST.csv"]),
    ("fasta", "", &["train.fasta", "test.fa.gz"]),
    ("different", "", &["train.csv", "test.jsonl"]),
    ("none", "", &["table.xyz"]),
    (
        "card_string",
        "configs:\n- config_name: default\n  data_files: '*.csv'",
        &["b.csv", "a.csv", "sub/c.csv"],
    ),
    (
        "card_pairs",
        "configs:\n- config_name: main\n  default: true\n  data_files:\n  - split: train\n    path:\n    - a/*.csv\n    - b/**\n  \
         - split: holdout\n    path: c/[0-9].csv\n- config_name: side\n  data_dir: side",
        &["a/1.csv", "a/2.csv", "b/x/3.csv", "c/4.csv", "c/x.csv", "side/train.csv", "side/dev.csv"],
    ),
    ("card_gone", "configs:\n- config_name: default\n  data_files: gone.csv", &["train.csv"]),
];

/// What is asked of them, and whether Python answers with an error.
const ASKED: [(&str, bool); 20] = [
    ("lab/flat", false),
    ("lab/single", false),
    ("lab/words", false),
    ("lab/numbers", false),
    ("lab/sharded", false),
    ("lab/folders", false),
    ("lab/folder_and_name", false),
    ("lab/both_words", false),
    ("lab/compressed", false),
    ("lab/ignored", false),
    ("lab/mixed", false),
    ("lab/draw", false),
    ("lab/case", false),
    ("lab/fasta", false),
    ("lab/different", true),
    ("lab/none", true),
    ("lab/card_string", false),
    ("lab/card_pairs", false),
    ("lab/card_pairs:side", false),
    ("lab/card_gone", true),
];

fn splits(files: &DatasetFiles) -> BTreeMap<String, Vec<String>> {
    let parts = [("train", &files.train), ("validation", &files.validation), ("test", &files.test)];
    let named = parts.into_iter().map(|(name, paths)| (name.to_string(), paths));
    let others = files.other.iter().map(|(name, paths)| (name.clone(), paths));
    let relative = |path: &Path| {
        let (_, inside) = path.to_str().unwrap().split_once(&format!("{}/", files.commit)).unwrap();
        inside.to_string()
    };
    let mut splits = BTreeMap::new();
    for (name, paths) in named.chain(others).filter(|(_, paths)| !paths.is_empty()) {
        splits.insert(name, paths.iter().map(|path| relative(path)).collect());
    }
    splits
}

/// `datasets` takes a file twice that two words for a split take (`train-train.csv`), and so each of its records; we take
/// it once.
fn once(splits: &Value) -> Value {
    let mut splits = splits.clone();
    for paths in splits.as_object_mut().unwrap().values_mut() {
        let mut seen: Vec<Value> = Vec::new();
        paths.as_array_mut().unwrap().retain(|path| {
            let new = !seen.contains(path);
            seen.push(path.clone());
            new
        });
    }
    splits
}

#[test]
fn splits_are_those_of_pythons_datasets() {
    let hub = LAYOUTS.iter().fold(StandIn::new(), |hub, (name, card, paths)| {
        let repository =
            paths.iter().fold(Repository::dataset(&format!("lab/{name}")), |repository, path| {
                repository.file(path, format!("{name} {path}"))
            });
        hub.with(if card.is_empty() {
            repository
        } else {
            repository.file("README.md", format!("---\n{card}\n---\n# Data"))
        })
    });
    let (hub, cache, ours) = (hub.start().unwrap(), tempdir().unwrap(), tempdir().unwrap());
    let mut arguments = vec!["layouts"];
    arguments.extend(ASKED.iter().map(|(name, _)| *name));
    let Some(result) = python(&hub, cache.path(), false, &arguments) else {
        return;
    };
    let face = Hub::new(settings(&hub, ours.path())).unwrap();
    for (asked, fails) in ASKED {
        let (id, configuration) = asked.split_once(':').map_or((asked, None), |(id, name)| (id, Some(name)));
        match fetch_dataset(&face, id, configuration) {
            Ok(found) => {
                assert!(!fails, "{asked}: Python says {}", result[asked]);
                assert_eq!(serde_json::to_value(splits(&found)).unwrap(), once(&result[asked]), "{asked}");
            }
            Err(error) => {
                assert!(fails && result[asked].is_string(), "{asked}: {error}; Python says {}", result[asked])
            }
        }
    }
}

#[test]
fn python_uploads_to_the_stand_in_and_gets_back_what_we_uploaded() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    fs::create_dir(folder.path().join("tokenizer")).unwrap();
    for (path, bytes) in [
        ("README.md", b"---\nlicense: mit\n---\n# Ours\n".to_vec()),
        ("adapter_config.json", b"{}".to_vec()),
        ("adapter_model.safetensors", weights(900_000)),
        ("tokenizer/tokenizer.json", b"{\"model\": {}}".to_vec()),
    ] {
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    let source = folder.path().to_str().unwrap();
    let Some(result) = python(&hub, cache.path(), false, &["upload", source, "ada/theirs"]) else {
        return;
    };
    assert_eq!(result["name"], "ada");
    assert_eq!(result["private"], true);
    assert_eq!(hub.commit("ada/theirs", "main").as_deref(), result["commit"].as_str());
    assert_eq!(result["read_only"], "HfHubHTTPError", "a token that may only read makes no repository");
    assert_eq!(hub.file("ada/theirs", "adapter_model.safetensors"), Some(weights(900_000)));

    let paths = ["README.md", "adapter_config.json", "adapter_model.safetensors", "tokenizer/tokenizer.json"];
    let file = |path: &str| UploadFile { path: path.to_string(), source: folder.path().join(path) };
    let upload = Upload {
        id: "ada/ours".to_string(),
        public: false,
        message: "Add the adapter".to_string(),
        files: paths.into_iter().map(file).collect(),
    };
    let face = with_token(&hub, cache.path(), WRITER);
    let made = face.upload(upload, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    // The same files make the same commit but for the name.
    let Some(fetched) = python(&hub, cache.path(), false, &["fetch", "ada/ours"]) else {
        return;
    };
    assert_eq!(fetched["commit"], made.commit.as_str());
    for path in paths {
        let here = fs::read(folder.path().join(path)).unwrap();
        assert_eq!(fetched["bytes"][path], here.len(), "{path}");
        assert_eq!(hub.file("ada/theirs", path), hub.file("ada/ours", path), "{path}");
        let there = Path::new(fetched["folder"].as_str().unwrap()).join(path);
        assert_eq!(fs::read(there).unwrap(), here, "{path}");
    }
}
