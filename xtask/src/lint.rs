//! Formatting, clippy, documentation, types of the interface, and what is generated from the program: pages in docs/, types for ui/.

use anyhow::Result;

use crate::{interface, project, system};

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
    )?;
    interface::lint()
}

/// Writes docs/hyperparameters.md from the descriptions that the command line and the forms use, and the commands and their
/// types in TypeScript. Tests fail while these files differ from the program.
pub fn write_docs() -> Result<()> {
    system::ensure_workspace()?;
    // Of the whole workspace, as the tests are: a package alone would be built anew with fewer features.
    project::run(project::cargo().args([
        "build",
        "--quiet",
        "--workspace",
        "--example",
        "hyperparameter_page",
        "--example",
        "bindings",
    ]))?;
    let examples = project::target().join("debug/examples");
    let page = project::output(&mut project::command(examples.join("hyperparameter_page")))?;
    std::fs::write(project::root().join("docs/hyperparameters.md"), page)?;
    let bindings = project::root().join("ui/src/lib/bindings");
    project::run(project::command(examples.join("bindings")).arg(bindings))
}
