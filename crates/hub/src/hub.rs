use std::{
    path::PathBuf,
    sync::{atomic::AtomicBool, mpsc},
};

use serde::{Deserialize, Serialize};

use crate::{
    Account, DatasetFiles, Error, Repository, RepositoryFile, RepositoryKind, Settings, Summary, Upload,
    UploadProgress, Uploaded, Weights,
    cache::{Folder, is_commit},
    client::Client,
    dataset, model,
    refusal::About,
    transfer::fetch,
    worker::Worker,
};

/// The branch that every repository has.
const MAIN: &str = "main";

/// One Hub and the cache that stands before it.
///
/// Every method blocks and may be called from any thread, a thread of a tokio runtime included.
pub struct Hub {
    client: Client,
    worker: Worker,
}

/// How far a download has come. Files that were in the cache already count as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The file in the works, by its path in the repository.
    pub file: String,
    /// Its bytes that are here.
    pub file_done: u64,
    /// Its bytes.
    pub file_size: u64,
    /// Files that are complete.
    pub files_done: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes that are here, of all files.
    pub done: u64,
    /// Bytes of all files. It grows once, when the index of a sharded model has been read.
    pub size: u64,
}

/// A base model in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFolder {
    /// The repository's id.
    pub id: String,
    /// The folder with `config.json`, the weights and the tokenizer's files.
    pub path: PathBuf,
    /// The commit: name this one to get the same model again.
    pub commit: String,
    /// The files in it, by path in the repository.
    pub files: Vec<String>,
    /// How the weights are kept.
    pub weights: Weights,
    /// A sentence for the user, when this is not what the Hub has now.
    pub note: Option<String>,
}

/// An adapter in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterFolder {
    /// The repository's id.
    pub id: String,
    /// The folder with `adapter_config.json`. Its files are links.
    pub path: PathBuf,
    /// The commit.
    pub commit: String,
    /// The files in it, by path in the repository.
    pub files: Vec<String>,
}

/// A repository at a commit, from the Hub or from the cache.
pub(crate) struct Survey {
    pub(crate) folder: Folder,
    /// Its revision is the commit.
    pub(crate) about: About,
    pub(crate) files: Vec<RepositoryFile>,
    pub(crate) note: Option<String>,
}

impl Hub {
    /// Opens no connection yet.
    pub fn new(settings: Settings) -> Result<Hub, Error> {
        Ok(Hub { client: Client::new(settings)?, worker: Worker::start()? })
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.client.settings
    }

    /// Models whose id or card matches, the most downloaded first.
    pub fn search_models(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        self.online(&format!("the search for “{query}”"))?;
        let (client, query) = (self.client.clone(), query.to_string());
        self.ask(move || async move { client.search_models(&query, limit).await })
    }

    /// Data sets whose id or card matches, the most downloaded first.
    pub fn search_datasets(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        self.online(&format!("the search for “{query}”"))?;
        let (client, query) = (self.client.clone(), query.to_string());
        self.ask(move || async move { client.search_datasets(&query, limit).await })
    }

    /// What the Hub tells about a model and its files. Without a revision, the newest commit.
    pub fn model(&self, id: &str, revision: Option<&str>) -> Result<Repository, Error> {
        self.repository(RepositoryKind::Model, id, revision)
    }

    /// What the Hub tells about a data set and its files. Without a revision, the newest commit.
    pub fn dataset_repository(&self, id: &str, revision: Option<&str>) -> Result<Repository, Error> {
        self.repository(RepositoryKind::Dataset, id, revision)
    }

    fn repository(
        &self,
        kind: RepositoryKind,
        id: &str,
        revision: Option<&str>,
    ) -> Result<Repository, Error> {
        let about = About::new(kind, id, revision.unwrap_or(MAIN))?;
        self.online(&format!("the description of {id}"))?;
        let client = self.client.clone();
        self.ask(move || async move {
            let (summary, commit) = client.summary(&about).await?;
            let files = client.tree(&about.revision(&commit)).await?;
            Ok(Repository { summary, commit, files })
        })
    }

    /// Brings what is needed to load a model into the cache: its configuration, the tokenizer's files, and its weights in
    /// one format only (safetensors if there are any). What is there already is not fetched again; with all of it there,
    /// and offline or at a commit that was listed before, no connection is opened.
    pub fn download_model(
        &self,
        id: &str,
        revision: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<ModelFolder, Error> {
        let about = About::new(RepositoryKind::Model, id, revision.unwrap_or(MAIN))?;
        let client = self.client.clone();
        self.worker.run(cancel, progress, move |events| download_model(client, about, events))
    }

    /// Brings what describes a model into the cache, a few MB at most: its configuration and the tokenizer's files, not its
    /// weights. Gives their folder.
    pub fn model_outline(
        &self,
        id: &str,
        revision: Option<&str>,
        cancel: &AtomicBool,
    ) -> Result<PathBuf, Error> {
        let about = About::new(RepositoryKind::Model, id, revision.unwrap_or(MAIN))?;
        let client = self.client.clone();
        self.worker.run(cancel, &mut |_: Progress| {}, move |events| async move {
            let survey = survey(&client, &about).await?;
            let (small, ..) = model::choose(&about.id, &survey.files)?;
            fetch_all(&client, &survey, &small, (0, 0), &events).await?;
            Ok(survey.folder.snapshot(&survey.about.revision))
        })
    }

    /// Brings all files of an adapter's repository into the cache.
    pub fn download_adapter(
        &self,
        id: &str,
        revision: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<AdapterFolder, Error> {
        let about = About::new(RepositoryKind::Model, id, revision.unwrap_or(MAIN))?;
        let client = self.client.clone();
        self.worker.run(cancel, progress, move |events| async move {
            let survey = survey(&client, &about).await?;
            let files: Vec<&RepositoryFile> =
                survey.files.iter().filter(|file| file.path != ".gitattributes").collect();
            if !files.iter().any(|file| file.path == "adapter_config.json") {
                let reason = "it has no adapter_config.json".to_string();
                return Err(Error::NotAnAdapter { id: about.id, reason });
            }
            fetch_all(&client, &survey, &files, (0, 0), &events).await?;
            let commit = survey.about.revision.clone();
            Ok(AdapterFolder {
                path: survey.folder.snapshot(&commit),
                commit,
                files: files.iter().map(|file| file.path.clone()).collect(),
                id: about.id,
            })
        })
    }

    /// Brings the files of a data set into the cache, sorted into its splits as Python's `datasets` sorts them.
    ///
    /// Without a configuration, the default one. A data set that is a program, or whose files can't be read here, is taken
    /// from the Parquet copy that the Hub makes of most of them (revision `refs/convert/parquet`).
    pub fn dataset(
        &self,
        id: &str,
        configuration: Option<&str>,
        revision: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<DatasetFiles, Error> {
        let about = About::new(RepositoryKind::Dataset, id, revision.unwrap_or(MAIN))?;
        let (client, configuration) = (self.client.clone(), configuration.map(str::to_string));
        self.worker
            .run(cancel, progress, move |events| dataset::download(client, about, configuration, events))
    }

    /// Whose the token in use is, and what it may do.
    pub fn account(&self) -> Result<Account, Error> {
        let what = "telling whose a token is".to_string();
        self.wanted_online(what.clone())?;
        let client = self.with_token(&what)?;
        self.ask(move || async move { client.account(&what).await })
    }

    /// Sends files to a model repository as one commit; the repository is made where it is missing. What is there already
    /// is not sent again. Stopped or broken off before its end, it leaves the repository as it was, or new and empty.
    pub fn upload(
        &self,
        upload: Upload,
        progress: &mut dyn FnMut(UploadProgress),
        cancel: &AtomicBool,
    ) -> Result<Uploaded, Error> {
        let what = format!("the upload to {}", upload.id);
        self.wanted_online(what.clone())?;
        let client = self.with_token(&what)?;
        self.worker.run(cancel, progress, move |events| crate::upload::upload(client, upload, events))
    }

    /// A client that has a token, for which a locked keyring is waited for.
    fn with_token(&self, what: &str) -> Result<Client, Error> {
        let settings = &self.client.settings;
        match settings.tokens.require()? {
            Some(_) => Ok(self.client.clone()),
            None => Err(Error::TokenMissing { what: what.to_string(), endpoint: settings.endpoint.clone() }),
        }
    }

    fn wanted_online(&self, what: String) -> Result<(), Error> {
        if self.client.settings.offline { Err(Error::OfflineWanted { what }) } else { Ok(()) }
    }

    fn online(&self, what: &str) -> Result<(), Error> {
        if self.client.settings.offline {
            return Err(Error::Offline { what: what.to_string(), cache: self.client.settings.cache.clone() });
        }
        Ok(())
    }

    fn ask<T, F>(&self, question: impl FnOnce() -> F + Send + 'static) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        self.worker.run(&AtomicBool::new(false), &mut |()| {}, move |events| async move {
            // Kept until the answer is there: its end tells the caller so.
            let _events = events;
            question().await
        })
    }
}

/// Finds out the commit and its files; the Hub is asked unless it is known already or cannot be.
pub(crate) async fn survey(client: &Client, about: &About) -> Result<Survey, Error> {
    let folder = Folder::new(&client.settings.cache, about.kind, &about.id);
    let cached = folder.commit(&about.revision).and_then(|commit| Some((folder.files(&commit)?, commit)));
    let listed = is_commit(&about.revision).then(|| folder.read_tree(&about.revision)).flatten();
    if let Some(files) = listed {
        return Ok(Survey { about: about.clone(), folder, files, note: None });
    }
    if client.settings.offline {
        let cache = client.settings.cache.clone();
        let what = format!("{} {} at revision {}", about.kind, about.id, about.revision);
        let (files, commit) = cached.ok_or(Error::Offline { what, cache })?;
        return Ok(Survey { about: about.revision(&commit), folder, files, note: None });
    }
    // With a copy at hand nobody should have to wait for a network that is not there.
    let asked = if cached.is_some() { client.impatient() } else { client.clone() };
    let found = match asked.summary(about).await {
        Ok((_, commit)) => {
            let about = about.revision(&commit);
            match folder.read_tree(&commit) {
                Some(files) => Ok((commit, files)),
                None => asked.tree(&about).await.map(|files| (commit, files)),
            }
        }
        Err(error) => Err(error),
    };
    match (found, cached) {
        (Ok((commit, files)), _) => {
            // A cache that cannot be written may hold all that is wanted; if not, the transfer tells.
            let _ = folder.write_tree(&commit, &files);
            let _ = folder.write_commit(&about.revision, &commit);
            Ok(Survey { about: about.revision(&commit), folder, files, note: None })
        }
        (Err(error), Some((files, commit))) if error.allows_cached() => {
            let note = format!("Used the copy of {} in the cache (commit {commit}), for {error}.", about.id);
            Ok(Survey { about: about.revision(&commit), folder, files, note: Some(note) })
        }
        (Err(error), _) => Err(error),
    }
}

/// Fetches `files` one after the other. `before` is what was counted earlier in the same download: files and bytes.
pub(crate) async fn fetch_all(
    client: &Client,
    survey: &Survey,
    files: &[&RepositoryFile],
    before: (usize, u64),
    events: &mpsc::Sender<Progress>,
) -> Result<Vec<PathBuf>, Error> {
    let size = before.1 + files.iter().map(|file| file.size).sum::<u64>();
    // Looked up once: another program may bring one of them meanwhile.
    let missing = |file: &&&RepositoryFile| survey.folder.find(&survey.about.revision, &file.path).is_none();
    let missing: Vec<&str> = files.iter().filter(missing).map(|file| file.path.as_str()).collect();
    let is_missing = |file: &RepositoryFile| missing.contains(&file.path.as_str());
    let mut waiting: u64 = files.iter().filter(|file| is_missing(file)).map(|file| file.size).sum();
    let mut paths = Vec::new();
    for file in files {
        if is_missing(file) {
            waiting -= file.size;
        }
        let report = |file_done: u64| {
            let progress = Progress {
                file: file.path.clone(),
                file_done,
                file_size: file.size,
                files_done: before.0 + paths.len() + usize::from(file_done == file.size),
                files: before.0 + files.len(),
                done: size - waiting - file.size + file_done,
                size,
            };
            // The receiver is gone when the caller has stopped; this task ends then, too.
            let _ = events.send(progress);
        };
        let path = fetch(client, &survey.folder, &survey.about, file, &report).await?;
        report(file.size);
        paths.push(path);
    }
    Ok(paths)
}

async fn download_model(
    client: Client,
    about: About,
    events: mpsc::Sender<Progress>,
) -> Result<ModelFolder, Error> {
    let survey = survey(&client, &about).await?;
    let commit = &survey.about.revision;
    let (small, weights_file, weights) = model::choose(&about.id, &survey.files)?;
    let mut wanted = small;
    if client.settings.offline || survey.note.is_some() {
        let here = |file: &&RepositoryFile| survey.folder.find(commit, &file.path).is_some();
        wanted.retain(|file| here(file) || model::is_essential(file, &survey.files));
    }
    wanted.push(weights_file);
    let mut paths = fetch_all(&client, &survey, &wanted, (0, 0), &events).await?;
    if weights.is_sharded()
        && let Some(index) = paths.last()
    {
        let text = std::fs::read_to_string(index).map_err(Error::file("read", index))?;
        let shards = model::shards(&about.id, &weights_file.path, &text, &survey.files)?;
        let before = (wanted.len(), wanted.iter().map(|file| file.size).sum());
        paths.extend(fetch_all(&client, &survey, &shards, before, &events).await?);
        wanted.extend(shards);
    }
    Ok(ModelFolder {
        path: survey.folder.snapshot(commit),
        commit: commit.clone(),
        files: wanted.iter().map(|file| file.path.clone()).collect(),
        weights,
        note: survey.note,
        id: about.id,
    })
}
