//! Reading events.jsonl along while it grows.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use serde_json::Value;

use crate::Error;

/// A file of lines that grows, or is replaced by another of the same name.
pub struct Reading {
    path: PathBuf,
    /// Bytes of whole lines that were read.
    position: u64,
    /// Their lines.
    pub lines: u64,
    /// The start of the file, by which another file is known.
    head: Vec<u8>,
    /// Whether the last look found another file.
    pub renewed: bool,
}

const HEAD: usize = 4096;

impl Reading {
    /// Nothing of it is read yet.
    pub fn new(path: PathBuf) -> Reading {
        Reading { path, position: 0, lines: 0, head: Vec::new(), renewed: false }
    }

    /// The whole lines that were not read yet, with the number of the first.
    pub fn more(&mut self) -> Result<Option<(u64, Vec<Value>)>, Error> {
        self.renewed = false;
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|error| Error::file("read", &self.path, &error))?,
        };
        let wrap = |error: std::io::Error| Error::file("read", &self.path, &error);
        let size = file.metadata().map_err(wrap)?.len();
        if size < self.position || !self.is_the_same(&mut file).map_err(wrap)? {
            self.renewed = self.position > 0;
            (self.position, self.lines) = (0, 0);
            self.head.clear();
        }
        file.seek(SeekFrom::Start(self.position)).map_err(wrap)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(wrap)?;
        let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        bytes.truncate(end + 1);
        if self.position < HEAD as u64 {
            self.head.extend(bytes.iter().take(HEAD - self.head.len()));
        }
        let first = self.lines;
        let lines: Vec<Value> = String::from_utf8_lossy(&bytes)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or(Value::Null))
            .collect();
        self.position += bytes.len() as u64;
        self.lines += lines.len() as u64;
        Ok(Some((first, lines)))
    }

    fn is_the_same(&self, file: &mut File) -> std::io::Result<bool> {
        let mut head = vec![0; self.head.len()];
        file.read_exact(&mut head)?;
        Ok(head == self.head)
    }
}
