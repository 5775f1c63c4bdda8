//! The Python environment in which the reference implementations run beside ours.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{project, system};

/// The interpreter of an environment with tests/interop/requirements.txt installed, made on first use.
pub fn interpreter() -> Result<PathBuf> {
    let requirements = project::root().join("tests/interop/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("could not read {}", requirements.display()))?;
    let folder = project::target().join("python");
    let python = folder.join("bin/python");
    let installed = folder.join("requirements.installed.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) && python.exists() {
        return Ok(python);
    }
    system::ensure_python()?;
    eprintln!("Installing PyTorch, transformers and peft into {} (once; about 8 GB)", folder.display());
    project::run(project::command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    project::run(
        project::command(&python)
            .args(["-m", "pip", "install", "--quiet", "--no-cache-dir", "--requirement"])
            .arg(&requirements),
    )?;
    std::fs::write(&installed, wanted).with_context(|| format!("could not write {}", installed.display()))?;
    Ok(python)
}
