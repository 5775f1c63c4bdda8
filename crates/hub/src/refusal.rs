//! What a refusal of the Hub means.

use std::time::Duration;

use hf_hub::HFError;
use reqwest::{Response, Url};

use crate::{
    Error, RepositoryKind,
    client::{Client, reason},
    repository::check_id,
};

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

impl About {
    pub(crate) fn new(kind: RepositoryKind, id: &str, revision: &str) -> Result<About, Error> {
        check_id(id)?;
        Ok(About { kind, id: id.to_string(), revision: revision.to_string(), file: None })
    }

    pub(crate) fn file(&self, file: &str) -> About {
        About { file: Some(file.to_string()), ..self.clone() }
    }

    pub(crate) fn revision(&self, revision: &str) -> About {
        About { revision: revision.to_string(), ..self.clone() }
    }
}

/// An address without its query: a signed one opens its object to whoever reads it.
fn address(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.to_string()
}

impl Client {
    pub(crate) async fn refusal(&self, response: Response, about: Option<&About>) -> Error {
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_string)
        };
        let mut refusal = Refusal {
            status: response.status().as_u16(),
            url: address(response.url()),
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
        self.classify(refusal, about)
    }

    pub(crate) fn explain(&self, error: HFError, about: Option<&About>) -> Error {
        let (context, retry_after) = match error {
            HFError::Request { source, .. } if source.is_decode() => return self.answer(reason(&source)),
            HFError::Request { source, .. } => return self.unreachable(&source),
            HFError::RateLimited { retry_after, context } => (context, retry_after),
            HFError::Http { context }
            | HFError::AuthRequired { context }
            | HFError::Forbidden { context }
            | HFError::RepoNotFound { context: Some(context), .. }
            | HFError::RevisionNotFound { context: Some(context), .. }
            | HFError::EntryNotFound { context: Some(context), .. } => (context, None),
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
        let Refusal { status, url, code, message, retry_after } = refusal;
        let endpoint = self.settings.endpoint.clone();
        let source_of_token = self.token_source();
        let with_token = source_of_token.is_some();
        if status == 429 {
            return Error::RateLimited { endpoint, retry_after };
        }
        if status == 401 && message == "Invalid credentials in Authorization header" {
            return Error::Token { endpoint, source_of_token };
        }
        let Some(About { kind, id, revision, file }) = about.cloned() else {
            return match status {
                401 => Error::Token { endpoint, source_of_token },
                _ => Error::Server { status, url, message },
            };
        };
        let page = self.page(kind, &id);
        match (code.as_deref(), status) {
            (Some("GatedRepo"), _) => Error::Gated { kind, id, page, with_token },
            (Some("RevisionNotFound"), _) => {
                Error::RevisionNotFound { kind, id, revision, page: format!("{page}/tree/main") }
            }
            (Some("EntryNotFound"), _) => {
                Error::FileNotFound { id, file: file.unwrap_or_default(), revision }
            }
            (Some("RepoNotFound"), _) | (_, 401) => {
                Error::RepositoryNotFound { kind, id, endpoint, with_token }
            }
            (_, 404) => match file {
                Some(file) => Error::FileNotFound { id, file, revision },
                None => Error::RepositoryNotFound { kind, id, endpoint, with_token },
            },
            (_, 403) => Error::Forbidden { id, message },
            _ => Error::Server { status, url, message },
        }
    }
}
