//! One timed run of either program, and what several of them come to.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{Settings, Workload};
use crate::project;

/// One run of one program.
pub struct Measurement {
    seconds: f64,
    sequences: f64,
    /// Without padding.
    tokens: f64,
    /// The largest resident memory of the process, as the operating system counts it.
    peak_bytes: f64,
}

/// The median of several runs.
pub struct Summary {
    /// Median.
    pub sequences_per_second: f64,
    /// The slowest run's sequences a second.
    pub slowest: f64,
    /// The fastest run's sequences a second.
    pub fastest: f64,
    /// Median.
    pub tokens_per_second: f64,
    /// Median.
    pub peak_bytes: f64,
}

impl Summary {
    /// Summarises the runs of one program; there must be one at least.
    pub fn of(runs: &[Measurement]) -> Self {
        let sorted = |value: fn(&Measurement) -> f64| {
            let mut values: Vec<f64> = runs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let speeds = sorted(|run| run.sequences / run.seconds);
        Self {
            sequences_per_second: median(&speeds),
            slowest: speeds[0],
            fastest: speeds[speeds.len() - 1],
            tokens_per_second: median(&sorted(|run| run.tokens / run.seconds)),
            peak_bytes: median(&sorted(|run| run.peak_bytes)),
        }
    }
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
}

/// The peer's script with the settings that every task of it takes.
pub fn peer(python: &Path, settings: &Settings) -> Command {
    let threads = settings.threads.to_string();
    let mut command = project::command(python);
    command
        .arg("tests/bench/peer.py")
        .args(["--threads", &threads, "--steps", &settings.steps.to_string()])
        .env("OMP_NUM_THREADS", &threads)
        .env("HF_HUB_OFFLINE", "1")
        .env("TRANSFORMERS_VERBOSITY", "error")
        .stderr(Stdio::null());
    command
}

/// Runs transformers + peft on one task.
pub fn measure_peer(
    task: &str,
    padding: &str,
    workload: &Workload,
    settings: &Settings,
    python: &Path,
) -> Result<Measurement> {
    let (data, batch_size) = match task {
        "train" => (&workload.train, "8"),
        _ => (&workload.predict, "64"),
    };
    let mut command = peer(python, settings);
    command
        .args([task, "--padding", padding, "--batch-size", batch_size, "--base"])
        .arg(&workload.base)
        .arg("--data")
        .arg(data);
    let (lines, peak_bytes) = watched(&mut command)?;
    let result = lines
        .iter()
        .rev()
        .find(|line| line.get("seconds").is_some())
        .context("the peer printed no result: run tests/bench/peer.py by hand to see why")?;
    Ok(Measurement {
        seconds: number(result, "seconds")?,
        sequences: number(result, "sequences")?,
        tokens: number(result, "tokens")?,
        peak_bytes,
    })
}

/// Runs the program `episome` on one task.
pub fn measure_episome(task: &str, workload: &Workload, settings: &Settings) -> Result<Measurement> {
    let out = new_folder()?;
    let mut command = project::command(project::program());
    command.args(["--json", "--threads", &settings.threads.to_string()]).stderr(Stdio::inherit());
    match task {
        "train" => train(command, workload, settings, &out),
        _ => predict(command, workload, &out),
    }
}

/// Trains one epoch; timed, as the peer is, from the end of the first step to the end of the last.
fn train(mut command: Command, workload: &Workload, settings: &Settings, out: &Path) -> Result<Measurement> {
    command
        .args(["train", "--no-baseline", "--epochs", "1", "--batch-size", "8", "--max-length", "128"])
        .args(["--rank", "8", "--alpha", "32", "--dropout", "0.1", "--target", "c_attn"])
        .args(["--learning-rate", "2e-5", "--weight-decay", "0.01"])
        .arg("--data")
        .arg(&workload.train)
        .arg("--validation")
        .arg(&workload.validation)
        .arg("--test")
        .arg(&workload.validation)
        .arg("--model")
        .arg(&workload.base)
        .arg("--out")
        .arg(out.join("run"));
    let (events, peak_bytes) = watched(&mut command)?;
    let steps: Vec<&Value> = events.iter().filter(|event| event["type"] == "step").collect();
    let last = steps.last().context("the training printed no step")?;
    if number(last, "step")? as usize != settings.steps {
        bail!("expected {} steps, saw {last}", settings.steps);
    }
    // A step event tells the pace since the one before it.
    let mut measurement = Measurement { seconds: 0.0, sequences: 0.0, tokens: 0.0, peak_bytes };
    for pair in steps.windows(2) {
        let sequences = 8.0 * (number(pair[1], "step")? - number(pair[0], "step")?);
        let seconds = sequences / number(pair[1], "sequences_per_second")?;
        measurement.seconds += seconds;
        measurement.sequences += sequences;
        measurement.tokens += seconds * number(pair[1], "tokens_per_second")?;
    }
    Ok(measurement)
}

/// Predicts with an adapter that is made once by a short training.
fn predict(mut command: Command, workload: &Workload, out: &Path) -> Result<Measurement> {
    let adapter = project::target().join("bench/adapter");
    if !adapter.exists() {
        let run = out.join("run");
        project::run(
            project::command(project::program())
                .args(["train", "--json", "--no-baseline", "--epochs", "1", "--target", "c_attn", "--data"])
                .arg(&workload.validation)
                .arg("--validation")
                .arg(&workload.validation)
                .arg("--test")
                .arg(&workload.validation)
                .arg("--model")
                .arg(&workload.base)
                .arg("--out")
                .arg(&run)
                .stdout(Stdio::null()),
        )?;
        project::run(
            project::command(project::program())
                .arg("export")
                .arg(&run)
                .arg("--out")
                .arg(&adapter)
                .stdout(Stdio::null()),
        )?;
    }
    command
        .arg("predict")
        .arg(&adapter)
        .arg("--input")
        .arg(&workload.predict)
        .arg("--model")
        .arg(&workload.base)
        .args(["--max-length", "128", "--out"])
        .arg(out.join("predictions.csv"));
    let (events, peak_bytes) = watched(&mut command)?;
    let finished = events.last().context("the prediction printed no result")?;
    Ok(Measurement {
        seconds: number(finished, "seconds")?,
        sequences: number(finished, "sequences")?,
        tokens: number(finished, "tokens")?,
        peak_bytes,
    })
}

/// A folder for one run, never one that was used before.
fn new_folder() -> Result<std::path::PathBuf> {
    let parent = project::target().join("bench/runs");
    let folder = (1..).map(|number: u32| parent.join(number.to_string())).find(|folder| !folder.exists());
    let folder = folder.context("no free name for a run")?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Runs a command to its end and returns the JSON objects of its output and the peak of its resident memory.
fn watched(command: &mut Command) -> Result<(Vec<Value>, f64)> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().context("could not start a program of the benchmark")?;
    let stdout = child.stdout.take().context("no standard output to read")?;
    let reader = std::thread::spawn(move || std::io::read_to_string(stdout));
    let peak_bytes = watch_memory(&mut child)?;
    let status = child.wait()?;
    let Ok(text) = reader.join() else { bail!("reading the output failed") };
    if !status.success() {
        bail!("a program of the benchmark failed: {command:?} ({status})");
    }
    let lines = text?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok((lines, peak_bytes))
}

/// Reads the kernel's own high-water mark until the process has ended.
fn watch_memory(child: &mut Child) -> Result<f64> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kibibytes: f64 = 0.0;
    while child.try_wait()?.is_none() {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let value = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
            peak_kibibytes = peak_kibibytes.max(value.unwrap_or(0.0));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(peak_kibibytes * 1024.0)
}

fn number(object: &Value, name: &str) -> Result<f64> {
    object[name].as_f64().with_context(|| format!("no number {name:?} in {object}"))
}
