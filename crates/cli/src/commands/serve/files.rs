//! Files out and in: what runs and predictions wrote, and what a person drops on the page.

use std::path::PathBuf;
use std::sync::Arc;

use api::{Error, Kind};
use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Server;
use super::interface::media_type;
use super::routes::Failure;

/// Which file.
#[derive(Debug, Deserialize)]
pub struct Asked {
    path: PathBuf,
}

/// What a dropped file is called.
#[derive(Debug, Deserialize)]
pub struct Named {
    name: String,
}

/// Where a dropped file lies for the engine.
#[derive(Debug, Serialize)]
pub struct Kept {
    path: PathBuf,
}

/// Sends a file that a run or a person's request wrote; no other file of the machine.
pub async fn send(
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let path = server.state.readable(&asked.path)?;
    let wrap =
        |error: std::io::Error| Failure::from(Error::new(Kind::File, format!("{}: {error}", path.display())));
    let file = tokio::fs::File::open(&path).await.map_err(wrap)?;
    let length = file.metadata().await.map_err(wrap)?.len();
    let pieces = futures::stream::unfold(file, async |mut file| {
        let mut piece = vec![0; 1 << 16];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(piece), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A report is a page of its own: it may show its figures and its style, and do nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

/// Keeps a dropped file among the person's data, so that a run that reads it can be repeated.
pub async fn receive(
    State(server): State<Arc<Server>>,
    Query(named): Query<Named>,
    body: Body,
) -> Result<Json<Kept>, Failure> {
    // Aside until it is whole.
    let path = server.state.place_for_data(&format!(".{}.partial", named.name.replace(['/', '\\'], "-")))?;
    let wrap = |error: std::io::Error| {
        Failure::from(
            Error::new(Kind::File, format!("could not write {}: {error}", path.display())).at(path.display()),
        )
    };
    let written = async {
        let mut file = tokio::fs::File::create(&path).await.map_err(wrap)?;
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| wrap(std::io::Error::other(error)))?;
            file.write_all(&piece).await.map_err(wrap)?;
        }
        file.flush().await.map_err(wrap)
    };
    if let Err(error) = written.await {
        // Half a file is worse than none.
        let _ = tokio::fs::remove_file(&path).await;
        return Err(error);
    }
    let name = named.name;
    let settled = tokio::task::spawn_blocking(move || server.state.settle_data(&path, &name)).await;
    let settled = settled.map_err(|error| Failure::from(Error::new(Kind::Internal, error.to_string())))?;
    Ok(Json(Kept { path: settled? }))
}
