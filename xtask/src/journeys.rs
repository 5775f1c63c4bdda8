//! The journeys through the app, in a real browser and in the real window, with a picture of every screen.

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
    project::build_programs()?;
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
    let mut journey = journey("browser")?;
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
    system::ensure_window()?;
    let driver = tools::tauri_driver()?;
    project::run(journey("window")?.env("TAURI_DRIVER", driver))
}

/// The command that takes a journey with the programs that were just built.
fn journey(name: &str) -> Result<Command> {
    let folder = project::root().join("tests/e2e");
    interface::install(&folder)?;
    let mut command = project::command("npm");
    command
        .args(["run", "--silent", name])
        .current_dir(folder)
        .env("EPISOME", project::program())
        .env("EPISOME_APP", project::window_program());
    Ok(command)
}
