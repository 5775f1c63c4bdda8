use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Error;

/// Which of the Hub's shelves a repository stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepositoryKind {
    /// Weights and tokenizer.
    Model,
    /// Tables of sequences.
    Dataset,
}

impl RepositoryKind {
    /// As it stands in addresses of the Hub's interface and in the cache.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            RepositoryKind::Model => "models",
            RepositoryKind::Dataset => "datasets",
        }
    }

    /// What precedes the id in the address of a page or a file.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            RepositoryKind::Model => "",
            RepositoryKind::Dataset => "datasets/",
        }
    }
}

impl fmt::Display for RepositoryKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            RepositoryKind::Model => "model",
            RepositoryKind::Dataset => "data set",
        })
    }
}

/// Whether the owner wants something before files may be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Everyone may download.
    Open,
    /// The terms must be accepted.
    Automatic,
    /// The terms must be accepted, and the owner decides about each request.
    Manual,
}

impl Gate {
    pub(crate) fn from_answer(value: Option<&serde_json::Value>) -> Gate {
        match value {
            Some(serde_json::Value::String(mode)) if mode == "manual" => Gate::Manual,
            Some(serde_json::Value::String(_) | serde_json::Value::Bool(true)) => Gate::Automatic,
            _ => Gate::Open,
        }
    }
}

/// What the Hub tells about a repository, in a search result or when asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Model or data set.
    pub kind: RepositoryKind,
    /// `owner/name`, or `name` for the oldest ones.
    pub id: String,
    /// The newest commit, where told.
    pub sha: Option<String>,
    /// What stands before a download.
    pub gate: Gate,
    /// Seen by its owners only.
    pub private: bool,
    /// Downloads in the last thirty days.
    pub downloads: u64,
    /// Likes.
    pub likes: u64,
    /// Free tags, licence and languages included.
    pub tags: Vec<String>,
    /// The task, such as `text-generation`.
    pub pipeline: Option<String>,
    /// The library that reads it, such as `transformers`.
    pub library: Option<String>,
    /// From the tag `license:…`.
    pub licence: Option<String>,
    /// Time of the last commit, as RFC 3339.
    pub last_modified: Option<String>,
    /// Where a person reads about it.
    pub page: String,
}

impl Summary {
    pub(crate) fn licence(tags: &[String]) -> Option<String> {
        tags.iter().find_map(|tag| tag.strip_prefix("license:")).map(str::to_string)
    }
}

/// A repository at one commit, with its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repository {
    /// What the Hub tells about it.
    #[serde(flatten)]
    pub summary: Summary,
    /// The commit that all of this is about.
    pub commit: String,
    /// Its files, by path.
    pub files: Vec<RepositoryFile>,
}

impl Repository {
    /// Bytes of all files together.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

/// A file of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryFile {
    /// Path in the repository, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Git's SHA-1 of it (of its pointer, for a large file), where known.
    pub git_sha1: Option<String>,
    /// SHA-256 of a large file (kept in Git LFS or Xet).
    pub sha256: Option<String>,
    /// Xet's hash of a large file; kept for Python, which uses it.
    pub xet: Option<String>,
}

impl RepositoryFile {
    /// The name of its blob in the cache: what the Hub sends as `X-Linked-Etag` or `ETag`.
    pub(crate) fn etag(&self) -> Option<&str> {
        self.sha256.as_deref().or(self.git_sha1.as_deref()).filter(|etag| is_plain(etag))
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Whether `path` stays inside the folder that it is joined to.
pub(crate) fn is_inside(path: &str) -> bool {
    let fine = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
    path.split('/').all(fine) && !path.contains(':')
}

fn is_plain(etag: &str) -> bool {
    !etag.is_empty() && etag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The Hub's rules for ids, as `huggingface_hub` checks them.
pub(crate) fn check_id(id: &str) -> Result<(), Error> {
    let refuse = |reason| Err(Error::Id { id: id.to_string(), reason });
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if id.is_empty() {
        return refuse("it is empty");
    }
    if id.matches('/').count() > 1 {
        return refuse("it has more than one slash");
    }
    for part in id.split('/') {
        if part.is_empty() || part.len() > 96 {
            return refuse("each part has 1 to 96 letters");
        }
        if !part.chars().all(letter) {
            return refuse("only letters, digits, “-”, “_” and “.” may stand in it");
        }
        if part.starts_with(['-', '.']) || part.ends_with(['-', '.']) {
            return refuse("no part may start or end with “-” or “.”");
        }
    }
    if id.contains("--") || id.contains("..") {
        return refuse("“--” and “..” may not stand in it");
    }
    if id.ends_with(".git") {
        return refuse("it ends with “.git”");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_hub() {
        for id in ["gpt2", "dnagpt/dna_gpt2_v0", "InstaDeepAI/nucleotide-transformer-v2-50m", "123"] {
            assert!(check_id(id).is_ok(), "{id}");
        }
        for id in ["", "a/b/c", "datasets/a/b", ".a", "a--b", "a..b", "a.git", "a b", "./model", "/abs", "a/"]
        {
            assert!(check_id(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_path_cannot_leave_its_folder() {
        assert!(is_inside("data/train-00000-of-00001.parquet"));
        for path in ["../x", "a/../b", "/etc/passwd", "a//b", "C:/x", "a\\b", ""] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
