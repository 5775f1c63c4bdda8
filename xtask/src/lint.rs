//! Formatting, clippy, documentation, and the pages in docs/ that are generated from the program.

use anyhow::Result;

use crate::{project, system};

/// Fails on the first thing that is not as it should be.
pub fn run() -> Result<()> {
    system::ensure_workspace()?;
    project::run(project::cargo().args(["fmt", "--all", "--check"]))?;
    project::run(project::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "--deny",
        "warnings",
    ]))?;
    project::run(
        project::cargo()
            .args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// Writes docs/hyperparameters.md from the descriptions that the command line and the forms use.
/// A test fails while the page differs from them.
pub fn write_docs() -> Result<()> {
    system::ensure_build()?;
    let page = project::output(project::cargo().args([
        "run",
        "--quiet",
        "--package",
        "episome-train",
        "--example",
        "hyperparameter_page",
    ]))?;
    std::fs::write(project::root().join("docs/hyperparameters.md"), page)?;
    Ok(())
}
