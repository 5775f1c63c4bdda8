//! Bodies, headers and the encodings of addresses and forms.

use std::borrow::Cow;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use futures::stream;
use serde_json::Value;

use crate::{
    repository::{StoredFile, git_sha1},
    server::Asked,
    trouble::Trouble,
};

/// The bytes of a file, or the part that is asked for.
pub(crate) fn body(asked: &Asked, file: &StoredFile, commit: &str) -> Response<Body> {
    let size = file.bytes.len();
    let range =
        asked.headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let part = range.and_then(|range| {
        let (start, end) = range.split_once('-')?;
        let end = end.parse::<usize>().map_or(size, |end| (end + 1).min(size));
        Some((start.parse::<usize>().ok()?, end))
    });
    let (status, start, end) = match part {
        Some((start, end)) if start < end => (StatusCode::PARTIAL_CONTENT, start, end),
        Some(_) => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, String::new());
            set(response.headers_mut(), "content-range", &format!("bytes */{size}"));
            return response;
        }
        None => (StatusCode::OK, 0, size),
    };
    let bytes = if asked.method == Method::HEAD { Vec::new() } else { file.bytes[start..end].to_vec() };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set(headers, "content-length", &(end - start).to_string());
    set(headers, "content-type", "application/octet-stream");
    set(headers, "accept-ranges", "bytes");
    // S3's own ETag of a large file is no SHA-256.
    let etag =
        if asked.cdn { git_sha1(file.sha256.as_bytes())[..32].to_string() } else { file.etag().to_string() };
    set(headers, "etag", &format!("\"{etag}\""));
    if !commit.is_empty() {
        set(headers, "x-repo-commit", commit);
    }
    if status == StatusCode::PARTIAL_CONTENT {
        set(headers, "content-range", &format!("bytes {start}-{}/{size}", end - 1));
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

pub(crate) fn json_page(value: Value) -> Response<Body> {
    let mut response = plain(StatusCode::OK, value.to_string());
    set(response.headers_mut(), "content-type", "application/json; charset=utf-8");
    response
}

pub(crate) fn plain(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

pub(crate) fn expands(query: &std::collections::HashMap<String, String>) -> bool {
    query.get("expand").is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
}

/// The paths of a `paths-info` request, sent as JSON or as a form.
pub(crate) fn wanted_paths(body: &[u8]) -> (Vec<String>, bool) {
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
    let expand = fields.iter().any(|(name, value)| name == "expand" && value.eq_ignore_ascii_case("true"));
    (fields.into_iter().filter(|(name, _)| name == "paths").map(|(_, path)| path).collect(), expand)
}

pub(crate) fn form(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
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

pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
