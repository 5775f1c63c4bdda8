//! What stands on the shelves and in the repositories, as JSON.

use std::collections::BTreeSet;

use axum::{body::Body, http::Response};
use serde_json::{Value, json};

use crate::{
    account::sees,
    repository::{Kind, Repository, git_sha1},
    server::{Asked, Shelves},
    wire::{json_page, set},
};

pub(crate) fn search(
    shelves: &Shelves<'_>,
    asked: &Asked,
    kind: Kind,
    token: Option<&str>,
) -> Response<Body> {
    let text = |name: &str| asked.query.get(name).map(|text| text.to_lowercase()).unwrap_or_default();
    let (words, author, filter) = (text("search"), text("author"), text("filter"));
    let fits = |repository: &&Repository| {
        let id = repository.id.to_lowercase();
        repository.kind == kind
            && sees(token, repository)
            && words.split_whitespace().all(|word| id.contains(word))
            && (author.is_empty() || id.starts_with(&format!("{author}/")))
            && (filter.is_empty() || repository.tags.iter().any(|tag| tag.to_lowercase() == filter))
    };
    let mut found: Vec<_> = shelves.repositories.iter().filter(fits).collect();
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
    paged(shelves, asked, found.into_iter().map(entry).collect())
}

pub(crate) fn info(repository: &Repository, branch: &str, blobs: bool) -> Value {
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
    let used: usize =
        repository.branches.values().flat_map(|files| files.values()).map(|file| file.bytes.len()).sum();
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

pub(crate) fn tree(
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
    let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
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
pub(crate) fn paged(shelves: &Shelves<'_>, asked: &Asked, entries: Vec<Value>) -> Response<Body> {
    let number = |name: &str| asked.query.get(name).and_then(|text| text.parse::<usize>().ok());
    let start = number("cursor").unwrap_or(0).min(entries.len());
    let end = (start + number("limit").unwrap_or(usize::MAX).min(shelves.page)).min(entries.len());
    let more = end < entries.len();
    let mut response = json_page(Value::Array(entries[start..end].to_vec()));
    if more {
        let (path, query) = asked.path_and_query.split_once('?').unwrap_or((&asked.path_and_query, ""));
        let mut query: Vec<_> =
            query.split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor=")).collect();
        let cursor = format!("cursor={end}");
        query.push(&cursor);
        let link = format!("<{}{path}?{}>; rel=\"next\"", shelves.endpoint, query.join("&"));
        set(response.headers_mut(), "link", &link);
    }
    response
}
