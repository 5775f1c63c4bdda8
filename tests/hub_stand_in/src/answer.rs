//! Which answer a request gets.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use serde_json::{Value, json};

use crate::{
    MEMBER, READER, WRITER,
    account::{self, sees},
    listing::{info, paged, search, tree},
    repository::{Kind, Repository, StoredFile},
    server::{Asked, Shared, Shelves},
    upload,
    wire::{body, encode, expands, json_page, plain, set, wanted_paths},
};
use Refusal::Error;

/// What comes instead of an answer.
pub(crate) enum Refusal {
    /// Status, `X-Error-Code` and `X-Error-Message`.
    Error(u16, Option<&'static str>, String),
    /// The repository has another id now; this is the address under it.
    Moved(String),
}

pub(crate) fn answer(shared: &Shared, asked: &Asked) -> Response<Body> {
    let outcome = match upload::answer(shared, asked) {
        Some(written) => written,
        None => {
            shared.look(|shelves| if asked.cdn { from_cdn(shelves, asked) } else { route(shelves, asked) })
        }
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
            let mut response = plain(StatusCode::TEMPORARY_REDIRECT, format!("Redirecting to {location}"));
            set(response.headers_mut(), "location", &location);
            response
        }
    })
}

fn route(shelves: &Shelves<'_>, asked: &Asked) -> Result<Response<Body>, Refusal> {
    let token = token(asked)?;
    let segments: Vec<&str> = asked.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "whoami-v2"] => match token {
            Some(token) => Ok(json_page(account::describe(token))),
            None => Err(Error(401, None, "Invalid username or password.".to_string())),
        },
        ["api", "models"] => Ok(search(shelves, asked, Kind::Model, token)),
        ["api", "datasets"] => Ok(search(shelves, asked, Kind::Dataset, token)),
        // Where the Hub sends a request for a small file.
        ["api", "resolve-cache", shelf, rest @ ..] => {
            let (repository, rest) = find(shelves, asked, kind(shelf)?, rest, token)?;
            let (commit, path) = rest.split_first().ok_or_else(nothing)?;
            let (commit, file) = stored(repository, commit, &path.join("/"))?;
            Ok(body(asked, file, &commit))
        }
        ["api", shelf, rest @ ..] => api(shelves, asked, kind(shelf)?, rest, token),
        ["datasets", rest @ ..] => resolve(shelves, asked, Kind::Dataset, rest, token),
        rest => resolve(shelves, asked, Kind::Model, rest, token),
    }
}

fn api(
    shelves: &Shelves<'_>,
    asked: &Asked,
    kind: Kind,
    rest: &[&str],
    token: Option<&str>,
) -> Result<Response<Body>, Refusal> {
    let (repository, rest) = find(shelves, asked, kind, rest, token)?;
    let revision = |revision: &str| repository.resolve(revision).ok_or_else(|| no_revision(revision));
    match rest {
        [] => Ok(json_page(info(repository, "main", asked.query.contains_key("blobs")))),
        ["revision", name] => {
            Ok(json_page(info(repository, revision(name)?.0, asked.query.contains_key("blobs"))))
        }
        ["tree", name, below @ ..] => {
            let (branch, commit) = revision(name)?;
            let recursive = asked
                .query
                .get("recursive")
                .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1");
            let entries =
                tree(repository, branch, &commit, &below.join("/"), recursive, expands(&asked.query));
            if entries.is_empty() && !below.is_empty() {
                return Err(Error(404, Some("EntryNotFound"), format!("{} does not exist", below.join("/"))));
            }
            Ok(paged(shelves, asked, entries))
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
            let (converts, branches): (Vec<_>, Vec<_>) =
                repository.branches.keys().partition(|branch| branch.starts_with("refs/convert/"));
            let branches: Vec<_> = branches.into_iter().map(|branch| entry(branch, "refs/heads/")).collect();
            let converts: Vec<_> =
                converts.into_iter().map(|branch| entry(branch, "refs/convert/")).collect();
            Ok(json_page(json!({ "branches": branches, "converts": converts, "tags": [] })))
        }
        _ => Err(nothing()),
    }
}

fn resolve(
    shelves: &Shelves<'_>,
    asked: &Asked,
    kind: Kind,
    rest: &[&str],
    token: Option<&str>,
) -> Result<Response<Body>, Refusal> {
    let (repository, rest) = find(shelves, asked, kind, rest, token)?;
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
                    repository.id, shelves.endpoint
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
            set(response.headers_mut(), "x-repo-commit", &commit.unwrap_or_default());
            return Ok(response);
        }
        Err(refusal) => return Err(refusal),
    };
    let shelf = kind.plural();
    let (status, location) = if file.large {
        let signature = format!("X-Amz-Signature={}", &file.sha256[..16]);
        (StatusCode::FOUND, format!("{}/{shelf}/{}/{}?{signature}", shelves.cdn, repository.id, file.sha256))
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

/// What the storage behind the Hub asks of every address: its signature, and no token beside it.
pub(crate) fn require_signature(asked: &Asked) -> Result<(), Refusal> {
    if asked.headers.contains_key(header::AUTHORIZATION) {
        let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization \
                       header should be specified";
        return Err(Error(400, None, message.to_string()));
    }
    if !asked.query.contains_key("X-Amz-Signature") {
        return Err(Error(403, None, "AccessDenied".to_string()));
    }
    Ok(())
}

fn from_cdn(shelves: &Shelves<'_>, asked: &Asked) -> Result<Response<Body>, Refusal> {
    require_signature(asked)?;
    let hash = asked.segments.last().map(String::as_str).unwrap_or_default();
    let files = shelves
        .repositories
        .iter()
        .flat_map(|repository| repository.branches.values())
        .flat_map(|files| files.values());
    let mut large = files.filter(|file| file.large);
    large.find(|file| file.sha256 == hash).map(|file| body(asked, file, "")).ok_or_else(nothing)
}

/// The repository that the first one or two segments name, if the token may see it, and what follows.
pub(crate) fn find<'a, 's>(
    shelves: &'a Shelves<'a>,
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
        let mut shelf = shelves.repositories.iter().filter(known);
        if let Some(repository) = shelf.clone().find(|repository| repository.id == id)
            && sees(token, repository)
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
        None => Error(401, Some("RepoNotFound"), "Invalid username or password.".to_string()),
        Some(_) => Error(404, Some("RepoNotFound"), "Repository not found".to_string()),
    })
}

fn stored<'a>(
    repository: &'a Repository,
    revision: &str,
    path: &str,
) -> Result<(String, &'a StoredFile), Refusal> {
    let (branch, commit) = repository.resolve(revision).ok_or_else(|| no_revision(revision))?;
    match repository.branches.get(branch).and_then(|files| files.get(path)) {
        Some(file) => Ok((commit, file)),
        None => Err(Error(404, Some("EntryNotFound"), "Entry not found".to_string())),
    }
}

pub(crate) fn token(asked: &Asked) -> Result<Option<&str>, Refusal> {
    let Some(value) = asked.headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    match value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")) {
        Some(token) if [READER, MEMBER, WRITER].contains(&token) => Ok(Some(token)),
        _ => Err(Error(401, None, "Invalid credentials in Authorization header".to_string())),
    }
}

pub(crate) fn kind(shelf: &str) -> Result<Kind, Refusal> {
    match shelf {
        "models" => Ok(Kind::Model),
        "datasets" => Ok(Kind::Dataset),
        _ => Err(nothing()),
    }
}

pub(crate) fn nothing() -> Refusal {
    Error(404, None, "Sorry, we can't find the page you are looking for.".to_string())
}

fn no_revision(revision: &str) -> Refusal {
    Error(404, Some("RevisionNotFound"), format!("Invalid rev id: {revision}"))
}
