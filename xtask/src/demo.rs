//! The main job from end to end on the embedded base model and the sample project.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use crate::{interface, project, system};

/// Builds the program, trains, predicts, exports, and says where everything is.
pub fn run() -> Result<()> {
    system::ensure_build()?;
    eprintln!("Building the program (the first time takes some minutes)");
    interface::build()?;
    project::run(project::cargo().args(["build", "--quiet", "--package", "episome-cli"]))?;

    let started = Instant::now();
    let sample = project::root().join("assets/sample-project");
    let folder = new_folder()?;
    let (run, predictions, adapter) =
        (folder.join("sample-project"), folder.join("predictions.csv"), folder.join("adapter"));
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
        ("the run, with curves and checkpoints", run),
        ("the predictions", predictions),
        ("the adapter, which Python's peft opens", adapter),
    ] {
        println!("  {what:<40} {}", place.display());
    }
    println!("\nThe app, in a browser: {} serve --open", project::program().display());
    Ok(())
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
