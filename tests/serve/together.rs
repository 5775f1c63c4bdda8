//! Two windows, or a window and a terminal, on the same runs: what one does the other sees, and neither harms the other.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::client::Server;
use super::training::{quick, state, trained, wait};
use crate::support::{episome, folder, motif_table, quick_training, small_base};

/// A training that goes on until it is stopped.
fn long() -> Value {
    json!({ "epochs": 400, "baseline": false, "checkpoint_steps": 20 })
}

fn path(run: &Value) -> PathBuf {
    PathBuf::from(run.as_str().expect("a path"))
}

#[test]
fn two_windows_that_start_the_same_at_once_get_a_run_each() {
    let home = folder();
    let servers = [Server::start(home.path()), Server::start(home.path())];
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let request = quick(&table, &base, "same", json!({ "baseline": false }));
    let runs: Vec<Value> = std::thread::scope(|scope| {
        let started = servers
            .each_ref()
            .map(|server| scope.spawn(|| server.call("training.start", request.clone())["run"].clone()));
        started.map(|thread| thread.join().expect("it is started")).into()
    });
    assert_ne!(runs[0], runs[1]);
    for run in &runs {
        wait(&servers[0], run, "finished");
    }
    // Neither saw the other's random numbers, files or threads.
    let adapter =
        |run: &Value| std::fs::read(path(run).join("adapter/adapter_model.safetensors")).expect("an adapter");
    assert_eq!(adapter(&runs[0]), adapter(&runs[1]));
}

#[test]
fn a_run_that_is_trained_belongs_to_one_process_and_is_steered_from_both_windows() {
    let home = folder();
    let (first, second) = (Server::start(home.path()), Server::start(home.path()));
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let run = first.call("training.start", quick(&table, &base, "long", long()))["run"].clone();
    let asked = json!({ "run": run });
    let process = wait(&second, &run, "training")["process"].clone();

    let refused = second.refused("training.resume", asked.clone());
    assert_eq!(refused["kind"], "run", "{refused}");
    let terminal = episome(["resume", "--json"]).arg(path(&run)).fails();
    assert_eq!(terminal.code, Some(8), "{}", terminal.stderr);
    let terminal = quick_training(&table, &base, &path(&run)).fails();
    assert!(terminal.stderr.contains("long"), "{}", terminal.stderr);
    assert_eq!(second.refused("runs.trash", asked.clone())["kind"], "run");
    assert_eq!(second.refused("runs.rename", json!({ "run": run, "name": "other" }))["kind"], "run");
    assert_eq!(state(&first, &run)["process"], process, "nothing of it disturbed the training");

    second.call("training.pause", asked.clone());
    wait(&first, &run, "paused");
    first.call("training.resume", asked.clone());
    wait(&second, &run, "training");
    second.job_until("training.follow", asked.clone(), &mut |told| {
        told["state"]["run"]["step"].as_u64() > Some(20)
    });
    second.call("training.stop", asked.clone());
    wait(&first, &run, "stopped");

    // Both want to go on at once: one does.
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let asked = &asked;
        let going = [&first, &second].map(|server| scope.spawn(|| server.status("training.resume", asked)));
        going.map(|thread| thread.join().expect("an answer")).into()
    });
    assert!(answers.contains(&200), "{answers:?}");
    let process = wait(&first, &run, "training")["process"].clone();
    assert_eq!(state(&second, &run)["process"], process);
    second.job_until("training.follow", json!({ "run": run }), &mut |told| {
        let events = told["events"].as_array().expect("events");
        events.iter().any(|event| event["type"] == "started" && event["resumed_at"].as_u64() > Some(0))
    });
    first.call("training.stop", asked);
    wait(&second, &run, "stopped");
    // Each line is whole, and no step was taken twice at once.
    let events = std::fs::read_to_string(path(&run).join("events.jsonl")).expect("events");
    let events: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).expect("a line")).collect();
    let told: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(told.iter().filter(|kind| **kind == "started").count(), 2, "{told:?}");
}

#[test]
fn a_run_thrown_away_while_it_predicts_costs_no_row_or_says_why() {
    let home = folder();
    let (first, second) = (Server::start(home.path()), Server::start(home.path()));
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&first, quick(&table, &base, "used", json!({ "baseline": false })));
    let text: String = (0..4_000).map(|record| format!(">r{record}\n{}\n", "ACGTTGCA".repeat(8))).collect();
    let input = home.path().join("many.fasta");
    std::fs::write(&input, text).expect("written");
    let mut thrown = false;
    let asked = json!({ "adapter": run, "input": [input] });
    let (_, end) = first.job_until("predict.start", asked.clone(), &mut |_| {
        if !std::mem::replace(&mut thrown, true) {
            second.call("runs.trash", json!({ "run": run }));
        }
        false
    });
    assert!(thrown && !run.exists());
    // The model is in memory from the first row on.
    assert_eq!((&end["type"], &end["answer"]["sequences"]), (&json!("done"), &json!(4_000)), "{end}");
    let (_, end) = first.job("predict.start", asked);
    assert_eq!(end["type"], "error");
    assert!(!end["error"]["remedy"].as_str().expect("a remedy").is_empty(), "{end}");
    second.call("runs.restore", json!({ "run": run }));
    assert_eq!(first.call("runs.list", json!({}))["runs"][0]["name"], "used");
}
