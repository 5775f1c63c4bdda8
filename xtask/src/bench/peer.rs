//! The peer of the benchmark: transformers + peft, run by `tests/bench/peer.py`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::Settings;
use crate::{project, python};

/// What answers MKL, PyTorch's library of matrix products, that the processor is Intel's.
const INTEL: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn mkl_serv_intel_cpu_true() -> i32 { 1 }\n";

/// The interpreter, and what it is told of the processor.
pub struct Peer {
    python: PathBuf,
    preload: Option<PathBuf>,
}

impl Peer {
    /// Installs it on first use.
    pub fn prepare(settings: &Settings) -> Result<Self> {
        let preload = if settings.mkl_as_on_intel { Some(answer_for_intel()?) } else { None };
        Ok(Self { python: python::interpreter()?, preload })
    }

    /// Its script, on so many threads.
    pub fn command(&self, threads: usize) -> Command {
        let threads = threads.to_string();
        let mut command = project::command(&self.python);
        command
            .arg("tests/bench/peer.py")
            .args(["--threads", &threads])
            .env("OMP_NUM_THREADS", &threads)
            .env("HF_HUB_OFFLINE", "1")
            .env("TRANSFORMERS_VERBOSITY", "error")
            .envs(self.preload.as_ref().map(|library| ("LD_PRELOAD", library)))
            .stderr(Stdio::null());
        command
    }
}

/// A library that stands before MKL's own question for the maker of the processor. On AMD's MKL chooses AVX2 even where
/// there is AVX-512, which halves its rate; with the answer it takes the code that it takes on Intel's.
fn answer_for_intel() -> Result<PathBuf> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!("--mkl-as-on-intel needs Linux on x86");
    }
    let folder = project::target().join("mkl");
    std::fs::create_dir_all(&folder)?;
    let (source, library) = (folder.join("intel.rs"), folder.join("libintel.so"));
    std::fs::write(&source, INTEL)?;
    project::run(
        project::command("rustc")
            .args(["--edition", "2024", "--crate-type", "cdylib", "-O", "-o"])
            .arg(&library)
            .arg(&source),
    )?;
    Ok(library)
}
