use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{Error, RepositoryKind, repository::RepositoryFile};

/// The folder of one repository in the cache that Python's `huggingface_hub` shares:
///
/// ```text
/// models--owner--name/refs/main                     the commit that the branch stood at
/// models--owner--name/blobs/<etag>                  the bytes
/// models--owner--name/snapshots/<commit>/<path>     relative links into blobs
/// models--owner--name/trees/<commit>.json           what the commit holds (since huggingface_hub 2)
/// .locks/models--owner--name/<etag>.lock            taken with flock(2) while a blob is written
/// ```
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    locks: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Tree {
    format_version: u32,
    files: BTreeMap<String, TreeFile>,
}

#[derive(Serialize, Deserialize)]
struct TreeFile {
    size: u64,
    blob_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lfs_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lfs_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xet_hash: Option<String>,
}

/// How often a lock that another program holds is tried again.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

impl Folder {
    pub(crate) fn new(cache: &Path, kind: RepositoryKind, id: &str) -> Folder {
        let name = format!("{}--{}", kind.plural(), id.replace('/', "--"));
        Folder { locks: cache.join(".locks").join(&name), root: cache.join(name) }
    }

    /// The commit that `revision` stood at when it was last asked for; a commit is itself.
    pub(crate) fn commit(&self, revision: &str) -> Option<String> {
        if is_commit(revision) {
            return Some(revision.to_string());
        }
        let text = fs::read_to_string(self.root.join("refs").join(revision)).ok()?;
        let commit = text.trim();
        is_commit(commit).then(|| commit.to_string())
    }

    pub(crate) fn write_commit(&self, revision: &str, commit: &str) -> Result<(), Error> {
        if is_commit(revision) || self.commit(revision).as_deref() == Some(commit) {
            return Ok(());
        }
        write_aside(&self.root.join("refs").join(revision), commit.as_bytes())
    }

    pub(crate) fn snapshot(&self, commit: &str) -> PathBuf {
        self.root.join("snapshots").join(commit)
    }

    pub(crate) fn blob(&self, etag: &str) -> PathBuf {
        self.root.join("blobs").join(etag)
    }

    /// Where `file` of `commit` is, if it is here.
    pub(crate) fn find(&self, commit: &str, file: &str) -> Option<PathBuf> {
        let path = self.snapshot(commit).join(file);
        path.exists().then_some(path)
    }

    /// What `commit` holds, as the Hub told once; else the files of it that are here.
    pub(crate) fn files(&self, commit: &str) -> Option<Vec<RepositoryFile>> {
        if let Some(files) = self.read_tree(commit) {
            return Some(files);
        }
        let snapshot = self.snapshot(commit);
        let mut files = Vec::new();
        collect(&snapshot, &snapshot, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        (!files.is_empty()).then_some(files)
    }

    pub(crate) fn read_tree(&self, commit: &str) -> Option<Vec<RepositoryFile>> {
        let text = fs::read_to_string(self.tree(commit)).ok()?;
        let tree: Tree = serde_json::from_str(&text).ok()?;
        (tree.format_version == 1).then(|| {
            let file = |(path, file): (String, TreeFile)| RepositoryFile {
                path,
                size: file.lfs_size.unwrap_or(file.size),
                git_sha1: Some(file.blob_id),
                sha256: file.lfs_sha256,
                xet: file.xet_hash,
            };
            tree.files.into_iter().map(file).collect()
        })
    }

    pub(crate) fn write_tree(&self, commit: &str, files: &[RepositoryFile]) -> Result<(), Error> {
        let entry = |file: &RepositoryFile| {
            let entry = TreeFile {
                size: file.size,
                blob_id: file.git_sha1.clone().unwrap_or_default(),
                lfs_sha256: file.sha256.clone(),
                lfs_size: file.sha256.as_ref().map(|_| file.size),
                xet_hash: file.xet.clone(),
            };
            (file.path.clone(), entry)
        };
        let tree = Tree { format_version: 1, files: files.iter().map(entry).collect() };
        let text = serde_json::to_vec_pretty(&tree).unwrap_or_default();
        write_aside(&self.tree(commit), &text)
    }

    fn tree(&self, commit: &str) -> PathBuf {
        self.root.join("trees").join(format!("{commit}.json"))
    }

    /// Makes `file` of `commit` point at the blob, by a relative link as Python does (a copy where links are refused).
    pub(crate) fn point(&self, commit: &str, file: &str, etag: &str) -> Result<PathBuf, Error> {
        let pointer = self.snapshot(commit).join(file);
        if pointer.exists() {
            return Ok(pointer);
        }
        create_parent(&pointer)?;
        // A link whose blob was deleted is in the way.
        if fs::symlink_metadata(&pointer).is_ok() {
            fs::remove_file(&pointer).map_err(Error::file("remove the dead link", &pointer))?;
        }
        let up = "../".repeat(2 + file.matches('/').count());
        match crate::link::create(Path::new(&format!("{up}blobs/{etag}")), &self.blob(etag), &pointer) {
            // Another program was faster.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            outcome => outcome.map_err(Error::file("link", &pointer))?,
        }
        Ok(pointer)
    }

    /// Waits until no other program, Python's included, writes this blob.
    pub(crate) async fn lock(&self, etag: &str) -> Result<File, Error> {
        let path = self.locks.join(format!("{etag}.lock"));
        create_parent(&path)?;
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let file = options.open(&path).map_err(Error::file("open the lock", &path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
                // Some network disks have no locks. The hash check guards the blob there.
                Err(fs::TryLockError::Error(_)) => return Ok(file),
            }
        }
    }
}

/// Whether `revision` is a full commit hash, which never changes its meaning.
pub(crate) fn is_commit(revision: &str) -> bool {
    revision.len() == 40 && revision.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn create_parent(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(Error::file("create the folder", parent)),
        None => Ok(()),
    }
}

fn write_aside(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    create_parent(path)?;
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(".{}.tmp", std::process::id()));
    let aside = PathBuf::from(aside);
    let written = File::create(&aside).and_then(|mut file| file.write_all(bytes));
    written.and_then(|()| fs::rename(&aside, path)).map_err(Error::file("write", path))
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<RepositoryFile>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, root, files);
        } else if let (Ok(data), Ok(relative)) = (fs::metadata(&path), path.strip_prefix(root)) {
            let names: Vec<_> = relative.iter().map(|name| name.to_string_lossy()).collect();
            let path = names.join("/");
            files.push(RepositoryFile { path, size: data.len(), git_sha1: None, sha256: None, xet: None });
        }
    }
}
