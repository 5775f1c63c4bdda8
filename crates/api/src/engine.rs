//! Where the engine keeps things and what it may use: passed in by each face, never looked up inside.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Error, Kind};

/// What every request needs beside its own words.
#[derive(Clone)]
pub struct Engine {
    /// Episome's own cache: the unpacked embedded model.
    pub cache: PathBuf,
    /// The Hub, with its own cache that Python's huggingface_hub shares.
    pub hub: hub::Settings,
    /// The program `episome-cuda`, which computes on NVIDIA cards, where it is installed and this program is not it.
    pub gpu_worker: Option<PathBuf>,
    /// Set to true, it stops what is being done at the next safe point.
    pub stop: Arc<AtomicBool>,
}

impl Engine {
    /// An error of kind `interrupted` once the work has been asked to stop.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::SeqCst) { Err(Error::new(Kind::Interrupted, "stopped")) } else { Ok(()) }
    }
}

/// The program `episome-cuda` beside `program`; none where it is not there, or `program` can use such cards itself.
pub fn gpu_worker_beside(program: &Path) -> Option<PathBuf> {
    if kernels::Accelerator::Cuda.is_built() {
        return None;
    }
    let worker = program.parent()?.join(format!("episome-cuda{}", std::env::consts::EXE_SUFFIX));
    worker.is_file().then_some(worker)
}

/// Hears how downloads get on.
pub type Downloads<'a> = &'a mut dyn FnMut(&hub::Progress);

/// Episome's cache folder: `EPISOME_CACHE`, else the platform's folder for caches, with `episome` in it.
///
/// `variable` looks an environment variable up; empty ones count as absent.
pub fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = path("EPISOME_CACHE") {
        return Some(folder);
    }
    let caches = if cfg!(windows) {
        path("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        path("HOME").map(|home| home.join("Library/Caches"))
    } else {
        path("XDG_CACHE_HOME").or_else(|| path("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("episome"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_can_be_moved() {
        let given = |name: &str| (name == "EPISOME_CACHE").then(|| OsString::from("elsewhere"));
        assert_eq!(cache_folder(given), Some(PathBuf::from("elsewhere")));
        assert_eq!(cache_folder(|_| None), None);
        assert_eq!(cache_folder(|_| Some(OsString::new())), None);
    }
}
