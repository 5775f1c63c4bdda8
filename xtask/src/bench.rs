//! Episome beside transformers + peft on this machine: the same base, sequences, batch size and threads, run after
//! run in alternation, medians and ratios at the end.
//!
//! The workload is the tutorial's: GPT-2 small with a vocabulary of 30,000, LoRA of rank 8 on c_attn, batches of
//! eight 300-bp sequences cut at 128 tokens. The peer runs it as the tutorial does, padded to 128 tokens, and once
//! more padded to the longest of each batch.

mod measure;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use self::measure::{Measurement, Summary, measure_episome, measure_peer};
use crate::{project, python, system};

const HELP: &str = "\
Time Episome beside transformers + peft

Usage: cargo xtask bench [--repeats N] [--steps N] [--threads N] [--sequences N]

  --repeats N    alternating runs of each program (default 5)
  --steps N      training steps of 8 sequences a run (default 60)
  --sequences N  sequences to predict a run (default 512)
  --threads N    threads for both (default: all cores)
";

/// What is timed, how often and on how many threads.
struct Settings {
    repeats: usize,
    steps: usize,
    sequences: usize,
    threads: usize,
}

impl Settings {
    fn parse(arguments: &[String]) -> Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut settings = Self { repeats: 5, steps: 60, sequences: 512, threads };
        let mut words = arguments.iter();
        while let Some(name) = words.next() {
            let value = words.next().and_then(|word| word.parse().ok()).filter(|number| *number > 0);
            let (Some(value), Some(field)) = (value, settings.field(name)) else {
                bail!("{HELP}\n{name} is not an option of the benchmark, or lacks its number.");
            };
            *field = value;
        }
        Ok(settings)
    }

    fn field(&mut self, name: &str) -> Option<&mut usize> {
        match name {
            "--repeats" => Some(&mut self.repeats),
            "--steps" => Some(&mut self.steps),
            "--sequences" => Some(&mut self.sequences),
            "--threads" => Some(&mut self.threads),
            _ => None,
        }
    }
}

/// The files that both programs read, made anew for every benchmark under target/bench.
struct Workload {
    base: PathBuf,
    train: PathBuf,
    validation: PathBuf,
    predict: PathBuf,
}

/// Runs the benchmark and prints its table.
pub fn run(arguments: &[String]) -> Result<()> {
    let settings = Settings::parse(arguments)?;
    system::ensure_build()?;
    let python = python::interpreter()?;
    project::run(project::cargo().args(["build", "--quiet", "--package", "episome-cli"]))?;
    let workload = prepare(&settings, &python)?;

    let mut rows = String::new();
    for task in ["train", "predict"] {
        let mut ours = Vec::new();
        let mut padded = Vec::new();
        let mut longest = Vec::new();
        for repeat in 1..=settings.repeats {
            eprintln!("{task}, run {repeat} of {}", settings.repeats);
            ours.push(measure_episome(task, &workload, &settings)?);
            padded.push(measure_peer(task, "max_length", &workload, &settings, &python)?);
            longest.push(measure_peer(task, "longest", &workload, &settings, &python)?);
        }
        write_rows(&mut rows, task, &ours, &padded, &longest)?;
    }
    println!(
        "{} threads, {} runs of each in alternation, medians (smallest to largest); ratios are Episome's\n",
        settings.threads, settings.repeats
    );
    println!("| task | program | sequences/s | tokens/s | peak memory | speed | memory |");
    println!("|---|---|---|---|---|---|---|");
    print!("{rows}");
    Ok(())
}

fn write_rows(
    rows: &mut String,
    task: &str,
    ours: &[Measurement],
    padded: &[Measurement],
    longest: &[Measurement],
) -> Result<()> {
    let reference = Summary::of(ours);
    for (program, runs) in [
        ("Episome", ours),
        ("transformers + peft, padded to 128", padded),
        ("transformers + peft, padded to the longest", longest),
    ] {
        let summary = Summary::of(runs);
        writeln!(
            rows,
            "| {task} | {program} | {:.1} ({:.1} to {:.1}) | {:.0} | {:.0} MB | {:.2}× | {:.2}× |",
            summary.sequences_per_second,
            summary.slowest,
            summary.fastest,
            summary.tokens_per_second,
            summary.peak_bytes / 1e6,
            reference.sequences_per_second / summary.sequences_per_second,
            reference.peak_bytes / summary.peak_bytes,
        )?;
    }
    Ok(())
}

fn prepare(settings: &Settings, python: &Path) -> Result<Workload> {
    let folder = project::target().join("bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let data = project::root().join("../shared/data");
    let base = folder.join("base");
    project::run(
        measure::peer(python, settings)
            .arg("base")
            .arg("--tokenizer")
            .arg(data.join("tokenizers/dna_gpt2_v0"))
            .arg("--out")
            .arg(&base),
    )?;
    let lines = |name: &str, wanted: usize| -> Result<Vec<String>> {
        let path = data.join("prom300").join(name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("the benchmark reads the promoters in {}", path.display()))?;
        let lines: Vec<String> = text.lines().take(wanted + 1).map(str::to_owned).collect();
        if lines.len() <= wanted {
            bail!("{} holds fewer than {wanted} sequences: ask for fewer", path.display());
        }
        Ok(lines)
    };
    let write = |name: &str, lines: Vec<String>| -> Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, lines.join("\n") + "\n")?;
        Ok(path)
    };
    Ok(Workload {
        train: write("train.csv", lines("train.csv", settings.steps * 8)?)?,
        validation: write("validation.csv", lines("dev.csv", 16)?)?,
        predict: write("predict.csv", lines("test.csv", settings.sequences)?)?,
        base,
    })
}
