use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// Which shelf a repository stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A model.
    Model,
    /// A data set.
    Dataset,
}

impl Kind {
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Kind::Model => "models",
            Kind::Dataset => "datasets",
        }
    }
}

/// A repository: files by branch, and who may see them.
#[derive(Debug, Clone)]
pub struct Repository {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) branches: BTreeMap<String, BTreeMap<String, StoredFile>>,
    pub(crate) gated: Option<String>,
    pub(crate) private: bool,
    pub(crate) downloads: u64,
    pub(crate) tags: Vec<String>,
    pub(crate) pipeline: Option<String>,
    pub(crate) library: Option<String>,
    pub(crate) former_ids: Vec<String>,
}

/// The bytes of a file and their hashes.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) bytes: Vec<u8>,
    /// In Git LFS.
    pub(crate) large: bool,
    pub(crate) sha256: String,
    /// Of the file, or of its LFS pointer.
    pub(crate) git_sha1: String,
    pub(crate) pointer_size: usize,
}

impl StoredFile {
    pub(crate) fn new(bytes: Vec<u8>, large: bool) -> StoredFile {
        let sha256 = hex(&Sha256::digest(&bytes));
        let pointer = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {}\n",
            bytes.len()
        );
        let git_sha1 = git_sha1(if large { pointer.as_bytes() } else { &bytes });
        StoredFile { large, sha256, git_sha1, pointer_size: pointer.len(), bytes }
    }

    /// What `X-Linked-Etag` or `ETag` says, without quotes.
    pub(crate) fn etag(&self) -> &str {
        if self.large { &self.sha256 } else { &self.git_sha1 }
    }
}

impl Repository {
    /// An empty model repository.
    pub fn model(id: &str) -> Repository {
        Repository::new(Kind::Model, id)
    }

    /// An empty data-set repository.
    pub fn dataset(id: &str) -> Repository {
        Repository::new(Kind::Dataset, id)
    }

    fn new(kind: Kind, id: &str) -> Repository {
        Repository {
            kind,
            id: id.to_string(),
            branches: BTreeMap::from([("main".to_string(), BTreeMap::new())]),
            gated: None,
            private: false,
            downloads: 0,
            tags: Vec::new(),
            pipeline: None,
            library: None,
            former_ids: Vec::new(),
        }
    }

    /// Adds a small file, kept in git, to `main`.
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Repository {
        self.file_at("main", path, bytes, false)
    }

    /// Adds a large file, kept in Git LFS, to `main`.
    pub fn large(self, path: &str, bytes: impl Into<Vec<u8>>) -> Repository {
        self.file_at("main", path, bytes, true)
    }

    /// Adds a file to a branch, such as `refs/convert/parquet`.
    pub fn file_at(mut self, branch: &str, path: &str, bytes: impl Into<Vec<u8>>, large: bool) -> Repository {
        let files = self.branches.entry(branch.to_string()).or_default();
        files.insert(path.to_string(), StoredFile::new(bytes.into(), large));
        self
    }

    /// The files wait behind terms to accept; `mode` is `auto` or `manual`.
    pub fn gated(mut self, mode: &str) -> Repository {
        self.gated = Some(mode.to_string());
        self
    }

    /// Only [`MEMBER`](crate::MEMBER) and its owners see it.
    pub fn private(mut self) -> Repository {
        self.private = true;
        self
    }

    /// Downloads of the last month, by which a search is sorted.
    pub fn downloads(mut self, downloads: u64) -> Repository {
        self.downloads = downloads;
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: &str) -> Repository {
        self.tags.push(tag.to_string());
        self
    }

    /// Sets the task and the library.
    pub fn purpose(mut self, pipeline: &str, library: &str) -> Repository {
        (self.pipeline, self.library) = (Some(pipeline.to_string()), Some(library.to_string()));
        self
    }

    /// An id it had once, which redirects.
    pub fn formerly(mut self, id: &str) -> Repository {
        self.former_ids.push(id.to_string());
        self
    }

    /// The commit of a branch: it changes with every byte of every file.
    pub fn commit(&self, branch: &str) -> Option<String> {
        let files = self.branches.get(branch)?;
        let mut text = format!("{} {branch}\n", self.id);
        for (path, file) in files {
            text.push_str(&format!("{} {path}\n", file.git_sha1));
        }
        Some(hex(&Sha1::digest(text)))
    }

    /// The branch and commit that a revision means.
    pub(crate) fn resolve(&self, revision: &str) -> Option<(&str, String)> {
        self.branches.keys().find_map(|branch| {
            let commit = self.commit(branch)?;
            (branch == revision || commit == revision).then_some((branch.as_str(), commit))
        })
    }

    /// Reads `folder/<branch>/<files>`, with `--` for a slash in the branch. `folder/hub.json` may set `gated`,
    /// `private`, `downloads`, `tags`, `pipeline_tag`, `library_name` and `formerly`. Weights, Parquet files and all from
    /// 1 MB on are large.
    pub(crate) fn read(kind: Kind, id: &str, folder: &Path) -> io::Result<Repository> {
        let mut repository = Repository::new(kind, id);
        let about: Value = match fs::read(folder.join("hub.json")) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(_) => json!({}),
        };
        let text = |name: &str| about[name].as_str().map(str::to_string);
        let texts = |name: &str| {
            let list = about[name].as_array().into_iter().flatten();
            list.filter_map(|item| item.as_str().map(str::to_string)).collect()
        };
        repository.gated = text("gated");
        repository.private = about["private"].as_bool().unwrap_or(false);
        repository.downloads = about["downloads"].as_u64().unwrap_or(0);
        (repository.tags, repository.former_ids) = (texts("tags"), texts("formerly"));
        (repository.pipeline, repository.library) = (text("pipeline_tag"), text("library_name"));
        for entry in fs::read_dir(folder)? {
            let branch = entry?.path();
            if !branch.is_dir() {
                continue;
            }
            let name = branch.file_name().unwrap_or_default().to_string_lossy().replace("--", "/");
            for path in files_below(&branch)? {
                let bytes = fs::read(&path)?;
                let relative =
                    path.strip_prefix(&branch).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let large = is_large(&relative, bytes.len());
                repository = repository.file_at(&name, &relative, bytes, large);
            }
        }
        Ok(repository)
    }
}

/// Whether a file goes to the storage for large ones: weights and tables whatever their size, as a new repository's
/// .gitattributes has it, and all from 1 MB on.
pub(crate) fn is_large(path: &str, size: usize) -> bool {
    let weights = [".safetensors", ".bin", ".parquet", ".h5", ".msgpack", ".onnx"];
    size >= 1_000_000 || weights.iter().any(|end| path.ends_with(end))
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

/// Git's name for a file with these bytes.
pub(crate) fn git_sha1(bytes: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    hex(&hasher.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn git_names_a_file_so() {
        // printf 'hello\n' | git hash-object --stdin
        assert_eq!(super::git_sha1(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
