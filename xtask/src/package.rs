//! Packages to install: of both programs in the `release` profile, with the worker beside the app.

mod appimage;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{interface, project, system, tools};

const HELP: &str = "\
Build packages to install

Usage: cargo xtask package [KIND]...

  KIND   on Linux deb or appimage, on macOS app or dmg, on Windows nsis or msi (default: deb and appimage, dmg, nsis)

What is for macOS and Windows has not been tried.
";

/// Builds the packages that `arguments` name.
pub fn run(arguments: &[String]) -> Result<()> {
    let kinds: &[&str] = if cfg!(target_os = "macos") {
        &["dmg", "app"]
    } else if cfg!(windows) {
        &["nsis", "msi"]
    } else {
        &["deb", "appimage"]
    };
    if let Some(unknown) = arguments.iter().find(|word| !kinds.contains(&word.as_str())) {
        bail!("{HELP}\n{unknown} is no package of this system.");
    }
    let usual = if cfg!(target_os = "linux") { kinds } else { &kinds[..1] };
    let wanted = |kind: &&&str| {
        if arguments.is_empty() { usual.contains(*kind) } else { arguments.iter().any(|word| word == **kind) }
    };
    let wanted: Vec<&str> = kinds.iter().filter(wanted).copied().collect();

    system::ensure_workspace()?;
    interface::build()?;
    let release = project::build_release()?;
    // An AppImage is made of what the .deb holds.
    let bundles: Vec<&str> =
        wanted.iter().map(|kind| if *kind == "appimage" { "deb" } else { kind }).collect();
    bundle(&release, &bundles)?;
    let folder = release.join("bundle");
    let mut made: Vec<PathBuf> = Vec::new();
    for kind in wanted {
        match kind {
            "appimage" => {
                made.push(appimage::build(&newest(&folder.join("deb"), "deb")?, &folder.join("appimage"))?)
            }
            "nsis" => made.push(newest(&folder.join(kind), "exe")?),
            "app" => made.push(newest(&folder.join("macos"), kind)?),
            _ => made.push(newest(&folder.join(kind), kind)?),
        }
    }
    println!("Made:");
    for path in made {
        let bytes = std::fs::metadata(&path)?.len();
        println!("  {} ({:.1} MB)", path.display(), bytes as f64 / 1e6);
    }
    Ok(())
}

/// Has Tauri pack the programs that are built. The worker is handed over here and not in tauri.conf.json: there, every build
/// of the window would ask for it.
fn bundle(release: &Path, kinds: &[&str]) -> Result<()> {
    let triple = project::output(project::command("rustc").args(["--print", "host-tuple"]))?;
    let name = |suffix: &str| format!("episome{suffix}{}", std::env::consts::EXE_SUFFIX);
    let aside = project::target().join("package");
    std::fs::create_dir_all(&aside)?;
    std::fs::copy(release.join(name("")), aside.join(name(&format!("-{}", triple.trim()))))
        .context("the program `episome` is not where cargo builds it")?;
    let configuration = json!({ "bundle": { "externalBin": [aside.join("episome")] } });
    project::run(
        project::command(tools::tauri()?)
            .args(["bundle", "--ci", "--bundles", &kinds.join(","), "--config", &configuration.to_string()])
            .env("CARGO_TARGET_DIR", project::target()),
    )
}

/// The newest file of a folder with this ending.
fn newest(folder: &Path, ending: &str) -> Result<PathBuf> {
    let files =
        std::fs::read_dir(folder).with_context(|| format!("nothing was packed in {}", folder.display()))?;
    let files = files.flatten().map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|one| one == ending))
        .max_by_key(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
        .with_context(|| format!("{} holds no .{ending}", folder.display()))
}
