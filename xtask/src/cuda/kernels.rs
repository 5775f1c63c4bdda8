//! The kernels' sources compiled for cards, as the program compiles them at run time, each for every element type.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Toolkit;
use crate::project;

/// The element types, as crates/kernels/src/gpu.rs names them.
const ELEMENTS: [&str; 3] = ["float", "Bf16", "F16"];

/// Ampere, which the program compiles for, and Hopper.
const ARCHITECTURES: [&str; 2] = ["sm_80", "sm_90"];

/// Compiles every source; an error where one does not compile.
pub fn compile(toolkit: &Toolkit) -> Result<()> {
    let sources = project::root().join("crates/kernels/src");
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()));
    let (device, common) = (read(&sources.join("gpu/device.cuh"))?, read(&sources.join("gpu/common.cuh"))?);
    let folder = toolkit.folder.join("kernels");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut files = Vec::new();
    for source in programs(&sources)? {
        for element in ELEMENTS {
            let name = source.file_stem().unwrap_or_default().to_string_lossy();
            let file = folder.join(format!("{name}.{element}.cu"));
            fs::write(&file, format!("#define ELEMENT {element}\n{device}{common}{}", read(&source)?))?;
            files.push(file);
        }
    }
    if files.is_empty() {
        bail!("there are no kernels in {}", sources.display());
    }
    let compiler = compiler(toolkit, &folder)?;
    for architecture in ARCHITECTURES {
        eprintln!("Compiling {} kernel sources for {architecture}", files.len());
        project::run(project::command(&compiler).arg(architecture).args(&files))?;
    }
    Ok(())
}

/// A program that calls NVRTC.
fn compiler(toolkit: &Toolkit, folder: &Path) -> Result<PathBuf> {
    let (source, program) = (folder.join("nvrtc.c"), folder.join("nvrtc"));
    fs::write(&source, include_str!("nvrtc.c"))?;
    let libraries = toolkit.libraries();
    project::run(
        project::command("cc")
            .arg("-I")
            .arg(toolkit.home().join("include"))
            .arg("-o")
            .args([&program, &source])
            .arg("-L")
            .arg(&libraries)
            .arg(super::search(&[&libraries.to_string_lossy()]))
            .arg("-lnvrtc"),
    )?;
    Ok(program)
}

/// All `.cu` files of a folder and those in it, in order.
fn programs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(programs(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "cu") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
