//! The repository, its card and its commit.

use base64::Engine as _;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{Place, local::Local};
use crate::{Error, client::Client, refusal::About};

impl Client {
    /// Makes the repository. False where somebody was faster.
    pub(super) async fn create(&self, about: &About, public: bool) -> Result<bool, Error> {
        let (owner, name) = about.id.split_once('/').unwrap_or(("", &about.id));
        let body = json!({
            "type": "model",
            "organization": owner,
            "name": name,
            "visibility": if public { "public" } else { "private" },
        });
        let url = self.url(&format!("{}/api/repos/create", self.settings.endpoint))?;
        let body = body.to_string().into_bytes();
        let attempt =
            async || self.post(url.clone(), "application/json", body.clone(), HeaderMap::new(), about).await;
        match self.patiently(attempt).await {
            Ok(_) => Ok(true),
            Err(Error::Server { status: 409, .. }) => Ok(false),
            Err(Error::Server { status: 400..=499, message, .. }) if !message.is_empty() => {
                Err(Error::RepositoryUnfit { id: about.id.clone(), reason: message })
            }
            Err(error) => Err(error),
        }
    }

    /// Lets the Hub look at a model card before anything is sent.
    pub(super) async fn check_card(&self, card: &Local) -> Result<(), Error> {
        let text = String::from_utf8_lossy(&card.read()?).into_owned();
        let body = json!({ "content": text, "repoType": "model" }).to_string().into_bytes();
        let url = self.url(&format!("{}/api/validate-yaml", self.settings.endpoint))?;
        let attempt = async || {
            let mut request = self.online()?.outward.post(url.clone());
            if let Some(token) = self.token_for(&url)? {
                request = request.bearer_auth(token);
            }
            let request = request.header("content-type", "application/json").body(body.clone());
            let response = self.watched(request, &std::sync::Arc::default()).await?;
            if response.status() != reqwest::StatusCode::BAD_REQUEST {
                // A Hub without this interface judges when the commit is made.
                return Ok(());
            }
            let answer: Value = response.json().await.unwrap_or_default();
            let errors = answer["errors"].as_array().into_iter().flatten();
            let said: Vec<&str> = errors.filter_map(|error| error["message"].as_str()).collect();
            Err(Error::CardRefused { reason: said.join("; ") })
        };
        self.patiently(attempt).await
    }

    /// Makes the commit on top of the one that was found; its id.
    pub(super) async fn commit(
        &self,
        place: &Place,
        message: &str,
        files: &[&Local],
        large: &[String],
    ) -> Result<String, Error> {
        let about = &place.about;
        let body = payload(message, &place.head, files, large)?;
        let url = self.upload_url(about, "commit")?;
        let mut tries = 0;
        loop {
            let kind = "application/x-ndjson";
            let error = match self.post(url.clone(), kind, body.clone(), HeaderMap::new(), about).await {
                Ok(answer) => {
                    let commit = answer["commitOid"].as_str().map(str::to_string);
                    return commit.ok_or_else(|| self.answer("the commit's id is missing".to_string()));
                }
                Err(error) => error,
            };
            // The answer may have been lost, and the commit be there all the same.
            let refused = matches!(error, Error::Server { status: 409 | 412, .. });
            if refused || error.is_passing() {
                if let Some(head) = self.head_with(about, files).await {
                    return Ok(head);
                }
                if refused {
                    let reason = "somebody else wrote to it meanwhile. Start the upload again".to_string();
                    return Err(Error::RepositoryUnfit { id: about.id.clone(), reason });
                }
            }
            self.pause(&mut tries, error).await?;
        }
    }

    /// The newest commit, where it holds all the files.
    async fn head_with(&self, about: &About, files: &[&Local]) -> Option<String> {
        let client = self.impatient();
        let (_, head) = client.summary(&about.revision(super::MAIN)).await.ok()?;
        let there = client.tree(&about.revision(&head)).await.ok()?;
        files.iter().all(|file| file.is_in(&there)).then_some(head)
    }
}

/// One JSON object a line: the commit, then each file.
fn payload(message: &str, parent: &str, files: &[&Local], large: &[String]) -> Result<Vec<u8>, Error> {
    let base64 = base64::engine::general_purpose::STANDARD;
    let head = json!({ "summary": message, "description": "", "parentCommit": parent });
    let mut lines = format!("{}\n", json!({ "key": "header", "value": head })).into_bytes();
    for file in files {
        let entry = if large.contains(&file.path) {
            let value = json!({ "path": file.path, "algo": "sha256", "oid": file.sha256, "size": file.size });
            json!({ "key": "lfsFile", "value": value })
        } else {
            let content = base64.encode(file.read()?);
            json!({ "key": "file", "value": { "content": content, "path": file.path, "encoding": "base64" } })
        };
        lines.extend(format!("{entry}\n").into_bytes());
    }
    Ok(lines)
}
