//! A pointer from a snapshot to a blob.

use std::{io, path::Path};

/// A symbolic link with the text `relative`; `_blob` is where that leads.
#[cfg(unix)]
pub(crate) fn create(relative: &Path, _blob: &Path, pointer: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(relative, pointer)
}

/// Links need a privilege on Windows; without it the blob is copied, as Python does.
#[cfg(windows)]
pub(crate) fn create(relative: &Path, blob: &Path, pointer: &Path) -> io::Result<()> {
    let relative = relative.to_string_lossy().replace('/', "\\");
    match std::os::windows::fs::symlink_file(relative, pointer) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            std::fs::copy(blob, pointer).map(|_| ())
        }
        outcome => outcome,
    }
}
