//! The app in a browser: who may ask, what is answered, and trainings that are steered from there.

mod client;
mod hub;
mod python;
mod results;
mod sharing;
mod together;
mod training;

use serde_json::json;

use crate::support::{folder, motif_table};
use client::Server;

#[test]
fn only_who_knows_the_token_is_let_in() {
    let home = folder();
    let server = Server::start(home.path());
    let get = |path: &str, headers: &[(&str, &str)]| server.raw("GET", path, headers, b"");
    assert_eq!(get("/", &[]).status, 401);
    assert_eq!(get("/?token=guessed", &[]).status, 401);
    assert_eq!(get("/api/events", &[]).status, 401);
    let entered = get(&format!("/?token={}", server.token), &[]);
    assert_eq!(entered.status, 303);
    let cookie = entered.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().expect("its name and value").to_owned();
    let page = get("/", &[("Cookie", &pair)]);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-security-policy"), Some(policy("'self'").as_str()));

    let call = |headers: &[(&str, &str)]| {
        let headers = [&[("Cookie", pair.as_str())], headers].concat();
        server.raw("POST", "/api/home.overview", &headers, b"{}").status
    };
    assert_eq!(call(&[]), 200);
    assert_eq!(call(&[("Origin", &format!("http://{}", server.address))]), 200);
    assert_eq!(call(&[("Origin", "http://evil.example")]), 403);
    assert_eq!(call(&[("Sec-Fetch-Site", "cross-site")]), 403);
    assert_eq!(call(&[("Host", "evil.example")]), 403);
}

/// What the page may load: what comes with it, and from the engine by `connections`.
fn policy(connections: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; \
         font-src 'self'; connect-src {connections}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

#[test]
fn the_window_may_no_more_than_the_page_in_a_browser() {
    let read = |name: &str| -> serde_json::Value {
        let text = std::fs::read_to_string(crate::support::root().join(name)).expect("the file");
        serde_json::from_str(&text).expect("JSON")
    };
    let security = &read("tauri.conf.json")["app"]["security"];
    assert_eq!(security["csp"], policy("'self' ipc: http://ipc.localhost"));
    assert_eq!((&security["freezePrototype"], &security["capabilities"]), (&json!(true), &json!(["window"])));
    assert!(
        security["dangerousDisableAssetCspModification"].is_null() && security["assetProtocol"].is_null()
    );
    let window = read("src-tauri/capabilities/window.json");
    assert_eq!((&window["windows"], &window["remote"]), (&json!(["main"]), &json!(null)));
    // No command of a plug-in: files, dialogs, the browser and the shell are reached through our own commands alone.
    let own = ["call", "pick-files", "pick-folder", "save-as", "reveal", "open-page", "open-report"];
    let own = own.iter().map(|name| format!("allow-{name}"));
    let allowed: Vec<String> =
        own.chain(["core:event:allow-listen".into(), "core:event:allow-unlisten".into()]).collect();
    assert_eq!(window["permissions"], json!(allowed));
}

#[test]
fn a_question_is_answered_or_refused_with_what_to_do() {
    let home = folder();
    let server = Server::start(home.path());
    let overview = server.call("home.overview", json!({}));
    assert_eq!(overview["embedded_model"], "episome-mini");
    assert_eq!(overview["runs"], json!([]));
    assert_eq!(overview["can_train"], true);

    let error = server.refused("home.nothing", json!({}));
    assert_eq!(error["kind"], "usage");
    let (_, last) = server.job("data.inspect", json!({ "data": ["/nowhere/promoters.csv"] }));
    let error = &last["error"];
    assert_eq!(error["kind"], "data");
    assert_eq!(error["where"], "/nowhere/promoters.csv");
    assert!(!error["remedy"].as_str().expect("a remedy").is_empty());
    let error = server.refused("data.inspect", json!({ "data": 3 }));
    assert!(error["message"].as_str().expect("a message").contains("data.inspect"), "{error}");

    let described = server.call("method.describe", json!({}));
    let settings = described["settings"].as_array().expect("settings");
    let rank = settings.iter().find(|setting| setting["name"] == "rank").expect("the rank");
    assert_eq!(
        (&rank["default"], &rank["kind"], &rank["limits"]),
        (&json!(8.0), &json!("integer"), &json!([1.0, 1024.0]))
    );
    let matched = server.call("method.match", json!({ "model": "episome-mini", "configuration": { "settings": { "target": ["c_attn"], "rank": 4 } } }));
    assert!(matched["trainable_parameters"].as_u64() > Some(0), "{matched}");
    let error = server.refused(
        "method.match",
        json!({ "model": "episome-mini", "configuration": { "settings": { "rank": 0 } } }),
    );
    assert_eq!(error["where"], "--rank", "a form finds its field by the flag: {error}");
    let listed = server.call("model.list", json!({}));
    assert_eq!(listed["models"][0]["name"], "episome-mini");
}

#[test]
fn a_dropped_file_is_kept_and_read_and_no_other_file_is_handed_out() {
    let home = folder();
    let server = Server::start(home.path());
    let table = motif_table(home.path(), 40);
    let bytes = std::fs::read(&table).expect("the table");
    let kept = server.upload("..%2F..%2Fmotifs.csv", &bytes);
    let path = std::path::PathBuf::from(kept["path"].as_str().expect("a path"));
    assert!(path.starts_with(home.path().join("projects/data")), "{}", path.display());
    assert_eq!(std::fs::read(&path).expect("the upload"), bytes);
    let again = server.upload("motifs.csv", b"other");
    assert_ne!(again["path"], kept["path"], "nothing is written over");
    assert_eq!(server.upload("motifs.csv", &bytes)["path"], kept["path"], "the same file is there once");
    assert_eq!(server.upload("motifs.csv", b"other")["path"], again["path"]);
    let lying = std::fs::read_dir(home.path().join("projects/data")).expect("the folder").count();
    assert_eq!(lying, 2, "nothing half received is left");
    let report = server.done("data.inspect", json!({ "data": [kept["path"]] }));
    assert_eq!((&report["records"], &report["columns"]["label"]), (&json!(40), &json!("label")));
    assert_eq!(report["labels"][0]["records"], 20);

    for path in ["/etc/passwd", table.to_str().expect("a path"), path.to_str().expect("a path")] {
        assert_eq!(server.get(&format!("/files?path={path}")).status, 400, "{path}");
    }
}

#[test]
fn the_sample_project_is_the_same_whenever_it_is_made() {
    let home = folder();
    let server = Server::start(home.path());
    let sample = server.call("home.sample", json!({}));
    assert_eq!(sample["simulated"], true);
    let made = std::fs::read(sample["data"][0].as_str().expect("a path")).expect("the sample");
    let kept =
        std::fs::read(crate::support::root().join("assets/sample-project/train.csv")).expect("the asset");
    assert!(made == kept, "the sample project is the one of the documentation");
    std::fs::write(sample["data"][0].as_str().expect("a path"), "changed").expect("written");
    std::fs::remove_file(sample["readme"].as_str().expect("a path")).expect("removed");
    server.call("home.sample", json!({}));
    assert!(std::fs::read(sample["data"][0].as_str().expect("a path")).expect("the sample") == kept);
}

#[test]
fn choices_and_drafts_are_kept() {
    let home = folder();
    let server = Server::start(home.path());
    assert_eq!(server.call("settings.read", json!({}))["theme"], "system");
    let change = |changes: serde_json::Value| server.call("settings.change", json!({ "changes": changes }));
    let folders = json!([home.path()]);
    // One window changes the folders, another, which has not heard of it, the looks.
    change(json!({ "folders": folders }));
    let settings = change(json!({ "theme": "dark", "language": "zh" }));
    assert_eq!((&settings["folders"], &settings["theme"]), (&folders, &json!("dark")));
    assert_eq!(server.refused("settings.change", json!({ "changes": { "theme": 3 } }))["kind"], "usage");
    assert_eq!(
        server.refused("settings.change", json!({ "changes": { "folders": ["x"] } }))["kind"],
        "usage"
    );
    std::thread::scope(|scope| {
        for threads in 1..=8 {
            let change = &change;
            scope.spawn(move || change(json!({ "threads": threads })));
        }
    });
    change(json!({ "threads": null }));

    let write = |value: serde_json::Value, revision: &serde_json::Value| {
        server.call("drafts.write", json!({ "name": "project", "value": value, "revision": revision }))
    };
    let none = server.call("drafts.read", json!({ "name": "project" }))["revision"].clone();
    let mine = write(json!({ "step": 1 }), &none);
    assert_eq!(mine["written"], true);
    let other = write(json!({ "step": 9 }), &none);
    assert_eq!(
        (&other["written"], &other["revision"]),
        (&json!(false), &mine["revision"]),
        "not written over"
    );
    assert_eq!(write(json!({ "step": 2 }), &mine["revision"])["written"], true);
    assert_eq!(server.refused("drafts.write", json!({ "name": "../x", "value": 1 }))["kind"], "usage");
    drop(server);

    let server = Server::start(home.path());
    assert_eq!(server.call("settings.read", json!({})), settings);
    assert_eq!(server.call("drafts.read", json!({ "name": "project" }))["value"]["step"], 2);
    server.call("drafts.write", json!({ "name": "project", "value": null }));
    assert_eq!(server.call("drafts.list", json!({}))["names"], json!([]));
    let diagnostics = server.call("settings.diagnostics", json!({}));
    let text = diagnostics["text"].as_str().expect("a text");
    assert!(text.contains("Processor") && !text.contains(home.path().to_str().expect("a path")), "{text}");
}
