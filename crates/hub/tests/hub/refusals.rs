use episome_hub::{Error, Hub, Settings};
use episome_hub_stand_in::{MEMBER, READER, Repository, Trouble};
use tempfile::tempdir;

use crate::{fetch, fetch_dataset, serve, settings, tiny, with_token};

#[test]
fn gated_says_where_to_accept_and_whether_a_token_was_sent() {
    let (hub, cache) = (serve([tiny().gated("manual")]), tempdir().unwrap());
    let stranger = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap_err();
    assert!(matches!(stranger, Error::Gated { with_token: false, .. }), "{stranger}");
    let text = stranger.to_string();
    assert!(text.contains(&format!("{}/lab/tiny", hub.endpoint())) && text.contains("HF_TOKEN"), "{text}");
    let reader = fetch(&with_token(&hub, cache.path(), READER), "lab/tiny").unwrap_err();
    assert!(matches!(reader, Error::Gated { with_token: true, .. }), "{reader}");
    fetch(&with_token(&hub, cache.path(), MEMBER), "lab/tiny").unwrap();
}

#[test]
fn missing_and_private_look_alike_and_both_are_explained() {
    let (hub, cache) = (serve([tiny().private()]), tempdir().unwrap());
    for token in [None, Some(READER)] {
        let face = match token {
            Some(token) => with_token(&hub, cache.path(), token),
            None => Hub::new(settings(&hub, cache.path())).unwrap(),
        };
        for id in ["lab/tiny", "lab/none"] {
            let error = fetch(&face, id).unwrap_err();
            assert!(matches!(error, Error::RepositoryNotFound { .. }), "{error}");
            let text = error.to_string();
            assert!(text.contains(id) && text.contains("spelling") && text.contains("private"), "{text}");
            let error = fetch_dataset(&face, id, None).unwrap_err();
            assert!(matches!(error, Error::RepositoryNotFound { .. }), "{error}");
        }
    }
    fetch(&with_token(&hub, cache.path(), MEMBER), "lab/tiny").unwrap();
}

#[test]
fn a_bare_401_means_missing_as_python_reads_it() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    hub.trouble("/api/models/lab/tiny", 1, Trouble::Status { status: 401, retry_after: None });
    let error = fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap_err();
    assert!(matches!(error, Error::RepositoryNotFound { .. }), "{error}");
}

#[test]
fn a_wrong_token_is_told_as_such() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let error = fetch(&with_token(&hub, cache.path(), "hf_wrong"), "lab/tiny").unwrap_err();
    assert!(matches!(error, Error::Token { .. }), "{error}");
    let error = with_token(&hub, cache.path(), "hf_wrong").search_models("tiny", 3).unwrap_err();
    assert!(matches!(error, Error::Token { .. }), "{error}");
}

#[test]
fn an_unknown_revision_is_named() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let error = face.model("lab/tiny", Some("v2")).unwrap_err();
    assert!(matches!(&error, Error::RevisionNotFound { revision, .. } if revision == "v2"), "{error}");
}

#[test]
fn troubles_that_pass_are_sat_out() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    hub.trouble("/api/models", 1, Trouble::Status { status: 429, retry_after: Some(0) });
    hub.trouble("/tree/", 2, Trouble::Status { status: 503, retry_after: None });
    hub.trouble("resolve", 1, Trouble::Status { status: 500, retry_after: None });
    fetch(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/tiny").unwrap();
}

#[test]
fn troubles_that_stay_are_told_with_their_kind() {
    let (hub, cache) = (serve([tiny()]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    hub.trouble("/api/models", 9, Trouble::Status { status: 429, retry_after: Some(300) });
    let error = fetch(&face, "lab/tiny").unwrap_err();
    assert!(error.to_string().contains("300 seconds"), "{error}");
    assert_eq!(hub.requests().len(), 1, "a pause longer than the limit is not waited for");
    hub.forget();
    hub.trouble("resolve", 99, Trouble::Status { status: 500, retry_after: None });
    let error = fetch(&face, "lab/tiny").unwrap_err();
    assert!(matches!(error, Error::Server { status: 500, .. }), "{error}");
}

#[test]
fn what_is_no_model_is_explained() {
    let adapter = Repository::model("lab/adapter").file("adapter_config.json", "{}");
    let flax = Repository::model("lab/flax").file("config.json", "{}").large("flax_model.msgpack", "x");
    let empty = Repository::model("lab/empty").file("README.md", "soon");
    let dangling = Repository::model("lab/dangling")
        .file("config.json", "{}")
        .file("model.safetensors.index.json", r#"{"weight_map": {"a": "gone.safetensors"}}"#);
    let (hub, cache) = (serve([adapter, flax, empty, dangling]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    for (id, word) in [
        ("lab/adapter", "adapter"),
        ("lab/flax", "flax_model.msgpack"),
        ("lab/empty", "config.json"),
        ("lab/dangling", "gone.safetensors"),
    ] {
        let error = fetch(&face, id).unwrap_err();
        assert!(matches!(error, Error::NotAModel { .. }) && error.to_string().contains(word), "{error}");
    }
}

#[test]
fn ids_and_endpoints_that_cannot_be_are_refused_before_any_request() {
    let (hub, cache) = (serve([]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    for id in ["../../etc", "a/b/c", "", "my model"] {
        assert!(matches!(fetch(&face, id), Err(Error::Id { .. })), "{id}");
    }
    assert_eq!(hub.requests(), []);
    for endpoint in ["huggingface.co", "ftp://huggingface.co", ""] {
        let settings = Settings { endpoint: endpoint.to_string(), ..settings(&hub, cache.path()) };
        assert!(matches!(Hub::new(settings), Err(Error::Endpoint { .. })), "{endpoint}");
    }
}

#[test]
fn an_endpoint_that_is_no_hub_is_told_as_such() {
    let (hub, cache) = (serve([]), tempdir().unwrap());
    let settings =
        Settings { endpoint: format!("{}/some/page", hub.endpoint()), ..settings(&hub, cache.path()) };
    let error = Hub::new(settings).unwrap().search_models("x", 3).unwrap_err();
    assert!(matches!(error, Error::Server { .. } | Error::Answer { .. } | Error::Token { .. }), "{error}");
}

/// The list of certificates is the process's, so the test starts itself once more.
#[test]
#[cfg(target_os = "linux")]
fn without_certificates_offline_works_and_online_says_what_to_install() {
    const NOWHERE: &str = "/nonexistent/certificates";
    if std::env::var_os("SSL_CERT_FILE").is_none_or(|file| file != NOWHERE) {
        let outcome = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["refusals::without_certificates_offline_works_and_online_says_what_to_install", "--exact"])
            .env("SSL_CERT_FILE", NOWHERE)
            .env("SSL_CERT_DIR", NOWHERE)
            .output()
            .unwrap();
        assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stdout));
        return;
    }
    let cache = tempdir().unwrap();
    let settings = Settings { endpoint: "https://127.0.0.1:1".to_string(), ..Settings::new(cache.path()) };
    let face = Hub::new(Settings { offline: true, ..settings.clone() }).unwrap();
    assert!(matches!(fetch(&face, "lab/tiny"), Err(Error::Offline { .. })));
    let error = fetch(&Hub::new(settings).unwrap(), "lab/tiny").unwrap_err();
    assert!(error.to_string().contains("install the package ca-certificates"), "{error}");
}
