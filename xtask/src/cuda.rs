//! The program `episome-cuda`, built with neither a card nor a toolkit installed: the toolkit comes as wheels from PyPI, at
//! the versions in cuda-toolkit.txt, into target/cuda.

mod kernels;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{project, system};

const VERSIONS: &str = include_str!("../cuda-toolkit.txt");

/// The oldest cards that the program runs on: compute capability 8.0, the first with bf16. Newer ones translate its code.
const CAPABILITY: &str = "80";

/// Compiles our kernels, builds `episome-cuda` and puts it beside `episome`; `kernels` stops after the first.
pub fn run(arguments: &[String]) -> Result<()> {
    let only_kernels = match arguments {
        [] => false,
        [what] if what == "kernels" => true,
        other => bail!("cuda takes nothing, or `kernels`; not {other:?}"),
    };
    system::ensure_build()?;
    let toolkit = Toolkit::fetch()?;
    kernels::compile(&toolkit)?;
    if only_kernels {
        return Ok(());
    }
    eprintln!("Building episome-cuda (the first time takes some ten minutes)");
    let search = format!("link-arg={}", search(&["$ORIGIN/cuda", &toolkit.libraries().to_string_lossy()]));
    project::run(
        toolkit
            .cargo()?
            .args(["rustc", "--package", "episome-cli", "--bin", "episome", "--features", "cuda", "--", "-C"])
            .arg(search),
    )?;
    let built = toolkit.target().join("debug/episome");
    let beside = project::program().with_file_name("episome-cuda");
    fs::create_dir_all(project::target().join("debug"))?;
    fs::copy(&built, &beside).with_context(|| format!("could not copy {}", built.display()))?;

    eprintln!("Looking whether it starts without a card");
    let said = project::output(
        project::command(&beside)
            .args(["doctor", "--json"])
            .env("LD_LIBRARY_PATH", toolkit.stub())
            .env("EPISOME_CACHE", toolkit.folder.join("cache")),
    )?;
    let report: serde_json::Value = serde_json::from_str(&said)?;
    if report["device"] != "cpu" {
        bail!("with a driver that has no card, episome-cuda says that it computes on {}", report["device"]);
    }
    println!("{} is there; episome uses it where a card answers it.", beside.display());
    Ok(())
}

/// The linker's option for the folders in which a program looks for libraries. The old tag: the new one does not hold for
/// libraries that look for others, and NVRTC looks for its own second half when it first compiles.
fn search(folders: &[&str]) -> String {
    let folders: String = folders.iter().map(|folder| format!(",-rpath,{folder}")).collect();
    format!("-Wl,--disable-new-dtags{folders}")
}

/// What compiling and linking with CUDA needs, in target/cuda.
struct Toolkit {
    folder: PathBuf,
}

impl Toolkit {
    fn fetch() -> Result<Self> {
        let toolkit = Self { folder: project::target().join("cuda") };
        let installed = toolkit.folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|text| text == VERSIONS) {
            return Ok(toolkit);
        }
        system::ensure_python()?;
        eprintln!("Fetching the CUDA toolkit into {} (once; 1.3 GB)", toolkit.folder.display());
        let python = toolkit.folder.join("python");
        project::run(project::command("python3").args(["-m", "venv", "--clear"]).arg(&python))?;
        let wheels = toolkit.folder.join("toolkit");
        if wheels.exists() {
            fs::remove_dir_all(&wheels)?;
        }
        project::run(
            project::command(python.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--no-cache-dir", "--no-deps", "--target"])
                .arg(&wheels)
                .arg("--requirement")
                .arg(project::root().join("xtask/cuda-toolkit.txt")),
        )?;
        toolkit.link_libraries()?;
        toolkit.make_stub()?;
        fs::write(&installed, VERSIONS)?;
        Ok(toolkit)
    }

    fn home(&self) -> PathBuf {
        self.folder.join("toolkit/nvidia/cu13")
    }

    fn libraries(&self) -> PathBuf {
        self.home().join("lib")
    }

    fn stub(&self) -> PathBuf {
        self.folder.join("stub")
    }

    /// Where what is built with CUDA goes: it does not take turns with what is built without.
    fn target(&self) -> PathBuf {
        self.folder.join("build")
    }

    /// Cargo, with the toolkit where the build scripts of the crates below look for it.
    fn cargo(&self) -> Result<Command> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bin = self.home().join("bin");
        let joined = |first: &[PathBuf], rest: &OsString| {
            std::env::join_paths(first.iter().cloned().chain(std::env::split_paths(rest)))
        };
        let mut cargo = project::cargo();
        for name in ["CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDA_TOOLKIT_ROOT_DIR"] {
            cargo.env(name, self.home());
        }
        cargo
            .env("PATH", joined(&[bin], &path)?)
            .env("LIBRARY_PATH", joined(&[self.stub(), self.libraries()], &OsString::new())?)
            .env("CUDA_COMPUTE_CAP", CAPABILITY)
            .env("CARGO_TARGET_DIR", self.target());
        Ok(cargo)
    }

    /// The names by which linkers and nvcc look: `lib64`, and each library without its version.
    fn link_libraries(&self) -> Result<()> {
        link(Path::new("lib"), &self.home().join("lib64"))?;
        for entry in fs::read_dir(self.libraries())? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if let Some((bare, _)) = name.split_once(".so.") {
                link(Path::new(&name), &self.libraries().join(format!("{bare}.so")))?;
            }
        }
        Ok(())
    }

    /// A library in the driver's place, which only a machine with a card has: each function of its header answers that
    /// there is no card. The program is linked with it and never runs with it, but to see that it starts.
    fn make_stub(&self) -> Result<()> {
        let header = self.home().join("include/cuda.h");
        let text =
            fs::read_to_string(&header).with_context(|| format!("could not read {}", header.display()))?;
        let words: BTreeSet<&str> = text
            .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .filter(|word| word.strip_prefix("cu").is_some_and(|rest| rest.starts_with(char::is_uppercase)))
            .collect();
        const NO_DEVICE: u32 = 100; // CUDA_ERROR_NO_DEVICE
        let source: String =
            words.iter().map(|word| format!("int {word}(void) {{ return {NO_DEVICE}; }}\n")).collect();
        fs::create_dir_all(self.stub())?;
        let (file, library) = (self.stub().join("stub.c"), self.stub().join("libcuda.so.1"));
        fs::write(&file, source)?;
        project::run(
            project::command("cc")
                .args(["-shared", "-fPIC", "-w", "-Wl,-soname,libcuda.so.1", "-o"])
                .args([&library, &file]),
        )?;
        link(Path::new("libcuda.so.1"), &self.stub().join("libcuda.so"))
    }
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result<()> {
    if at.symlink_metadata().is_ok() {
        return Ok(());
    }
    std::os::unix::fs::symlink(to, at).with_context(|| format!("could not make the link {}", at.display()))
}

#[cfg(not(unix))]
fn link(to: &Path, at: &Path) -> Result<()> {
    let from = at.with_file_name(to);
    fs::copy(&from, at).with_context(|| format!("could not copy {}", from.display()))?;
    Ok(())
}
