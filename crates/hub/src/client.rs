use std::{sync::Arc, time::Duration};

use futures::{Stream, StreamExt};
use hf_hub::{
    HFClient, HFError,
    repository::{DatasetInfo, ModelInfo},
};
use reqwest::{
    Response, StatusCode, Url,
    header::{self, HeaderMap},
};
use serde::Deserialize;

use crate::{
    Error, Gate, RepositoryFile, RepositoryKind, Settings, Summary,
    repository::{check_id, is_inside},
};

/// One Hub, its requests and the meaning of its refusals.
///
/// Searches and repository information go through the crate `hf-hub`. The list of files does not: `hf-hub` 1.0 looks for
/// a large file's SHA-256 under `sha256`, where the Hub's `tree` answer calls it `oid`, and so loses it. Nor do the files
/// themselves (see [`transfer`](crate::transfer)).
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) settings: Arc<Settings>,
    hf: HFClient,
    /// Follows no redirect by itself.
    http: reqwest::Client,
}

/// What a request is about, for its error.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) kind: RepositoryKind,
    pub(crate) id: String,
    pub(crate) revision: String,
    pub(crate) file: Option<String>,
}

/// The parts of a refusal that tell its reason.
struct Refusal {
    status: u16,
    url: String,
    code: Option<String>,
    message: String,
    retry_after: Option<Duration>,
}

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

const USER_AGENT: &str = concat!("episome/", env!("CARGO_PKG_VERSION"));

/// `hf-hub` reads the environment when it is given no token. This one fits into no header and so is never sent.
const NO_TOKEN: &str = "\n";

impl About {
    pub(crate) fn new(kind: RepositoryKind, id: &str, revision: &str) -> Result<About, Error> {
        check_id(id)?;
        Ok(About {
            kind,
            id: id.to_string(),
            revision: revision.to_string(),
            file: None,
        })
    }

    pub(crate) fn file(&self, file: &str) -> About {
        About {
            file: Some(file.to_string()),
            ..self.clone()
        }
    }

    pub(crate) fn revision(&self, revision: &str) -> About {
        About {
            revision: revision.to_string(),
            ..self.clone()
        }
    }
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Result<Client, Error> {
        let bad = |reason: String| Error::Endpoint {
            endpoint: settings.endpoint.clone(),
            reason,
        };
        let endpoint = Url::parse(&settings.endpoint).map_err(|error| bad(error.to_string()))?;
        if !matches!(endpoint.scheme(), "http" | "https") {
            return Err(bad("it starts neither with http:// nor with https://".to_string()));
        }
        let build = |redirect| {
            reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(settings.patience.connect)
                .read_timeout(settings.patience.read)
                .redirect(redirect)
                .build()
                .map_err(|error| bad(reason(&error)))
        };
        let hf = HFClient::builder()
            .endpoint(&settings.endpoint)
            .token(settings.token.as_ref().map_or(NO_TOKEN, |token| token.secret()))
            .cache_dir(&settings.cache)
            .client(build(reqwest::redirect::Policy::default())?)
            .retry_max_attempts(0)
            .build()
            .map_err(|error| bad(error.to_string()))?;
        Ok(Client {
            hf,
            http: build(reqwest::redirect::Policy::none())?,
            settings: Arc::new(settings),
        })
    }

    /// The same Hub, given up on after the first failure.
    pub(crate) fn impatient(&self) -> Client {
        let mut settings = (*self.settings).clone();
        settings.patience.retries = 0;
        Client {
            settings: Arc::new(settings),
            ..self.clone()
        }
    }

    pub(crate) async fn search_models(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        let attempt = async || {
            let search = self
                .hf
                .list_models()
                .search(query)
                .sort("downloads")
                .full(true)
                .limit(limit);
            let found = search.send().map_err(|error| self.explain(error, None))?;
            self.gather(found, |model| self.model(model)).await
        };
        self.patiently(attempt).await
    }

    pub(crate) async fn search_datasets(&self, query: &str, limit: usize) -> Result<Vec<Summary>, Error> {
        let attempt = async || {
            let search = self
                .hf
                .list_datasets()
                .search(query)
                .sort("downloads")
                .full(true)
                .limit(limit);
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
                    let info = self.hf.model(owner, name).info().revision(revision).send().await;
                    self.model(info.map_err(|error| self.explain(error, Some(about)))?)
                }
                RepositoryKind::Dataset => {
                    let info = self
                        .hf
                        .dataset(owner, name)
                        .info()
                        .revision(revision)
                        .send()
                        .await;
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
        let start = format!(
            "{endpoint}/api/{}/{}/tree/{revision}?recursive=true",
            about.kind.plural(),
            about.id
        );
        let mut next = Some(self.url(&start)?);
        let mut files = Vec::new();
        while let Some(url) = next.take() {
            let (following, page) = self
                .patiently(async || self.tree_page(url.clone(), about).await)
                .await?;
            for entry in page.into_iter().filter(|entry| entry.kind == "file") {
                if !is_inside(&entry.path) {
                    return Err(self.answer(format!("“{}” is not the path of a file", entry.path)));
                }
                files.push(RepositoryFile {
                    size: entry.lfs.as_ref().map_or(entry.size, |lfs| lfs.size),
                    sha256: entry
                        .lfs
                        .map(|lfs| lfs.oid.trim_start_matches("sha256:").to_string()),
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
        let response = self.get(url, &HeaderMap::new(), about).await?.0;
        let next = response
            .headers()
            .get(header::LINK)
            .and_then(|link| next_page(link.to_str().ok()?));
        let next = next.map(|next| response.url().join(&next)).transpose();
        let next = next.map_err(|error| self.answer(error.to_string()))?;
        let page = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        let page = serde_json::from_slice(&page).map_err(|error| self.answer(error.to_string()))?;
        Ok((next, page))
    }

    /// GET with every redirect followed by hand: the token goes to the endpoint alone, and the headers of the first
    /// answer are kept, for the file's hash stands there. Returns the last answer and the first one's headers.
    pub(crate) async fn get(
        &self,
        url: Url,
        headers: &HeaderMap,
        about: &About,
    ) -> Result<(Response, HeaderMap), Error> {
        let home = self.url(&self.settings.endpoint)?;
        let mut url = url;
        let mut linked = HeaderMap::new();
        for _ in 0..10 {
            let mut request = self.http.get(url.clone()).headers(headers.clone());
            if let Some(token) = self
                .settings
                .token
                .as_ref()
                .filter(|_| url.origin() == home.origin())
            {
                request = request.bearer_auth(token.secret());
            }
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            for name in ["x-linked-etag", "x-linked-size", "x-repo-commit", "etag"] {
                if let Some(value) = response
                    .headers()
                    .get(name)
                    .filter(|_| !linked.contains_key(name))
                {
                    linked.insert(name, value.clone());
                }
            }
            if !response.status().is_redirection() {
                return if response.status().is_success()
                    || response.status() == StatusCode::RANGE_NOT_SATISFIABLE
                {
                    Ok((response, linked))
                } else {
                    Err(self.refusal(response, about).await)
                };
            }
            let location = response
                .headers()
                .get(header::LOCATION)
                .and_then(|location| location.to_str().ok());
            let location = location.ok_or_else(|| self.answer("a redirect leads nowhere".to_string()))?;
            url = url
                .join(location)
                .map_err(|error| self.answer(format!("a redirect to {location}: {error}")))?;
        }
        Err(self.answer("too many redirects".to_string()))
    }

    /// The address of a file.
    pub(crate) fn file_url(&self, about: &About, file: &str) -> Result<Url, Error> {
        let path: Vec<_> = file.split('/').map(segment).collect();
        let (prefix, revision) = (about.kind.prefix(), segment(&about.revision));
        self.url(&format!(
            "{}/{prefix}{}/resolve/{revision}/{}",
            self.settings.endpoint,
            about.id,
            path.join("/")
        ))
    }

    /// The page of a repository, for a person.
    pub(crate) fn page(&self, kind: RepositoryKind, id: &str) -> String {
        format!("{}/{}{id}", self.settings.endpoint, kind.prefix())
    }

    /// Tries again what failed for a reason that may pass.
    pub(crate) async fn patiently<T>(
        &self,
        mut attempt: impl AsyncFnMut() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            match attempt().await {
                Err(error) => self.pause(&mut tries, error).await?,
                done => return done,
            }
        }
    }

    /// Waits before the next try, or gives the error back when it is final or there were enough tries.
    pub(crate) async fn pause(&self, tries: &mut u32, error: Error) -> Result<(), Error> {
        let patience = &self.settings.patience;
        let asked = match &error {
            Error::RateLimited {
                retry_after: Some(pause),
                ..
            } if *pause > patience.longest_pause => return Err(error),
            Error::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        };
        let passing = error.is_passing() || matches!(error, Error::Interrupted { .. });
        if !passing || *tries >= patience.retries {
            return Err(error);
        }
        tokio::time::sleep(asked.unwrap_or(patience.pause * 2u32.saturating_pow(*tries))).await;
        *tries += 1;
        Ok(())
    }

    fn url(&self, text: &str) -> Result<Url, Error> {
        let endpoint = &self.settings.endpoint;
        Url::parse(text).map_err(|error| Error::Endpoint {
            endpoint: endpoint.clone(),
            reason: error.to_string(),
        })
    }

    pub(crate) fn answer(&self, reason: String) -> Error {
        Error::Answer {
            endpoint: self.settings.endpoint.clone(),
            reason,
        }
    }

    pub(crate) fn unreachable(&self, error: &reqwest::Error) -> Error {
        Error::Unreachable {
            endpoint: self.settings.endpoint.clone(),
            reason: reason(error),
        }
    }

    async fn refusal(&self, response: Response, about: &About) -> Error {
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_string)
        };
        let mut refusal = Refusal {
            status: response.status().as_u16(),
            url: response.url().to_string(),
            code: header("x-error-code"),
            message: header("x-error-message").unwrap_or_default(),
            retry_after: header("retry-after")
                .and_then(|text| Some(Duration::from_secs(text.trim().parse().ok()?))),
        };
        if refusal.message.is_empty() {
            let body: Option<serde_json::Value> = response.json().await.ok();
            let message = body.as_ref().and_then(|body| body.get("error")?.as_str());
            refusal.message = message.unwrap_or_default().to_string();
        }
        self.classify(refusal, Some(about))
    }

    fn explain(&self, error: HFError, about: Option<&About>) -> Error {
        let (context, retry_after) = match error {
            HFError::Request { source, .. } if source.is_decode() => return self.answer(reason(&source)),
            HFError::Request { source, .. } => return self.unreachable(&source),
            HFError::RateLimited { retry_after, context } => (context, retry_after),
            HFError::Http { context }
            | HFError::AuthRequired { context }
            | HFError::Forbidden { context }
            | HFError::RepoNotFound {
                context: Some(context),
                ..
            }
            | HFError::RevisionNotFound {
                context: Some(context),
                ..
            }
            | HFError::EntryNotFound {
                context: Some(context),
                ..
            } => (context, None),
            other => return self.answer(other.to_string()),
        };
        let refusal = Refusal {
            status: context.status.as_u16(),
            url: context.url,
            code: context.error_code,
            message: context.server_message.unwrap_or_default(),
            retry_after,
        };
        self.classify(refusal, about)
    }

    /// As `huggingface_hub`'s `hf_raise_for_status` reads a refusal.
    fn classify(&self, refusal: Refusal, about: Option<&About>) -> Error {
        let Refusal {
            status,
            url,
            code,
            message,
            retry_after,
        } = refusal;
        let endpoint = self.settings.endpoint.clone();
        let with_token = self.settings.token.is_some();
        if status == 429 {
            return Error::RateLimited {
                endpoint,
                retry_after,
            };
        }
        if status == 401 && message == "Invalid credentials in Authorization header" {
            return Error::Token { endpoint };
        }
        let Some(About {
            kind,
            id,
            revision,
            file,
        }) = about.cloned()
        else {
            return match status {
                401 => Error::Token { endpoint },
                _ => Error::Server { status, url, message },
            };
        };
        let page = self.page(kind, &id);
        match (code.as_deref(), status) {
            (Some("GatedRepo"), _) => Error::Gated {
                kind,
                id,
                page,
                with_token,
            },
            (Some("RevisionNotFound"), _) => Error::RevisionNotFound {
                kind,
                id,
                revision,
                page: format!("{page}/tree/main"),
            },
            (Some("EntryNotFound"), _) => Error::FileNotFound {
                id,
                file: file.unwrap_or_default(),
                revision,
            },
            (Some("RepoNotFound"), _) | (_, 401) => Error::RepositoryNotFound {
                kind,
                id,
                endpoint,
                with_token,
            },
            (_, 404) => match file {
                Some(file) => Error::FileNotFound { id, file, revision },
                None => Error::RepositoryNotFound {
                    kind,
                    id,
                    endpoint,
                    with_token,
                },
            },
            (_, 403) => Error::Forbidden { id, message },
            _ => Error::Server { status, url, message },
        }
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
            pipeline: tags
                .iter()
                .find_map(|tag| tag.strip_prefix("task_categories:"))
                .map(str::to_string),
            library: None,
            last_modified: info.last_modified,
            tags,
            id: info.id,
        }
    }
}

/// The innermost reason of a failed request, which is the one that says something.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    source.to_string()
}

/// One segment of an address, a slash in it included (`refs/convert/parquet`).
fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The target of `rel="next"` in a `Link` header.
fn next_page(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let (_, rest) = next.split_once('<')?;
    Some(rest.split_once('>')?.0.to_string())
}
