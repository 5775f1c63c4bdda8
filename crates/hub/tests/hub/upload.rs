//! Folders sent to a repository.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use episome_hub::{Access, Error, Hub, Phase, Settings, Upload, UploadFile, UploadProgress, Uploaded};
use episome_hub_stand_in::{READER, Repository, Running, StandIn, Trouble, WRITER};
use tempfile::tempdir;

use crate::{serve, settings, weights, with_token};

const LARGE: &str = "adapter_model.safetensors";

/// An adapter's files in `folder`, as an upload to `id`.
fn adapter(folder: &Path, id: &str) -> Upload {
    fs::create_dir_all(folder.join("tokenizer")).unwrap();
    for (path, bytes) in [
        ("README.md", b"---\nlicense: mit\n---\n# Ours\n".to_vec()),
        ("adapter_config.json", b"{\"peft_type\": \"LORA\"}".to_vec()),
        (LARGE, weights(900_000)),
        ("tokenizer/tokenizer.json", b"{\"model\": {}}".to_vec()),
        ("empty.txt", Vec::new()),
    ] {
        fs::write(folder.join(path), bytes).unwrap();
    }
    let paths = ["README.md", "adapter_config.json", LARGE, "tokenizer/tokenizer.json", "empty.txt"];
    let file = |path: &&str| UploadFile { path: path.to_string(), source: folder.join(path) };
    Upload {
        id: id.to_string(),
        public: false,
        message: "Add the adapter".to_string(),
        files: paths.iter().map(file).collect(),
    }
}

fn send(hub: &Hub, upload: &Upload) -> Result<Uploaded, Error> {
    hub.upload(upload.clone(), &mut |_| {}, &AtomicBool::new(false))
}

fn methods(hub: &Running, method: &str) -> Vec<String> {
    hub.requests()
        .into_iter()
        .filter(|request| request.method == method)
        .map(|request| request.path)
        .collect()
}

#[test]
fn everything_arrives_in_one_private_commit_and_is_not_sent_twice() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    let face = with_token(&hub, cache.path(), WRITER);
    let upload = adapter(folder.path(), "ada/ours");
    let mut told: Vec<UploadProgress> = Vec::new();
    let made = face.upload(upload.clone(), &mut |step| told.push(step), &AtomicBool::new(false)).unwrap();
    assert_eq!((made.created, made.private, made.changed, made.files), (true, true, 5, 5));
    assert_eq!(made.page, format!("{}/ada/ours", hub.endpoint()));
    assert_eq!(hub.is_private("ada/ours"), Some(true));
    assert_eq!(hub.commit("ada/ours", "main"), Some(made.commit.clone()));
    for file in &upload.files {
        assert_eq!(hub.file("ada/ours", &file.path), Some(fs::read(&file.source).unwrap()), "{}", file.path);
    }
    // By bytes, never backwards, and to the end.
    assert!(told.windows(2).all(|pair| pair[0].done <= pair[1].done), "{told:?}");
    let last = told.last().unwrap();
    assert_eq!((last.done, last.files_done, last.phase), (made.bytes, 5, Phase::Committing));
    let steps = told.iter().filter(|step| step.phase == Phase::Sending && step.file == LARGE);
    assert!(steps.count() > 3, "{told:?}");
    // The storage for large files never sees the token.
    assert!(hub.requests().iter().all(|request| !(request.cdn && request.token)));

    hub.forget();
    let again = send(&face, &upload).unwrap();
    assert_eq!((again.created, again.changed, &again.commit), (false, 0, &made.commit));
    assert_eq!(methods(&hub, "PUT"), Vec::<String>::new());

    fs::write(folder.path().join("README.md"), "---\nlicense: mit\n---\n# Ours, better\n").unwrap();
    let changed = send(&face, &upload).unwrap();
    assert_eq!(changed.changed, 1);
    assert_ne!(changed.commit, made.commit);
    assert_eq!(methods(&hub, "PUT"), Vec::<String>::new());
}

#[test]
fn large_files_go_out_in_parts_where_the_storage_wants_it() {
    let hub = StandIn::new().parts(400_000).start().unwrap();
    let (cache, folder) = (tempdir().unwrap(), tempdir().unwrap());
    let upload = adapter(folder.path(), "lab/parts");
    hub.trouble("partNumber=2", 1, Trouble::Status { status: 500, retry_after: None });
    let made = send(&with_token(&hub, cache.path(), WRITER), &upload).unwrap();
    assert!(made.created);
    assert_eq!(methods(&hub, "PUT").len(), 4, "three parts, one of them twice");
    assert_eq!(hub.file("lab/parts", LARGE), Some(weights(900_000)));
}

#[test]
fn troubles_that_pass_are_sat_out_and_a_lost_answer_makes_no_second_commit() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    let upload = adapter(folder.path(), "ada/ours");
    for path in ["whoami", "repos/create", "preupload", "objects/batch", "X-Amz-Signature", "verify"] {
        hub.trouble(path, 1, Trouble::Status { status: 503, retry_after: None });
    }
    hub.trouble("/commit/", 1, Trouble::Status { status: 429, retry_after: Some(0) });
    send(&with_token(&hub, cache.path(), WRITER), &upload).unwrap();
    assert_eq!(hub.file("ada/ours", LARGE), Some(weights(900_000)));

    // The commit is made, and its answer is lost on the way.
    fs::write(folder.path().join("empty.txt"), "no longer").unwrap();
    hub.forget();
    hub.trouble("/commit/", 1, Trouble::Cut { after: 3 });
    let made = send(&with_token(&hub, cache.path(), WRITER), &upload).unwrap();
    assert_eq!(methods(&hub, "POST").iter().filter(|path| path.contains("/commit/")).count(), 1);
    assert_eq!(hub.commit("ada/ours", "main"), Some(made.commit));
}

#[test]
fn troubles_that_stay_are_told_and_leave_no_commit() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    let face = with_token(&hub, cache.path(), WRITER);
    let upload = adapter(folder.path(), "ada/ours");
    hub.trouble("X-Amz-Signature", 99, Trouble::Status { status: 500, retry_after: None });
    let error = send(&face, &upload).unwrap_err();
    assert!(matches!(error, Error::Server { status: 500, .. }), "{error}");
    assert!(!error.to_string().contains("Signature"), "a signed address is a secret: {error}");
    assert_eq!(hub.file("ada/ours", "README.md"), None);
    hub.forget();
    assert!(!send(&face, &upload).unwrap().created, "it goes on in the repository that was made");
}

#[test]
fn an_upload_can_be_stopped() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    let upload = adapter(folder.path(), "ada/ours");
    hub.trouble("X-Amz-Signature", 1, Trouble::Slow { milliseconds: 4_000 });
    let (cancel, began) = (AtomicBool::new(false), Instant::now());
    let mut stop = |step: UploadProgress| {
        cancel.store(step.file == LARGE && step.phase == Phase::Sending, Ordering::Relaxed)
    };
    let outcome = with_token(&hub, cache.path(), WRITER).upload(upload, &mut stop, &cancel);
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(hub.file("ada/ours", "README.md"), None);
}

#[test]
fn what_a_token_may_not_do_is_told_before_anything_is_sent() {
    let taken = Repository::model("lab/model").file("config.json", "{}");
    let public = Repository::model("lab/public").file("adapter_config.json", "{}");
    let (hub, cache, folder) = (serve([taken, public]), tempdir().unwrap(), tempdir().unwrap());
    let ours = |id: &str| adapter(folder.path(), id);
    let none = Hub::new(settings(&hub, cache.path())).unwrap();
    let error = send(&none, &ours("ada/x")).unwrap_err();
    assert!(
        matches!(error, Error::TokenMissing { .. }) && error.to_string().contains("hub login"),
        "{error}"
    );
    assert_eq!(hub.requests(), [], "without a token nothing is asked");

    let error = send(&with_token(&hub, cache.path(), READER), &ours("reader/x")).unwrap_err();
    assert!(matches!(error, Error::ReadOnlyToken { .. }) && error.to_string().contains("“Write”"), "{error}");
    let error = send(&with_token(&hub, cache.path(), "hf_wrong"), &ours("ada/x")).unwrap_err();
    assert!(matches!(error, Error::Token { .. }) && !error.to_string().contains("hf_wrong"), "{error}");
    assert!(error.to_string().contains("HF_TOKEN"), "where it comes from: {error}");

    let writer = with_token(&hub, cache.path(), WRITER);
    for (id, said) in [("bob/x", "ada, lab"), ("journal/x", "ada, lab")] {
        let error = send(&writer, &ours(id)).unwrap_err();
        assert!(matches!(error, Error::NotYours { .. }) && error.to_string().contains(said), "{error}");
    }
    assert!(matches!(send(&writer, &ours("solo")), Err(Error::Id { .. })));
    let error = send(&writer, &ours("lab/model")).unwrap_err();
    assert!(error.to_string().contains("config.json is in it"), "{error}");
    let error = send(&writer, &ours("lab/public")).unwrap_err();
    assert!(error.to_string().contains("public already"), "{error}");
    let offline = Settings { offline: true, ..writer.settings().clone() };
    let error = send(&Hub::new(offline).unwrap(), &ours("ada/x")).unwrap_err();
    assert!(matches!(error, Error::OfflineWanted { .. }), "{error}");
    assert_eq!(methods(&hub, "PUT"), Vec::<String>::new());
    assert_eq!(hub.is_private("ada/x"), None, "nothing was made");

    // What the Hub itself refuses is told in its words.
    hub.trouble("preupload", 1, Trouble::Status { status: 403, retry_after: None });
    let error = send(&writer, &ours("ada/x")).unwrap_err();
    assert!(matches!(error, Error::WriteRefused { .. }), "{error}");
}

#[test]
fn a_card_that_the_hub_does_not_take_is_told_before_the_repository_is_made() {
    let (hub, cache, folder) = (serve([]), tempdir().unwrap(), tempdir().unwrap());
    let upload = adapter(folder.path(), "ada/ours");
    fs::write(folder.path().join("README.md"), "---\nlicense: ours alone\n---\n# Ours\n").unwrap();
    let error = send(&with_token(&hub, cache.path(), WRITER), &upload).unwrap_err();
    assert!(matches!(error, Error::CardRefused { .. }) && error.to_string().contains("license"), "{error}");
    assert_eq!(hub.is_private("ada/ours"), None);
}

#[test]
fn a_token_says_whose_it_is() {
    let (hub, cache) = (serve([]), tempdir().unwrap());
    let account = with_token(&hub, cache.path(), WRITER).account().unwrap();
    assert_eq!((account.name.as_str(), &account.access), ("ada", &Access::Write));
    assert_eq!(account.owners(), ["ada", "lab"]);
    let account = with_token(&hub, cache.path(), READER).account().unwrap();
    assert_eq!((account.name.as_str(), account.access), ("reader", Access::Read));
    let error = Hub::new(settings(&hub, cache.path())).unwrap().account().unwrap_err();
    assert!(matches!(error, Error::TokenMissing { .. }), "{error}");
}
