use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use reqwest::{
    Response, StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::{
    Error, RepositoryFile,
    cache::{Folder, create_parent},
    client::{Client, reason},
    refusal::About,
};

/// Told how many bytes of the file are here.
type Report<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// Reports come at most once for so many bytes.
const REPORT: u64 = 256 * 1024;

/// Brings a file of a commit into the cache and returns its path there. `about.revision` is the commit.
///
/// A download that broke off leaves `blobs/<etag>.incomplete`, and the next one asks for the rest only
/// (`hf-hub` 1.0 starts again from the first byte and checks no hash, which is why this is not left to it).
pub(crate) async fn fetch(
    client: &Client,
    folder: &Folder,
    about: &About,
    file: &RepositoryFile,
    report: Report<'_>,
) -> Result<PathBuf, Error> {
    if let Some(path) = folder.find(&about.revision, &file.path) {
        return Ok(path);
    }
    let about = about.file(&file.path);
    let etag = file.etag().ok_or_else(|| client.answer(format!("the hash of {} is missing", file.path)))?;
    let blob = folder.blob(etag);
    if !blob.exists() {
        if client.settings.offline {
            let what = format!("{} of {} at revision {}", file.path, about.id, about.revision);
            return Err(Error::Offline { what, cache: client.settings.cache.clone() });
        }
        let _lock = folder.lock(etag).await?;
        // Another program may have brought it while this one waited.
        if !blob.exists() {
            let mut incomplete = blob.clone().into_os_string();
            incomplete.push(".incomplete");
            let incomplete = PathBuf::from(incomplete);
            create_parent(&incomplete)?;
            let resumed = size_of(&incomplete) > 0;
            let mut checked = bring(client, &about, file, &incomplete, report).await;
            if resumed && matches!(checked, Err(Error::Damaged { .. })) {
                // The old part may be to blame: once more from the start.
                checked = bring(client, &about, file, &incomplete, report).await;
            }
            checked?;
            fs::rename(&incomplete, &blob).map_err(Error::file("rename", &incomplete))?;
        }
    }
    folder.point(&about.revision, &file.path, etag)
}

/// Completes `incomplete` and checks it. A damaged one is deleted.
async fn bring(
    client: &Client,
    about: &About,
    file: &RepositoryFile,
    incomplete: &Path,
    report: Report<'_>,
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let before = size_of(incomplete);
        let outcome = if before < file.size || file.size == 0 {
            append(client, about, file, incomplete, before, report).await
        } else {
            Ok(())
        };
        let have = size_of(incomplete);
        match outcome {
            Ok(()) if have == file.size => break,
            Ok(()) if have > file.size => break,
            Ok(()) => {
                let reason = "the connection ended too early".to_string();
                let error = Error::Interrupted { file: file.path.clone(), have, size: file.size, reason };
                tries = if have > before { 0 } else { tries };
                client.pause(&mut tries, error).await?;
            }
            Err(error) => {
                tries = if have > before { 0 } else { tries };
                client.pause(&mut tries, error).await?;
            }
        }
    }
    let checked = check(incomplete, about, file);
    if matches!(checked, Err(Error::Damaged { .. })) {
        fs::remove_file(incomplete).map_err(Error::file("delete the damaged", incomplete))?;
    }
    checked
}

/// Asks for what follows the first `have` bytes and appends it.
async fn append(
    client: &Client,
    about: &About,
    file: &RepositoryFile,
    incomplete: &Path,
    have: u64,
    report: Report<'_>,
) -> Result<(), Error> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if have > 0 {
        let range = HeaderValue::try_from(format!("bytes={have}-"));
        headers.insert(header::RANGE, range.map_err(|error| client.answer(error.to_string()))?);
    }
    let (mut response, linked) =
        client.get(client.file_url(about, &file.path)?, &headers, Some(about)).await?;
    compare_announced(client, &linked, file)?;
    // A server that knows no ranges sends all of it, and one that has fewer bytes says so: start anew.
    let mut have = have;
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        fs::remove_file(incomplete).map_err(Error::file("delete", incomplete))?;
        return Ok(());
    }
    if have > 0 && starts_at(&response) != Some(have) {
        have = 0;
    }
    let mut options = File::options();
    options.create(true).write(true).append(have > 0).truncate(have == 0);
    let mut sink = options.open(incomplete).map_err(Error::file("write", incomplete))?;
    let mut reported = have;
    report(have);
    loop {
        let chunk = response.chunk().await.map_err(|error| Error::Interrupted {
            file: file.path.clone(),
            have,
            size: file.size,
            reason: reason(&error),
        })?;
        let Some(chunk) = chunk else { break };
        sink.write_all(&chunk).map_err(|error| match Error::file("write", incomplete)(error) {
            Error::DiskFull { path, .. } => Error::DiskFull { path, needed: file.size.saturating_sub(have) },
            other => other,
        })?;
        have += chunk.len() as u64;
        if have - reported >= REPORT || have >= file.size {
            reported = have;
            report(have.min(file.size));
        }
    }
    sink.flush().map_err(Error::file("write", incomplete))
}

/// The offset at which the bytes of an answer start in the file, when it is a part of it.
fn starts_at(response: &Response) -> Option<u64> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return None;
    }
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

/// The hash in the headers must be the one in the list of files, when both are hashes.
fn compare_announced(client: &Client, linked: &HeaderMap, file: &RepositoryFile) -> Result<(), Error> {
    let large = file.sha256.is_some();
    let name = HeaderName::from_static(if large { "x-linked-etag" } else { "etag" });
    let Some(announced) = linked.get(name).and_then(|etag| etag.to_str().ok()) else {
        return Ok(());
    };
    let announced = announced.trim_start_matches("W/").trim_matches('"');
    let is_hash =
        announced.len() == if large { 64 } else { 40 } && announced.bytes().all(|b| b.is_ascii_hexdigit());
    match file.etag() {
        Some(listed) if is_hash && listed != announced => Err(client
            .answer(format!("{} is listed with the hash {listed} and sent with {announced}", file.path))),
        _ => Ok(()),
    }
}

/// Compares size and hash: SHA-256 of a large file, else git's SHA-1 of `blob <size>\0<bytes>`.
fn check(path: &Path, about: &About, file: &RepositoryFile) -> Result<(), Error> {
    let damaged = |algorithm, expected: String, found: String| Error::Damaged {
        id: about.id.clone(),
        file: file.path.clone(),
        algorithm,
        expected,
        found,
    };
    let size = size_of(path);
    if size != file.size {
        return Err(damaged("size in bytes", file.size.to_string(), size.to_string()));
    }
    let (algorithm, expected, found) = if let Some(expected) = &file.sha256 {
        ("SHA-256", expected, hash(path, Sha256::new())?)
    } else if let Some(expected) = file.git_sha1.as_ref().filter(|etag| etag.len() == 40) {
        let mut hasher = Sha1::new();
        hasher.update(format!("blob {size}\0"));
        ("git SHA-1", expected, hash(path, hasher)?)
    } else {
        return Ok(());
    };
    if *expected == found { Ok(()) } else { Err(damaged(algorithm, expected.clone(), found)) }
}

fn hash(path: &Path, mut hasher: impl Digest) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::file("read", path))?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(Error::file("read", path))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn size_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}
