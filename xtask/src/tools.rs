//! Programs of registries that some tasks need, kept in target/tools.

use std::path::PathBuf;

use anyhow::Result;

use crate::project;

/// The version of tauri-driver that the journeys are taken with.
const TAURI_DRIVER: &str = "2.1.0";

/// The folder of one tool in one version.
fn folder(name: &str) -> PathBuf {
    project::target().join("tools").join(name)
}

/// tauri-driver, which lets WebDriver into the window; built on first use.
pub fn tauri_driver() -> Result<PathBuf> {
    let folder = folder(&format!("tauri-driver-{TAURI_DRIVER}"));
    let program = folder.join("bin").join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        eprintln!("Building tauri-driver {TAURI_DRIVER} into {} (once)", folder.display());
        project::run(
            project::cargo()
                .args(["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked", "--debug", "--quiet"])
                .arg("--root")
                .arg(&folder)
                .arg("--target-dir")
                .arg(folder.join("build")),
        )?;
        // What it was built from is of no more use.
        std::fs::remove_dir_all(folder.join("build"))?;
    }
    Ok(program)
}
