//! System packages on Debian and Ubuntu, installed where that is allowed and named where it is not.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::project;

/// What compiling the program needs: a C compiler for the compression libraries, and the certificates that the Hub is trusted by.
const BUILD: &[&str] = &["build-essential", "ca-certificates", "pkg-config"];

/// What the window's shell needs besides.
const SHELL: &[&str] = &["libwebkit2gtk-4.1-dev", "librsvg2-dev"];

/// What a Python environment of our own needs.
const PYTHON: &[&str] = &["python3", "python3-venv"];

/// What the journey through the browser is taken in, with letters for both languages.
const BROWSER: &[&str] = &["chromium", "fonts-droid-fallback", "fonts-liberation"];

/// What the journey through the window is taken in besides: a screen that nobody sees, a bus on which the window asks
/// whether it is open already, the driver of the web view, and a hand for the system's own dialogs.
const WINDOW: &[&str] = &["dbus", "webkit2gtk-driver", "xdotool", "xvfb"];

/// What the test of the system's keyring is made with: a keyring, and a bus on which it answers.
const KEYRING: &[&str] = &["dbus", "gnome-keyring"];

/// What an AppImage is packed with.
const APPIMAGE: &[&str] = &["dpkg", "libgdk-pixbuf2.0-bin", "squashfs-tools"];

/// Whether this system's windows can be walked through by a program: elsewhere than on Linux the drivers differ.
pub const WINDOW_IS_DRIVEN: bool = cfg!(target_os = "linux");

/// Makes sure that a browser is there.
pub fn ensure_browser() -> Result<()> {
    ensure(BROWSER)
}

/// Makes sure that the window can be opened on a screen of its own and walked through.
pub fn ensure_window() -> Result<()> {
    ensure(&[BROWSER, WINDOW].concat())
}

/// Makes sure that a token can be kept in a keyring of the system.
pub fn ensure_keyring() -> Result<()> {
    ensure(KEYRING)
}

/// Makes sure that an AppImage can be packed.
pub fn ensure_appimage() -> Result<()> {
    ensure(APPIMAGE)
}

/// Makes sure that the program `episome` can be built.
pub fn ensure_build() -> Result<()> {
    ensure(BUILD)
}

/// Makes sure that the whole workspace can be built.
pub fn ensure_workspace() -> Result<()> {
    ensure(&[BUILD, SHELL].concat())
}

/// Makes sure that `python3 -m venv` works, whoever installed that Python.
pub fn ensure_python() -> Result<()> {
    let works = Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if works { Ok(()) } else { ensure(PYTHON) }
}

fn ensure(packages: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !Path::new("/usr/bin/dpkg-query").exists() {
        eprintln!(
            "Not a Debian or Ubuntu system: taking for granted what these packages hold: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install --yes --no-install-recommends {}", missing.join(" "));
    let Some(prefix) = privilege() else {
        bail!("Some system packages are missing. Install them, then run this again:\n\n    sudo {install}\n");
    };
    eprintln!("Installing system packages: {}", missing.join(" "));
    for line in ["apt-get update --quiet", install.as_str()] {
        let line = format!("{prefix}{line}");
        let mut words = line.split(' ');
        let mut command = project::command(words.next().unwrap_or_default());
        project::run(command.args(words).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

/// What goes before a command that needs root: nothing for root, `sudo` where it asks for no password.
fn privilege() -> Option<&'static str> {
    let answers = |program: &str, arguments: &[&str], wanted: &str| {
        Command::new(program).args(arguments).stderr(Stdio::null()).output().is_ok_and(|output| {
            output.status.success() && String::from_utf8_lossy(&output.stdout).trim() == wanted
        })
    };
    if answers("id", &["-u"], "0") {
        Some("")
    } else if answers("sudo", &["--non-interactive", "id", "-u"], "0") {
        Some("sudo --preserve-env=DEBIAN_FRONTEND ")
    } else {
        None
    }
}
