//! Large files, which go to the Hub's storage by Git LFS's batch interface.
//!
//! <https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>; the transfer `multipart` is the Hub's own: the header
//! of the action holds `chunk_size` and an address for each part under its number.

use base64::Engine as _;
use reqwest::{Url, header::HeaderMap};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Teller,
    local::Local,
    put::Put,
    send::{LFS, wanted_headers},
};
use crate::{
    Error,
    client::{Client, segment},
    refusal::About,
};

/// Files asked about at once, as `huggingface_hub` does.
const BATCH: usize = 256;

/// Where the public Hub is; a mirror's answers name it.
const PUBLIC: &str = "https://huggingface.co";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mode {
    path: String,
    upload_mode: String,
    #[serde(default)]
    should_ignore: bool,
}

/// What is to be done about an object.
#[derive(Deserialize)]
struct Object {
    oid: String,
    actions: Option<Actions>,
    error: Option<ObjectError>,
}

#[derive(Deserialize)]
struct Actions {
    upload: Option<Action>,
    verify: Option<Action>,
}

#[derive(Deserialize)]
struct Action {
    href: String,
    #[serde(default)]
    header: Value,
}

#[derive(Deserialize)]
struct ObjectError {
    #[serde(default)]
    message: String,
}

impl Client {
    /// The paths of those files that the Hub wants in its storage for large ones.
    pub(super) async fn choose_large(&self, about: &About, files: &[&Local]) -> Result<Vec<String>, Error> {
        let mut large = Vec::new();
        for files in files.chunks(BATCH) {
            let base64 = base64::engine::general_purpose::STANDARD;
            let described: Vec<Value> = files
                .iter()
                .map(|file| json!({ "path": file.path, "sample": base64.encode(&file.sample), "size": file.size }))
                .collect();
            let url = self.upload_url(about, "preupload")?;
            let body = json!({ "files": described }).to_string().into_bytes();
            let attempt = async || {
                self.post(url.clone(), "application/json", body.clone(), HeaderMap::new(), about).await
            };
            let answer = self.patiently(attempt).await?;
            let modes: Vec<Mode> = serde_json::from_value(answer["files"].clone())
                .map_err(|error| self.answer(format!("preupload: {error}")))?;
            if let Some(ignored) = modes.iter().find(|mode| mode.should_ignore) {
                let reason = format!(
                    "its .gitignore leaves out {}. Correct it on the Hub, or choose another name",
                    ignored.path
                );
                return Err(Error::RepositoryUnfit { id: about.id.clone(), reason });
            }
            // The storage takes no empty file.
            let is_large = |file: &&&Local| {
                let wanted = |mode: &Mode| mode.path == file.path && mode.upload_mode == "lfs";
                file.size > 0 && modes.iter().any(wanted)
            };
            large.extend(files.iter().filter(is_large).map(|file| file.path.clone()));
        }
        Ok(large)
    }

    /// Sends the large ones of the files.
    pub(super) async fn send_large(
        &self,
        about: &About,
        files: &[&Local],
        large: &[String],
        teller: &mut Teller,
    ) -> Result<(), Error> {
        let files: Vec<&Local> = files.iter().filter(|file| large.contains(&file.path)).copied().collect();
        for files in files.chunks(BATCH) {
            let objects = self.actions(about, files).await?;
            for file in files {
                let object = objects.iter().find(|object| object.oid == file.sha256);
                let object = object
                    .ok_or_else(|| self.answer(format!("the storage says nothing about {}", file.path)))?;
                if let Some(error) = &object.error {
                    return Err(
                        self.answer(format!("the storage does not take {}: {}", file.path, error.message))
                    );
                }
                let start = teller.now.done;
                teller.tell(|now| now.file = file.path.clone());
                // Without an action it is there already.
                if let Some(actions) = &object.actions {
                    self.send_one(about, file, actions, teller).await?;
                }
                teller.tell(|now| (now.files_done, now.done) = (now.files_done + 1, start + file.size));
            }
        }
        Ok(())
    }

    /// What the storage wants to be done about each file.
    async fn actions(&self, about: &About, files: &[&Local]) -> Result<Vec<Object>, Error> {
        let objects: Vec<Value> =
            files.iter().map(|file| json!({ "oid": file.sha256, "size": file.size })).collect();
        let body = json!({
            "operation": "upload",
            "transfers": ["basic", "multipart"],
            "objects": objects,
            "hash_algo": "sha256",
            "ref": { "name": about.revision },
        });
        let url = format!(
            "{}/{}{}.git/info/lfs/objects/batch",
            self.settings.endpoint,
            about.kind.prefix(),
            about.id
        );
        let (url, body) = (self.url(&url)?, body.to_string().into_bytes());
        let attempt = async || self.post(url.clone(), LFS, body.clone(), HeaderMap::new(), about).await;
        let answer = self.patiently(attempt).await?;
        serde_json::from_value(answer["objects"].clone())
            .map_err(|error| self.answer(format!("the batch of large files: {error}")))
    }

    async fn send_one(
        &self,
        about: &About,
        file: &Local,
        actions: &Actions,
        teller: &mut Teller,
    ) -> Result<(), Error> {
        let Some(upload) = &actions.upload else { return Ok(()) };
        let chunk = &upload.header["chunk_size"];
        let chunk = chunk.as_u64().or_else(|| chunk.as_str()?.parse().ok());
        match chunk.filter(|chunk| *chunk > 0) {
            Some(chunk) => self.send_parts(about, file, upload, chunk, teller).await?,
            None => {
                let (url, headers) = (self.action_url(&upload.href)?, wanted_headers(&upload.header));
                Put { client: self, about, file, url, headers, start: 0, length: file.size }
                    .send(teller)
                    .await?;
            }
        }
        if let Some(verify) = &actions.verify {
            let body = json!({ "oid": file.sha256, "size": file.size }).to_string().into_bytes();
            let (url, headers) = (self.action_url(&verify.href)?, wanted_headers(&verify.header));
            let attempt = async || {
                self.post(url.clone(), "application/json", body.clone(), headers.clone(), about).await
            };
            self.patiently(attempt).await?;
        }
        Ok(())
    }

    /// Sends a file in parts of `chunk` bytes, and says that they are all there.
    async fn send_parts(
        &self,
        about: &About,
        file: &Local,
        upload: &Action,
        chunk: u64,
        teller: &mut Teller,
    ) -> Result<(), Error> {
        let mut parts: Vec<(u64, &str)> = upload
            .header
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(number, address)| Some((number.parse().ok()?, address.as_str()?)))
            .collect();
        parts.sort_unstable();
        if parts.len() as u64 != file.size.div_ceil(chunk) {
            return Err(self.answer(format!(
                "{} addresses for {} in parts of {chunk} bytes",
                parts.len(),
                file.path
            )));
        }
        let mut sent = Vec::new();
        for (index, (number, address)) in parts.into_iter().enumerate() {
            let start = index as u64 * chunk;
            let length = chunk.min(file.size - start);
            let (url, headers) = (self.action_url(address)?, HeaderMap::new());
            let put = Put { client: self, about, file, url, headers, start, length };
            let missing = || self.answer(format!("part {number} of {} has no ETag", file.path));
            let etag = put.send(teller).await?.ok_or_else(missing)?;
            sent.push(json!({ "partNumber": number, "etag": etag }));
        }
        let body = json!({ "oid": file.sha256, "parts": sent }).to_string().into_bytes();
        let url = self.action_url(&upload.href)?;
        let attempt = async || self.post(url.clone(), LFS, body.clone(), HeaderMap::new(), about).await;
        self.patiently(attempt).await.map(drop)
    }

    /// The address of an interface of the repository for writing.
    pub(super) fn upload_url(&self, about: &About, what: &str) -> Result<Url, Error> {
        let (endpoint, shelf, revision) =
            (&self.settings.endpoint, about.kind.plural(), segment(super::MAIN));
        self.url(&format!("{endpoint}/api/{shelf}/{}/{what}/{revision}", about.id))
    }

    /// An address that the Hub gave. Behind a mirror, the Hub's own become the mirror's.
    fn action_url(&self, href: &str) -> Result<Url, Error> {
        let endpoint = &self.settings.endpoint;
        let address = match href.strip_prefix(PUBLIC).filter(|rest| rest.starts_with('/')) {
            Some(rest) => format!("{endpoint}{rest}"),
            None => href.to_string(),
        };
        Url::parse(&address).map_err(|error| self.answer(format!("an address of the storage: {error}")))
    }
}
