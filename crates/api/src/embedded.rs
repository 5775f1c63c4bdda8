//! The base model inside the program, unpacked to the cache when it is first used.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::Error;

/// The name of the base model inside the program.
pub const EMBEDDED_MODEL: &str = "episome-mini";

/// Its files.
const FILES: &[(&str, &[u8])] = &[
    ("README.md", include_bytes!("../../../assets/episome-mini/README.md")),
    ("config.json", include_bytes!("../../../assets/episome-mini/config.json")),
    ("model.safetensors", include_bytes!("../../../assets/episome-mini/model.safetensors")),
    ("special_tokens_map.json", include_bytes!("../../../assets/episome-mini/special_tokens_map.json")),
    ("tokenizer.json", include_bytes!("../../../assets/episome-mini/tokenizer.json")),
    ("tokenizer_config.json", include_bytes!("../../../assets/episome-mini/tokenizer_config.json")),
];

/// Screens ask for the model at the same moment: one thread of a process unpacks it, the others wait.
static UNPACKING: Mutex<()> = Mutex::new(());

/// The folder of the embedded model below `cache`. Its name carries a hash of the files, so that another version of the
/// program does not take an older model for its own. The folder is made aside and renamed: whole or not there.
pub fn unpack(cache: &Path) -> Result<PathBuf, Error> {
    unpack_files(FILES, cache)
}

fn unpack_files(files: &[(&str, &[u8])], cache: &Path) -> Result<PathBuf, Error> {
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        hash.update(name.as_bytes());
        hash.update(bytes);
    }
    let hash: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let folder = cache.join("models").join(format!("{EMBEDDED_MODEL}-{hash}"));
    let whole = |folder: &Path| {
        files.iter().all(|(name, bytes)| {
            std::fs::metadata(folder.join(name)).is_ok_and(|file| file.len() == bytes.len() as u64)
        })
    };
    if whole(&folder) {
        return Ok(folder);
    }
    let _alone = UNPACKING.lock().unwrap_or_else(PoisonError::into_inner);
    if whole(&folder) {
        return Ok(folder);
    }
    let aside = cache.join("models").join(format!(".{EMBEDDED_MODEL}-{hash}-{}", std::process::id()));
    let written = write(files, &aside);
    if written.is_err() {
        // What is left of it is in the way; the first failure is the one to tell.
        let _ = std::fs::remove_dir_all(&aside);
    }
    written?;
    if folder.exists() && !whole(&folder) {
        // Something removed or cut a file of it.
        std::fs::remove_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    }
    match std::fs::rename(&aside, &folder) {
        Ok(()) => Ok(folder),
        // Another process was faster.
        Err(_) if whole(&folder) => {
            let _ = std::fs::remove_dir_all(&aside);
            Ok(folder)
        }
        Err(error) => Err(cannot_write(&folder, &error)),
    }
}

fn write(files: &[(&str, &[u8])], folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| cannot_write(&path, &error))?;
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    let error = Error::file("write", path, error);
    let remedy = format!("{}; or set EPISOME_CACHE to a folder that you may write to", error.remedy);
    error.remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_unpacked_once_and_mended_when_a_file_is_cut() {
        let cache = tempfile::tempdir().unwrap();
        let files: &[(&str, &[u8])] = &[("config.json", b"{}"), ("model.safetensors", b"0123456789")];
        let folder = unpack_files(files, cache.path()).unwrap();
        assert_eq!(std::fs::read(folder.join("model.safetensors")).unwrap(), b"0123456789");
        std::fs::write(folder.join("model.safetensors"), b"012").unwrap();
        assert_eq!(unpack_files(files, cache.path()).unwrap(), folder);
        assert_eq!(std::fs::read(folder.join("model.safetensors")).unwrap(), b"0123456789");
        let other = unpack_files(&[("config.json", b"{ }")], cache.path()).unwrap();
        assert_ne!(folder, other, "another model has another folder");
        assert_eq!(
            std::fs::read_dir(cache.path().join("models")).unwrap().count(),
            2,
            "nothing else is left"
        );
    }

    #[test]
    fn many_may_ask_for_the_model_at_once() {
        let cache = tempfile::tempdir().unwrap();
        let large = vec![7; 1 << 20];
        let files: &[(&str, &[u8])] = &[("config.json", b"{}"), ("model.safetensors", &large)];
        std::thread::scope(|scope| {
            let asked: Vec<_> =
                (0..8).map(|_| scope.spawn(|| unpack_files(files, cache.path()).unwrap())).collect();
            for folder in asked.into_iter().map(|thread| thread.join().unwrap()) {
                assert_eq!(std::fs::read(folder.join("model.safetensors")).unwrap(), large);
            }
        });
        assert_eq!(
            std::fs::read_dir(cache.path().join("models")).unwrap().count(),
            1,
            "nothing else is left"
        );
    }

    #[test]
    fn a_cache_that_cannot_be_written_says_what_to_do() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = unpack_files(&[("config.json", b"{}")], &file).unwrap_err();
        assert!(error.remedy.contains("EPISOME_CACHE"), "{error:?}");
    }
}
