//! The answers of the Hub.

use std::{borrow::Cow, collections::BTreeSet};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use futures::stream;
use serde_json::{Value, json};

use crate::{
    MEMBER, READER,
    repository::{Kind, Repository, StoredFile, git_sha1},
    server::{Asked, Shared},
    trouble::Trouble,
};
use Refusal::Error;

/// What comes instead of an answer.
enum Refusal {
    /// Status, `X-Error-Code` and `X-Error-Message`.
    Error(u16, Option<&'static str>, String),
    /// The repository has another id now; this is the address under it.
    Moved(String),
}

pub(crate) fn answer(shared: &Shared, asked: &Asked) -> Response<Body> {
    let outcome = if asked.cdn {
        from_cdn(shared, asked)
    } else {
        route(shared, asked)
    };
    outcome.unwrap_or_else(|refusal| match refusal {
        Error(status, code, message) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = plain(status, json!({ "error": message }).to_string());
            let headers = response.headers_mut();
            set(headers, "content-type", "application/json; charset=utf-8");
            set(headers, "x-error-message", &message);
            if let Some(code) = code {
                set(headers, "x-error-code", code);
            }
            response
        }
        Refusal::Moved(location) => {
            let mut response = plain(
                StatusCode::TEMPORARY_REDIRECT,
                format!("Redirecting to {location}"),
            );
            set(response.headers_mut(), "location", &location);
            response
        }
    })
}

fn route(shared: &Shared, asked: &Asked) -> Result<Response<Body>, Refusal> {
    let token = token(asked)?;
    let segments: Vec<&str> = asked.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "whoami-v2"] => match token {
            Some(token) => Ok(json_page(
                json!({ "type": "user", "name": token, "fullname": token, "orgs": [] }),
            )),
            None => Err(Error(401, None, "Invalid username or password.".to_string())),
        },
        ["api", "models"] => Ok(search(shared, asked, Kind::Model, token)),
        ["api", "datasets"] => Ok(search(shared, asked, Kind::Dataset, token)),
        // Where the Hub sends a request for a small file.
        ["api", "resolve-cache", shelf, rest @ ..] => {
            let (repository, rest) = find(shared, asked, kind(shelf)?, rest, token)?;
            let (commit, path) = rest.split_first().ok_or_else(nothing)?;
            let (commit, file) = stored(repository, commit, &path.join("/"))?;
            Ok(body(asked, file, &commit))
        }
        ["api", shelf, rest @ ..] => api(shared, asked, kind(shelf)?, rest, token),
        ["datasets", rest @ ..] => resolve(shared, asked, Kind::Dataset, rest, token),
        rest => resolve(shared, asked, Kind::Model, rest, token),
    }
}

fn api(
    shared: &Shared,
    asked: &Asked,
    kind: Kind,
    rest: &[&str],
    token: Option<&str>,
) -> Result<Response<Body>, Refusal> {
    let (repository, rest) = find(shared, asked, kind, rest, token)?;
    let revision = |revision: &str| repository.resolve(revision).ok_or_else(|| no_revision(revision));
    match rest {
        [] => Ok(json_page(info(
            repository,
            "main",
            asked.query.contains_key("blobs"),
        ))),
        ["revision", name] => Ok(json_page(info(
            repository,
            revision(name)?.0,
            asked.query.contains_key("blobs"),
        ))),
        ["tree", name, below @ ..] => {
            let (branch, commit) = revision(name)?;
            let recursive = asked
                .query
                .get("recursive")
                .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1");
            let entries = tree(
                repository,
                branch,
                &commit,
                &below.join("/"),
                recursive,
                expands(&asked.query),
            );
            if entries.is_empty() && !below.is_empty() {
                return Err(Error(
                    404,
                    Some("EntryNotFound"),
                    format!("{} does not exist", below.join("/")),
                ));
            }
            Ok(paged(shared, asked, entries))
        }
        ["paths-info", name] => {
            let (branch, commit) = revision(name)?;
            let (paths, expand) = wanted_paths(&asked.body);
            let entries = tree(repository, branch, &commit, "", true, expand).into_iter();
            let entries = entries.filter(|entry| paths.iter().any(|path| entry["path"] == path.as_str()));
            Ok(json_page(Value::Array(entries.collect())))
        }
        ["refs"] => {
            let entry = |branch: &String, prefix: &str| {
                let name = branch.strip_prefix("refs/convert/").unwrap_or(branch);
                json!({ "name": name, "ref": format!("{prefix}{name}"), "targetCommit": repository.commit(branch) })
            };
            let (converts, branches): (Vec<_>, Vec<_>) = repository
                .branches
                .keys()
                .partition(|branch| branch.starts_with("refs/convert/"));
            let branches: Vec<_> = branches
                .into_iter()
                .map(|branch| entry(branch, "refs/heads/"))
                .collect();
            let converts: Vec<_> = converts
                .into_iter()
                .map(|branch| entry(branch, "refs/convert/"))
                .collect();
            Ok(json_page(
                json!({ "branches": branches, "converts": converts, "tags": [] }),
            ))
        }
        _ => Err(nothing()),
    }
}

fn resolve(
    shared: &Shared,
    asked: &Asked,
    kind: Kind,
    rest: &[&str],
    token: Option<&str>,
) -> Result<Response<Body>, Refusal> {
    let (repository, rest) = find(shared, asked, kind, rest, token)?;
    let ["resolve", revision, path @ ..] = rest else {
        return Err(nothing());
    };
    if repository.gated.is_some() && token != Some(MEMBER) {
        let what = if kind == Kind::Model { "model" } else { "dataset" };
        return Err(match token {
            None => Error(
                401,
                Some("GatedRepo"),
                format!(
                    "Access to {what} {} is restricted. You must have access to it and be authenticated to access it. \
                     Please log in.",
                    repository.id
                ),
            ),
            Some(_) => Error(
                403,
                Some("GatedRepo"),
                format!(
                    "Access to {what} {0} is restricted and you are not in the authorized list. Visit {1}/{0} to ask \
                     for access.",
                    repository.id, shared.endpoint
                ),
            ),
        });
    }
    let path = path.join("/");
    let commit = repository.resolve(revision).map(|(_, commit)| commit);
    let (commit, file) = match stored(repository, revision, &path) {
        Ok(found) => found,
        // Python remembers what a commit does not have, by the commit that the refusal names.
        Err(Error(404, Some(code @ "EntryNotFound"), message)) => {
            let mut response = plain(StatusCode::NOT_FOUND, json!({ "error": message }).to_string());
            set(response.headers_mut(), "x-error-code", code);
            set(response.headers_mut(), "x-error-message", &message);
            set(
                response.headers_mut(),
                "x-repo-commit",
                &commit.unwrap_or_default(),
            );
            return Ok(response);
        }
        Err(refusal) => return Err(refusal),
    };
    let shelf = kind.plural();
    let (status, location) = if file.large {
        let signature = format!("X-Amz-Signature={}", &file.sha256[..16]);
        (
            StatusCode::FOUND,
            format!(
                "{}/{shelf}/{}/{}?{signature}",
                shared.cdn, repository.id, file.sha256
            ),
        )
    } else {
        let path: Vec<_> = path.split('/').map(encode).collect();
        let path = path.join("/");
        (
            StatusCode::TEMPORARY_REDIRECT,
            format!("/api/resolve-cache/{shelf}/{}/{commit}/{path}", repository.id),
        )
    };
    let mut response = plain(status, format!("Redirecting to {location}"));
    let headers = response.headers_mut();
    set(headers, "location", &location);
    set(headers, "x-repo-commit", &commit);
    set(headers, "x-linked-etag", &format!("\"{}\"", file.etag()));
    set(headers, "x-linked-size", &file.bytes.len().to_string());
    set(headers, "accept-ranges", "bytes");
    Ok(response)
}

fn from_cdn(shared: &Shared, asked: &Asked) -> Result<Response<Body>, Refusal> {
    if asked.headers.contains_key(header::AUTHORIZATION) {
        let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization \
                       header should be specified";
        return Err(Error(400, None, message.to_string()));
    }
    if !asked.query.contains_key("X-Amz-Signature") {
        return Err(Error(403, None, "AccessDenied".to_string()));
    }
    let hash = asked.segments.last().map(String::as_str).unwrap_or_default();
    let files = shared
        .repositories
        .iter()
        .flat_map(|repository| repository.branches.values())
        .flat_map(|files| files.values());
    let mut large = files.filter(|file| file.large);
    large
        .find(|file| file.sha256 == hash)
        .map(|file| body(asked, file, ""))
        .ok_or_else(nothing)
}

/// The repository that the first one or two segments name, if the token may see it, and what follows.
fn find<'a, 's>(
    shared: &'a Shared,
    asked: &Asked,
    kind: Kind,
    segments: &'s [&'s str],
    token: Option<&str>,
) -> Result<(&'a Repository, &'s [&'s str]), Refusal> {
    for length in [2, 1] {
        let Some((name, rest)) = segments.split_at_checked(length) else {
            continue;
        };
        let id = name.join("/");
        let known = |repository: &&Repository| repository.kind == kind;
        let mut shelf = shared.repositories.iter().filter(known);
        if let Some(repository) = shelf.clone().find(|repository| repository.id == id)
            && (!repository.private || token == Some(MEMBER))
        {
            return Ok((repository, rest));
        }
        if let Some(moved) = shelf.find(|repository| repository.former_ids.contains(&id)) {
            let location = asked.path_and_query.replacen(&id, &moved.id, 1);
            return Err(Refusal::Moved(location));
        }
    }
    Err(match token {
        // To a stranger the Hub does not tell a missing repository from a private one.
        None => Error(
            401,
            Some("RepoNotFound"),
            "Invalid username or password.".to_string(),
        ),
        Some(_) => Error(404, Some("RepoNotFound"), "Repository not found".to_string()),
    })
}

fn stored<'a>(
    repository: &'a Repository,
    revision: &str,
    path: &str,
) -> Result<(String, &'a StoredFile), Refusal> {
    let (branch, commit) = repository
        .resolve(revision)
        .ok_or_else(|| no_revision(revision))?;
    match repository.branches.get(branch).and_then(|files| files.get(path)) {
        Some(file) => Ok((commit, file)),
        None => Err(Error(404, Some("EntryNotFound"), "Entry not found".to_string())),
    }
}

fn token(asked: &Asked) -> Result<Option<&str>, Refusal> {
    let Some(value) = asked.headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    match value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")) {
        Some(token) if [READER, MEMBER].contains(&token) => Ok(Some(token)),
        _ => Err(Error(
            401,
            None,
            "Invalid credentials in Authorization header".to_string(),
        )),
    }
}

fn kind(shelf: &str) -> Result<Kind, Refusal> {
    match shelf {
        "models" => Ok(Kind::Model),
        "datasets" => Ok(Kind::Dataset),
        _ => Err(nothing()),
    }
}

fn nothing() -> Refusal {
    Error(
        404,
        None,
        "Sorry, we can't find the page you are looking for.".to_string(),
    )
}

fn no_revision(revision: &str) -> Refusal {
    Error(
        404,
        Some("RevisionNotFound"),
        format!("Invalid rev id: {revision}"),
    )
}

fn search(shared: &Shared, asked: &Asked, kind: Kind, token: Option<&str>) -> Response<Body> {
    let text = |name: &str| {
        asked
            .query
            .get(name)
            .map(|text| text.to_lowercase())
            .unwrap_or_default()
    };
    let (words, author, filter) = (text("search"), text("author"), text("filter"));
    let fits = |repository: &&Repository| {
        let id = repository.id.to_lowercase();
        repository.kind == kind
            && (!repository.private || token == Some(MEMBER))
            && words.split_whitespace().all(|word| id.contains(word))
            && (author.is_empty() || id.starts_with(&format!("{author}/")))
            && (filter.is_empty() || repository.tags.iter().any(|tag| tag.to_lowercase() == filter))
    };
    let mut found: Vec<_> = shared.repositories.iter().filter(fits).collect();
    found.sort_by_key(|repository| std::cmp::Reverse(repository.downloads));
    let full = asked.query.contains_key("full");
    let entry = |repository: &Repository| {
        let mut entry = info(repository, "main", false);
        if !full && let Some(fields) = entry.as_object_mut() {
            for name in ["siblings", "sha", "lastModified", "author", "gated"] {
                fields.remove(name);
            }
        }
        entry
    };
    paged(shared, asked, found.into_iter().map(entry).collect())
}

fn info(repository: &Repository, branch: &str, blobs: bool) -> Value {
    let files = repository.branches.get(branch).into_iter().flatten();
    let siblings: Vec<_> = files
        .map(|(path, file)| {
            let mut sibling = json!({ "rfilename": path });
            if blobs {
                sibling["size"] = json!(file.bytes.len());
                sibling["blobId"] = json!(file.git_sha1);
                if file.large {
                    sibling["lfs"] =
                        json!({ "sha256": file.sha256, "size": file.bytes.len(), "pointerSize": file.pointer_size });
                }
            }
            sibling
        })
        .collect();
    let used: usize = repository
        .branches
        .values()
        .flat_map(|files| files.values())
        .map(|file| file.bytes.len())
        .sum();
    let mut value = json!({
        "_id": &git_sha1(repository.id.as_bytes())[..24],
        "id": repository.id,
        "author": repository.id.split_once('/').map(|(owner, _)| owner),
        "sha": repository.commit(branch),
        "lastModified": "2024-11-18T07:11:36.000Z",
        "createdAt": "2024-11-01T12:00:00.000Z",
        "private": repository.private,
        "gated": repository.gated.as_ref().map_or(json!(false), |mode| json!(mode)),
        "disabled": false,
        "downloads": repository.downloads,
        "likes": repository.downloads / 100,
        "tags": repository.tags,
        "siblings": siblings,
        "usedStorage": used,
    });
    if repository.kind == Kind::Model {
        value["modelId"] = json!(repository.id);
        if let Some(pipeline) = &repository.pipeline {
            value["pipeline_tag"] = json!(pipeline);
        }
        if let Some(library) = &repository.library {
            value["library_name"] = json!(library);
        }
    }
    value
}

fn tree(
    repository: &Repository,
    branch: &str,
    commit: &str,
    below: &str,
    recursive: bool,
    expand: bool,
) -> Vec<Value> {
    let Some(files) = repository.branches.get(branch) else {
        return Vec::new();
    };
    let prefix = if below.is_empty() {
        String::new()
    } else {
        format!("{below}/")
    };
    let last_commit = json!({ "id": commit, "title": "Add files", "date": "2024-11-18T07:11:36.000Z" });
    let mut folders = BTreeSet::new();
    let mut entries = Vec::new();
    for (path, file) in files {
        let Some(relative) = path.strip_prefix(&prefix) else {
            continue;
        };
        for (position, _) in relative.match_indices('/') {
            let folder = format!("{prefix}{}", &relative[..position]);
            if (recursive || !relative[..position].contains('/')) && folders.insert(folder.clone()) {
                let mut entry = json!({ "type": "directory", "oid": git_sha1(folder.as_bytes()), "size": 0, "path": folder });
                if expand {
                    entry["lastCommit"] = last_commit.clone();
                }
                entries.push(entry);
            }
        }
        if relative.contains('/') && !recursive {
            continue;
        }
        let mut entry =
            json!({ "type": "file", "oid": file.git_sha1, "size": file.bytes.len(), "path": path });
        if file.large {
            // Here it is called oid, and in `siblings` sha256.
            entry["lfs"] =
                json!({ "oid": file.sha256, "size": file.bytes.len(), "pointerSize": file.pointer_size });
        }
        if expand {
            entry["lastCommit"] = last_commit.clone();
        }
        entries.push(entry);
    }
    entries
}

/// A page of a list, and the address of the next one in `Link`.
fn paged(shared: &Shared, asked: &Asked, entries: Vec<Value>) -> Response<Body> {
    let number = |name: &str| asked.query.get(name).and_then(|text| text.parse::<usize>().ok());
    let start = number("cursor").unwrap_or(0).min(entries.len());
    let end = (start + number("limit").unwrap_or(usize::MAX).min(shared.page)).min(entries.len());
    let more = end < entries.len();
    let mut response = json_page(Value::Array(entries[start..end].to_vec()));
    if more {
        let (path, query) = asked
            .path_and_query
            .split_once('?')
            .unwrap_or((&asked.path_and_query, ""));
        let mut query: Vec<_> = query
            .split('&')
            .filter(|part| !part.is_empty() && !part.starts_with("cursor="))
            .collect();
        let cursor = format!("cursor={end}");
        query.push(&cursor);
        let link = format!("<{}{path}?{}>; rel=\"next\"", shared.endpoint, query.join("&"));
        set(response.headers_mut(), "link", &link);
    }
    response
}

/// The bytes of a file, or the part that is asked for.
fn body(asked: &Asked, file: &StoredFile, commit: &str) -> Response<Body> {
    let size = file.bytes.len();
    let range = asked
        .headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let part = range.and_then(|range| {
        let (start, end) = range.split_once('-')?;
        let end = end.parse::<usize>().map_or(size, |end| (end + 1).min(size));
        Some((start.parse::<usize>().ok()?, end))
    });
    let (status, start, end) = match part {
        Some((start, end)) if start < end => (StatusCode::PARTIAL_CONTENT, start, end),
        Some(_) => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, String::new());
            set(
                response.headers_mut(),
                "content-range",
                &format!("bytes */{size}"),
            );
            return response;
        }
        None => (StatusCode::OK, 0, size),
    };
    let bytes = if asked.method == Method::HEAD {
        Vec::new()
    } else {
        file.bytes[start..end].to_vec()
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set(headers, "content-length", &(end - start).to_string());
    set(headers, "content-type", "application/octet-stream");
    set(headers, "accept-ranges", "bytes");
    // S3's own ETag of a large file is no SHA-256.
    let etag = if asked.cdn {
        git_sha1(file.sha256.as_bytes())[..32].to_string()
    } else {
        file.etag().to_string()
    };
    set(headers, "etag", &format!("\"{etag}\""));
    if !commit.is_empty() {
        set(headers, "x-repo-commit", commit);
    }
    if status == StatusCode::PARTIAL_CONTENT {
        set(
            headers,
            "content-range",
            &format!("bytes {start}-{}/{size}", end - 1),
        );
    }
    response
}

/// Cuts or damages a body.
pub(crate) async fn spoil(response: Response<Body>, trouble: Option<Trouble>) -> Response<Body> {
    let (parts, body) = match trouble {
        Some(Trouble::Cut { .. } | Trouble::Corrupt) if response.status().is_success() => {
            response.into_parts()
        }
        _ => return response,
    };
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let body = match trouble {
        Some(Trouble::Cut { after }) => {
            let kept = bytes.slice(..after.min(bytes.len()));
            let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut on demand");
            // In a piece of its own, so that what precedes the cut goes out.
            let pause = stream::once(async {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                Ok(Bytes::new())
            });
            let pieces = futures::StreamExt::chain(stream::iter([Ok(kept)]), pause);
            Body::from_stream(futures::StreamExt::chain(pieces, stream::iter([Err(cut)])))
        }
        _ => {
            let mut bytes = bytes.to_vec();
            if let Some(first) = bytes.first_mut() {
                *first ^= 1;
            }
            Body::from(bytes)
        }
    };
    Response::from_parts(parts, body)
}

fn json_page(value: Value) -> Response<Body> {
    let mut response = plain(StatusCode::OK, value.to_string());
    set(
        response.headers_mut(),
        "content-type",
        "application/json; charset=utf-8",
    );
    response
}

pub(crate) fn plain(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn expands(query: &std::collections::HashMap<String, String>) -> bool {
    query
        .get("expand")
        .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
}

/// The paths of a `paths-info` request, sent as JSON or as a form.
fn wanted_paths(body: &[u8]) -> (Vec<String>, bool) {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        let paths = match &value["paths"] {
            Value::String(path) => vec![path.clone()],
            paths => paths
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|p| p.as_str().map(str::to_string))
                .collect(),
        };
        return (paths, value["expand"].as_bool().unwrap_or(false));
    }
    let fields = form(&String::from_utf8_lossy(body));
    let expand = fields
        .iter()
        .any(|(name, value)| name == "expand" && value.eq_ignore_ascii_case("true"));
    (
        fields
            .into_iter()
            .filter(|(name, _)| name == "paths")
            .map(|(_, path)| path)
            .collect(),
        expand,
    )
}

pub(crate) fn form(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
    };
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(pair)
        .collect()
}

pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encode(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
