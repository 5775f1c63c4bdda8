//! What an epoch costs: a line in sequences and in tokens.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Settings;
use super::measure::{Measurement, median, new_folder, watched};
use super::workload::simulate;
use crate::project;

/// Sequences of 300 bp, and lengths in bp of 4,000 sequences.
const SEQUENCES: [usize; 4] = [1_000, 5_000, 20_000, 50_000];
const LENGTHS: [usize; 4] = [100, 200, 400, 800];

/// Times one epoch of the embedded base on simulated sequences, prints a table and draws docs/cost.svg.
pub fn run(settings: &Settings) -> Result<()> {
    println!(
        "\none epoch of episome-mini with LoRA on simulated sequences, {} threads, {} runs of each, medians\n\n\
         | sequences | length | tokens | seconds | tokens/s |\n|---|---|---|---|---|",
        settings.threads, settings.repeats
    );
    let by_count = SEQUENCES.map(|sequences| (sequences, 300));
    let by_length = LENGTHS.map(|length| (4_000, length));
    let more = series("1,000 to 50,000 sequences of 300 bp", json!("accent"), &by_count, settings)?;
    let longer = series("4,000 sequences of 100 to 800 bp", json!({"class": 1}), &by_length, settings)?;
    let threads = settings.threads;
    let runs = match settings.repeats {
        1 => "one run of each".to_owned(),
        repeats => format!("medians of {repeats} runs"),
    };
    let figure = json!({
        "figure": "lines",
        "title": "What an epoch costs",
        "note": format!("episome-mini with LoRA on simulated sequences, {threads} threads; {runs}."),
        "x": {"label": "Tokens of an epoch (millions)", "range": null, "whole": false, "from_zero": true},
        "y": {"label": "Seconds", "range": null, "whole": false, "from_zero": true},
        "series": [more, longer],
        "reference": null, "marked": null, "square": false,
    });
    draw(&figure, &project::root().join("docs/cost.svg"))
}

/// One line of the figure: (millions of tokens, seconds) for each number and length of sequences.
fn series(name: &str, role: Value, points: &[(usize, usize)], settings: &Settings) -> Result<Value> {
    let mut measured = Vec::new();
    for &(sequences, length) in points {
        let (tokens, seconds) = epoch(sequences, length, settings)?;
        println!("| {sequences} | {length} bp | {tokens:.0} | {seconds:.1} | {:.0} |", tokens / seconds);
        measured.push((tokens / 1e6, seconds));
    }
    Ok(json!({"name": name, "points": measured, "role": role, "stroke": "dotted"}))
}

/// Tokens of an epoch, and its seconds: from the end of the first step, scaled to all steps.
fn epoch(sequences: usize, length: usize, settings: &Settings) -> Result<(f64, f64)> {
    let folder = new_folder()?;
    let (data, few) = (folder.join("data"), folder.join("few"));
    simulate(&data, sequences, length)?;
    simulate(&few, 40, length)?;
    let mut seconds = Vec::new();
    let mut tokens = 0.0;
    for repeat in 1..=settings.repeats {
        eprintln!("cost, {sequences} sequences of {length} bp, {repeat} of {}", settings.repeats);
        let mut command = project::command(project::program());
        command
            .args(["--json", "--quiet", "--threads", &settings.threads.to_string()])
            .args(["train", "--model", "episome-mini", "--epochs", "1", "--no-baseline", "--data"])
            .arg(data.join("train.csv"))
            .arg("--validation")
            .arg(few.join("train.csv"))
            .arg("--test")
            .arg(few.join("train.csv"))
            .arg("--out")
            .arg(folder.join(format!("run-{repeat}")))
            .stderr(Stdio::null());
        let measured = Measurement::of_steps(&watched(&mut command)?)?;
        let scale = sequences as f64 / measured.sequences;
        tokens = scale * measured.tokens;
        seconds.push(scale * measured.seconds);
    }
    seconds.sort_by(f64::total_cmp);
    Ok((tokens, median(&seconds)))
}

fn draw(figure: &Value, path: &Path) -> Result<()> {
    let description = project::target().join("bench/cost.json");
    std::fs::write(&description, figure.to_string())?;
    let mut command: Command = project::cargo();
    command.args(["run", "--quiet", "--package", "episome-chart", "--example", "draw", "--"]).arg(path);
    let description = std::fs::File::open(&description).context("the description of the figure")?;
    project::run(command.stdin(description))
}
