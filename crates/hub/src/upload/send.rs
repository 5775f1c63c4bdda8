//! Requests that carry something out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{
    Method, RequestBuilder, Response, Url,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::{Error, client::Client, refusal::About};

/// The media type of Git LFS's batch interface.
pub(super) const LFS: &str = "application/vnd.git-lfs+json";

/// How often a request that goes out is looked at.
const LOOK: Duration = Duration::from_millis(250);

impl Client {
    /// POST of `body`, with the token where `url` is the endpoint's, redirects followed; the answer as JSON.
    pub(super) async fn post(
        &self,
        url: Url,
        kind: &'static str,
        body: Vec<u8>,
        headers: HeaderMap,
        about: &About,
    ) -> Result<Value, Error> {
        let mut url = url;
        for _ in 0..5 {
            let mut request =
                self.online()?.outward.request(Method::POST, url.clone()).headers(headers.clone());
            if let Some(token) = self.token_for(&url)? {
                request = request.bearer_auth(token);
            }
            request = request.header(header::CONTENT_TYPE, kind).body(body.clone());
            if kind == LFS {
                request = request.header(header::ACCEPT, LFS);
            }
            let response = self.watched(request, &Arc::default()).await?;
            // A repository that was renamed.
            let moved =
                response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection());
            if let Some(location) = moved.and_then(|location| location.to_str().ok()) {
                let next = url.join(location).map_err(|error| self.answer(error.to_string()))?;
                url = next;
                continue;
            }
            if !response.status().is_success() {
                return Err(self.write_refusal(response, about).await);
            }
            let answer = tokio::time::timeout(self.patience_for_answers(), response.bytes()).await;
            let answer = answer.map_err(|_| self.silent())?.map_err(|error| self.unreachable(&error))?;
            // Some say "OK" and no more; who wants a field sees that it is missing.
            return Ok(serde_json::from_slice(&answer).unwrap_or_default());
        }
        Err(self.answer("too many redirects".to_string()))
    }

    /// What a refused write means.
    pub(super) async fn write_refusal(&self, response: Response, about: &About) -> Error {
        match self.refusal(response, Some(about)).await {
            Error::Forbidden { id, message } => {
                Error::WriteRefused { id, message, endpoint: self.settings.endpoint.clone() }
            }
            error => error,
        }
    }

    /// Sends a request and gives up when nothing moves: `moved` counts the bytes of its body that were taken.
    pub(super) async fn watched(
        &self,
        request: RequestBuilder,
        moved: &Arc<AtomicU64>,
    ) -> Result<Response, Error> {
        let mut sending = std::pin::pin!(request.send());
        let (mut before, mut since) = (0, Instant::now());
        loop {
            tokio::select! {
                response = &mut sending => return response.map_err(|error| self.unreachable(&error)),
                () = tokio::time::sleep(LOOK) => {
                    let now = moved.load(Ordering::Relaxed);
                    if now != before {
                        (before, since) = (now, Instant::now());
                    } else if since.elapsed() > self.patience_for_answers() {
                        return Err(self.silent());
                    }
                }
            }
        }
    }

    /// The Hub thinks about what it was given: longer than about a question.
    fn patience_for_answers(&self) -> Duration {
        self.settings.patience.read * 2
    }

    fn silent(&self) -> Error {
        let reason = format!("it was silent for {} seconds", self.patience_for_answers().as_secs());
        Error::Unreachable { endpoint: self.settings.endpoint.clone(), reason }
    }
}

/// The headers that an LFS action wants, the parts of a multipart upload left out.
pub(super) fn wanted_headers(header: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in header.as_object().into_iter().flatten() {
        let part = name == "chunk_size" || name.bytes().all(|byte| byte.is_ascii_digit());
        let (Ok(name), Some(value)) = (HeaderName::try_from(name), value.as_str()) else { continue };
        if let Some(value) = HeaderValue::from_str(value).ok().filter(|_| !part) {
            headers.insert(name, value);
        }
    }
    headers
}
