//! Every test of the workspace, with the reference implementations at hand.

use anyhow::Result;

use crate::{interface, project, python, system};

/// Runs `cargo test` on the workspace; what follows `cargo xtask test` is handed on to it.
pub fn run(arguments: &[String]) -> Result<()> {
    system::ensure_workspace()?;
    let python = python::interpreter()?;
    interface::build()?;
    interface::test()?;
    project::run(
        project::cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(arguments)
            .env("EPISOME_PYTHON", python)
            // Hub code is tested against a stand-in; nothing may reach the real one by mistake.
            .env("HF_HUB_OFFLINE", "1"),
    )
}
