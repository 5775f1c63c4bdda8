//! What writes: new repositories, large files in the storage, commits.

use std::collections::HashMap;

use axum::{
    body::Body,
    http::{Method, Response, StatusCode, header},
};
use base64::Engine as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Kind, READER,
    account::writes,
    answer::{
        Refusal::{self, Error},
        find, kind, nothing, require_signature, token,
    },
    repository::{Repository, StoredFile, hex, is_large},
    server::{Asked, Shared, lock},
    wire::{json_page, plain, set},
};

/// Large files that were uploaded, and parts of such.
#[derive(Default)]
pub(crate) struct Storage {
    /// By the SHA-256 that was announced.
    objects: HashMap<String, Vec<u8>>,
    parts: HashMap<(String, u64), Vec<u8>>,
}

type Answer = Result<Response<Body>, Refusal>;

const LFS: &str = "application/vnd.git-lfs+json";

/// The answer to a request that writes; none to any other.
pub(crate) fn answer(shared: &Shared, asked: &Asked) -> Option<Answer> {
    let segments: Vec<&str> = asked.segments.iter().map(String::as_str).collect();
    if asked.cdn {
        return (asked.method == Method::PUT).then(|| store(shared, asked));
    }
    if asked.method != Method::POST {
        return None;
    }
    let answer = match segments.as_slice() {
        ["api", "repos", "create"] => create(shared, asked),
        ["api", "validate-yaml"] => Ok(validate(asked)),
        ["api", "complete_multipart", oid] => complete(shared, asked, oid),
        ["api", shelf, owner, name, "preupload", _] => {
            place(shared, asked, shelf, &[owner, name]).and_then(|id| modes(shared, asked, &id))
        }
        ["api", shelf, owner, name, "commit", "main"] => {
            place(shared, asked, shelf, &[owner, name]).and_then(|id| commit(shared, asked, &id))
        }
        ["datasets", owner, name, "info", "lfs", "objects", what] => {
            large(shared, asked, "datasets", &[owner, name], what)
        }
        [owner, name, "info", "lfs", "objects", what] => large(shared, asked, "models", &[owner, name], what),
        _ => return None,
    };
    Some(answer)
}

fn body(asked: &Asked) -> Result<Value, Refusal> {
    serde_json::from_slice(&asked.body).map_err(|error| Error(400, None, format!("Invalid JSON: {error}")))
}

fn create(shared: &Shared, asked: &Asked) -> Answer {
    let token = token(asked)?.ok_or_else(|| Error(401, None, "Invalid username or password.".to_string()))?;
    let wanted = body(asked)?;
    let name = wanted["name"].as_str().unwrap_or_default();
    let owner = wanted["organization"].as_str().unwrap_or("ada");
    let id = format!("{owner}/{name}");
    let (shelf, what) = match wanted["type"].as_str() {
        Some("dataset") => (Kind::Dataset, "dataset"),
        _ => (Kind::Model, "model"),
    };
    if !writes(Some(token), &id) {
        let message = format!("You don't have the rights to create a {what} under the namespace \"{owner}\"");
        return Err(Error(403, None, message));
    }
    let fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || !name.chars().all(fine) {
        return Err(Error(400, None, "Invalid repo name".to_string()));
    }
    let private = wanted["visibility"] == "private" || wanted["private"] == true;
    let url = format!("{}/{}{id}", shared.endpoint, if shelf == Kind::Dataset { "datasets/" } else { "" });
    let made = shared.change(|repositories| {
        let taken = repositories.iter().any(|repository| repository.kind == shelf && repository.id == id);
        if !taken {
            let repository = match shelf {
                Kind::Model => Repository::model(&id),
                Kind::Dataset => Repository::dataset(&id),
            };
            let repository =
                repository.file(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n");
            repositories.push(if private { repository.private() } else { repository });
        }
        !taken
    });
    if made {
        return Ok(json_page(json!({ "url": url, "name": id, "id": "6500000000000000000000cc" })));
    }
    let mut response = plain(
        StatusCode::CONFLICT,
        json!({ "error": format!("You already created this {what} repo: {id}"), "url": url }).to_string(),
    );
    set(response.headers_mut(), "content-type", "application/json; charset=utf-8");
    Ok(response)
}

/// The Hub knows some licences by name, and takes ids of models for bases.
fn validate(asked: &Asked) -> Response<Body> {
    let wanted = serde_json::from_slice::<Value>(&asked.body).unwrap_or_default();
    let text = wanted["content"].as_str().unwrap_or_default();
    let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---")).map(|(front, _)| front);
    let field = |name: &str| {
        let line = front?.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().trim_matches(['"', '\'']).to_string()).filter(|value| !value.is_empty())
    };
    let mut errors = Vec::new();
    let licences = [
        "apache-2.0",
        "mit",
        "cc-by-4.0",
        "cc-by-sa-4.0",
        "cc-by-nc-4.0",
        "cc0-1.0",
        "bsd-3-clause",
        "gpl-3.0",
        "other",
    ];
    if field("license").is_some_and(|licence| !licences.contains(&licence.as_str())) {
        errors.push(json!({ "message": "\"license\" must be one of [apache-2.0, mit, cc-by-4.0, …]" }));
    }
    if let Some(base) =
        field("base_model").filter(|base| base.starts_with('/') || base.matches('/').count() > 1)
    {
        let message = format!(
            "\"base_model\" with value \"{base}\" is not valid. Use a model id from https://hf.co/models."
        );
        errors.push(json!({ "message": message }));
    }
    let warnings = if front.is_none() {
        vec![json!({ "message": "empty or missing yaml metadata in repo card" })]
    } else {
        Vec::new()
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let mut response = plain(status, json!({ "errors": errors, "warnings": warnings }).to_string());
    set(response.headers_mut(), "content-type", "application/json; charset=utf-8");
    response
}

/// The id of a repository that may be written to.
fn place(shared: &Shared, asked: &Asked, shelf: &str, name: &[&str]) -> Result<String, Refusal> {
    let token = token(asked)?;
    let id = shared.look(|shelves| {
        find(shelves, asked, kind(shelf)?, name, token).map(|(repository, _)| repository.id.clone())
    })?;
    if writes(token, &id) {
        return Ok(id);
    }
    Err(match token {
        None => Error(401, None, "Invalid username or password.".to_string()),
        Some(READER) => {
            let message = "Forbidden: you must use a write token to upload to a repository.";
            Error(403, None, message.to_string())
        }
        Some(_) => Error(403, None, "Forbidden: you don't have write access to this repository.".to_string()),
    })
}

fn modes(shared: &Shared, asked: &Asked, id: &str) -> Answer {
    let wanted = body(asked)?;
    let files =
        wanted["files"].as_array().ok_or_else(|| Error(400, None, "\"files\" is required".to_string()))?;
    let there = |path: &str| {
        shared.look(|shelves| {
            let repository = shelves.repositories.iter().find(|repository| repository.id == id)?;
            let file = repository.branches.get("main")?.get(path)?;
            Some(file.etag().to_string())
        })
    };
    let mode = |file: &Value| {
        let (path, size) = (file["path"].as_str().unwrap_or_default(), file["size"].as_u64().unwrap_or(0));
        let large = is_large(path, usize::try_from(size).unwrap_or(usize::MAX));
        let mut mode = json!({
            "path": path,
            "uploadMode": if large { "lfs" } else { "regular" },
            "shouldIgnore": false,
        });
        if let Some(oid) = there(path) {
            mode["oid"] = json!(oid);
        }
        mode
    };
    Ok(json_page(json!({ "files": files.iter().map(mode).collect::<Vec<_>>() })))
}

fn large(shared: &Shared, asked: &Asked, shelf: &str, name: &[&str; 2], what: &str) -> Answer {
    let [owner, name] = name;
    let Some(name) = name.strip_suffix(".git") else { return Err(nothing()) };
    let id = place(shared, asked, shelf, &[owner, name])?;
    match what {
        "batch" => batch(shared, asked, &id),
        "verify" => verify(shared, asked),
        _ => Err(nothing()),
    }
}

fn batch(shared: &Shared, asked: &Asked, id: &str) -> Answer {
    if asked.headers.get(header::ACCEPT).is_none_or(|kind| kind != LFS) {
        return Err(Error(406, None, format!("Accept must be {LFS}")));
    }
    let wanted = body(asked)?;
    let known = |oid: &str| {
        lock(&shared.storage).objects.contains_key(oid)
            || shared.look(|shelves| {
                let files = shelves.repositories.iter().flat_map(|repository| repository.branches.values());
                files.flat_map(|files| files.values()).any(|file| file.large && file.sha256 == oid)
            })
    };
    let signed =
        |oid: &str| format!("{}/upload/{id}/{oid}?X-Amz-Signature={}", shared.cdn, &oid[..oid.len().min(16)]);
    let object = |object: &Value| {
        let (oid, size) = (object["oid"].as_str().unwrap_or_default(), object["size"].as_u64().unwrap_or(0));
        let mut told = json!({ "oid": oid, "size": size, "authenticated": true });
        if known(oid) {
            return told;
        }
        let verify = json!({ "href": format!("{}/{id}.git/info/lfs/objects/verify", shared.endpoint) });
        let upload = match shared.part.map(|part| part as u64).filter(|part| size > *part) {
            Some(part) => {
                let mut header = json!({ "chunk_size": part.to_string() });
                for number in 1..=size.div_ceil(part) {
                    header[format!("{number:05}")] = json!(format!("{}&partNumber={number}", signed(oid)));
                }
                json!({ "href": format!("{}/api/complete_multipart/{oid}?uploadId=1", shared.endpoint), "header": header })
            }
            None => json!({ "href": signed(oid) }),
        };
        told["actions"] = json!({ "upload": upload, "verify": verify });
        told
    };
    let objects: Vec<Value> = wanted["objects"].as_array().into_iter().flatten().map(object).collect();
    let mut response = json_page(json!({ "transfer": "basic", "objects": objects }));
    set(response.headers_mut(), "content-type", LFS);
    Ok(response)
}

/// PUT on a signed address.
fn store(shared: &Shared, asked: &Asked) -> Answer {
    require_signature(asked)?;
    if asked.headers.contains_key(header::TRANSFER_ENCODING) {
        let message =
            "A header you provided implies functionality that is not implemented: Transfer-Encoding";
        return Err(Error(501, None, message.to_string()));
    }
    let oid = asked.segments.last().cloned().unwrap_or_default();
    let etag = format!("\"{}\"", &hex(&Sha256::digest(&asked.body))[..32]);
    let mut storage = lock(&shared.storage);
    match asked.query.get("partNumber").and_then(|number| number.parse().ok()) {
        Some(number) => drop(storage.parts.insert((oid, number), asked.body.to_vec())),
        None => drop(storage.objects.insert(oid, asked.body.to_vec())),
    }
    let mut response = plain(StatusCode::OK, String::new());
    set(response.headers_mut(), "etag", &etag);
    Ok(response)
}

fn complete(shared: &Shared, asked: &Asked, oid: &str) -> Answer {
    let wanted = body(asked)?;
    let mut storage = lock(&shared.storage);
    let mut whole = Vec::new();
    for part in wanted["parts"].as_array().into_iter().flatten() {
        let number = part["partNumber"].as_u64().unwrap_or(0);
        let bytes = storage.parts.remove(&(oid.to_string(), number));
        let bytes = bytes
            .filter(|bytes| part["etag"] == json!(format!("\"{}\"", &hex(&Sha256::digest(bytes))[..32])));
        let missing =
            || Error(400, None, "One or more of the specified parts could not be found.".to_string());
        whole.extend(bytes.ok_or_else(missing)?);
    }
    storage.objects.insert(oid.to_string(), whole);
    Ok(json_page(json!({ "success": true })))
}

fn verify(shared: &Shared, asked: &Asked) -> Answer {
    let wanted = body(asked)?;
    let oid = wanted["oid"].as_str().unwrap_or_default();
    let storage = lock(&shared.storage);
    let there =
        storage.objects.get(oid).ok_or_else(|| Error(404, None, "Object does not exist".to_string()))?;
    if hex(&Sha256::digest(there)) != oid || json!(there.len()) != wanted["size"] {
        return Err(Error(422, None, "The uploaded object does not have the announced hash".to_string()));
    }
    Ok(json_page(json!({})))
}

fn commit(shared: &Shared, asked: &Asked, id: &str) -> Answer {
    if asked.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/x-ndjson") {
        return Err(Error(400, None, "The content type must be application/x-ndjson".to_string()));
    }
    let bad = |message: String| Error(400, None, message);
    let lines = asked.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let lines: Result<Vec<Value>, _> = lines.map(serde_json::from_slice).collect();
    let lines = lines.map_err(|error| bad(format!("Invalid JSON line: {error}")))?;
    let header = lines.first().filter(|line| line["key"] == "header");
    let header = header.ok_or_else(|| bad("The first line must be the header".to_string()))?;
    if header["value"]["summary"].as_str().is_none_or(str::is_empty) {
        return Err(bad("\"summary\" is not allowed to be empty".to_string()));
    }
    let mut written = Vec::new();
    for line in &lines[1..] {
        let value = &line["value"];
        let path = value["path"].as_str().unwrap_or_default().to_string();
        let file = match line["key"].as_str() {
            Some("file") => {
                let content = value["content"].as_str().unwrap_or_default();
                let bytes = base64::engine::general_purpose::STANDARD.decode(content);
                let bytes = bytes.map_err(|error| bad(format!("{path}: {error}")))?;
                if is_large(&path, bytes.len()) {
                    let message = "Your push was rejected because it contains binary files. Please use LFS";
                    return Err(bad(format!("{message}: {path}")));
                }
                StoredFile::new(bytes, false)
            }
            Some("lfsFile") => {
                let oid = value["oid"].as_str().unwrap_or_default();
                let missing =
                    "Your push was rejected because an LFS pointer pointed to a file that does not exist";
                let bytes = stored(shared, oid).ok_or_else(|| bad(format!("{missing}: {path}")))?;
                StoredFile::new(bytes, true)
            }
            _ => return Err(bad("Unknown operation".to_string())),
        };
        written.push((path, file));
    }
    shared.change(|repositories| {
        let repository =
            repositories.iter_mut().find(|repository| repository.id == id).ok_or_else(nothing)?;
        let head = repository.commit("main").unwrap_or_default();
        if header["value"].get("parentCommit").is_some_and(|parent| *parent != head.as_str()) {
            let message = "A commit has happened since. Please refresh and try again.";
            return Err(Error(412, None, message.to_string()));
        }
        repository.branches.entry("main".to_string()).or_default().extend(written);
        let oid = repository.commit("main").unwrap_or_default();
        let url = format!("{}/{id}/commit/{oid}", shared.endpoint);
        Ok(json_page(json!({ "success": true, "commitOid": oid, "commitUrl": url, "hookOutput": "" })))
    })
}

/// A large file, from the storage or from another commit.
fn stored(shared: &Shared, oid: &str) -> Option<Vec<u8>> {
    let uploaded = lock(&shared.storage).objects.get(oid).cloned();
    uploaded.or_else(|| {
        shared.look(|shelves| {
            let files = shelves.repositories.iter().flat_map(|repository| repository.branches.values());
            let mut large = files.flat_map(|files| files.values()).filter(|file| file.large);
            large.find(|file| file.sha256 == oid).map(|file| file.bytes.clone())
        })
    })
}
