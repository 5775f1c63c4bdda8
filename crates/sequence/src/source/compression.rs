//! Decompression, chosen by magic bytes; what is compressed twice is decompressed twice.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use super::{Bytes, fill};
use crate::error::Error;

/// Layers of compression that are undone before the file is taken for a trap.
const LAYERS: usize = 4;

/// Opens a file and undoes its compression.
///
/// Multi-member files are read to the end: gzip (so bgzip, whose blocks are members), bzip2, xz and zstd (frames).
/// Formats: RFC 1952, RFC 8878, the .xz file format 1.2, bzip2 1.0.
pub(crate) fn decompressed(path: &Path) -> Result<Bytes, Error> {
    let open = |source| Error::Open { path: path.to_path_buf(), source };
    let metadata = std::fs::metadata(path).map_err(open)?;
    if metadata.is_dir() {
        return Err(Error::Unsupported {
            path: path.to_path_buf(),
            what: "this is a folder, not a file".to_string(),
            advice: "Name the files in it.".to_string(),
        });
    }
    if !metadata.is_file() {
        return Err(Error::Unsupported {
            path: path.to_path_buf(),
            what: "this is a pipe or a device, which can be read only once".to_string(),
            advice: "Write it to a file first; its beginning is looked at before it is read.".to_string(),
        });
    }
    let file = File::open(path).map_err(open)?;
    let mut bytes: Bytes = Box::new(BufReader::with_capacity(1 << 16, file));
    for _ in 0..LAYERS {
        let mut magic = Vec::new();
        fill(&mut bytes, &mut magic, 6).map_err(|source| Error::Read {
            path: path.to_path_buf(),
            line: 0,
            source,
        })?;
        let kind = Compression::of(&magic);
        let whole: Bytes = Box::new(Cursor::new(magic).chain(bytes));
        bytes = match kind {
            None => return Ok(whole),
            Some(Compression::Gzip) => {
                explained(flate2::read::MultiGzDecoder::new(BufReader::new(whole)), "gzip")
            }
            Some(Compression::Bzip2) => {
                explained(bzip2::read::MultiBzDecoder::new(BufReader::new(whole)), "bzip2")
            }
            Some(Compression::Xz) => {
                explained(liblzma::read::XzDecoder::new_multi_decoder(BufReader::new(whole)), "xz")
            }
            Some(Compression::Zstd) => match zstd::stream::read::Decoder::new(whole) {
                Ok(decoder) => explained(decoder, "zstd"),
                Err(source) => return Err(open(source)),
            },
        };
    }
    Err(Error::Unsupported {
        path: path.to_path_buf(),
        what: format!("this is compressed more than {LAYERS} times over"),
        advice: "Decompress it first.".to_string(),
    })
}

enum Compression {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Compression {
    fn of(magic: &[u8]) -> Option<Compression> {
        match magic {
            [0x1f, 0x8b, 8, ..] => Some(Compression::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Some(Compression::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => Some(Compression::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }
}

/// Says in words what a decompressor's error means.
struct Explained<R> {
    reader: R,
    format: &'static str,
}

fn explained<R: Read + Send + 'static>(reader: R, format: &'static str) -> Bytes {
    Box::new(BufReader::with_capacity(1 << 16, Explained { reader, format }))
}

impl<R: Read> Read for Explained<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(
                kind,
                format!(
                    "the {} data is cut short or damaged ({error}); copy or download the file again",
                    self.format
                ),
            ),
        })
    }
}
