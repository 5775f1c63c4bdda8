//! Searches, descriptions and lists of files.

use futures::{Stream, StreamExt};
use hf_hub::{
    HFError,
    repository::{DatasetInfo, ModelInfo},
};
use reqwest::{
    Url,
    header::{self, HeaderMap},
};
use serde::Deserialize;

use crate::{
    Error, Gate, RepositoryFile, RepositoryKind, Settings, Summary,
    client::{Client, segment},
    refusal::About,
    repository::is_inside,
};

#[derive(Deserialize)]
struct TreeEntry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    size: u64,
    oid: Option<String>,
    lfs: Option<TreeLfs>,
    #[serde(rename = "xetHash")]
    xet_hash: Option<String>,
}

#[derive(Deserialize)]
struct TreeLfs {
    oid: String,
    size: u64,
}

impl Client {
    pub(crate) async fn search_models(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        let attempt = async || {
            let search =
                self.online()?.hf.list_models().search(query).sort("downloads").full(true).limit(limit);
            let found = search.send().map_err(|error| self.explain(error, None))?;
            self.gather(found, |model| self.model(model)).await
        };
        self.patiently(attempt).await
    }

    pub(crate) async fn search_datasets(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        let attempt = async || {
            let search =
                self.online()?.hf.list_datasets().search(query).sort("downloads").full(true).limit(limit);
            let found = search.send().map_err(|error| self.explain(error, None))?;
            self.gather(found, |dataset| self.dataset(dataset)).await
        };
        self.patiently(attempt).await
    }

    async fn gather<T>(
        &self,
        found: impl Stream<Item = Result<T, HFError>>,
        convert: impl Fn(T) -> Summary,
    ) -> Result<Vec<Summary>, Error> {
        let mut found = std::pin::pin!(found);
        let mut summaries = Vec::new();
        while let Some(item) = found.next().await {
            summaries.push(convert(item.map_err(|error| self.explain(error, None))?));
        }
        Ok(summaries)
    }

    /// What the Hub tells about a repository at a revision; the commit is always told.
    pub(crate) async fn summary(&self, about: &About) -> Result<(Summary, String), Error> {
        let (owner, name) = hf_hub::split_id(&about.id);
        let revision = about.revision.as_str();
        let attempt = async || {
            let summary = match about.kind {
                RepositoryKind::Model => {
                    let info = self.online()?.hf.model(owner, name).info().revision(revision).send().await;
                    self.model(info.map_err(|error| self.explain(error, Some(about)))?)
                }
                RepositoryKind::Dataset => {
                    let info = self.online()?.hf.dataset(owner, name).info().revision(revision).send().await;
                    self.dataset(info.map_err(|error| self.explain(error, Some(about)))?)
                }
            };
            match summary.sha.clone().filter(|sha| crate::cache::is_commit(sha)) {
                Some(commit) => Ok((summary, commit)),
                None => Err(self.answer(format!("the commit of {} is missing", about.id))),
            }
        };
        self.patiently(attempt).await
    }

    /// All files of a repository at a commit.
    pub(crate) async fn tree(&self, about: &About) -> Result<Vec<RepositoryFile>, Error> {
        let Settings { endpoint, .. } = &*self.settings;
        let revision = segment(&about.revision);
        let start =
            format!("{endpoint}/api/{}/{}/tree/{revision}?recursive=true", about.kind.plural(), about.id);
        let mut next = Some(self.url(&start)?);
        let mut files = Vec::new();
        while let Some(url) = next.take() {
            let (following, page) = self.patiently(async || self.tree_page(url.clone(), about).await).await?;
            for entry in page.into_iter().filter(|entry| entry.kind == "file") {
                if !is_inside(&entry.path) {
                    return Err(self.answer(format!("“{}” is not the path of a file", entry.path)));
                }
                files.push(RepositoryFile {
                    size: entry.lfs.as_ref().map_or(entry.size, |lfs| lfs.size),
                    sha256: entry.lfs.map(|lfs| lfs.oid.trim_start_matches("sha256:").to_string()),
                    path: entry.path,
                    git_sha1: entry.oid,
                    xet: entry.xet_hash,
                });
            }
            next = following;
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    async fn tree_page(&self, url: Url, about: &About) -> Result<(Option<Url>, Vec<TreeEntry>), Error> {
        let response = self.get(url, &HeaderMap::new(), Some(about)).await?.0;
        let next = response.headers().get(header::LINK).and_then(|link| next_page(link.to_str().ok()?));
        let next = next.map(|next| response.url().join(&next)).transpose();
        let next = next.map_err(|error| self.answer(error.to_string()))?;
        let page = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        let page = serde_json::from_slice(&page).map_err(|error| self.answer(error.to_string()))?;
        Ok((next, page))
    }

    fn model(&self, info: ModelInfo) -> Summary {
        let tags = info.tags.unwrap_or_default();
        Summary {
            kind: RepositoryKind::Model,
            page: self.page(RepositoryKind::Model, &info.id),
            sha: info.sha,
            gate: Gate::from_answer(info.gated.as_ref()),
            private: info.private.unwrap_or(false),
            downloads: info.downloads.unwrap_or(0),
            likes: info.likes.unwrap_or(0),
            licence: Summary::licence(&tags),
            tags,
            pipeline: info.pipeline_tag,
            library: info.library_name,
            last_modified: info.last_modified,
            id: info.id,
        }
    }

    fn dataset(&self, info: DatasetInfo) -> Summary {
        let tags = info.tags.unwrap_or_default();
        Summary {
            kind: RepositoryKind::Dataset,
            page: self.page(RepositoryKind::Dataset, &info.id),
            sha: info.sha,
            gate: Gate::from_answer(info.gated.as_ref()),
            private: info.private.unwrap_or(false),
            downloads: info.downloads.unwrap_or(0),
            likes: info.likes.unwrap_or(0),
            licence: Summary::licence(&tags),
            pipeline: tags.iter().find_map(|tag| tag.strip_prefix("task_categories:")).map(str::to_string),
            library: None,
            last_modified: info.last_modified,
            tags,
            id: info.id,
        }
    }
}

/// The target of `rel="next"` in a `Link` header.
fn next_page(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let (_, rest) = next.split_once('<')?;
    Some(rest.split_once('>')?.0.to_string())
}
