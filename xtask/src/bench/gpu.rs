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

use super::Settings;
use super::measure::{Measurement, Summary, Watched, new_folder, train_as_tutorial};
use super::peer::Peer;
use super::workload::Workload;
use crate::project;

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
    let workload = &Workload::prepare(settings, Peer::prepare(settings)?)?;
    for case in &CASES {
        let steps = case.steps.unwrap_or(settings.steps);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..settings.repeats {
            ours.push(episome(&program, &workload.folder.join(case.data), case.max_length, "1", workload)?.0);
            let mut command = workload.peer.command(settings.threads);
            command
                .args(["train", "--device", "cuda", "--dtype", "bf16", "--padding", "longest"])
                .args(["--batch-size", "8", "--max-length", case.max_length])
                .args(["--steps", &steps.to_string(), "--base"])
                .arg(&workload.base)
                .arg("--data")
                .arg(workload.folder.join(case.data));
            theirs.push(Measurement::of_peer(&watched(&mut command)?)?);
        }
        println!("\n{}, bf16 on {name}\n\n{}", case.about, table(&ours, &theirs)?);
    }
    let all = project::root().join("../shared/data/prom300/train.csv");
    let (_, seconds) = episome(&program, &all, "128", "3", workload)?;
    println!("three epochs over all promoters, bf16 on {name}: {seconds:.0} seconds");
    Ok(())
}

fn table(ours: &[Measurement], theirs: &[Measurement]) -> Result<String> {
    let summary = |runs| Summary::of(runs).context("a run was not timed");
    let (ours, theirs) = (summary(ours)?, summary(theirs)?);
    let mut text = String::from(
        "| program | tokens/s | peak memory of the card | speed | memory |\n|---|---|---|---|---|\n",
    );
    for (program, runs) in [("Episome", &ours), ("transformers + peft, padded to the longest", &theirs)] {
        writeln!(
            text,
            "| {program} | {:.0} | {:.0} MB | {:.2}× | {:.2}× |",
            runs.tokens_per_second,
            runs.peak_bytes / 1e6,
            ours.tokens_per_second / runs.tokens_per_second,
            ours.peak_bytes / runs.peak_bytes,
        )?;
    }
    Ok(text)
}

/// Trains with the tutorial's settings: the steps of the last epoch, and seconds from start to end.
fn episome(
    program: &Path,
    data: &Path,
    max_length: &str,
    epochs: &str,
    workload: &Workload,
) -> Result<(Measurement, f64)> {
    let mut command = project::command(program);
    command.args(["--json", "--quiet"]);
    train_as_tutorial(&mut command, data, max_length, workload, &new_folder()?);
    command.args(["--device", "cuda", "--dtype", "bf16", "--epochs", epochs]);
    let began = Instant::now();
    let run = watched(&mut command)?;
    let seconds = began.elapsed().as_secs_f64();
    Ok((Measurement::of_steps(&run)?, seconds))
}

/// The JSON objects that a command prints, and the most memory of the card that it took.
fn watched(command: &mut Command) -> Result<Watched> {
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
    let peak_bytes = most.load(Ordering::Relaxed).saturating_sub(before) as f64;
    Ok(Watched { lines, peak_bytes, killed: false })
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
