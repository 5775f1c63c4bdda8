//! Episome beside transformers + peft on this machine: the same base, sequences, batch size and threads, run after
//! run in alternation, medians and ratios at the end.
//!
//! The base has GPT-2 small's shape with a vocabulary of 30,000, the adapter is LoRA of rank 8 on c_attn, as in the
//! tutorial that Episome grew from. Its workload is batches of eight 300-bp promoters cut at 128 tokens; the peer runs
//! it as the tutorial does, padded to 128 tokens, and once more padded to the longest of each batch.

mod cost;
mod floor;
mod gpu;
mod measure;
mod peer;
mod start;
mod stream;
mod workload;

use std::fmt::Write as _;

use anyhow::{Result, bail};

use self::measure::{Measurement, Padding, Run, Summary, Task};
use self::peer::Peer;
use self::workload::Workload;
use crate::{project, system};

const HELP: &str = "\
Time Episome beside transformers + peft

Usage: cargo xtask bench [CASE]... [--repeats N] [--steps N] [--threads N] [--sequences N]
                         [--mkl-as-on-intel]

  CASE           tutorial, full, upper, long, predict, sample, floor, cost, stream or gpu (default: all of them)
  --repeats N    alternating runs of each program (default 5)
  --steps N      training steps of 8 sequences a run (default 60)
  --sequences N  sequences to predict a run (default 2,000)
  --threads N    threads for both (default: all cores)
  --mkl-as-on-intel
                 let the peer's MKL use what it uses on Intel's processors: on AMD's it chooses slower code (Linux)

`cargo xtask bench start [--repeats N]` times how the programs start instead, as they are packed.
";

/// What is timed, how often and on how many threads.
struct Settings {
    cases: Vec<String>,
    repeats: usize,
    steps: usize,
    sequences: usize,
    threads: usize,
    mkl_as_on_intel: bool,
}

impl Settings {
    fn parse(arguments: &[String]) -> Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut settings = Self {
            cases: Vec::new(),
            repeats: 5,
            steps: 60,
            sequences: 2_000,
            threads,
            mkl_as_on_intel: false,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if CASES.iter().any(|case| case.name == word) || OTHERS.iter().any(|(name, _)| name == word) {
                settings.cases.push(word.clone());
                continue;
            }
            if word == "--mkl-as-on-intel" {
                settings.mkl_as_on_intel = true;
                continue;
            }
            let value = words.next().and_then(|word| word.parse().ok()).filter(|number| *number > 0);
            let (Some(value), Some(field)) = (value, settings.field(word)) else {
                bail!("{HELP}\n{word} is no case and no option of the benchmark, or lacks its number.");
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

/// Runs of several programs on one workload.
struct Case {
    name: &'static str,
    about: &'static str,
    runs: &'static [Run],
}

const TUTORIAL: Run = Run::episome("Episome", Task::Train("train.csv", "128"), &[]);

const CASES: &[Case] = &[
    Case {
        name: "tutorial",
        about: "training, 300-bp promoters cut at 128 tokens, batch 8",
        runs: &[
            TUTORIAL,
            Run::peer(
                "transformers + peft, padded to 128",
                Task::Train("train.csv", "128"),
                Padding::MaxLength,
            ),
            Run::peer(
                "transformers + peft, padded to the longest",
                Task::Train("train.csv", "128"),
                Padding::Longest,
            ),
        ],
    },
    Case {
        name: "full",
        about: "training, 128 tokens each, batch 8: no padding anywhere",
        runs: &[
            Run::episome("Episome", Task::Train("full.csv", "128"), &[]),
            Run::peer("transformers + peft", Task::Train("full.csv", "128"), Padding::Longest),
        ],
    },
    Case {
        name: "upper",
        about: "the tutorial's workload with the adapter in the upper six layers only, from the second epoch on",
        runs: &[
            Run::episome("Episome, all layers", Task::Train("train.csv", "128"), &["--epochs", "2"]),
            Run::episome(
                "Episome, upper layers",
                Task::Train("train.csv", "128"),
                &["--epochs", "2", "--layers", "6,7,8,9,10,11", "--frozen-cache", "on"],
            ),
        ],
    },
    Case {
        name: "long",
        about: "training, 1,024 tokens each, batch 8",
        runs: &[
            Run::episome("Episome", Task::Train("long.csv", "1024"), &[]),
            Run::episome(
                "Episome, gradient checkpointing",
                Task::Train("long.csv", "1024"),
                &["--gradient-checkpointing"],
            ),
            Run::peer("transformers + peft", Task::Train("long.csv", "1024"), Padding::Longest),
        ],
    },
    Case {
        name: "predict",
        about: "prediction, 300-bp promoters cut at 128 tokens, the peer in batches of 64",
        runs: &[
            Run::episome("Episome", Task::Predict, &[]),
            Run::peer("transformers + peft, padded to 128", Task::Predict, Padding::MaxLength),
            Run::peer("transformers + peft, padded to the longest", Task::Predict, Padding::Longest),
        ],
    },
    Case {
        name: "sample",
        about: "episome-mini on the sample project: three epochs, baseline and report, from start to end of the program",
        runs: &[Run::episome("Episome", Task::Sample, &[])],
    },
];

/// A case with a way of its own to measure, by name.
type Other = (&'static str, fn(&Settings) -> Result<()>);

const OTHERS: &[Other] =
    &[("floor", floor::run), ("cost", cost::run), ("stream", stream::run), ("gpu", gpu::run)];

/// Runs the benchmark and prints its tables.
pub fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|word| word == "--help") {
        println!("{HELP}");
        return Ok(());
    }
    if let Some((word, rest)) = arguments.split_first()
        && word == start::NAME
    {
        return start::run(rest);
    }
    let settings = Settings::parse(arguments)?;
    system::ensure_build()?;
    project::build_programs()?;
    let chosen = |name: &str| settings.cases.is_empty() || settings.cases.iter().any(|wanted| wanted == name);
    let cases: Vec<&Case> = CASES.iter().filter(|case| chosen(case.name)).collect();
    if !cases.is_empty() {
        compare(&cases, &settings)?;
    }
    for (_, run) in OTHERS.iter().filter(|(name, _)| chosen(name)) {
        run(&settings)?;
    }
    Ok(())
}

/// Runs each program of each case in alternation.
fn compare(cases: &[&Case], settings: &Settings) -> Result<()> {
    let workload = Workload::prepare(settings, Peer::prepare(settings)?)?;
    println!(
        "{} threads, {} runs of each in alternation, medians (smallest to largest). Speed and memory are Episome's (the first \
         row's) as multiples of the row's.",
        settings.threads, settings.repeats
    );
    for case in cases {
        let mut measured: Vec<Vec<Measurement>> = case.runs.iter().map(|_| Vec::new()).collect();
        for repeat in 1..=settings.repeats {
            for (run, measured) in case.runs.iter().zip(&mut measured) {
                eprintln!("{}, {}, {repeat} of {}", case.name, run.program, settings.repeats);
                measured.push(run.measure(&workload, settings)?);
            }
        }
        println!("\n{}\n\n{}", case.about, table(case, &measured)?);
    }
    Ok(())
}

fn table(case: &Case, measured: &[Vec<Measurement>]) -> Result<String> {
    let mut text = String::from(
        "| program | sequences/s | tokens/s | peak memory | speed | memory |\n|---|---|---|---|---|---|\n",
    );
    let Some(reference) = measured.first().and_then(|runs| Summary::of(runs)) else {
        bail!("no run of Episome ended");
    };
    for (run, measured) in case.runs.iter().zip(measured) {
        let peak = measured.iter().map(|one| one.peak_bytes).fold(0.0, f64::max);
        match Summary::of(measured) {
            Some(summary) => writeln!(
                text,
                "| {} | {:.1} ({:.1} to {:.1}) | {:.0} | {:.0} MB | {:.2}× | {:.2}× |",
                run.program,
                summary.sequences_per_second,
                summary.slowest,
                summary.fastest,
                summary.tokens_per_second,
                summary.peak_bytes / 1e6,
                reference.sequences_per_second / summary.sequences_per_second,
                reference.peak_bytes / summary.peak_bytes,
            )?,
            None => writeln!(
                text,
                "| {} | – | – | killed for memory at {:.0} MB | – | below {:.2}× |",
                run.program,
                peak / 1e6,
                reference.peak_bytes / peak,
            )?,
        }
    }
    Ok(text)
}
