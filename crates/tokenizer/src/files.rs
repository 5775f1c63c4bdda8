//! The files of a tokenizer in the layout of `transformers`, kept as they were found.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::Error;

/// Every file name that `transformers` may read for a tokenizer of this kind.
const NAMES: [&str; 6] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
];

/// One file of a tokenizer: written elsewhere under the same name, it gives the same tokenizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name without a folder, such as `tokenizer.json`.
    pub name: String,
    /// The content, byte for byte.
    pub bytes: Vec<u8>,
}

/// The tokenizer's files that are in `folder`.
pub(crate) fn read_all(folder: &Path) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for name in NAMES {
        let path = folder.join(name);
        if path.is_file() {
            files.push(File { name: name.to_owned(), bytes: read(&path)? });
        }
    }
    Ok(files)
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::File { action: "read", path: path.to_owned(), source })
}

/// Writes every file aside and renames it, so that no reader ever sees half of one.
pub(crate) fn write_all(files: &[File], folder: &Path) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { action: "write", path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for file in files {
        let path = folder.join(&file.name);
        let aside = folder.join(format!(".{}.partial", file.name));
        fs::File::create(&aside)
            .and_then(|mut open| {
                open.write_all(&file.bytes)?;
                open.sync_all()
            })
            .and_then(|()| fs::rename(&aside, &path))
            .map_err(failed(&path))?;
    }
    Ok(())
}

/// The JSON in the file called `name`, or `null` if there is no such file. `folder` is for the error only.
pub(crate) fn json(files: &[File], name: &str, folder: &Path) -> Result<Value, Error> {
    match files.iter().find(|file| file.name == name) {
        None => Ok(Value::Null),
        Some(file) => serde_json::from_slice(&file.bytes)
            .map_err(|error| Error::Malformed { path: folder.join(name), reason: error.to_string() }),
    }
}

/// The text of a special token (`pad_token`, …), which the files give as a string or as an object with `content`.
pub(crate) fn special_token<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    let token = value.get(key)?;
    token.as_str().or_else(|| token.get("content")?.as_str())
}
