use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use episome_hub::{Error, Hub, Progress, Settings, Weights};
use episome_hub_stand_in::{MEMBER, Repository, Request, StandIn, Trouble};
use tempfile::tempdir;

use crate::{fetch, offline, serve, settings, tiny, weights, with_token};

fn transfers(requests: &[Request]) -> Vec<&Request> {
    requests.iter().filter(|request| request.cdn).collect()
}

#[test]
fn only_what_a_model_needs_comes_and_safetensors_before_bin() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let folder = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    assert_eq!(folder.files, ["config.json", "tokenizer.json", "README.md", "model.safetensors"]);
    assert_eq!(folder.weights, Weights::Safetensors);
    assert_eq!(Some(&folder.commit), hub.commit("lab/tiny", "main").as_ref());
    assert_eq!(folder.note, None);
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
    assert_eq!(transfers(&hub.requests()).len(), 1, "one large file");
}

#[test]
#[cfg(unix)]
fn the_cache_has_the_layout_of_the_python_library() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let folder = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    let root = cache.path().join("models--lab--tiny");
    assert_eq!(folder.path, root.join("snapshots").join(&folder.commit));
    assert_eq!(fs::read_to_string(root.join("refs/main")).unwrap(), folder.commit);
    let link = fs::read_link(folder.path.join("config.json")).unwrap();
    // printf '{"model_type": "gpt2"}' | git hash-object --stdin
    assert_eq!(link, Path::new("../../blobs/7eb84e812bad01767dcf9cf8a2d84ef428949cad"));
    let link = fs::read_link(folder.path.join("model.safetensors")).unwrap();
    assert_eq!(link.file_name().unwrap().len(), 64, "named by SHA-256");
    assert!(fs::read_dir(root.join("blobs")).unwrap().all(|blob| {
        let blob = blob.unwrap().file_name().into_string().unwrap();
        !blob.ends_with(".incomplete")
    }));
}

#[test]
fn a_second_download_asks_for_the_commit_only_and_a_pinned_one_for_nothing() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let first = fetch(&face, "lab/tiny").unwrap();
    hub.forget();
    assert_eq!(fetch(&face, "lab/tiny").unwrap(), first);
    assert_eq!(hub.requests().len(), 1, "{:?}", hub.requests());
    hub.forget();
    let pinned = face.download_model("lab/tiny", Some(&first.commit), &mut |_| {}, &AtomicBool::new(false));
    assert_eq!(pinned.unwrap(), first);
    assert_eq!(hub.requests(), []);
}

#[test]
fn the_outline_of_a_model_comes_without_its_weights_and_a_download_goes_on_from_it() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let folder = face.model_outline("lab/tiny", None, &AtomicBool::new(false)).unwrap();
    assert!(folder.join("config.json").is_file() && folder.join("tokenizer.json").is_file());
    assert_eq!(transfers(&hub.requests()), Vec::<&Request>::new(), "no large file");
    // It is no model that could be used.
    assert!(fetch(&offline(&hub, cache.path()), "lab/tiny").is_err());
    let whole = fetch(&face, "lab/tiny").unwrap();
    assert!(whole.path == folder && folder.join("model.safetensors").is_file());
}

#[test]
fn offline_works_from_the_cache_and_opens_no_connection() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let first = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    hub.forget();
    let face = offline(&hub, cache.path());
    assert_eq!(fetch(&face, "lab/tiny").unwrap(), first);
    let missing = fetch(&face, "lab/other").unwrap_err();
    assert!(
        matches!(missing, Error::Offline { .. }) && missing.to_string().contains("lab/other"),
        "{missing}"
    );
    assert!(matches!(face.search_models("tiny", 5), Err(Error::Offline { .. })));
    assert_eq!(hub.requests(), []);
}

#[test]
fn offline_a_model_without_its_weights_is_refused_by_the_file() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let first = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    fs::remove_file(fs::canonicalize(first.path.join("model.safetensors")).unwrap()).unwrap();
    let missing = fetch(&offline(&hub, cache.path()), "lab/tiny").unwrap_err().to_string();
    assert!(missing.contains("model.safetensors"), "{missing}");
    // Online again, the dead link is mended.
    let mended = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    assert_eq!(fs::read(mended.path.join("model.safetensors")).unwrap(), weights(700_000));
}

#[test]
fn without_a_network_the_copy_in_the_cache_is_used_and_the_user_is_told() {
    let cache = tempdir().unwrap();
    let (first, gone) = {
        let hub = serve([tiny()]);
        (
            fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap(),
            settings(&hub, cache.path()),
        )
    };
    let face = Hub::new(gone).unwrap();
    let second = fetch(&face, "lab/tiny").unwrap();
    assert_eq!(second.path, first.path);
    let note = second.note.unwrap();
    assert!(note.contains("cache") && note.contains("cannot reach"), "{note}");
    assert!(matches!(fetch(&face, "lab/other"), Err(Error::Unreachable { .. })));
}

#[test]
fn a_cut_connection_resumes_where_it_stopped() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let hash = "X-Amz-Signature";
    hub.trouble(hash, 1, Trouble::Cut { after: 300_000 });
    let mut progress = Vec::new();
    let folder = Hub::new(settings(&hub, cache.path()))
        .unwrap()
        .download_model("lab/tiny", None, &mut |step| progress.push(step), &AtomicBool::new(false))
        .unwrap();
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
    let requests = hub.requests();
    let ranges: Vec<_> = transfers(&requests).iter().map(|request| request.range.clone()).collect();
    assert_eq!(ranges, [None, Some("bytes=300000-".to_string())]);
    let last = progress.last().unwrap();
    let done = Progress {
        file: "model.safetensors".into(),
        file_done: 700_000,
        file_size: 700_000,
        files_done: 4,
        files: 4,
        done: last.size,
        size: last.size,
    };
    assert_eq!(*last, done);
    assert!(progress.windows(2).all(|pair| pair[0].done <= pair[1].done), "bytes only grow");
}

#[test]
fn a_later_run_goes_on_from_the_incomplete_file() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    // Every try brings nothing new after the first: given up with the part kept.
    hub.trouble("X-Amz-Signature", 1, Trouble::Cut { after: 100_000 });
    hub.trouble("X-Amz-Signature", 9, Trouble::Cut { after: 0 });
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let error = fetch(&face, "lab/tiny").unwrap_err();
    assert!(matches!(error, Error::Interrupted { have: 100_000, size: 700_000, .. }), "{error}");
    hub.forget();
    let folder = fetch(&face, "lab/tiny").unwrap();
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
    assert_eq!(transfers(&hub.requests())[0].range.as_deref(), Some("bytes=100000-"));
}

#[test]
fn a_server_that_knows_no_ranges_is_read_from_the_start() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    hub.trouble("X-Amz-Signature", 1, Trouble::Cut { after: 300_000 });
    hub.trouble("X-Amz-Signature", 1, Trouble::IgnoreRange);
    let folder = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
}

#[test]
fn damaged_bytes_are_found_by_either_hash_and_not_kept() {
    for (path, algorithm) in [("X-Amz-Signature", "SHA-256"), ("config.json", "git SHA-1")] {
        let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
        hub.trouble(path, 2, Trouble::Corrupt);
        let face = Hub::new(settings(&hub, cache.path())).unwrap();
        let error = fetch(&face, "lab/tiny").unwrap_err().to_string();
        assert!(error.contains(algorithm) && error.contains("damaged"), "{error}");
        hub.forget();
        let folder = fetch(&face, "lab/tiny").unwrap();
        assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
    }
}

#[test]
fn a_wrong_part_from_an_earlier_run_is_replaced() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let first = fetch(&face, "lab/tiny").unwrap();
    let blob = fs::canonicalize(first.path.join("model.safetensors")).unwrap();
    fs::remove_file(&blob).unwrap();
    fs::write(blob.with_file_name(format!("{}.incomplete", blob.file_name().unwrap().display())), [0; 1000])
        .unwrap();
    let folder = fetch(&face, "lab/tiny").unwrap();
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(700_000));
}

#[test]
fn an_index_leads_to_its_shards() {
    let index = r#"{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors",
        "c": "model-00001-of-00002.safetensors"}}"#;
    let sharded = Repository::model("lab/sharded")
        .file("config.json", "{}")
        .file("model.safetensors.index.json", index)
        .large("model-00001-of-00002.safetensors", weights(5000))
        .large("model-00002-of-00002.safetensors", weights(6000))
        .large("pytorch_model.bin", weights(7000));
    let (hub, cache) = (serve([sharded]), tempdir().unwrap());
    let mut progress = Vec::new();
    let folder = Hub::new(settings(&hub, cache.path()))
        .unwrap()
        .download_model("lab/sharded", None, &mut |step| progress.push(step), &AtomicBool::new(false))
        .unwrap();
    assert_eq!(folder.weights, Weights::ShardedSafetensors);
    assert_eq!(folder.files.len(), 4);
    assert_eq!(fs::metadata(folder.path.join("model-00002-of-00002.safetensors")).unwrap().len(), 6000);
    let last = progress.last().unwrap();
    assert_eq!((last.files_done, last.files, last.done), (4, 4, last.size));
}

#[test]
fn a_token_stays_with_the_hub() {
    let (hub, cache) = (serve([tiny().gated("auto")]), tempdir().unwrap());
    fetch(&with_token(&hub, cache.path(), MEMBER), "lab/tiny").unwrap();
    let (cdn, home): (Vec<_>, Vec<_>) = hub.requests().into_iter().partition(|request| request.cdn);
    assert!(home.iter().all(|request| request.token));
    assert!(!cdn.is_empty() && cdn.iter().all(|request| !request.token));
}

#[test]
fn without_a_token_none_is_sent() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    fetch(&face, "lab/tiny").unwrap();
    face.search_models("tiny", 3).unwrap();
    assert!(hub.requests().iter().all(|request| !request.token));
}

#[test]
fn a_download_can_be_stopped_and_taken_up_again() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(Settings { ..settings(&hub, cache.path()) }).unwrap();
    hub.trouble("X-Amz-Signature", 1, Trouble::Slow { milliseconds: 4000 });
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let outcome = face.download_model(
        "lab/tiny",
        None,
        &mut |step| stop.store(step.files_done == 3, Ordering::Relaxed),
        &stop,
    );
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(3), "did not wait for the slow answer");
    hub.forget();
    assert_eq!(fetch(&face, "lab/tiny").unwrap().files.len(), 4);
}

#[test]
fn two_programs_at_once_fetch_a_file_once() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    hub.trouble("X-Amz-Signature", 1, Trouble::Slow { milliseconds: 200 });
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap());
        }
    });
    assert_eq!(transfers(&hub.requests()).len(), 1);
}

#[test]
fn a_renamed_repository_is_followed() {
    let (hub, cache) = (serve([tiny().formerly("tiny")]), tempdir().unwrap());
    let folder = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "tiny").unwrap();
    assert!(
        folder.path.starts_with(cache.path().join("models--tiny")),
        "under the id that was asked for, as Python does"
    );
}

#[test]
fn long_lists_of_files_are_read_to_their_end() {
    let hub = StandIn::new().with(tiny()).page(2).start().unwrap();
    let cache = tempdir().unwrap();
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let described = face.model("lab/tiny", None).unwrap();
    assert_eq!(described.files.len(), 9);
    let large = described.files.iter().find(|file| file.path == "model.safetensors").unwrap();
    assert_eq!((large.size, large.sha256.as_ref().map(String::len)), (700_000, Some(64)));
    fetch(&face, "lab/tiny").unwrap();
}

#[test]
fn it_may_be_called_from_within_a_tokio_runtime() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let face = Hub::new(settings(&hub, cache.path())).unwrap();
        fetch(&face, "lab/tiny").unwrap();
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_with_what_is_missing() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let first = fetch(&face, "lab/tiny").unwrap();
    let blob = fs::canonicalize(first.path.join("model.safetensors")).unwrap();
    fs::remove_file(&blob).unwrap();
    // Every write to /dev/full fails as on a full disk.
    let incomplete = blob.with_file_name(format!("{}.incomplete", blob.file_name().unwrap().display()));
    std::os::unix::fs::symlink("/dev/full", incomplete).unwrap();
    let error = fetch(&face, "lab/tiny").unwrap_err();
    assert!(matches!(error, Error::DiskFull { needed: 700_000, .. }), "{error}");
    assert!(error.to_string().contains("HF_HOME"), "{error}");
}

#[test]
fn a_folder_can_be_served_as_a_hub() {
    let (shelf, cache) = (tempdir().unwrap(), tempdir().unwrap());
    let repository = shelf.path().join("models/lab--folder");
    fs::create_dir_all(repository.join("main")).unwrap();
    fs::create_dir_all(repository.join("refs--pr--1")).unwrap();
    fs::write(repository.join("hub.json"), r#"{"gated": "auto", "downloads": 5, "tags": ["dna"]}"#).unwrap();
    fs::write(repository.join("main/config.json"), "{}").unwrap();
    fs::write(repository.join("main/model.safetensors"), weights(100)).unwrap();
    fs::write(repository.join("refs--pr--1/config.json"), "{ }").unwrap();
    let hub = StandIn::from_folder(shelf.path()).unwrap().start().unwrap();
    let face = with_token(&hub, cache.path(), MEMBER);
    let described = face.model("lab/folder", Some("refs/pr/1")).unwrap();
    assert_eq!((described.files.len(), described.summary.downloads), (1, 5));
    let folder = fetch(&face, "lab/folder").unwrap();
    assert_eq!(fs::read(folder.path.join("model.safetensors")).unwrap(), weights(100));
}
