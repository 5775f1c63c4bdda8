use std::{
    collections::HashMap,
    fs, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    answer,
    repository::{Kind, Repository},
    trouble::{self, Trouble, Waiting},
    upload::Storage,
    wire,
};

/// A Hub that is being described.
#[derive(Default)]
pub struct StandIn {
    repositories: Vec<Repository>,
    page: Option<usize>,
    ports: [u16; 2],
    part: Option<usize>,
}

/// A Hub that answers, until it is dropped.
pub struct Running {
    endpoint: String,
    cdn: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whether it came to the second port.
    pub cdn: bool,
    /// `GET`, `HEAD`, `POST` or `PUT`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The header `Range`.
    pub range: Option<String>,
    /// Whether it carried a token.
    pub token: bool,
}

pub(crate) struct Shared {
    repositories: RwLock<Vec<Repository>>,
    /// What was uploaded and is in no commit yet.
    pub(crate) storage: Mutex<Storage>,
    /// Bytes above which a large file is sent in parts of that size.
    pub(crate) part: Option<usize>,
    page: usize,
    pub(crate) endpoint: String,
    pub(crate) cdn: String,
    requests: Mutex<Vec<Request>>,
    troubles: Mutex<Vec<Waiting>>,
}

/// What stands on the shelves while an answer is made.
pub(crate) struct Shelves<'a> {
    pub(crate) repositories: &'a [Repository],
    pub(crate) page: usize,
    pub(crate) endpoint: &'a str,
    pub(crate) cdn: &'a str,
}

impl Shared {
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Shelves<'_>) -> T) -> T {
        let repositories = self.repositories.read().unwrap_or_else(PoisonError::into_inner);
        look(&Shelves {
            repositories: &repositories,
            page: self.page,
            endpoint: &self.endpoint,
            cdn: &self.cdn,
        })
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Vec<Repository>) -> T) -> T {
        change(&mut self.repositories.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an answer is made from.
pub(crate) struct Asked {
    pub(crate) cdn: bool,
    pub(crate) method: Method,
    /// Decoded segments.
    pub(crate) segments: Vec<String>,
    pub(crate) query: HashMap<String, String>,
    pub(crate) path_and_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl StandIn {
    /// A Hub with nothing on it.
    pub fn new() -> StandIn {
        StandIn::default()
    }

    /// Reads `folder/models/<id>` and `folder/datasets/<id>`, with `--` for the slash in the id; each holds a folder a
    /// branch, and may hold a `hub.json` with what is to be said about it.
    pub fn from_folder(folder: &Path) -> io::Result<StandIn> {
        let mut hub = StandIn::new();
        for kind in [Kind::Model, Kind::Dataset] {
            let shelf = folder.join(kind.plural());
            if !shelf.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&shelf)? {
                let path = entry?.path();
                if path.is_dir() {
                    let id = path.file_name().unwrap_or_default().to_string_lossy().replace("--", "/");
                    hub = hub.with(Repository::read(kind, &id, &path)?);
                }
            }
        }
        Ok(hub)
    }

    /// Adds a repository.
    pub fn with(mut self, repository: Repository) -> StandIn {
        self.repositories.push(repository);
        self
    }

    /// Lists come in pages of so many entries (1,000 otherwise).
    pub fn page(mut self, entries: usize) -> StandIn {
        self.page = Some(entries);
        self
    }

    /// Fixed ports instead of free ones.
    pub fn ports(mut self, home: u16, cdn: u16) -> StandIn {
        self.ports = [home, cdn];
        self
    }

    /// Large files above so many bytes are uploaded in parts of that size (otherwise in one piece).
    pub fn parts(mut self, bytes: usize) -> StandIn {
        self.part = Some(bytes);
        self
    }

    /// Starts to answer, on a thread of its own.
    pub fn start(self) -> io::Result<Running> {
        let bind = |port| {
            let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
            listener.set_nonblocking(true)?;
            let address = format!("http://{}", listener.local_addr()?);
            io::Result::Ok((listener, address))
        };
        let ((home_listener, endpoint), (cdn_listener, cdn)) = (bind(self.ports[0])?, bind(self.ports[1])?);
        let shared = Arc::new(Shared {
            repositories: RwLock::new(self.repositories),
            storage: Mutex::default(),
            part: self.part,
            page: self.page.unwrap_or(1000),
            endpoint: endpoint.clone(),
            cdn: cdn.clone(),
            requests: Mutex::default(),
            troubles: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let routes = [(home_listener, false), (cdn_listener, true)].map(|(listener, cdn)| {
            let shared = shared.clone();
            let handler = move |State(shared): State<Arc<Shared>>, method, uri, headers, body| {
                respond(shared, cdn, method, uri, headers, body)
            };
            (listener, Router::new().fallback(handler).layer(DefaultBodyLimit::disable()).with_state(shared))
        });
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                for (listener, router) in routes {
                    // The listeners were made above, so this fails only if the system has no sockets left.
                    if let Ok(listener) = TcpListener::from_std(listener) {
                        tokio::spawn(async move { axum::serve(listener, router).await });
                    }
                }
                let _ = stopped.await;
            });
        });
        Ok(Running { endpoint, cdn, shared, stop: Some(stop), thread: Some(thread) })
    }
}

impl Running {
    /// The value for `HF_ENDPOINT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where large files come from.
    pub fn cdn(&self) -> &str {
        &self.cdn
    }

    /// The commit of a repository's branch.
    pub fn commit(&self, id: &str, branch: &str) -> Option<String> {
        self.shared.look(|shelves| {
            shelves.repositories.iter().find(|repository| repository.id == id)?.commit(branch)
        })
    }

    /// The bytes of a file on the branch `main`.
    pub fn file(&self, id: &str, path: &str) -> Option<Vec<u8>> {
        self.shared.look(|shelves| {
            let repository = shelves.repositories.iter().find(|repository| repository.id == id)?;
            Some(repository.branches.get("main")?.get(path)?.bytes.clone())
        })
    }

    /// Whether a repository is private; none where it is not there.
    pub fn is_private(&self, id: &str) -> Option<bool> {
        self.shared
            .look(|shelves| Some(shelves.repositories.iter().find(|repository| repository.id == id)?.private))
    }

    /// The next `times` requests whose path contains `path` suffer `trouble`.
    pub fn trouble(&self, path: &str, times: usize, trouble: Trouble) {
        lock(&self.shared.troubles).push(Waiting { path: path.to_string(), times, trouble });
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// Forgets the requests so far and all troubles.
    pub fn forget(&self) {
        lock(&self.shared.requests).clear();
        lock(&self.shared.troubles).clear();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn respond(
    shared: Arc<Shared>,
    cdn: bool,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path_and_query = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    // By hand: curl -d '{"path": "resolve", "times": 1, "kind": "status", "status": 429}' …/stand-in/trouble
    if path_and_query == "/stand-in/trouble" {
        return match serde_json::from_slice(&body) {
            Ok(waiting) => {
                lock(&shared.troubles).push(waiting);
                wire::plain(StatusCode::NO_CONTENT, String::new())
            }
            Err(error) => wire::plain(StatusCode::BAD_REQUEST, error.to_string()),
        };
    }
    lock(&shared.requests).push(Request {
        cdn,
        method: method.to_string(),
        path: path_and_query.clone(),
        range: headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_string),
        token: headers.contains_key(header::AUTHORIZATION),
    });
    let trouble = trouble::take(&mut lock(&shared.troubles), &path_and_query, method == Method::HEAD);
    if let Some(Trouble::Slow { milliseconds }) = trouble {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    if let Some(Trouble::Status { status, retry_after }) = trouble {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = wire::plain(status, format!("{{\"error\":\"{status} on demand\"}}"));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        return response;
    }
    let mut headers = headers;
    if matches!(trouble, Some(Trouble::IgnoreRange)) {
        headers.remove(header::RANGE);
    }
    let segments = uri.path().split('/').filter(|part| !part.is_empty()).map(wire::decode).collect();
    let query = wire::form(uri.query().unwrap_or_default()).into_iter().collect();
    let asked = Asked { cdn, method, segments, query, path_and_query, headers, body };
    wire::spoil(answer::answer(&shared, &asked), trouble).await
}
