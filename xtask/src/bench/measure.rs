//! One timed run of either program, and what several of them come to.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Settings;
use super::workload::{LONG_STEPS, Workload};
use crate::project;

/// One run of one program; without seconds where it was killed for memory.
#[derive(Default)]
pub struct Measurement {
    pub seconds: f64,
    pub sequences: f64,
    /// Without padding.
    pub tokens: f64,
    /// The largest resident memory of the process, as the operating system counts it.
    pub peak_bytes: f64,
}

impl Measurement {
    /// The steps of a training's last epoch, from the end of the first to the end of the last.
    pub fn of_steps(training: &Watched) -> Result<Self> {
        let of_type = |name: &'static str| training.lines.iter().filter(move |event| event["type"] == name);
        let batch_size =
            number(of_type("started").next().context("the training did not start")?, "batch_size")?;
        let steps: Vec<&Value> = of_type("step").collect();
        let epoch = number(steps.last().context("the training printed no step")?, "epoch")?.ceil();
        // A step event tells the pace since the one before it.
        let mut measurement = Self { peak_bytes: training.peak_bytes, ..Self::default() };
        let in_epoch = |event: &Value| event["epoch"].as_f64().is_some_and(|at| at > epoch - 1.0);
        for pair in steps.windows(2).filter(|pair| in_epoch(pair[0])) {
            let sequences = batch_size * (number(pair[1], "step")? - number(pair[0], "step")?);
            let seconds = sequences / number(pair[1], "sequences_per_second")?;
            measurement.seconds += seconds;
            measurement.sequences += sequences;
            measurement.tokens += seconds * number(pair[1], "tokens_per_second")?;
        }
        Ok(measurement)
    }

    /// What the peer's script says of its run at its end.
    pub fn of_peer(run: &Watched) -> Result<Self> {
        let result = run.lines.iter().rev().find(|line| line.get("seconds").is_some());
        let result =
            result.context("the peer printed no result: run tests/bench/peer.py by hand to see why")?;
        Ok(Self {
            seconds: number(result, "seconds")?,
            sequences: number(result, "sequences")?,
            tokens: number(result, "tokens")?,
            peak_bytes: run.peak_bytes,
        })
    }
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
    /// Summarises the runs of one program; `None` unless each of them ended.
    pub fn of(runs: &[Measurement]) -> Option<Self> {
        if runs.is_empty() || runs.iter().any(|run| run.seconds <= 0.0) {
            return None;
        }
        let sorted = |value: fn(&Measurement) -> f64| {
            let mut values: Vec<f64> = runs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let speeds = sorted(|run| run.sequences / run.seconds);
        Some(Self {
            sequences_per_second: median(&speeds),
            slowest: speeds[0],
            fastest: speeds[speeds.len() - 1],
            tokens_per_second: median(&sorted(|run| run.tokens / run.seconds)),
            peak_bytes: median(&sorted(|run| run.peak_bytes)),
        })
    }
}

/// The middle one of values in order; there must be one.
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
}

/// What a program is timed at.
#[derive(Clone, Copy)]
pub enum Task {
    /// Training steps on a table, cut at so many tokens; timed from the end of the first step to the end of the last.
    Train(&'static str, &'static str),
    /// Prediction of predict.csv.
    Predict,
    /// The whole program on the sample project.
    Sample,
}

/// How the peer pads its batches.
#[derive(Clone, Copy)]
pub enum Padding {
    /// To the greatest length that is allowed, as the tutorial does.
    MaxLength,
    /// To the longest of the batch.
    Longest,
}

/// One program at one task.
pub struct Run {
    /// How the table names it.
    pub program: &'static str,
    task: Task,
    who: Who,
}

enum Who {
    Episome(&'static [&'static str]),
    Peer(Padding),
}

impl Run {
    /// The program `episome` with some flags more.
    pub const fn episome(program: &'static str, task: Task, flags: &'static [&'static str]) -> Self {
        Self { program, task, who: Who::Episome(flags) }
    }

    /// transformers + peft.
    pub const fn peer(program: &'static str, task: Task, padding: Padding) -> Self {
        Self { program, task, who: Who::Peer(padding) }
    }

    /// Runs it once.
    pub fn measure(&self, workload: &Workload, settings: &Settings) -> Result<Measurement> {
        match self.who {
            Who::Peer(padding) => measure_peer(self.task, padding, workload, settings),
            Who::Episome(flags) => {
                let out = new_folder()?;
                let mut command = project::command(project::program());
                command
                    .args(["--json", "--quiet", "--threads", &settings.threads.to_string()])
                    .stderr(Stdio::null());
                match self.task {
                    Task::Train(data, max_length) => train(command, data, max_length, flags, workload, &out),
                    Task::Predict => predict(command, workload, &out),
                    Task::Sample => sample(command, &out),
                }
            }
        }
    }
}

fn measure_peer(
    task: Task,
    padding: Padding,
    workload: &Workload,
    settings: &Settings,
) -> Result<Measurement> {
    let mut command = workload.peer.command(settings.threads);
    let steps = if matches!(task, Task::Train("long.csv", _)) { LONG_STEPS } else { settings.steps };
    let (name, data, max_length, batch_size) = match task {
        Task::Train(data, max_length) => ("train", data, max_length, "8"),
        _ => ("predict", "predict.csv", "128", "64"),
    };
    let padding = match padding {
        Padding::MaxLength => "max_length",
        Padding::Longest => "longest",
    };
    command
        .args([name, "--padding", padding, "--max-length", max_length, "--batch-size", batch_size])
        .args(["--steps", &steps.to_string(), "--base"])
        .arg(&workload.base)
        .arg("--data")
        .arg(workload.folder.join(data));
    let watched = watched(&mut command)?;
    if watched.killed {
        return Ok(Measurement { peak_bytes: watched.peak_bytes, ..Measurement::default() });
    }
    Measurement::of_peer(&watched)
}

/// Trains with the tutorial's settings; of several epochs the last is timed.
fn train(
    mut command: Command,
    data: &str,
    max_length: &str,
    flags: &[&str],
    workload: &Workload,
    out: &Path,
) -> Result<Measurement> {
    let epochs = if flags.contains(&"--epochs") { [].as_slice() } else { &["--epochs", "1"] };
    train_as_tutorial(&mut command, &workload.folder.join(data), max_length, workload, out);
    command.args(epochs).args(flags);
    Measurement::of_steps(&watched(&mut command)?)
}

/// Lets a command of the program train with the tutorial's settings.
pub fn train_as_tutorial(
    command: &mut Command,
    data: &Path,
    max_length: &str,
    workload: &Workload,
    out: &Path,
) {
    let validation = workload.folder.join("validation.csv");
    command
        .args(["train", "--no-baseline", "--batch-size", "8", "--max-length", max_length])
        .args(["--rank", "8", "--alpha", "32", "--dropout", "0.1", "--target", "c_attn"])
        .args(["--learning-rate", "2e-5", "--weight-decay", "0.01", "--data"])
        .arg(data)
        .arg("--validation")
        .arg(&validation)
        .arg("--test")
        .arg(&validation)
        .arg("--model")
        .arg(&workload.base)
        .arg("--out")
        .arg(out.join("run"));
}

/// Predicts with an adapter that is made once by a short training.
fn predict(mut command: Command, workload: &Workload, out: &Path) -> Result<Measurement> {
    let adapter = workload.folder.join("adapter");
    if !adapter.exists() {
        let mut training = project::command(project::program());
        training.args(["--json", "--quiet"]).stderr(Stdio::null());
        train(training, "validation.csv", "128", &[], workload, &out.join("training"))?;
        project::run(
            project::command(project::program())
                .args(["export", "--quiet"])
                .arg(out.join("training/run"))
                .arg("--out")
                .arg(&adapter)
                .stdout(Stdio::null()),
        )?;
    }
    command
        .arg("predict")
        .arg(&adapter)
        .arg("--input")
        .arg(workload.folder.join("predict.csv"))
        .arg("--model")
        .arg(&workload.base)
        .args(["--max-length", "128", "--out"])
        .arg(out.join("predictions.csv"));
    let Watched { lines, peak_bytes, .. } = watched(&mut command)?;
    let finished = lines.last().context("the prediction printed no result")?;
    Ok(Measurement {
        seconds: number(finished, "seconds")?,
        sequences: number(finished, "sequences")?,
        tokens: number(finished, "tokens")?,
        peak_bytes,
    })
}

/// The whole program on the sample project, its start among the seconds; training sequences of all epochs are counted.
fn sample(mut command: Command, out: &Path) -> Result<Measurement> {
    command
        .args(["train", "--model", "episome-mini", "--data"])
        .arg(project::root().join("assets/sample-project/train.csv"))
        .arg("--out")
        .arg(out.join("run"));
    let began = Instant::now();
    let Watched { lines, peak_bytes, .. } = watched(&mut command)?;
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("{seconds:.1} seconds");
    let started =
        lines.iter().find(|event| event["type"] == "started").context("the training did not start")?;
    let epochs = number(started, "epochs")?;
    let sequences = epochs * number(&started["records"], "train")?;
    let steps: Vec<&Value> = lines.iter().filter(|event| event["type"] == "step").collect();
    let per_sequence: f64 = steps
        .iter()
        .filter_map(|step| Some(step["tokens_per_second"].as_f64()? / step["sequences_per_second"].as_f64()?))
        .sum::<f64>()
        / steps.len().max(1) as f64;
    Ok(Measurement { seconds, sequences, tokens: sequences * per_sequence, peak_bytes })
}

/// A folder for one run, never one that was used before.
pub fn new_folder() -> Result<std::path::PathBuf> {
    let parent = project::target().join("bench/runs");
    let folder = (1..).map(|number: u32| parent.join(number.to_string())).find(|folder| !folder.exists());
    let folder = folder.context("no free name for a run")?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What a command printed and needed.
pub struct Watched {
    /// The JSON objects of its output.
    pub lines: Vec<Value>,
    /// The peak of its resident memory.
    pub peak_bytes: f64,
    /// Whether the system killed it, as it does when memory runs out.
    pub killed: bool,
}

/// The peak of a command's resident memory, in bytes; what it prints is not read.
pub fn peak(command: &mut Command) -> Result<f64> {
    let mut child =
        command.stdout(Stdio::null()).spawn().context("could not start a program of the benchmark")?;
    let peak = watch_memory(&mut child)?;
    if !child.wait()?.success() {
        bail!("a program of the benchmark failed: {command:?}");
    }
    Ok(peak)
}

/// Runs a command to its end and keeps what it prints.
pub fn watched(command: &mut Command) -> Result<Watched> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().context("could not start a program of the benchmark")?;
    let stdout = child.stdout.take().context("no standard output to read")?;
    let reader = std::thread::spawn(move || std::io::read_to_string(stdout));
    let peak_bytes = watch_memory(&mut child)?;
    let status = child.wait()?;
    let Ok(text) = reader.join() else { bail!("reading the output failed") };
    let killed = was_killed(status);
    if !(status.success() || killed) {
        bail!("a program of the benchmark failed: {command:?} ({status})");
    }
    let lines = text?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(Watched { lines, peak_bytes, killed })
}

#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}

#[cfg(not(unix))]
fn was_killed(_: ExitStatus) -> bool {
    false
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

/// A number in what a program printed.
pub fn number(object: &Value, name: &str) -> Result<f64> {
    object[name].as_f64().with_context(|| format!("no number {name:?} in {object}"))
}
