//! Killed at any moment, a run resumes and ends as if it had never been killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{episome, folder, motif_table, quick_training, small_base};

fn adapter(run: &Path) -> Vec<u8> {
    std::fs::read(run.join("adapter/adapter_model.safetensors")).expect("an adapter")
}

/// Starts a training and kills it (SIGKILL) once it has printed `events` lines.
fn killed_after(events: usize, table: &Path, base: &Path, run: &Path) {
    let mut child = quick_training(table, base, run)
        .arg("--no-baseline")
        .args(["--checkpoint-steps", "3"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for line in lines.take(events) {
        line.expect("an event");
    }
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
}

#[test]
fn a_killed_run_ends_with_the_same_adapter() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 240);
    let unbroken = scratch.path().join("unbroken");
    let finished = quick_training(&table, &base, &unbroken)
        .arg("--no-baseline")
        .args(["--checkpoint-steps", "3"])
        .succeeds();
    let total = finished.lines().len();
    for events in [1, 3, total / 3, total / 2, total - 6, total - 3] {
        let run = scratch.path().join(format!("killed-after-{events}"));
        killed_after(events, &table, &base, &run);
        // The last of them may come too late to kill anything.
        if !std::fs::read_to_string(run.join("events.jsonl")).expect("events").contains("\"finished\"") {
            episome(["resume", "--json", "--threads", "2"]).arg(&run).succeeds();
        }
        assert_eq!(adapter(&unbroken), adapter(&run), "killed after {events} of {total} events");
        let metrics = |run: &Path| -> Value {
            serde_json::from_str(&std::fs::read_to_string(run.join("report/metrics.json")).expect("metrics"))
                .expect("JSON")
        };
        assert_eq!(metrics(&unbroken)["test"], metrics(&run)["test"]);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_the_best_and_can_go_on() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 240);
    let run = scratch.path().join("run");
    let mut child = quick_training(&table, &base, &run)
        .args(["--no-baseline", "--epochs", "50"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let validated =
        lines.by_ref().map(|line| line.expect("an event")).find(|line| line.contains("\"evaluation\""));
    assert!(validated.is_some());
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("kill runs").success());
    let rest: Vec<Value> =
        lines.map(|line| serde_json::from_str(&line.expect("an event")).expect("an object")).collect();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(rest.iter().any(|event| event["type"] == "stopped"), "{rest:?}");
    assert!(run.join("adapter/adapter_model.safetensors").exists(), "the best version so far is kept");
    episome(["resume", "--json", "--threads", "2"]).arg(&run).succeeds();
    assert!(run.join("report/report.html").exists());
}

#[test]
fn a_finished_run_has_nothing_to_resume() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let run = scratch.path().join("run");
    quick_training(&motif_table(scratch.path(), 60), &base, &run).arg("--no-baseline").succeeds();
    let before = adapter(&run);
    let again = episome(["resume", "--json"]).arg(&run).run();
    assert!(!again.stderr.is_empty() || !again.stdout.is_empty());
    assert_eq!(before, adapter(&run));
}

#[test]
fn data_that_changed_is_noticed() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let table = motif_table(scratch.path(), 240);
    let run = scratch.path().join("run");
    killed_after(8, &table, &base, &run);
    let mut text = std::fs::read_to_string(&table).expect("the table");
    text += "late,ACGTACGTACGTACGTACGT,promoter\n";
    std::fs::write(&table, text).expect("one row more");
    let failed = episome(["resume", "--json"]).arg(&run).fails();
    assert!(failed.stderr.contains("motifs.csv"), "{}", failed.stderr);
    std::fs::remove_file(&table).expect("no table");
    let failed = episome(["resume", "--json"]).arg(&run).fails();
    assert!(failed.stderr.contains("motifs.csv"), "{}", failed.stderr);
}
