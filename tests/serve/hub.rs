//! The account of the Hub and uploads, asked for from a browser, against a Hub on this computer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use episome_hub_stand_in::{READER, Repository, Running, StandIn, Trouble, WRITER};
use serde_json::{Value, json};

use super::client::Server;
use super::training::{quick, trained};
use crate::support::{Episome, episome, folder, motif_table, small_base};

fn server(home: &Path, hub: &Running, token: Option<&str>) -> Server {
    let mut variables = vec![("HF_ENDPOINT", hub.endpoint()), ("HF_HUB_OFFLINE", "0")];
    variables.extend(token.map(|token| ("HF_TOKEN", token)));
    Server::start_with(home, &variables)
}

/// The program on the command line, with the same Hub.
fn program(words: &[&str], home: &Path, hub: &Running) -> Episome {
    episome(words)
        .env("HF_ENDPOINT", hub.endpoint())
        .env("HF_HUB_OFFLINE", "0")
        .env("HF_HOME", home.join("other"))
        .env("HF_TOKEN", WRITER)
}

/// The bytes of the files of an adapter or a model, by their paths in its folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for below in ["", "tokenizer"] {
        let Ok(entries) = std::fs::read_dir(folder.join(below)) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.strip_prefix(folder).expect("a path inside").to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).expect("a file")));
            }
        }
    }
    found.sort();
    found
}

/// The bytes of the one incomplete file in a folder, once they are on the disk: what came last is written beside the work that
/// was ended.
fn incomplete(folder: &Path) -> u64 {
    let size = || {
        let entries =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let is_incomplete =
            |path: &PathBuf| path.extension().is_some_and(|extension| extension == "incomplete");
        let found: Vec<_> = entries.filter(is_incomplete).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].metadata().expect("its size").len()
    };
    let mut before = size();
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(200));
        let now = size();
        if now > 0 && now == before {
            break;
        }
        before = now;
    }
    before
}

#[test]
fn a_token_is_checked_and_without_a_keyring_used_for_the_session_only() {
    let (home, hub) = (folder(), StandIn::new().start().expect("a Hub"));
    let server = server(home.path(), &hub, None);
    let state = server.call("hub.token", json!({}));
    assert_eq!((&state["token"], &state["offline"]), (&Value::Null, &json!(false)));
    assert_eq!(hub.requests(), [], "to look for a token, the Hub is not asked");
    assert!(
        server.refused("hub.account", json!({}))["message"].as_str().expect("why").contains("none was found")
    );

    let wrong = server.refused("hub.login", json!({ "token": "hf_wrong" }));
    assert!(wrong["message"].as_str().expect("why").contains("was not kept"), "{wrong}");
    assert!(!wrong.to_string().contains("hf_wrong"), "{wrong}");
    assert_eq!(server.refused("hub.login", json!({ "token": "two words" }))["kind"], "usage");
    // The tests leave the keyring alone: as on a machine without one.
    let error = server.refused("hub.login", json!({ "token": WRITER }));
    assert!(error["message"].as_str().expect("why").contains("system keyring cannot be used"), "{error}");
    assert!(error["remedy"].as_str().expect("a remedy").contains("for one session"), "{error}");
    assert!(!error.to_string().contains(WRITER), "{error}");
    assert_eq!(server.call("hub.token", json!({}))["token"], Value::Null, "and it is kept nowhere");

    let account = server.call("hub.login", json!({ "token": format!(" {WRITER}\n"), "session": true }));
    assert_eq!((&account["name"], &account["rights"]), (&json!("ada"), &json!("write")));
    assert_eq!(account["owners"], json!(["ada", "lab"]));
    assert_eq!(server.call("hub.token", json!({}))["token"], json!({ "place": "session" }));
    assert_eq!(server.call("hub.account", json!({}))["name"], "ada");
    for entry in ["config", "projects", "hub", "cache"] {
        let kept =
            std::process::Command::new("grep").args(["-rl", WRITER]).arg(home.path().join(entry)).output();
        assert_eq!(kept.expect("grep").stdout, b"", "the token lies in a file");
    }
    let out = server.call("hub.logout", json!({}));
    assert_eq!((&out["forgotten"], &out["left"]), (&json!(true), &Value::Null));
    assert_eq!(server.call("hub.token", json!({}))["token"], Value::Null);
}

#[test]
fn an_adapter_goes_to_the_hub_and_comes_back_byte_for_byte() {
    let (home, hub) = (folder(), StandIn::new().start().expect("a Hub"));
    let server = server(home.path(), &hub, Some(WRITER));
    let (table, base) = (motif_table(home.path(), 120), small_base(home.path()));
    let run = trained(&server, quick(&table, &base, "first try", json!({ "baseline": false })));

    // It names a folder of this computer, and is not sent before that is settled.
    let plan = server.call("adapters.upload_plan", json!({ "adapter": run }));
    assert_eq!((&plan["name"], &plan["base_is_local"]), (&json!("first-try"), &json!(true)), "{plan}");
    let to = json!({ "adapter": run, "repository": "ada/first-try" });
    let error = server.fails("adapters.upload", to.clone());
    assert!(error["remedy"].as_str().expect("a remedy").contains("--base"), "{error}");
    assert_eq!(hub.is_private("ada/first-try"), None);

    let named = json!({ "adapter": run, "base": "lab/tiny-dna" });
    let plan = server.call("adapters.upload_plan", named);
    assert_eq!((&plan["base_is_local"], &plan["private_paths"]), (&json!(false), &json!([])), "{plan}");
    let mut to = to;
    to["base"] = json!("lab/tiny-dna");
    let (told, end) = server.job("adapters.upload", to.clone());
    let made = &end["answer"];
    assert_eq!((&made["created"], &made["private"]), (&json!(true), &json!(true)), "{end}");
    assert_eq!(made["page"], format!("{}/ada/first-try", hub.endpoint()));
    let last = told.last().expect("progress");
    assert_eq!((&last["done"], &last["phase"]), (&plan["bytes"], &json!("committing")));

    // What is there is what is here, but for the base model's name; and nothing tells of this computer.
    let here = files(&run.join("adapter"));
    assert_eq!(here.len(), plan["files"].as_array().expect("files").len());
    for (path, bytes) in &here {
        let there = hub.file("ada/first-try", path).unwrap_or_else(|| panic!("{path} is missing"));
        let text = String::from_utf8_lossy(&there);
        assert!(!text.contains(&*home.path().to_string_lossy()), "{path} names a folder of this computer");
        match path.as_str() {
            "adapter_config.json" => assert!(text.contains("\"lab/tiny-dna\""), "{text}"),
            "README.md" => assert!(text.contains("\nbase_model: lab/tiny-dna\n"), "{text}"),
            _ => assert_eq!(&there, bytes, "{path}"),
        }
    }
    let again = server.done("adapters.upload", to);
    assert_eq!((&again["changed"], &again["commit"]), (&json!(0), &made["commit"]));

    // Back again by the command line, as an import of the library.
    let into = home.path().join("library");
    let imported = program(&["adapters", "import", "ada/first-try", "--into"], home.path(), &hub)
        .arg(&into)
        .arg("--json")
        .succeeds()
        .json();
    let back = files(Path::new(imported["folder"].as_str().expect("a folder")));
    assert_eq!(back.len(), here.len());
    for (path, bytes) in &back {
        assert_eq!(Some(bytes), hub.file("ada/first-try", path).as_ref(), "{path}");
    }
    let checked = program(&["adapters", "check", "--json"], home.path(), &hub)
        .arg(imported["folder"].as_str().expect("a folder"))
        .arg("--model")
        .arg(&base)
        .succeeds();
    assert!(checked.json()["selftest"]["inputs"].as_u64() > Some(0));
}

#[test]
fn the_command_line_uploads_too_and_says_what_a_token_may_not() {
    let (home, hub) = (folder(), StandIn::new().start().expect("a Hub"));
    let (base, run) = crate::support::trained(home.path());
    assert!(base.is_dir());
    let words = ["hub", "upload", "--json", "--base", "lab/tiny-dna"];
    let upload = |id: &str| program(&words, home.path(), &hub).arg(&run).arg(id);
    let who = program(&["hub", "whoami", "--json"], home.path(), &hub).succeeds().json();
    assert_eq!((&who["name"], &who["token"]["place"]), (&json!("ada"), &json!("environment")));

    let error = upload("bob/mine").fails().lines().pop().expect("an object")["error"].clone();
    assert!(error["remedy"].as_str().expect("a remedy").contains("ada, lab"), "{error}");
    let read_only = upload("reader/mine").env("HF_TOKEN", READER).fails();
    assert_eq!(read_only.code, Some(6));
    assert!(
        read_only.stderr.contains("“Write”") && !read_only.stderr.contains(READER),
        "{}",
        read_only.stderr
    );
    let offline = upload("ada/mine").env("HF_HUB_OFFLINE", "1").fails();
    assert!(offline.stderr.contains("HF_HUB_OFFLINE"), "{}", offline.stderr);

    hub.trouble("/commit/", 1, Trouble::Status { status: 503, retry_after: None });
    let made = upload("lab/mine").args(["--public", "--message", "First"]).succeeds().json();
    assert_eq!((&made["created"], &made["private"]), (&json!(true), &json!(false)));
    assert_eq!(hub.is_private("lab/mine"), Some(false));
    let plan = program(&["hub", "upload", "--plan", "--json"], home.path(), &hub)
        .arg(&run)
        .arg("x/y")
        .succeeds()
        .json();
    assert_eq!(plan["base_is_local"], true, "{plan}");

    // Without a keyring a token is kept nowhere, and the sentence says what to do.
    let mut login = program(&["hub", "login"], home.path(), &hub).command();
    login
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut login = login.spawn().expect("the program starts");
    std::io::Write::write_all(&mut login.stdin.take().expect("a pipe"), format!("{WRITER}\n").as_bytes())
        .expect("written");
    let login = login.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&login.stderr).into_owned();
    assert!(!login.status.success() && said.contains("HF_TOKEN") && !said.contains(WRITER), "{said}");
}

#[test]
fn a_model_is_downloaded_with_a_pause_and_goes_on_where_it_stopped() {
    let home = folder();
    let base = small_base(home.path());
    let mut tiny = Repository::model("lab/tiny");
    for (path, bytes) in files(&base) {
        tiny = if path == "model.safetensors" { tiny.large(&path, bytes) } else { tiny.file(&path, bytes) };
    }
    let hub = StandIn::new().with(tiny).start().expect("a Hub");
    let server = server(home.path(), &hub, None);
    let request = || json!({ "model": "lab/tiny" });
    // The weights break off halfway, and then nothing comes.
    let half = files(&base).iter().map(|(_, bytes)| bytes.len()).max().expect("weights") / 2;
    hub.trouble("X-Amz-Signature", 1, Trouble::Cut { after: half });
    hub.trouble("X-Amz-Signature", 1, Trouble::Slow { milliseconds: 60_000 });
    let (told, end) = server.job_until("model.download", request(), &mut |progress| {
        progress["file"] == "model.safetensors" && progress["done"].as_u64() > Some(half as u64)
    });
    assert_eq!((&end["type"], &end["error"]["kind"]), (&json!("error"), &json!("interrupted")), "{end}");
    let last = told.last().expect("progress");
    assert!(last["done"].as_u64() < last["size"].as_u64(), "{last}");

    // How much came before the pause took hold is the machine's affair; it is kept, and the rest is asked for.
    let here = incomplete(&home.path().join("hub/hub/models--lab--tiny/blobs"));
    assert!(here > 0 && here <= half as u64, "{here} of {half}");
    hub.forget();
    let done = server.done("model.download", request());
    assert_eq!(done["id"], "lab/tiny");
    let ranges: Vec<_> =
        hub.requests().into_iter().filter(|request| request.cdn).map(|request| request.range).collect();
    assert_eq!(ranges, [Some(format!("bytes={here}-"))], "what is here is not asked for again");
    assert_eq!(server.call("model.inspect", request())["family"], "gpt2");
}
