//! Programs of registries that some tasks need, kept in target/tools.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::{interface, project};

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
                .args([
                    "install",
                    "tauri-driver",
                    "--version",
                    TAURI_DRIVER,
                    "--locked",
                    "--debug",
                    "--quiet",
                ])
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

/// The version of Tauri's command line, which packs programs.
const TAURI: &str = "2.12.5";

/// Tauri's command line; fetched on first use.
pub fn tauri() -> Result<PathBuf> {
    let folder = folder(&format!("tauri-{TAURI}"));
    let program = folder.join("node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    if !program.is_file() {
        std::fs::create_dir_all(&folder)?;
        let package = format!("@tauri-apps/cli@{TAURI}");
        interface::npm(
            &folder,
            &["install", "--prefix", ".", "--no-audit", "--no-fund", "--loglevel", "error", &package],
        )?;
    }
    Ok(program)
}

/// The crate that carries the runtime of AppImages, and its version.
const RUNTIME: (&str, &str) = ("appimage", "0.4.0");

/// The program that an AppImage begins with; fetched on first use. It is compiled already, by the crate's authors.
pub fn appimage_runtime() -> Result<PathBuf> {
    let (name, version) = RUNTIME;
    let folder = folder(&format!("{name}-{version}"));
    let runtime = folder.join("vendor").join(name).join(format!("assets/runtime-{}", std::env::consts::ARCH));
    if !runtime.is_file() {
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("src/lib.rs"), "")?;
        let manifest = format!(
            "[package]\nname = \"runtime\"\nedition = \"2024\"\n[dependencies]\n{name} = \"={version}\"\n[workspace]\n"
        );
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        project::run(
            project::cargo().args(["vendor", "--quiet"]).current_dir(&folder).stdout(Stdio::null()),
        )?;
    }
    if !runtime.is_file() {
        bail!("there is no AppImage runtime for {} in the crate {name}", std::env::consts::ARCH);
    }
    Ok(runtime)
}
