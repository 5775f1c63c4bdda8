//! Data sets: which of a repository's files are data, and for which split.

mod card;
mod format;
mod layout;
mod pattern;

use std::{path::PathBuf, sync::mpsc};

use serde::{Deserialize, Serialize};

pub use self::format::Format;
use self::layout::Layout;
use crate::{
    Error, Progress, RepositoryFile,
    client::Client,
    hub::{Survey, fetch_all, survey},
    refusal::About,
    transfer::fetch,
};

/// The branch in which the Hub keeps a copy of a data set as Parquet files.
const CONVERTED: &str = "refs/convert/parquet";

/// A data set's files in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetFiles {
    /// The repository's id.
    pub id: String,
    /// The commit: name this one to get the same files again.
    pub commit: String,
    /// The configuration they belong to; `default` where the card names none.
    pub configuration: String,
    /// The format of all of them.
    pub format: Format,
    /// The separator of a CSV file, where the card names it.
    pub separator: Option<String>,
    /// Files to train on.
    pub train: Vec<PathBuf>,
    /// Files to choose the checkpoint on (`validation`, `valid`, `dev`, `val`).
    pub validation: Vec<PathBuf>,
    /// Files to test on (`test`, `testing`, `eval`, `evaluation`).
    pub test: Vec<PathBuf>,
    /// Files of splits with other names.
    pub other: Vec<(String, Vec<PathBuf>)>,
    /// A sentence for the user, when these are not the files that the owner put there now.
    pub note: Option<String>,
}

pub(crate) async fn download(
    client: Client,
    about: About,
    configuration: Option<String>,
    events: mpsc::Sender<Progress>,
) -> Result<DatasetFiles, Error> {
    let wanted = configuration.as_deref();
    let original = survey(&client, &about).await?;
    let (survey, layout) = match original_layout(&client, &original, wanted).await {
        Ok(layout) => (original, layout),
        Err(refused @ (Error::Script { .. } | Error::NoData { .. })) => {
            match converted(&client, &about, wanted).await {
                Ok(found) => found,
                // There is no such branch: the reason why the original was refused says more.
                Err(Error::RevisionNotFound { .. } | Error::NoData { .. } | Error::Offline { .. }) => {
                    return Err(refused);
                }
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    collect(&client, survey, layout, &events).await
}

async fn original_layout(client: &Client, survey: &Survey, wanted: Option<&str>) -> Result<Layout, Error> {
    let id = &survey.about.id;
    let find = |path: &str| survey.files.iter().find(|file| file.path == path);
    let script = format!("{}.py", id.rsplit('/').next().unwrap_or(id));
    if find(&script).is_some() {
        return Err(Error::Script { id: id.clone(), script });
    }
    let mut texts = Vec::new();
    for name in ["README.md", ".huggingface.yaml"] {
        let text = match find(name) {
            Some(file) => {
                let path = fetch(client, &survey.folder, &survey.about, file, &|_| {}).await?;
                let bytes = std::fs::read(&path).map_err(Error::file("read", &path))?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            None => None,
        };
        texts.push(text);
    }
    let entries = card::read(id, texts[0].as_deref(), texts[1].as_deref())?;
    layout::resolve(id, &entries, wanted, &survey.files)
}

/// The Hub's own Parquet copy: `<configuration>/<split>/0000.parquet`, the split with `partial-` before it where the copy
/// stops at 5 GB.
async fn converted(client: &Client, about: &About, wanted: Option<&str>) -> Result<(Survey, Layout), Error> {
    let mut survey = survey(client, &about.revision(CONVERTED)).await?;
    let id = about.id.clone();
    let parquet =
        |file: &&RepositoryFile| file.path.ends_with(".parquet") && file.path.matches('/').count() == 2;
    let mut known: Vec<String> = Vec::new();
    let mut splits: Vec<(String, String, Vec<String>)> = Vec::new();
    for file in survey.files.iter().filter(parquet) {
        let mut parts = file.path.split('/');
        let (Some(configuration), Some(split)) = (parts.next(), parts.next()) else {
            continue;
        };
        if !known.iter().any(|name| name == configuration) {
            known.push(configuration.to_string());
        }
        match splits.iter_mut().find(|(name, part, _)| name == configuration && part == split) {
            Some((_, _, paths)) => paths.push(file.path.clone()),
            None => splits.push((configuration.to_string(), split.to_string(), vec![file.path.clone()])),
        }
    }
    let configuration = match (wanted, known.as_slice()) {
        (_, []) => {
            return Err(Error::NoData { id, reason: format!("revision {CONVERTED} is empty") });
        }
        (Some(name), _) if known.iter().any(|known| known == name) => name.to_string(),
        (Some(name), _) => {
            return Err(Error::ConfigurationNotFound { id, name: name.to_string(), known });
        }
        (None, [only]) => only.clone(),
        (None, _) if known.iter().any(|name| name == "default") => "default".to_string(),
        (None, _) => return Err(Error::ConfigurationNeeded { id, known }),
    };
    splits.retain(|(name, _, _)| *name == configuration);
    let partial = splits.iter().any(|(_, split, _)| split.starts_with("partial-"));
    let part = if partial { ", which holds the first 5 GB of it only" } else { "" };
    survey.note = Some(format!("Took {id} from the Parquet copy that the Hub made of it{part}."));
    let name = |split: String| split.strip_prefix("partial-").map(str::to_string).unwrap_or(split);
    let splits = splits.into_iter().map(|(_, split, paths)| (name(split), paths)).collect();
    Ok((survey, Layout { configuration, format: Format::Parquet, separator: None, splits }))
}

async fn collect(
    client: &Client,
    survey: Survey,
    layout: Layout,
    events: &mpsc::Sender<Progress>,
) -> Result<DatasetFiles, Error> {
    let wanted: Vec<_> = layout.splits.iter().flat_map(|(_, paths)| paths).collect();
    let files: Vec<_> =
        wanted.iter().filter_map(|path| survey.files.iter().find(|file| file.path == **path)).collect();
    let mut paths = fetch_all(client, &survey, &files, (0, 0), events).await?.into_iter();
    let mut found = DatasetFiles {
        id: survey.about.id,
        commit: survey.about.revision,
        configuration: layout.configuration,
        format: layout.format,
        separator: layout.separator,
        train: Vec::new(),
        validation: Vec::new(),
        test: Vec::new(),
        other: Vec::new(),
        note: survey.note,
    };
    let names: Vec<_> = layout.splits.iter().map(|(split, _)| split.clone()).collect();
    for (split, files) in layout.splits {
        let paths: Vec<_> = paths.by_ref().take(files.len()).collect();
        // A split that bears a part's own name goes before one that bears another word for it.
        let part = layout::KEYWORDS.iter().find(|(part, words)| {
            split == *part || words.contains(&split.as_str()) && !names.iter().any(|name| name == part)
        });
        let slot = match part.map(|(part, _)| *part) {
            Some("train") => &mut found.train,
            Some("validation") => &mut found.validation,
            Some("test") => &mut found.test,
            _ => {
                found.other.push((split, paths));
                continue;
            }
        };
        if slot.is_empty() { *slot = paths } else { found.other.push((split, paths)) }
    }
    Ok(found)
}
