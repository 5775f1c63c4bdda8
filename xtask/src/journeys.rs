//! The journeys through the app, in a real browser and in the real window, with a picture of every screen.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{interface, project, system, tools};

const HELP: &str = "\
Walk through the app, from the sample project to an adapter that was handed on

Usage: cargo xtask journeys [browser | window] [--readme]

  browser   in Chromium, against `episome serve`
  window    in the desktop app itself, on a screen that nobody sees (on Linux)
  --readme  write the picture that README.md shows, docs/screenshot.png, anew

Without a word both are walked. Pictures go to target/screenshots.
";

/// Which journeys are taken.
struct Chosen {
    browser: bool,
    window: bool,
    readme: bool,
}

impl Chosen {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut chosen = Self { browser: false, window: false, readme: false };
        for word in arguments {
            match word.as_str() {
                "browser" => chosen.browser = true,
                "window" => chosen.window = true,
                "--readme" => chosen.readme = true,
                _ => bail!("{HELP}\n{word} is no journey."),
            }
        }
        if !(chosen.browser || chosen.window) {
            (chosen.browser, chosen.window) = (true, !chosen.readme);
        }
        Ok(chosen)
    }
}

/// Installs and builds what the journeys need, and takes those that `arguments` ask for.
pub fn run(arguments: &[String]) -> Result<()> {
    let chosen = Chosen::parse(arguments)?;
    system::ensure_workspace()?;
    interface::build()?;
    project::build_for_journeys()?;
    if chosen.browser {
        in_browser(chosen.readme)?;
    }
    if chosen.window {
        in_window()?;
    }
    Ok(())
}

/// Takes both with programs that are built.
pub fn all() -> Result<()> {
    in_browser(false)?;
    in_window()
}

fn in_browser(readme: bool) -> Result<()> {
    system::ensure_browser()?;
    let mut journey = script("browser", &project::target().join("debug"))?;
    if readme {
        journey.env("EPISOME_README_PICTURE", project::root().join("docs/screenshot.png"));
    }
    project::run(&mut journey)
}

fn in_window() -> Result<()> {
    if !system::WINDOW_IS_DRIVEN {
        println!(
            "The journey through the window is not taken on this system: it needs WebKitGTK's driver, which Linux has. The \
             journey through the browser shows the same interface."
        );
        return Ok(());
    }
    project::run(&mut driven("window", &project::target().join("debug"))?)
}

/// A script of tests/e2e that opens the window of the programs in `built`.
pub fn driven(name: &str, built: &Path) -> Result<Command> {
    system::ensure_window()?;
    let mut script = script(name, built)?;
    script.env("TAURI_DRIVER", tools::tauri_driver()?);
    Ok(script)
}

/// A script of tests/e2e with the programs in `built`.
fn script(name: &str, built: &Path) -> Result<Command> {
    let folder = project::root().join("tests/e2e");
    interface::install(&folder)?;
    let program = |name: &str| built.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut command = project::command("npm");
    command
        .args(["run", "--silent", name])
        .current_dir(folder)
        .env("EPISOME", program("episome"))
        .env("EPISOME_APP", program("episome-app"))
        .env("EPISOME_HUB_STAND_IN", program("episome-hub-stand-in"));
    Ok(command)
}
