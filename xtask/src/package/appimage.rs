//! An AppImage: one file that runs on any Linux with a desktop. It is the `.deb`'s tree with the web view and the libraries
//! that it needs beside it, packed as squashfs behind the runtime that AppImages start with
//! (<https://docs.appimage.org/reference/architecture.html>).
//!
//! Tauri's own bundler fetches its tools from elsewhere at build time; these come from the registries that everything else
//! here comes from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{project, system, tools};

/// Starts the app in the unpacked tree. WebKit looks for its processes below the working folder (see [`redirect`]).
const APP_RUN: &str = r#"#!/bin/sh
here="${APPDIR:-$(dirname "$(readlink -f "$0")")}"
export LD_LIBRARY_PATH="$here/usr/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export XDG_DATA_DIRS="$here/usr/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
export GSETTINGS_SCHEMA_DIR="$here/usr/share/glib-2.0/schemas"
export GDK_PIXBUF_MODULE_FILE="$here/usr/lib/loaders.cache"
cd "$here/usr" || exit 1
exec "$here/usr/bin/episome-app" "$@"
"#;

/// Libraries that belong to the system: those that must fit its kernel, its graphics driver, its display server or its
/// fonts, and those that every desktop has. After the list that AppImage's own tools leave out.
const THE_SYSTEMS: &[&str] = &[
    "ld-linux",
    "libc.so",
    "libm.so",
    "libdl.so",
    "libpthread.so",
    "librt.so",
    "libresolv.so",
    "libutil.so",
    "libanl.so",
    "libstdc++.so",
    "libgcc_s.so",
    "libGL.so",
    "libEGL.so",
    "libGLX",
    "libGLdispatch",
    "libGLESv2",
    "libOpenGL",
    "libdrm.so",
    "libgbm.so",
    "libglapi",
    "libX11.so",
    "libX11-xcb",
    "libxcb.so",
    "libxcb-dri",
    "libwayland-client",
    "libfontconfig.so",
    "libfreetype.so",
    "libharfbuzz.so",
    "libasound.so",
    "libz.so",
    "libexpat.so",
    "libuuid.so",
    "libgpg-error.so",
    "libcom_err.so",
    "libp11-kit.so",
    "libfribidi.so",
    "libgmp.so",
];

/// Makes the AppImage of what `package`, a .deb, holds.
pub fn build(package: &Path, folder: &Path) -> Result<PathBuf> {
    system::ensure_appimage()?;
    let tree = folder.join("Episome.AppDir");
    if tree.exists() {
        std::fs::remove_dir_all(&tree)?;
    }
    std::fs::create_dir_all(&tree)?;
    project::run(project::command("dpkg-deb").arg("--extract").arg(package).arg(&tree))?;
    let usr = tree.join("usr");
    copy_web_view(&usr)?;
    copy_images_and_schemas(&usr)?;
    copy_libraries(&usr)?;
    redirect(&usr.join("lib/libwebkit2gtk-4.1.so.0"))?;

    write_program(&tree.join("AppRun"), APP_RUN)?;
    std::fs::copy(usr.join("share/applications/Episome.desktop"), tree.join("episome.desktop"))?;
    let icon = project::root().join("assets/icons/128x128@2x.png");
    for name in ["episome-app.png", ".DirIcon"] {
        std::fs::copy(&icon, tree.join(name))?;
    }

    let image =
        folder.join(format!("Episome_{}_{}.AppImage", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH));
    let packed = folder.join("Episome.squashfs");
    project::run(project::command("mksquashfs").args([&tree, &packed]).args([
        "-noappend",
        "-root-owned",
        "-quiet",
        "-no-progress",
        "-comp",
        "gzip",
        "-b",
        "256K",
    ]))?;
    let mut bytes = std::fs::read(tools::appimage_runtime()?)?;
    bytes.extend(std::fs::read(&packed)?);
    std::fs::remove_file(packed)?;
    write_program(&image, bytes)?;
    Ok(image)
}

fn write_program(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content)?;
    project::run(project::command("chmod").arg("755").arg(path))
}

/// Where this system keeps its libraries.
fn libraries() -> PathBuf {
    Path::new("/usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH))
}

fn copy_tree(from: &Path, into: &Path) -> Result<()> {
    std::fs::create_dir_all(into)?;
    project::run(project::command("cp").args(["--recursive", "--dereference"]).arg(from).arg(into))
}

/// WebKit's own processes, which its library starts.
fn copy_web_view(usr: &Path) -> Result<()> {
    let from = libraries().join("webkit2gtk-4.1");
    let into = usr.join(from.strip_prefix("/usr")?);
    copy_tree(&from, into.parent().context("it lies in a folder")?)
}

/// What GTK reads pictures with, and the settings it asks for.
fn copy_images_and_schemas(usr: &Path) -> Result<()> {
    let loaders = libraries().join("gdk-pixbuf-2.0/2.10.0/loaders");
    copy_tree(&loaders, &usr.join("lib"))?;
    let cache =
        project::output(&mut project::command(libraries().join("gdk-pixbuf-2.0/gdk-pixbuf-query-loaders")))?;
    // Named without a folder, they are found where every library is.
    let cache = cache.replace(&format!("{}/", loaders.display()), "loaders/");
    std::fs::write(usr.join("lib/loaders.cache"), cache)?;
    copy_tree(Path::new("/usr/share/glib-2.0/schemas"), &usr.join("share/glib-2.0"))
}

/// Every library that the programs and the web view load, and that is not the system's.
fn copy_libraries(usr: &Path) -> Result<()> {
    let mut wanted = vec![usr.join("bin/episome-app"), usr.join("bin/episome")];
    for folder in
        [usr.join(libraries().strip_prefix("/usr")?).join("webkit2gtk-4.1"), usr.join("lib/loaders")]
    {
        wanted.extend(
            std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()),
        );
    }
    let mut found = BTreeSet::new();
    for program in wanted {
        // It follows the libraries of libraries by itself; of what is no program it says so and fails.
        let output = project::command("ldd").arg(&program).output()?;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if line.contains("not found") {
                bail!("{} lacks a library: {}", program.display(), line.trim());
            }
            let path = line.split(" => ").nth(1).and_then(|rest| rest.split(' ').next());
            found.extend(path.filter(|path| path.starts_with('/')).map(PathBuf::from));
        }
    }
    for path in found {
        let name = path.file_name().unwrap_or_default();
        let text = name.to_string_lossy();
        if !THE_SYSTEMS.iter().any(|known| text.starts_with(known)) {
            std::fs::copy(&path, usr.join("lib").join(name))?;
        }
    }
    Ok(())
}

/// WebKit's library has the folder of its processes written into it. `/usr` becomes `././`, of the same length, so that it is
/// looked for below the working folder, which AppRun sets to the tree's own `usr`.
fn redirect(library: &Path) -> Result<()> {
    let mut bytes = std::fs::read(library)?;
    let folder = libraries().join("webkit2gtk-4.1").display().to_string();
    let places: Vec<usize> = bytes
        .windows(folder.len())
        .enumerate()
        .filter(|(_, part)| *part == folder.as_bytes())
        .map(|(at, _)| at)
        .collect();
    if places.is_empty() {
        bail!("{} does not name {folder}: its processes would not be found", library.display());
    }
    for at in places {
        bytes[at..at + 4].copy_from_slice(b"././");
    }
    Ok(std::fs::write(library, bytes)?)
}
