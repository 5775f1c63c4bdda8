//! Large files, which go to the Hub's storage by Git LFS's batch interface.
//!
//! <https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>; the transfer `multipart` is the Hub's own: the header
//! of the action holds `chunk_size` and an address for each part under its number.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::Engine as _;
use futures::stream;
use reqwest::{
    Body, Method, Url,
    header::{self, HeaderMap},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Teller,
    local::Local,
    send::{LFS, wanted_headers},
};
use crate::{
    Error,
    client::{Client, segment},
    refusal::About,
};

/// Files asked about at once, as `huggingface_hub` does.
const BATCH: usize = 256;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// Reports come at most once for so many bytes.
const REPORT: u64 = 256 * 1024;

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
                let url = self.action_url(&upload.href)?;
                self.put(about, file, url, wanted_headers(&upload.header), 0, file.size, teller).await?;
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
            let url = self.action_url(address)?;
            let etag = self.put(about, file, url, HeaderMap::new(), start, length, teller).await?;
            let etag =
                etag.ok_or_else(|| self.answer(format!("part {number} of {} has no ETag", file.path)))?;
            sent.push(json!({ "partNumber": number, "etag": etag }));
        }
        let body = json!({ "oid": file.sha256, "parts": sent }).to_string().into_bytes();
        let url = self.action_url(&upload.href)?;
        let attempt = async || self.post(url.clone(), LFS, body.clone(), HeaderMap::new(), about).await;
        self.patiently(attempt).await.map(drop)
    }

    /// PUT of `length` bytes of a file from `start` on; the answer's ETag.
    #[expect(clippy::too_many_arguments, reason = "each is one word of one request")]
    async fn put(
        &self,
        about: &About,
        file: &Local,
        url: Url,
        headers: HeaderMap,
        start: u64,
        length: u64,
        teller: &mut Teller,
    ) -> Result<Option<String>, Error> {
        let before = teller.now.done;
        let mut tries = 0;
        loop {
            let moved = Arc::new(AtomicU64::new(0));
            let outcome = self
                .put_once(about, file, url.clone(), headers.clone(), (start, length), &moved, teller)
                .await;
            let error = match outcome {
                Ok(etag) => {
                    teller.tell(|now| now.done = before + length);
                    return Ok(etag);
                }
                Err(Error::Unreachable { reason, .. }) => Error::UploadInterrupted {
                    file: file.path.clone(),
                    sent: start + moved.load(Ordering::Relaxed),
                    size: file.size,
                    reason,
                },
                Err(error) => error,
            };
            // The storage takes a part whole or not at all.
            teller.tell(|now| now.done = before);
            self.pause(&mut tries, error).await?;
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is one word of one request")]
    async fn put_once(
        &self,
        about: &About,
        file: &Local,
        url: Url,
        headers: HeaderMap,
        (start, length): (u64, u64),
        moved: &Arc<AtomicU64>,
        teller: &Teller,
    ) -> Result<Option<String>, Error> {
        let source = &file.source;
        let mut reader = File::open(source).map_err(Error::file("read", source))?;
        reader.seek(SeekFrom::Start(start)).map_err(Error::file("read", source))?;
        let broken: Arc<Mutex<Option<std::io::Error>>> = Arc::default();
        let mut teller = Teller { events: teller.events.clone(), now: teller.now.clone() };
        let (before, counted, noted) = (teller.now.done, Arc::clone(moved), Arc::clone(&broken));
        let mut reported = 0;
        let pieces = stream::unfold((reader, length), move |(mut reader, left)| {
            let piece = read_piece(&mut reader, left, &noted);
            if let Some(Ok(piece)) = &piece {
                let sent = counted.fetch_add(piece.len() as u64, Ordering::Relaxed) + piece.len() as u64;
                if sent - reported >= REPORT || sent == length {
                    reported = sent;
                    teller.tell(|now| now.done = before + sent);
                }
            }
            async move {
                let piece = piece?;
                let taken = piece.as_ref().map_or(left, |piece| piece.len() as u64);
                Some((piece, (reader, left - taken)))
            }
        });
        // The storage wants to know the length beforehand.
        let mut request = self.online()?.outward.request(Method::PUT, url).headers(headers);
        request = request.header(header::CONTENT_LENGTH, length).body(Body::wrap_stream(pieces));
        let response = self.watched(request, moved).await;
        if let Some(error) = broken.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(Error::file("read", source)(error));
        }
        let response = response?;
        if !response.status().is_success() {
            return Err(self.write_refusal(response, about).await);
        }
        let etag = response.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
        Ok(etag.filter(|etag| !etag.is_empty()).map(str::to_string))
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
        Url::parse(&address).map_err(|error| self.answer(format!("{address}: {error}")))
    }
}

/// The next piece of a file; none at its end. What goes wrong is also noted, for the network hides it.
fn read_piece(
    reader: &mut File,
    left: u64,
    noted: &Mutex<Option<std::io::Error>>,
) -> Option<std::io::Result<Vec<u8>>> {
    if left == 0 {
        return None;
    }
    let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
    let read = match reader.read(&mut piece) {
        Ok(0) => {
            Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it has become shorter meanwhile"))
        }
        Ok(count) => {
            piece.truncate(count);
            Ok(piece)
        }
        Err(error) => Err(error),
    };
    Some(read.map_err(|error| {
        let (kind, text) = (error.kind(), error.to_string());
        *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        std::io::Error::new(kind, text)
    }))
}
