//! Trainings that are started, followed and steered from a browser.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Server;
use crate::support::{folder, motif_table, small_base};

/// A request for a training that takes a second or two.
pub fn quick(table: &Path, base: &Path, name: &str, settings: Value) -> Value {
    let mut all =
        json!({ "epochs": 2, "batch_size": 8, "learning_rate": 0.01, "seed": 5, "rank": 4, "alpha": 8 });
    for (name, value) in settings.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    json!({ "name": name, "data": { "data": [table] }, "model": base, "configuration": { "settings": all } })
}

/// A run from its start to its end; its folder.
pub fn trained(server: &Server, request: Value) -> PathBuf {
    let run = server.call("training.start", request)["run"].clone();
    let (_, end) = server.job("training.follow", json!({ "run": run }));
    assert_eq!(end["answer"]["run"]["state"], "finished", "{end}");
    PathBuf::from(run.as_str().expect("a path"))
}

/// How a run stands.
pub fn state(server: &Server, run: &Value) -> Value {
    server.call("training.state", json!({ "run": run }))
}

/// Waits until a run stands so.
pub fn wait(server: &Server, run: &Value, wanted: &str) -> Value {
    let began = Instant::now();
    loop {
        let now = state(server, run);
        if now["run"]["state"] == wanted {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it never was {wanted}: {now}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

#[test]
fn a_training_is_followed_to_its_report() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let run = server.call("training.start", quick(&table, &base, "first: a/b", json!({})))["run"].clone();
    assert_eq!(run, json!(home.path().join("projects/runs/first- a-b")));
    let (told, end) = server.job("training.follow", json!({ "run": run }));
    let events: Vec<&Value> =
        told.iter().flat_map(|progress| progress["events"].as_array().expect("events")).collect();
    let of = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
    assert_eq!((of("started"), of("finished"), of("unknown")), (1, 1, 0));
    assert!(of("step") > 0 && of("evaluation") >= 2, "{events:?}");
    let mut next = 0;
    for progress in &told {
        assert_eq!(progress["first_line"], next, "no event is left out or told twice");
        next += progress["events"].as_array().expect("events").len();
    }
    assert_eq!(end["answer"]["lines"], next);
    assert_eq!(end["answer"]["process"], Value::Null);
    let report = end["answer"]["run"]["report"].as_str().expect("a report");
    let page = server.get(&format!("/files?path={}", report.replace(' ', "%20")));
    assert_eq!(page.status, 200);
    assert!(String::from_utf8_lossy(&page.body).contains("<svg"));

    let half = next / 2;
    let (told, _) = server.job("training.follow", json!({ "run": run, "from_line": half }));
    assert_eq!(told[0]["first_line"], half);
    assert_eq!(told[0]["events"].as_array().expect("events").len(), next - half);

    let curves =
        server.call("training.curves", json!({ "run": run, "width": 500, "height": 260, "theme": "dark" }));
    let loss = &curves["figures"][0];
    assert_eq!(
        (&loss["name"], &loss["width"], &loss["height"]),
        (&json!("loss"), &json!(500.0), &json!(260.0))
    );
    assert!(loss["svg"].as_str().expect("svg").contains("var(--chart-ink"));
    let point = &loss["series"][0]["points"][0];
    assert!(
        (0.0..500.0).contains(&point[2].as_f64().expect("px"))
            && (0.0..260.0).contains(&point[3].as_f64().expect("px"))
    );

    let listed = server.call("runs.list", json!({}));
    assert_eq!(listed["runs"][0]["name"], "first- a-b");
    let second = server.call("training.start", quick(&table, &base, "first: a/b", json!({})))["run"].clone();
    assert_ne!(second, run, "no run is written over another");
    wait(&server, &second, "finished");
}

#[test]
fn a_run_waits_goes_on_stops_and_survives_its_window() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let request =
        quick(&table, &base, "long", json!({ "epochs": 400, "baseline": false, "checkpoint_steps": 20 }));
    let run = server.call("training.start", request)["run"].clone();
    let follow = json!({ "run": run });
    server.job_until("training.follow", follow, &mut |told| told["state"]["run"]["step"].as_u64() > Some(30));

    server.call("training.pause", json!({ "run": run }));
    let paused = wait(&server, &run, "paused");
    assert!(
        paused["process"].as_u64().is_some() && paused["memory_bytes"].as_u64() > Some(1 << 20),
        "{paused}"
    );
    server.call("training.resume", json!({ "run": run }));
    assert_eq!(wait(&server, &run, "training")["process"], paused["process"], "it went on where it waited");

    // The window dies; the training does not.
    drop(server);
    let server = Server::start(home.path());
    assert_eq!(state(&server, &run)["process"], paused["process"]);
    server.call("training.stop", json!({ "run": run }));
    let stopped = wait(&server, &run, "stopped");
    assert!(stopped["run"]["adapter"].as_str().is_some(), "the best so far is kept: {stopped}");
    assert_eq!(server.refused("training.stop", json!({ "run": run }))["kind"], "run");

    // It is good enough: judged as it stands.
    server.call("training.finish", json!({ "run": run }));
    let judged = wait(&server, &run, "finished");
    assert!(
        judged["run"]["test"].as_f64().is_some() && judged["run"]["report"].as_str().is_some(),
        "{judged}"
    );
    assert!(
        judged["run"]["step"].as_u64() < judged["run"]["steps"].as_u64(),
        "it was not trained on: {judged}"
    );
}

#[cfg(unix)]
#[test]
fn a_killed_worker_is_noticed_and_its_run_resumed() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 240), small_base(home.path()));
    let settings = json!({ "epochs": 12, "baseline": false, "checkpoint_steps": 10 });
    let run = server.call("training.start", quick(&table, &base, "killed", settings))["run"].clone();
    let mut killed = None;
    let (told, end) = server.job_until("training.follow", json!({ "run": run }), &mut |told| {
        if killed.is_none() && told["state"]["run"]["step"].as_u64() > Some(40) {
            killed = told["state"]["process"].as_u64();
            let process = killed.expect("a process").to_string();
            std::process::Command::new("kill").args(["-9", &process]).status().expect("kill");
        }
        false
    });
    assert!(killed.is_some() && end["type"] == "done", "{end}");
    assert_eq!(end["answer"]["run"]["state"], "unfinished");
    let known =
        told.iter().map(|progress| progress["events"].as_array().expect("events").len()).sum::<usize>();

    server.call("training.resume", json!({ "run": run }));
    let (told, end) = server.job("training.follow", json!({ "run": run, "from_line": known }));
    assert_eq!(end["answer"]["run"]["state"], "finished");
    let last = told.last().expect("something happened");
    let lines = last["first_line"].as_u64().expect("a number")
        + last["events"].as_array().expect("events").len() as u64;
    assert_eq!(end["answer"]["lines"], lines);
}

#[test]
fn what_cannot_be_trained_is_refused_at_once() {
    let home = folder();
    let server = Server::start(home.path());
    let (table, base) = (motif_table(home.path(), 40), small_base(home.path()));
    let error = server.refused("training.start", quick(Path::new("/nowhere/x.csv"), &base, "x", json!({})));
    assert_eq!((&error["kind"], &error["where"]), (&json!("data"), &json!("/nowhere/x.csv")));
    let error = server.refused("training.start", quick(&table, &base, "x", json!({ "dropout": 2 })));
    assert_eq!(error["where"], "--dropout");
    let error = server.refused("training.start", quick(&table, Path::new("/nowhere/model"), "x", json!({})));
    assert_eq!(error["kind"], "model", "{error}");
    assert_eq!(server.call("runs.list", json!({}))["runs"], json!([]), "nothing is left of it");

    // What only a look into the data shows is told by the run itself.
    let broken = home.path().join("broken.csv");
    std::fs::write(&broken, "sequence,label\nACGT,a\nMKVLHQ,b\n").expect("written");
    let run = server.call("training.start", quick(&broken, &base, "broken", json!({})))["run"].clone();
    let failed = wait(&server, &run, "failed");
    assert!(failed["run"]["problem"].as_str().expect("why").contains("line 3"), "{failed}");
}
