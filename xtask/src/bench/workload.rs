//! The files that both programs read, made anew for every benchmark under target/bench.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::Settings;
use super::peer::Peer;
use crate::project;

/// Where the files are, and what runs the peer.
pub struct Workload {
    /// The folder with all of them.
    pub folder: PathBuf,
    /// The base model.
    pub base: PathBuf,
    /// What Episome is compared with.
    pub peer: Peer,
}

impl Workload {
    /// Makes the files.
    pub fn prepare(settings: &Settings, peer: Peer) -> Result<Self> {
        let folder = project::target().join("bench");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let data = project::root().join("../shared/data");
        let base = folder.join("base");
        project::run(
            peer.command(settings.threads)
                .arg("base")
                .arg("--tokenizer")
                .arg(data.join("tokenizers/dna_gpt2_v0"))
                .arg("--out")
                .arg(&base),
        )?;
        let promoters = data.join("prom300");
        let genome = genome(&data.join("genomes/lambda_virus.fa"))?;
        for (name, rows) in [
            ("train.csv", rows(&promoters.join("train.csv"), settings.steps * 8)?),
            ("validation.csv", rows(&promoters.join("dev.csv"), 16)?),
            ("predict.csv", again(&promoters.join("test.csv"), settings.sequences)?),
            ("full.csv", windows(&genome, settings.steps * 8, 1_000)),
            ("long.csv", windows(&genome, LONG_STEPS * 8, 8_000)),
        ] {
            std::fs::write(folder.join(name), rows)?;
        }
        Ok(Self { folder, base, peer })
    }
}

/// Steps of a training on long sequences.
pub const LONG_STEPS: usize = 5;

/// The header and the first rows of a table.
fn rows(path: &Path, wanted: usize) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the benchmark reads the promoters in {}", path.display()))?;
    let lines: Vec<&str> = text.lines().take(wanted + 1).collect();
    if lines.len() <= wanted {
        bail!("{} holds fewer than {wanted} sequences: ask for fewer", path.display());
    }
    Ok(lines.join("\n") + "\n")
}

/// The header and so many rows of a table, from its first on and over again: each is computed, whether it was seen or not.
fn again(path: &Path, wanted: usize) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the benchmark reads the promoters in {}", path.display()))?;
    let mut lines = text.lines();
    let header = lines.next().context("a table without a header")?;
    let rows: Vec<&str> = lines.cycle().take(wanted).collect();
    Ok(format!("{header}\n{}\n", rows.join("\n")))
}

fn genome(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the benchmark reads the genome in {}", path.display()))?;
    Ok(text.lines().filter(|line| !line.starts_with('>')).collect())
}

/// Windows of a genome, spread over it, with labels in turn: something of the right length to compute on.
fn windows(genome: &str, count: usize, length: usize) -> String {
    let mut rows = String::from("sequence,label\n");
    for index in 0..count {
        // A prime stride visits places in no order that repeats soon.
        let start = index * 4_973 % (genome.len() - length);
        rows.push_str(&format!("{},{}\n", &genome[start..start + length], index % 2));
    }
    rows
}

/// Makes labelled sequences in `folder`/train.csv, with files beside it.
pub fn simulate(folder: &Path, sequences: usize, length: usize) -> Result<()> {
    let (sequences, length) = (sequences.to_string(), length.to_string());
    let mut command = project::command(project::program());
    command
        .args(["simulate", "--quiet", "--sequences", &sequences, "--length", &length, "--out"])
        .arg(folder);
    project::run(command.stdout(Stdio::null()))
}
