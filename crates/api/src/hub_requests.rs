//! What a person asks of the Hub itself.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Downloads, EMBEDDED_MODEL, Engine, Error};

/// What a search of the Hub found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HubSearch {
    /// The words that were searched for.
    pub query: String,
    /// What was found, the most downloaded first.
    pub results: Vec<HubResult>,
}

/// A repository that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HubResult {
    /// What the Hub tells about it.
    #[serde(flatten)]
    pub summary: hub::Summary,
    /// What Episome's catalogue knows of it: whether it works here.
    pub known: Option<String>,
}

/// What a download brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HubDownload {
    /// The repository's id.
    pub id: String,
    /// Model or data set.
    pub kind: hub::RepositoryKind,
    /// The commit.
    pub commit: String,
    /// The model's folder, or the folder that the data set's files have in common.
    pub folder: PathBuf,
    /// The files: of a model all, of a data set those with records.
    pub files: Vec<PathBuf>,
    /// Something that the user should know.
    pub note: Option<String>,
}

/// Searches models or data sets.
pub fn hub_search(
    engine: &Engine,
    query: &str,
    kind: hub::RepositoryKind,
    limit: usize,
) -> Result<HubSearch, Error> {
    let client = hub::Hub::new(engine.hub.clone())?;
    let found = match kind {
        hub::RepositoryKind::Model => client.search_models(query, limit)?,
        hub::RepositoryKind::Dataset => client.search_datasets(query, limit)?,
    };
    let known = |id: &str| {
        let model = hub::catalogue().model(id)?;
        Some(match (model.status, &model.reason) {
            (hub::Status::Supported, _) => format!("works here: {}", model.about),
            (hub::Status::NotYet, reason) => {
                format!(
                    "does not work yet: {}",
                    reason.as_deref().unwrap_or("its architecture is not supported")
                )
            }
        })
    };
    let results = found.into_iter().map(|summary| HubResult { known: known(&summary.id), summary }).collect();
    Ok(HubSearch { query: query.to_owned(), results })
}

/// Brings the configuration and the tokenizer of a Hub's model into the cache, not its weights; gives their folder.
pub fn hub_outline(engine: &Engine, id: &str, revision: Option<&str>) -> Result<PathBuf, Error> {
    Ok(hub::Hub::new(engine.hub.clone())?.model_outline(id, revision, &engine.stop)?)
}

/// Brings a model or the files of a data set into the cache.
pub fn hub_download(
    engine: &Engine,
    id: &str,
    kind: hub::RepositoryKind,
    revision: Option<&str>,
    configuration: Option<&str>,
    downloads: Downloads<'_>,
) -> Result<HubDownload, Error> {
    if id == EMBEDDED_MODEL {
        return Err(Error::new(crate::Kind::Usage, format!("{EMBEDDED_MODEL} is part of the program"))
            .at(id)
            .remedy("there is nothing to download: name it with --model"));
    }
    let client = hub::Hub::new(engine.hub.clone())?;
    match kind {
        hub::RepositoryKind::Model => {
            let found =
                client.download_model(id, revision, &mut |progress| downloads(&progress), &engine.stop)?;
            Ok(HubDownload {
                files: found.files.iter().map(|file| found.path.join(file)).collect(),
                id: found.id,
                kind,
                commit: found.commit,
                folder: found.path,
                note: found.note,
            })
        }
        hub::RepositoryKind::Dataset => {
            let mut each = |progress| downloads(&progress);
            let found = client.dataset(id, configuration, revision, &mut each, &engine.stop)?;
            let mut files = [found.train, found.validation, found.test].concat();
            files.extend(found.other.into_iter().flat_map(|(_, files)| files));
            Ok(HubDownload {
                id: found.id,
                kind,
                commit: found.commit,
                folder: common_folder(&files),
                files,
                note: found.note,
            })
        }
    }
}

/// The deepest folder that holds all files.
fn common_folder(files: &[PathBuf]) -> PathBuf {
    let mut folder = files.first().and_then(|file| file.parent()).map(PathBuf::from).unwrap_or_default();
    while !files.iter().all(|file| file.starts_with(&folder)) {
        if !folder.pop() {
            break;
        }
    }
    folder
}
