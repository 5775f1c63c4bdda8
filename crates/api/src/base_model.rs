//! From a base model's name to its folder: the embedded model, a local folder, or the Hub.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Downloads, EMBEDDED_MODEL, Engine, Error, Kind, embedded};

/// A base model on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BaseModel {
    /// The name that finds it again: what becomes an adapter's `base_model_name_or_path`.
    pub name: String,
    /// The folder with its configuration, weights and tokenizer.
    pub folder: PathBuf,
    /// The commit on the Hub.
    pub revision: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// Something that the user should know, such as that an older copy was used for want of a network.
    pub note: Option<String>,
}

/// Where a base model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The program itself.
    Embedded,
    /// A folder on this machine.
    Folder,
    /// The Hugging Face Hub, or its cache.
    Hub,
}

/// Finds the base model `name`, downloading it from the Hub where it is not in the cache.
///
/// The embedded model's name comes first, then a folder of that name, then the Hub.
pub fn base_model(
    engine: &Engine,
    name: &str,
    revision: Option<&str>,
    downloads: Downloads<'_>,
) -> Result<BaseModel, Error> {
    let model = |name: String, folder: PathBuf, source: Source| BaseModel {
        name,
        folder,
        revision: None,
        source,
        note: None,
    };
    if name == EMBEDDED_MODEL {
        return Ok(model(name.to_owned(), embedded::unpack(&engine.cache)?, Source::Embedded));
    }
    let path = Path::new(name);
    if path.is_dir() {
        let folder = std::path::absolute(path).map_err(|error| Error::file("find", path, &error))?;
        // Without a slash at the end or `.` inside, so that the same folder has one name.
        let folder: PathBuf = folder.components().collect();
        return Ok(model(folder.to_string_lossy().into_owned(), folder, Source::Folder));
    }
    if path.is_file() {
        return Err(Error::new(Kind::Model, format!("{name} is a file, and a model is a folder"))
            .at(name)
            .remedy("give the folder that holds config.json, the weights and the tokenizer"));
    }
    if looks_like_a_path(name) {
        return Err(Error::new(Kind::Model, format!("there is no model folder {name}")).at(name).remedy(
            format!("check the path, or use the embedded model ({EMBEDDED_MODEL}) or a Hub id such as dnagpt/dna_gpt2_v0"),
        ));
    }
    check_catalogue(name)?;
    let nearest = nearest(name);
    let known = hub::catalogue().model(name).is_some();
    if !known
        && !name.contains('/')
        && let Some(nearest) = &nearest
    {
        return Err(unknown(name, nearest));
    }
    let client = hub::Hub::new(engine.hub.clone())?;
    let found = client.download_model(name, revision, &mut |progress| downloads(&progress), &engine.stop);
    let found = found.map_err(|error| explain(name, nearest.as_deref(), error))?;
    Ok(BaseModel {
        name: found.id,
        folder: found.path,
        revision: Some(found.commit),
        source: Source::Hub,
        note: found.note,
    })
}

/// Whether a base model can be used without a download.
pub fn is_downloaded(engine: &Engine, name: &str) -> bool {
    let mut offline = engine.clone();
    offline.hub.offline = true;
    base_model(&offline, name, None, &mut |_| {}).is_ok()
}

/// Refuses a model that is known not to work here, before anything is downloaded.
fn check_catalogue(name: &str) -> Result<(), Error> {
    let Some(entry) = hub::catalogue().model(name).filter(|entry| entry.status == hub::Status::NotYet) else {
        return Ok(());
    };
    let reason =
        entry.reason.as_deref().unwrap_or("its architecture is not supported yet").trim_end_matches('.');
    let nearest = entry.nearest.as_deref().unwrap_or(EMBEDDED_MODEL);
    Err(Error::new(
        Kind::Model,
        format!("{name} cannot be used yet: {reason}. The nearest model that works is {nearest}"),
    )
    .at(name)
    .remedy(format!("use {nearest}, or {EMBEDDED_MODEL}")))
}

fn explain(name: &str, nearest: Option<&str>, error: hub::Error) -> Error {
    let missing = matches!(error, hub::Error::RepositoryNotFound { .. } | hub::Error::Offline { .. });
    match nearest {
        Some(nearest) if missing => {
            let error = Error::from(error);
            Error { message: format!("{} Did you mean {nearest}?", with_stop(&error.message)), ..error }
        }
        _ => match error {
            hub::Error::Id { .. } => unknown(name, EMBEDDED_MODEL),
            error => error.into(),
        },
    }
}

fn with_stop(message: &str) -> String {
    if message.ends_with(['.', '?', '!']) { message.to_owned() } else { format!("{message}.") }
}

fn unknown(name: &str, nearest: &str) -> Error {
    Error::new(
        Kind::Model,
        format!(
            "there is no model “{name}”: it is neither a folder nor a known name. Did you mean {nearest}?"
        ),
    )
    .at(name)
    .remedy(format!("use {nearest}, a folder with config.json and weights, or a Hub id (owner/name)"))
}

fn looks_like_a_path(name: &str) -> bool {
    name.starts_with(['.', '/', '~', '\\'])
        || name.ends_with('/')
        || name.contains('\\')
        || name.matches('/').count() > 1
        || Path::new(name).is_absolute()
}

/// Names nearer than this (Jaro–Winkler, 1 is the same) are offered; `episome-mimi` is at 0.98.
const NEAR: f64 = 0.85;

/// The known name that `name` was most likely meant to be.
fn nearest(name: &str) -> Option<String> {
    let catalogue = hub::catalogue().models.iter().map(|model| model.id.as_str());
    // By the whole name and by its last part: an owner is easily forgotten.
    let likeness = |known: &str| {
        let last = known.rsplit('/').next().unwrap_or(known);
        let lower = name.to_lowercase();
        strsim::jaro_winkler(&lower, &known.to_lowercase())
            .max(strsim::jaro_winkler(&lower, &last.to_lowercase()))
    };
    std::iter::once(EMBEDDED_MODEL)
        .chain(catalogue)
        .map(|known| (likeness(known), known))
        .filter(|(likeness, known)| *likeness >= NEAR && *known != name)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn find(name: &str) -> Result<BaseModel, Error> {
        let scratch = tempfile::tempdir().unwrap();
        let hub = hub::Settings { offline: true, ..hub::Settings::new(scratch.path().join("hub")) };
        let engine = Engine {
            cache: scratch.path().join("cache"),
            hub,
            gpu_worker: None,
            stop: Arc::new(AtomicBool::new(false)),
        };
        base_model(&engine, name, None, &mut |_| {})
    }

    #[test]
    fn a_folder_is_named_by_its_whole_path() {
        let scratch = tempfile::tempdir().unwrap();
        let found = find(&format!("{}/", scratch.path().display())).unwrap();
        assert_eq!(found.source, Source::Folder);
        assert_eq!(found.name, scratch.path().to_string_lossy());
    }

    #[test]
    fn a_slip_of_the_pen_is_put_right() {
        let error = find("episome-mimi").unwrap_err();
        assert!(error.message.contains("Did you mean episome-mini?"), "{error}");
        assert_eq!(error.kind, Kind::Model);
    }

    #[test]
    fn a_path_is_never_looked_for_on_the_hub() {
        for name in ["./model", "/no/such/model", "a/b/c", "models/"] {
            let error = find(name).unwrap_err();
            assert!(error.message.contains("no model folder"), "{name}: {error}");
        }
    }

    #[test]
    fn without_a_network_the_error_says_so() {
        let error = find("someone/some-model").unwrap_err();
        assert_eq!(error.kind, Kind::Network);
        assert!(error.remedy.contains("HF_HUB_OFFLINE"), "{error:?}");
    }
}
