//! The user interface in `ui/`: its packages, its checks, its build.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::project;

/// The oldest Node that its tools run on: package.json says the same.
const OLDEST_NODE: (u32, u32) = (20, 19);

fn folder() -> PathBuf {
    project::root().join("ui")
}

/// What `ui/dist` is made of.
const SOURCES: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// Builds `ui/dist`, which the program and the window carry inside, where it is older than what it is made of: each new one
/// has both programs built again.
pub fn build() -> Result<()> {
    install(&folder())?;
    let built = folder().join("node_modules/.built");
    let since = std::fs::metadata(&built).and_then(|marker| marker.modified()).ok();
    let whole = folder().join("dist/assets").is_dir();
    let newest = SOURCES.iter().map(|name| newest(&folder().join(name))).max().flatten();
    if whole && since.is_some() && newest < since {
        return Ok(());
    }
    let began = std::time::SystemTime::now();
    npm(&folder(), &["run", "--silent", "build", "--", "--logLevel", "warn"])?;
    // What was changed during the build is newer than this.
    Ok(std::fs::File::create(built)?.set_modified(began)?)
}

/// When a file, or anything in a folder, was changed last.
fn newest(path: &Path) -> Option<std::time::SystemTime> {
    let own = std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let below =
        std::fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path()));
    below.chain(own).max()
}

/// Formatting and types.
pub fn lint() -> Result<()> {
    install(&folder())?;
    npm(&folder(), &["run", "--silent", "lint"])?;
    npm(&folder(), &["run", "--silent", "check"])
}

/// The unit tests of what has logic.
pub fn test() -> Result<()> {
    install(&folder())?;
    npm(&folder(), &["test", "--silent"])
}

/// Installs a folder's packages just as its package-lock.json names them, where that has not been done.
pub fn install(folder: &Path) -> Result<()> {
    ensure_node()?;
    let wanted = std::fs::read(folder.join("package-lock.json"))?;
    let marker = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!("Installing the packages of {}", folder.display());
    npm(folder, &["ci", "--no-audit", "--no-fund", "--loglevel", "error"])?;
    Ok(std::fs::write(&marker, wanted)?)
}

fn ensure_node() -> Result<()> {
    let (major, minor) = OLDEST_NODE;
    let advice =
        format!("Install Node {major}.{minor} or newer, with npm (https://nodejs.org), then run this again.");
    let Ok(version) = project::output(project::command("node").arg("--version")) else {
        bail!("The user interface is built with Node, which is not here. {advice}");
    };
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(one), Some(two)) if (one, two) >= OLDEST_NODE => Ok(()),
        _ => bail!("Node {} is too old. {advice}", version.trim()),
    }
}

/// Runs npm in a folder.
pub fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    project::run(project::command("npm").args(arguments).current_dir(folder))
}
