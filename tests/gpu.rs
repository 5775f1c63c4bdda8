//! Work for graphics cards goes to `episome-cuda` where it can do it, and stays here where it cannot.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::{episome, folder, motif_table, quick_training, small_base};

/// A program in the place of `episome-cuda`: it answers `doctor` as this machine's own with `card`, and says what else it
/// is asked.
fn stand_in(folder: &Path, card: serde_json::Value) -> PathBuf {
    let mut report = episome(["doctor", "--json"]).succeeds().json();
    report["card"] = card;
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = doctor ]; then\ncat <<'END'\n{report}\nEND\nelse\necho \"asked: $*\"\nfi\n"
    );
    let path = folder.join("episome-cuda");
    std::fs::write(&path, script).expect("the stand-in is written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    path
}

#[test]
fn a_card_that_answers_gets_the_same_command_line() {
    let scratch = folder();
    let memory = json!({ "total_bytes": 8, "available_bytes": 7 });
    let program = stand_in(scratch.path(), json!({ "name": "a card", "memory": memory, "bf16": true }));
    let (table, run) = (motif_table(scratch.path(), 40), scratch.path().join("run"));
    let handed = |device: &str| {
        let training = quick_training(&table, Path::new("episome-mini"), &run).args(["--device", device]);
        training.env("EPISOME_CUDA", &program).succeeds().stdout
    };
    for device in ["auto", "cuda"] {
        assert!(handed(device).starts_with("asked: train --json"), "{device}");
    }
    let doctor = episome(["doctor", "--json"]).env("EPISOME_CUDA", &program).succeeds().json();
    assert_eq!(doctor["card"]["name"], "a card");
}

#[test]
fn without_a_card_the_processor_computes_and_a_sentence_says_why() {
    let scratch = folder();
    let program = stand_in(scratch.path(), json!(null));
    let (base, table) = (small_base(scratch.path()), motif_table(scratch.path(), 60));
    let training = |name: &str, device: &str| {
        let run = scratch.path().join(name);
        quick_training(&table, &base, &run)
            .args(["--no-baseline", "--device", device])
            .env("EPISOME_CUDA", &program)
    };
    let done = training("auto", "auto").succeeds();
    assert!(done.stderr.contains("no graphics card that answers"), "{}", done.stderr);
    assert_eq!(done.events("started")[0]["device"], "cpu");
    let refused = training("cuda", "cuda").fails();
    assert_eq!(refused.code, Some(9));
    // The processor alone is never asked about.
    let quiet = training("cpu", "cpu").succeeds();
    assert!(!quiet.stderr.contains("graphics"), "{}", quiet.stderr);
}

#[test]
fn a_card_without_the_program_for_it_is_an_error_that_says_what_to_install() {
    let scratch = folder();
    let table = motif_table(scratch.path(), 40);
    let training = quick_training(&table, Path::new("episome-mini"), &scratch.path().join("run"));
    let refused = training.args(["--device", "cuda"]).fails();
    let message = refused.lines().pop().expect("an object")["error"]["message"].to_string();
    assert!(message.contains("episome-cuda") && message.contains("--device cpu"), "{message}");
}

#[test]
fn half_precision_trains_and_predicts_on_the_processor_too() {
    let scratch = folder();
    let (base, table) = (small_base(scratch.path()), motif_table(scratch.path(), 60));
    for dtype in ["bf16", "f16"] {
        let run = scratch.path().join(dtype);
        let training = quick_training(&table, &base, &run).args(["--no-baseline", "--dtype", dtype]);
        let losses = training.succeeds().events("step");
        assert!(losses.iter().all(|step| step["loss"].as_f64().is_some_and(f64::is_finite)), "{dtype}");
        let out = scratch.path().join(format!("{dtype}.csv"));
        let prediction =
            episome(["predict", "--json", "--dtype", dtype]).arg(&run).arg("--input").arg(&table);
        assert_eq!(prediction.arg("--out").arg(out).succeeds().json()["sequences"], 60);
    }
}
