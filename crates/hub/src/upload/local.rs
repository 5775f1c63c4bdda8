//! The files to upload, as they are here.

use std::{fs::File, io::Read, path::PathBuf};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{Teller, UploadFile};
use crate::{Error, RepositoryFile, repository::is_inside};

/// A file with what the Hub wants to know of it.
#[derive(Debug, Clone)]
pub(super) struct Local {
    pub(super) path: String,
    pub(super) source: PathBuf,
    pub(super) size: u64,
    pub(super) sha256: String,
    /// Git's name for it.
    git_sha1: String,
    /// Its first bytes, by which the Hub tells text from the rest.
    pub(super) sample: Vec<u8>,
}

/// Bytes that the Hub looks at.
const SAMPLE: usize = 512;

impl Local {
    /// Whether the repository has it already, byte for byte.
    pub(super) fn is_in(&self, files: &[RepositoryFile]) -> bool {
        let same = |file: &RepositoryFile| match &file.sha256 {
            Some(sha256) => *sha256 == self.sha256,
            None => file.git_sha1.as_ref() == Some(&self.git_sha1),
        };
        files.iter().any(|file| file.path == self.path && same(file))
    }

    pub(super) fn read(&self) -> Result<Vec<u8>, Error> {
        std::fs::read(&self.source).map_err(Error::file("read", &self.source))
    }
}

/// Reads and hashes the files.
pub(super) async fn read(files: &[UploadFile], teller: &mut Teller) -> Result<Vec<Local>, Error> {
    let mut read = Vec::new();
    for file in files {
        if !is_inside(&file.path) {
            let path = PathBuf::from(&file.path);
            let source =
                std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is no path inside a folder");
            return Err(Error::File { action: "upload", path, source });
        }
        let local = read_one(file).await?;
        teller.tell(|now| (now.file, now.size) = (file.path.clone(), now.size + local.size));
        read.push(local);
    }
    Ok(read)
}

async fn read_one(file: &UploadFile) -> Result<Local, Error> {
    let source = &file.source;
    let mut reader = File::open(source).map_err(Error::file("read", source))?;
    let size = reader.metadata().map_err(Error::file("read", source))?.len();
    let (mut sha256, mut git) = (Sha256::new(), Sha1::new());
    git.update(format!("blob {size}\0"));
    let (mut sample, mut buffer) = (Vec::new(), vec![0; 1 << 20]);
    loop {
        let count = reader.read(&mut buffer).map_err(Error::file("read", source))?;
        let piece = &buffer[..count];
        if piece.is_empty() {
            break;
        }
        sample.extend_from_slice(&piece[..piece.len().min(SAMPLE - sample.len())]);
        sha256.update(piece);
        git.update(piece);
        // A chance to be stopped.
        tokio::task::yield_now().await;
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Ok(Local {
        path: file.path.clone(),
        source: source.clone(),
        size,
        sha256: hex(&sha256.finalize()),
        git_sha1: hex(&git.finalize()),
        sample,
    })
}
