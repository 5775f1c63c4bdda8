//! The journeys through the app in a real browser, with a picture of every screen.

use anyhow::Result;

use crate::{interface, project, system};

/// Runs `tests/e2e/browser` against `episome serve`; pictures go to target/screenshots.
pub fn run() -> Result<()> {
    system::ensure_browser()?;
    interface::build()?;
    project::run(project::cargo().args([
        "build",
        "--quiet",
        "-p",
        "episome-cli",
        "-p",
        "episome-hub-stand-in",
    ]))?;
    let folder = project::root().join("tests/e2e");
    interface::install(&folder)?;
    interface::npm(&folder, &["run", "--silent", "browser"])
}
