//! The main job from end to end on the embedded base model and the sample project; then the app, opened on the result.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{interface, project, system};

/// Builds both programs, trains, predicts, exports, says where everything is, and opens the app on it.
pub fn run() -> Result<()> {
    system::ensure_workspace()?;
    eprintln!("Building the programs (the first time takes some minutes)");
    interface::build()?;
    project::build_programs()?;

    let started = Instant::now();
    let sample = project::root().join("assets/sample-project");
    let folder = new_folder()?;
    // As the app's own projects lie: it finds the run, the predictions and the adapter there.
    let (run, predictions, adapter) = (
        folder.join("runs/Sample project"),
        folder.join("predictions/predictions.csv"),
        folder.join("adapters/sample-project"),
    );
    std::fs::create_dir_all(folder.join("predictions"))?;
    let episome = || project::command(project::program());

    heading("Training a LoRA classifier on the sample project (simulated sequences)");
    project::run(
        episome()
            .arg("train")
            .arg("--data")
            .arg(sample.join("train.csv"))
            .args(["--model", "episome-mini", "--out"])
            .arg(&run),
    )?;
    heading("Predicting the sample FASTA");
    project::run(
        episome()
            .arg("predict")
            .arg(&run)
            .arg("--input")
            .arg(sample.join("unlabelled.fasta"))
            .arg("--out")
            .arg(&predictions),
    )?;
    heading("Exporting the adapter");
    project::run(episome().arg("export").arg(&run).arg("--out").arg(&adapter))?;

    println!("\nDone in {} seconds. What was made:", started.elapsed().as_secs());
    for (what, place) in [
        ("the report, figures and numbers", run.join("report/report.html")),
        ("the run, with curves and checkpoints", run.clone()),
        ("the predictions", predictions),
        ("the adapter, which Python's peft opens", adapter),
    ] {
        println!("  {what:<40} {}", place.display());
    }
    open(&folder, &run)
}

/// So long a window is watched: one that cannot be opened says so within that.
const WATCHED: Duration = Duration::from_secs(3);

/// Opens the app on the run, in a home that holds what the demo made; where there is no display, says how else to see it.
fn open(projects: &Path, run: &Path) -> Result<()> {
    let home = [("EPISOME_PROJECTS", projects.to_owned()), ("EPISOME_CONFIG", projects.join("settings"))];
    if has_display() {
        println!("\nOpening the app on it. Close its window when you have seen enough.");
        let log = projects.join("window.log");
        let said = std::fs::File::create(&log)?;
        let mut window = project::command(project::window_program())
            .arg("--run")
            .arg(run)
            .envs(home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .context("the app could not be started")?;
        let began = Instant::now();
        while began.elapsed() < WATCHED {
            match window.try_wait()? {
                Some(status) if !status.success() => {
                    bail!("the app ended at once ({status}):\n{}", std::fs::read_to_string(&log)?.trim());
                }
                // Another window took the run over.
                Some(_) => break,
                None => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    } else {
        let [projects, settings] = home.map(|(name, folder)| format!("{name}='{}'", folder.display()));
        println!("\nThere is no display here, so the app was not opened on it. To see it in a browser:");
        println!("  {projects} {settings} '{}' serve --open", project::program().display());
    }
    Ok(())
}

/// Whether a window can be shown: on Linux, a display server tells programs where it is.
fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("WAYLAND_DISPLAY") || named("DISPLAY")
}

fn heading(text: &str) {
    eprintln!("\n── {text}");
}

/// target/demo/1, 2, …: a demo never touches what an earlier one made.
fn new_folder() -> Result<PathBuf> {
    let parent = project::target().join("demo");
    let folder = (1..).map(|number: u32| parent.join(number.to_string())).find(|folder| !folder.exists());
    let folder = folder.unwrap_or(parent);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
