//! Files that are whole or not there: written aside, synced, renamed.

use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The ending of files that are being written.
pub(crate) const PARTIAL: &str = "partial";

/// Writes `path` by `fill`, so that a reader sees the old file or the new one and never a part.
pub(crate) fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    let aside = aside(path);
    let written = (|| {
        let mut file = io::BufWriter::new(File::create(&aside)?);
        fill(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    })();
    if written.is_err() {
        // What little was written would only keep a full disk full.
        let _ = fs::remove_file(&aside);
    }
    written.map_err(Error::file("write", path))?;
    fs::rename(&aside, path).map_err(Error::file("write", path))?;
    sync_folder(folder).map_err(Error::file("write", path))
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(PARTIAL);
    PathBuf::from(name)
}

/// Makes a rename survive a power cut. Only Unix can sync a folder, and only there it is needed.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The SHA-256 of a file in hexadecimal, and its size in bytes.
pub(crate) fn sha256(path: &Path) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let bytes = feed(&mut hash, path)?;
    Ok((hexadecimal(hash), bytes))
}

/// One SHA-256 over several files, names and contents, in the order given.
pub(crate) fn sha256_of_all(paths: &[PathBuf]) -> Result<String, Error> {
    let mut hash = Sha256::new();
    for path in paths {
        hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update([0]);
        let bytes = feed(&mut hash, path).map_err(Error::file("read", path))?;
        hash.update(bytes.to_le_bytes());
    }
    Ok(hexadecimal(hash))
}

fn feed(hash: &mut Sha256, path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(bytes),
            count => {
                hash.update(&buffer[..count]);
                bytes += count as u64;
            }
        }
    }
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        write(&path, |file| file.write_all(b"old")).unwrap();
        let full = |file: &mut dyn Write| {
            file.write_all(b"ne")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let error = write(&path, full).unwrap_err();
        assert_eq!(error.kind(), "disk-full");
        assert!(error.to_string().contains("free some space"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_hash_is_sha_256() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&path).unwrap(), (expected.to_owned(), 3));
    }
}
