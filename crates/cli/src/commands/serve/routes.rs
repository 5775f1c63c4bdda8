//! The addresses of the server and who answers them.

use std::collections::HashMap;
use std::sync::Arc;

use api::wire::{Emit, dispatch};
use api::{Error, Kind};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::gate::Refusal;
use super::{Server, files, interface};

/// Requests are small; files come by `api/upload`, which has no limit.
const REQUEST_LIMIT: usize = 64 << 20;

/// The page may load what this server serves, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All routes behind the gate.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/upload", post(files::receive).layer(DefaultBodyLimit::disable()))
        .route("/api/events", get(events))
        .route("/api/{command}", post(call).layer(DefaultBodyLimit::max(REQUEST_LIMIT)))
        .route("/files", get(files::send))
        .route("/", get(page))
        .route("/{*path}", get(asset))
        .layer(from_fn_with_state(Arc::clone(&server), guard))
        .with_state(server)
}

/// An engine's error as an answer.
pub struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(self.0)).into_response()
    }
}

/// Checks every request, and puts the headers that guard the page on every answer.
async fn guard(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let entering = request.method() == Method::GET && request.uri().path() == "/" && has_token(&request);
    let checked = server.gate.check_source(request.headers());
    let checked =
        checked.and_then(|()| if entering { Ok(()) } else { server.gate.check_token(request.headers()) });
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refuse(refusal),
    };
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

fn has_token(request: &Request) -> bool {
    request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("token=")))
}

fn refuse(refusal: Refusal) -> Response {
    let (status, message) = match refusal {
        Refusal::Token => {
            (StatusCode::UNAUTHORIZED, "this page needs the token of the address that was printed")
        }
        Refusal::Host => (StatusCode::FORBIDDEN, "this server has another name"),
        Refusal::Origin => (StatusCode::FORBIDDEN, "the request comes from another page"),
    };
    let error = Error::new(Kind::Usage, message).remedy("open the address that `episome serve` printed");
    (status, Json(error)).into_response()
}

/// The page; with a token, first the cookie, so that the token leaves the address bar and the history.
async fn page(State(server): State<Arc<Server>>, Query(words): Query<HashMap<String, String>>) -> Response {
    match words.get("token") {
        Some(token) if server.gate.knows(token) => {
            let mut response = Redirect::to("/").into_response();
            if let Ok(cookie) = HeaderValue::from_str(&server.gate.cookie()) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Some(_) => refuse(Refusal::Token),
        None => show("index.html"),
    }
}

async fn asset(Path(path): Path<String>) -> Response {
    show(&path)
}

fn show(path: &str) -> Response {
    match interface::file(path) {
        Some((kind, bytes)) => {
            // Vite names its files by their content.
            let keep = if path.starts_with("assets/") { "max-age=31536000, immutable" } else { "no-store" };
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], bytes).into_response()
        }
        None if path == "index.html" => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], interface::MISSING).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A command: JSON in, JSON out.
async fn call(
    State(server): State<Arc<Server>>,
    Path(command): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Failure> {
    let request = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    let request =
        request.map_err(|error| Error::new(Kind::Usage, format!("the request is not JSON: {error}")))?;
    let events = Arc::clone(&server.events);
    let emit: Emit = Arc::new(move |message| events.tell(&message));
    let work = move || dispatch(&server.state, &command, request, &emit);
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => Ok(Json(answer?)),
        Err(error) => Err(Error::new(Kind::Internal, format!("the command broke off: {error}")).into()),
    }
}

async fn events(State(server): State<Arc<Server>>, headers: HeaderMap) -> impl IntoResponse {
    let heard = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    Sse::new(Arc::clone(&server.events).listen(heard)).keep_alive(KeepAlive::default())
}
