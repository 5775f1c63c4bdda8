//! A stretch of a file on its way to the storage for large ones.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::{Stream, stream};
use reqwest::{
    Body, Method, Url,
    header::{self, HeaderMap},
};

use super::{Teller, local::Local};
use crate::{Error, client::Client, refusal::About};

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// Reports come at most once for so many bytes.
const REPORT: u64 = 256 * 1024;

/// One PUT.
pub(super) struct Put<'a> {
    pub(super) client: &'a Client,
    pub(super) about: &'a About,
    pub(super) file: &'a Local,
    /// Signed: it never shows in an error.
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    /// Where the stretch begins in the file.
    pub(super) start: u64,
    /// Its bytes.
    pub(super) length: u64,
}

/// What went wrong while the file was read; the network hides it.
type Noted = Arc<Mutex<Option<std::io::Error>>>;

impl Put<'_> {
    /// Sends it, again where that failed for a reason that may pass; the answer's ETag.
    pub(super) async fn send(&self, teller: &mut Teller) -> Result<Option<String>, Error> {
        let before = teller.now.done;
        let mut tries = 0;
        loop {
            let moved = Arc::new(AtomicU64::new(0));
            let error = match self.once(&moved, teller).await {
                Ok(etag) => {
                    teller.tell(|now| now.done = before + self.length);
                    return Ok(etag);
                }
                Err(Error::Unreachable { reason, .. }) => Error::UploadInterrupted {
                    file: self.file.path.clone(),
                    sent: self.start + moved.load(Ordering::Relaxed),
                    size: self.file.size,
                    reason,
                },
                Err(error) => error,
            };
            // The storage takes a stretch whole or not at all.
            teller.tell(|now| now.done = before);
            self.client.pause(&mut tries, error).await?;
        }
    }

    async fn once(&self, moved: &Arc<AtomicU64>, teller: &Teller) -> Result<Option<String>, Error> {
        let source = &self.file.source;
        let mut reader = File::open(source).map_err(Error::file("read", source))?;
        reader.seek(SeekFrom::Start(self.start)).map_err(Error::file("read", source))?;
        let noted = Noted::default();
        let teller = Teller { events: teller.events.clone(), now: teller.now.clone() };
        let pieces = pieces(reader, self.length, Arc::clone(moved), Arc::clone(&noted), teller);
        // The storage wants to know the length beforehand.
        let request = self.client.online()?.outward.request(Method::PUT, self.url.clone());
        let request = request.headers(self.headers.clone()).header(header::CONTENT_LENGTH, self.length);
        let response = self.client.watched(request.body(Body::wrap_stream(pieces)), moved).await;
        if let Some(error) = noted.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(Error::file("read", source)(error));
        }
        let response = response?;
        if !response.status().is_success() {
            return Err(self.client.write_refusal(response, self.about).await);
        }
        let etag = response.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
        Ok(etag.filter(|etag| !etag.is_empty()).map(str::to_string))
    }
}

/// `length` bytes of a file. `moved` counts those that were taken, and `teller` tells of them.
fn pieces(
    reader: File,
    length: u64,
    moved: Arc<AtomicU64>,
    noted: Noted,
    mut teller: Teller,
) -> impl Stream<Item = std::io::Result<Vec<u8>>> + Send + 'static {
    let (before, mut reported) = (teller.now.done, 0);
    stream::unfold((reader, length), move |(mut reader, left)| {
        let piece = read_piece(&mut reader, left, &noted);
        if let Some(Ok(piece)) = &piece {
            let sent = moved.fetch_add(piece.len() as u64, Ordering::Relaxed) + piece.len() as u64;
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
    })
}

/// The next piece of a file; none at its end.
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
