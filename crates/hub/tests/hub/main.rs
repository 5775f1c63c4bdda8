//! The Hub and its cache as other crates and Python see them, against a Hub on this computer.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod datasets;
mod download;
#[cfg(target_os = "linux")]
mod keyring;
mod python;
mod refusals;
mod search;
mod upload;

use std::{path::Path, sync::atomic::AtomicBool, time::Duration};

use episome_hub::{DatasetFiles, Error, Hub, ModelFolder, Patience, Progress, Settings, Token, Tokens};
use episome_hub_stand_in::{Repository, Running, StandIn};

/// A Hub's settings for tests: no long pauses.
fn settings(hub: &Running, cache: &Path) -> Settings {
    let patience = Patience {
        retries: 2,
        pause: Duration::from_millis(10),
        longest_pause: Duration::from_secs(1),
        connect: Duration::from_secs(5),
        read: Duration::from_secs(5),
    };
    Settings { endpoint: hub.endpoint().to_string(), patience, ..Settings::new(cache) }
}

fn with_token(hub: &Running, cache: &Path, token: &str) -> Hub {
    Hub::new(Settings { tokens: Tokens::from(Token::new(token)), ..settings(hub, cache) }).unwrap()
}

fn offline(hub: &Running, cache: &Path) -> Hub {
    Hub::new(Settings { offline: true, ..settings(hub, cache) }).unwrap()
}

fn fetch(hub: &Hub, id: &str) -> Result<ModelFolder, Error> {
    hub.download_model(id, None, &mut |_| {}, &AtomicBool::new(false))
}

fn fetch_dataset(hub: &Hub, id: &str, configuration: Option<&str>) -> Result<DatasetFiles, Error> {
    hub.dataset(id, configuration, None, &mut |_: Progress| {}, &AtomicBool::new(false))
}

/// Bytes that do not repeat soon.
fn weights(length: usize) -> Vec<u8> {
    let mut state = 1u32;
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*state >> 24) as u8
    };
    (0..length).map(|_| next(&mut state)).collect()
}

/// A model as `dnagpt/dna_gpt2_v0` is laid out, with files that must not be fetched.
fn tiny() -> Repository {
    Repository::model("lab/tiny")
        .downloads(300)
        .tag("license:mit")
        .tag("dna")
        .purpose("text-generation", "transformers")
        .file("config.json", r#"{"model_type": "gpt2"}"#)
        .file("tokenizer.json", r#"{"model": {}}"#)
        .file("README.md", "# Tiny")
        .file(".gitattributes", "*.safetensors filter=lfs")
        .large("model.safetensors", weights(700_000))
        .large("pytorch_model.bin", weights(700_001))
        .large("tf_model.h5", weights(10))
        .large("flax_model.msgpack", weights(11))
        .large("onnx/model.onnx", weights(12))
}

fn serve(repositories: impl IntoIterator<Item = Repository>) -> Running {
    repositories.into_iter().fold(StandIn::new(), StandIn::with).start().unwrap()
}
