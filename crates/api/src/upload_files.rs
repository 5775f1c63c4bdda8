//! The files of an adapter on their way to the Hub.

use std::path::{Path, PathBuf};

use hub::UploadFile;
use tempfile::TempDir;

use crate::Error;

/// Endings of files that are looked through, and changed where that was asked for.
const TEXTS: [&str; 8] = ["md", "json", "jsonl", "txt", "py", "yaml", "yml", "csv"];

/// A file with its text, where it is one.
pub(crate) struct Content {
    /// Its path in the repository.
    pub path: String,
    /// Where it is.
    pub source: PathBuf,
    /// Its size, as it is sent.
    pub bytes: u64,
    /// What is sent of it, where it is a text.
    pub text: Option<String>,
}

/// The files of a folder; hidden ones and links are named in `left_out`.
pub(crate) fn collect(
    root: &Path,
    below: &Path,
    contents: &mut Vec<Content>,
    left_out: &mut Vec<String>,
) -> Result<(), Error> {
    let folder = root.join(below);
    let entries = std::fs::read_dir(&folder).map_err(|error| Error::file("read", &folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::file("read", &folder, &error))?;
        let kind = entry.file_type().map_err(|error| Error::file("read", &entry.path(), &error))?;
        let path = below.join(entry.file_name());
        let name = path.to_string_lossy().replace('\\', "/");
        if entry.file_name().to_string_lossy().starts_with('.') || kind.is_symlink() {
            left_out.push(name);
        } else if kind.is_dir() {
            collect(root, &path, contents, left_out)?;
        } else {
            contents.push(content(name, entry.path())?);
        }
    }
    Ok(())
}

fn content(path: String, source: PathBuf) -> Result<Content, Error> {
    let read = |error: &std::io::Error| Error::file("read", &source, error);
    let ending = source.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_text = TEXTS.contains(&ending.as_str());
    let bytes = std::fs::metadata(&source).map_err(|error| read(&error))?.len();
    let text = if is_text {
        // One that is no UTF-8 is sent as it is.
        String::from_utf8(std::fs::read(&source).map_err(|error| read(&error))?).ok()
    } else {
        None
    };
    Ok(Content { path, source, bytes, text })
}

/// Writes the texts that differ from their files into a folder that lasts as long as the first value.
pub(crate) fn stage(contents: Vec<Content>) -> Result<(TempDir, Vec<UploadFile>), Error> {
    let place = std::env::temp_dir();
    let folder = tempfile::tempdir().map_err(|error| Error::file("create a folder in", &place, &error))?;
    let mut files = Vec::new();
    for (number, content) in contents.into_iter().enumerate() {
        let mut source = content.source;
        if let Some(text) = content.text {
            let there = std::fs::read(&source).map_err(|error| Error::file("read", &source, &error))?;
            if there != text.as_bytes() {
                source = folder.path().join(number.to_string());
                std::fs::write(&source, text).map_err(|error| Error::file("write", &source, &error))?;
            }
        }
        files.push(UploadFile { path: content.path, source });
    }
    Ok((folder, files))
}
