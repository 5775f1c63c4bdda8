//! Episome beside transformers + peft on an NVIDIA card, both in bf16: the tutorial's workload, inputs of 1,024 tokens, and
//! three epochs over every promoter.
//!
//! Memory is the card's, as its driver counts it for all processes, less what was in use before.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Settings;
use super::measure::{median, new_folder, number, peer};
use super::workload::Workload;
use crate::{project, python};

/// One workload: its table, the most tokens of a sequence, and steps of eight sequences; none: as the benchmark is told.
struct Case {
    about: &'static str,
    data: &'static str,
    max_length: &'static str,
    steps: Option<usize>,
}

const CASES: [Case; 2] = [
    Case {
        about: "training, 300-bp promoters cut at 128 tokens, batch 8",
        data: "train.csv",
        max_length: "128",
        steps: None,
    },
    Case {
        about: "training, 1,024 tokens each, batch 8",
        data: "long.csv",
        max_length: "1024",
        steps: Some(super::workload::LONG_STEPS),
    },
];

/// What one run came to.
struct Measured {
    tokens_per_second: f64,
    peak_bytes: f64,
}

/// Runs the cases and prints their tables, or that there is no card.
pub fn run(settings: &Settings) -> Result<()> {
    let Some(name) = card() else {
        println!("\nNo graphics card answers here (nvidia-smi): nothing was run on one.");
        return Ok(());
    };
    let program = project::program().with_file_name("episome-cuda");
    if !program.exists() {
        bail!("{} is not there: build it with `cargo xtask cuda`", program.display());
    }
    let workload = &Workload::prepare(settings, &python::interpreter()?)?;
    for case in &CASES {
        let steps = case.steps.unwrap_or(settings.steps);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..settings.repeats {
            ours.push(episome(&program, &workload.folder.join(case.data), case.max_length, "1", workload)?.0);
            let mut command = peer(&workload.python, settings);
            command
                .args(["train", "--device", "cuda", "--dtype", "bf16", "--padding", "longest"])
                .args(["--batch-size", "8", "--max-length", case.max_length])
                .args(["--steps", &steps.to_string(), "--base"])
                .arg(&workload.base)
                .arg("--data")
                .arg(workload.folder.join(case.data));
            let (lines, peak_bytes) = watched(&mut command)?;
            let result = lines.last().context("the peer printed no result")?;
            let tokens_per_second = number(result, "tokens")? / number(result, "seconds")?;
            theirs.push(Measured { tokens_per_second, peak_bytes });
        }
        println!("\n{}, bf16 on {name}\n\n{}", case.about, table(&ours, &theirs)?);
    }
    let all = project::root().join("../shared/data/prom300/train.csv");
    let (_, seconds) = episome(&program, &all, "128", "3", workload)?;
    println!("three epochs over all promoters, bf16 on {name}: {seconds:.0} seconds");
    Ok(())
}

fn table(ours: &[Measured], theirs: &[Measured]) -> Result<String> {
    let of = |runs: &[Measured], value: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        median(&values)
    };
    let speed = |runs| of(runs, |run| run.tokens_per_second);
    let peak = |runs| of(runs, |run| run.peak_bytes);
    let mut text = String::from(
        "| program | tokens/s | peak memory of the card | speed | memory |\n|---|---|---|---|---|\n",
    );
    for (program, runs) in [("Episome", ours), ("transformers + peft, padded to the longest", theirs)] {
        let (faster, smaller) = (speed(ours) / speed(runs), peak(ours) / peak(runs));
        let (speed, megabytes) = (speed(runs), peak(runs) / 1e6);
        writeln!(text, "| {program} | {speed:.0} | {megabytes:.0} MB | {faster:.2}× | {smaller:.2}× |")?;
    }
    Ok(text)
}

/// Trains with the tutorial's settings: the pace of the steps after the first told, and seconds from start to end.
fn episome(
    program: &Path,
    data: &Path,
    max_length: &str,
    epochs: &str,
    workload: &Workload,
) -> Result<(Measured, f64)> {
    let validation = workload.folder.join("validation.csv");
    let mut command = project::command(program);
    command
        .args(["train", "--json", "--quiet", "--device", "cuda", "--dtype", "bf16", "--no-baseline"])
        .args(["--epochs", epochs, "--batch-size", "8", "--max-length", max_length])
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
        .arg(new_folder()?.join("run"));
    let began = Instant::now();
    let (lines, peak_bytes) = watched(&mut command)?;
    let seconds = began.elapsed().as_secs_f64();
    let steps: Vec<&Value> = lines.iter().filter(|event| event["type"] == "step").collect();
    // A step event tells the pace since the one before it.
    let (mut tokens, mut time) = (0.0, 0.0);
    for pair in steps.windows(2) {
        let sequences = 8.0 * (number(pair[1], "step")? - number(pair[0], "step")?);
        let passed = sequences / number(pair[1], "sequences_per_second")?;
        time += passed;
        tokens += passed * number(pair[1], "tokens_per_second")?;
    }
    if time <= 0.0 {
        bail!("the training told of no two steps");
    }
    Ok((Measured { tokens_per_second: tokens / time, peak_bytes }, seconds))
}

/// The JSON objects that a command prints, and the most memory of the card that it took.
fn watched(command: &mut Command) -> Result<(Vec<Value>, f64)> {
    let before = used_bytes().unwrap_or(0);
    let (over, most) = (AtomicBool::new(false), AtomicU64::new(before));
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(used_bytes().unwrap_or(0), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let output = command.stderr(Stdio::inherit()).output();
        over.store(true, Ordering::Relaxed);
        output
    })?;
    if !output.status.success() {
        bail!("a program of the benchmark failed: {command:?} ({})", output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok((lines, most.load(Ordering::Relaxed).saturating_sub(before) as f64))
}

/// The first card's name; none where the driver's program is not there or finds none.
fn card() -> Option<String> {
    query("name")
}

fn used_bytes() -> Option<u64> {
    Some(query("memory.used")?.parse::<u64>().ok()? << 20)
}

fn query(field: &str) -> Option<String> {
    let mut command = Command::new("nvidia-smi");
    command.arg(format!("--query-gpu={field}")).args(["--format=csv,noheader,nounits", "--id=0"]);
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
