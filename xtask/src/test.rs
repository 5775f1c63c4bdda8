//! Every test of the workspace, with the reference implementations at hand, and the journeys through the app.

use anyhow::Result;

use crate::{interface, journeys, project, python, system};

/// Runs `cargo test` on the workspace, then the journeys. What follows `cargo xtask test` is handed on to cargo: whoever asks
/// for certain tests gets those and no journeys.
pub fn run(arguments: &[String]) -> Result<()> {
    system::ensure_workspace()?;
    system::ensure_keyring()?;
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
    )?;
    if arguments.is_empty() {
        project::build_for_journeys()?;
        journeys::all()?;
    }
    Ok(())
}
