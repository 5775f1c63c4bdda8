use std::sync::{Arc, OnceLock};

use hf_hub::HFClient;
use reqwest::{
    Response, StatusCode, Url,
    header::{self, HeaderMap},
};

use crate::{Error, RepositoryKind, Settings, Token, TokenSource, refusal::About};

/// One Hub, its requests and the meaning of its refusals.
///
/// Searches and repository information go through the crate `hf-hub`. The list of files does not: `hf-hub` 1.0 looks for
/// a large file's SHA-256 under `sha256`, where the Hub's `tree` answer calls it `oid`, and so loses it. Nor do the files
/// themselves (see [`transfer`](crate::transfer)).
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) settings: Arc<Settings>,
    online: Arc<OnceLock<Online>>,
}

/// What asks. Made when first needed: it wants the system's certificates, which a computer that is used offline may lack.
pub(crate) struct Online {
    pub(crate) hf: HFClient,
    /// Follows no redirect by itself.
    http: reqwest::Client,
    /// The same without a limit for reading: while a file goes out, nothing comes in.
    pub(crate) outward: reqwest::Client,
    /// What every request to the endpoint carries.
    token: Option<(Token, TokenSource)>,
}

const USER_AGENT: &str = concat!("episome/", env!("CARGO_PKG_VERSION"));

/// `hf-hub` reads the environment when it is given no token. This one fits into no header and so is never sent.
const NO_TOKEN: &str = "\n";

impl Client {
    pub(crate) fn new(settings: Settings) -> Result<Client, Error> {
        let bad = |reason: String| Error::Endpoint { endpoint: settings.endpoint.clone(), reason };
        let endpoint = Url::parse(&settings.endpoint).map_err(|error| bad(error.to_string()))?;
        if !matches!(endpoint.scheme(), "http" | "https") {
            return Err(bad("it starts neither with http:// nor with https://".to_string()));
        }
        Ok(Client { settings: Arc::new(settings), online: Arc::default() })
    }

    pub(crate) fn online(&self) -> Result<&Online, Error> {
        if self.online.get().is_none() {
            let settings = &self.settings;
            let builder = |redirect| {
                reqwest::Client::builder()
                    .user_agent(USER_AGENT)
                    .connect_timeout(settings.patience.connect)
                    .redirect(redirect)
            };
            let made = |built: reqwest::Result<_>| {
                built.map_err(|error| Error::Certificates { reason: reason(&error) })
            };
            let build = |redirect| made(builder(redirect).read_timeout(settings.patience.read).build());
            let token = settings.tokens.find();
            let hf = HFClient::builder()
                .endpoint(&settings.endpoint)
                .token(token.as_ref().map_or(NO_TOKEN, |(token, _)| token.secret()))
                .cache_dir(&settings.cache)
                .client(build(reqwest::redirect::Policy::default())?)
                .retry_max_attempts(0)
                .build()
                .map_err(|error| Error::Certificates { reason: error.to_string() })?;
            // Another thread may have been faster; then its value stays.
            let outward = made(builder(reqwest::redirect::Policy::none()).build())?;
            let _ = self.online.set(Online {
                hf,
                http: build(reqwest::redirect::Policy::none())?,
                outward,
                token,
            });
        }
        self.online.get().ok_or(Error::Cancelled)
    }

    /// The token, for a request to `url`: it goes to the endpoint alone.
    pub(crate) fn token_for(&self, url: &Url) -> Result<Option<&str>, Error> {
        let home = self.url(&self.settings.endpoint)?;
        let token = self.online()?.token.as_ref().filter(|_| url.origin() == home.origin());
        Ok(token.map(|(token, _)| token.secret()))
    }

    /// Where the token comes from that requests carry; none before the first request, and where there is none.
    pub(crate) fn token_source(&self) -> Option<TokenSource> {
        Some(self.online.get()?.token.as_ref()?.1.clone())
    }

    /// The same Hub, given up on after the first failure.
    pub(crate) fn impatient(&self) -> Client {
        let mut settings = (*self.settings).clone();
        settings.patience.retries = 0;
        Client { settings: Arc::new(settings), ..self.clone() }
    }

    /// GET with every redirect followed by hand: the token goes to the endpoint alone, and the headers of the first
    /// answer are kept, for the file's hash stands there. Returns the last answer and the first one's headers.
    pub(crate) async fn get(
        &self,
        url: Url,
        headers: &HeaderMap,
        about: Option<&About>,
    ) -> Result<(Response, HeaderMap), Error> {
        let mut url = url;
        let mut linked = HeaderMap::new();
        for _ in 0..10 {
            let mut request = self.online()?.http.get(url.clone()).headers(headers.clone());
            if let Some(token) = self.token_for(&url)? {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            for name in ["x-linked-etag", "x-linked-size", "x-repo-commit", "etag"] {
                if let Some(value) = response.headers().get(name).filter(|_| !linked.contains_key(name)) {
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
            let location =
                response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
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
            Error::RateLimited { retry_after: Some(pause), .. } if *pause > patience.longest_pause => {
                return Err(error);
            }
            Error::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        };
        if !error.is_passing() || *tries >= patience.retries {
            return Err(error);
        }
        tokio::time::sleep(asked.unwrap_or(patience.pause * 2u32.saturating_pow(*tries))).await;
        *tries += 1;
        Ok(())
    }

    pub(crate) fn url(&self, text: &str) -> Result<Url, Error> {
        let endpoint = &self.settings.endpoint;
        Url::parse(text)
            .map_err(|error| Error::Endpoint { endpoint: endpoint.clone(), reason: error.to_string() })
    }

    pub(crate) fn answer(&self, reason: String) -> Error {
        Error::Answer { endpoint: self.settings.endpoint.clone(), reason }
    }

    pub(crate) fn unreachable(&self, error: &reqwest::Error) -> Error {
        Error::Unreachable { endpoint: self.settings.endpoint.clone(), reason: reason(error) }
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
pub(crate) fn segment(text: &str) -> String {
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
