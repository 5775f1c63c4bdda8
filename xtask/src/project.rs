//! Where the project's files are, and how its commands are run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The folder that holds the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The folder where builds go.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The program `episome` as `cargo build` leaves it.
pub fn program() -> PathBuf {
    target().join("debug").join(format!("episome{}", std::env::consts::EXE_SUFFIX))
}

/// The window's program as `cargo build` leaves it.
pub fn window_program() -> PathBuf {
    program().with_file_name(format!("episome-app{}", std::env::consts::EXE_SUFFIX))
}

/// Builds both programs. They are always built together: a build of one alone unites other features of the crates they
/// share, and compiles most of them a second time.
pub fn build_programs() -> Result<()> {
    run(cargo().args(["build", "--quiet", "--package", "episome-cli", "--package", "episome-app"]))
}

/// Builds both programs and the Hub on this computer that the journeys upload to.
pub fn build_for_journeys() -> Result<()> {
    let packages = ["episome-cli", "episome-app", "episome-hub-stand-in"];
    run(cargo().args(["build", "--quiet"]).args(packages.iter().flat_map(|name| ["--package", name])))
}

/// Builds both programs as they are packed; gives the folder where they are.
pub fn build_release() -> Result<PathBuf> {
    eprintln!("Building both programs for release (some minutes)");
    let feature = "episome-app/custom-protocol";
    run(cargo()
        .args(["build", "--quiet", "--release", "--package", "episome-cli", "--package", "episome-app"])
        .args(["--features", feature]))?;
    Ok(target().join("release"))
}

/// Cargo, as it was called, in the project's root.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program that runs in the project's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Runs a command to its end; its failure is an error that quotes it.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", quoted(command)))?;
    if !status.success() {
        bail!("failed: {} ({status})", quoted(command));
    }
    Ok(())
}

/// Runs a command to its end and returns what it wrote on standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("could not start {}", quoted(command)))?;
    if !output.status.success() {
        bail!("failed: {} ({})\n{}", quoted(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn quoted(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
