//! From a file to bytes: compression undone, text brought to UTF-8, lines cut. By content, never by the file's name.

mod compression;
mod lines;
mod text;

pub(crate) use compression::decompressed;
pub(crate) use lines::Lines;
pub(crate) use text::utf8;

use std::io::{self, Read};

/// Reads until `buffer` holds `wanted` bytes or the source ends; true at the end of the source.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len());
    reader.take(missing as u64).read_to_end(buffer)?;
    Ok(buffer.len() < wanted)
}

/// The bytes of a file, decompressed. A boxed reader that moves between threads.
pub(crate) type Bytes = Box<dyn Read + Send>;
