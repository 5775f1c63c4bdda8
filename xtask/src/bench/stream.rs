//! Files larger than memory: how fast they are read and tokenized, and that a prediction's memory does not grow with them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::Result;

use super::Settings;
use super::measure::{self, new_folder};
use super::workload::simulate;
use crate::project;

/// Bytes of the two files that are compared.
const SIZES: [usize; 2] = [100_000_000, 1_000_000_000];

/// Reads and tokenizes short records, then predicts long ones (cut at what the model reads), from a small and a large file.
pub fn run(settings: &Settings) -> Result<()> {
    let folder = new_folder()?;
    let run = folder.join("run");
    simulate(&folder.join("data"), 400, 120)?;
    project::run(
        episome(settings)
            .args(["train", "--model", "episome-mini", "--epochs", "1", "--no-baseline", "--data"])
            .arg(folder.join("data/train.csv"))
            .arg("--out")
            .arg(&run)
            .stdout(Stdio::null()),
    )?;
    println!(
        "\nFASTA of 100 MB and of 1 GB, {} threads, one run of each\n\n\
         | what | file | records | seconds | MB/s | peak memory |\n|---|---|---|---|---|---|",
        settings.threads
    );
    for size in SIZES {
        let (short, long) = (folder.join("short.fa"), folder.join("long.fa"));
        write(&short, size, 300)?;
        let mut command = episome(settings);
        command.args(["tokenize", "--model", "episome-mini", "--input"]).arg(&short);
        row("tokenize, 300 bp each", size, 300, &mut command)?;
        std::fs::remove_file(&short)?;

        write(&long, size, 100_000)?;
        let mut command = episome(settings);
        command.arg("predict").arg(&run).arg("--input").arg(&long).arg("--out");
        row("predict, 100,000 bp each", size, 100_000, command.arg(folder.join(format!("{size}.csv"))))?;
        std::fs::remove_file(&long)?;
    }
    Ok(())
}

fn episome(settings: &Settings) -> std::process::Command {
    let mut command = project::command(project::program());
    command.args(["--quiet", "--threads", &settings.threads.to_string()]).stderr(Stdio::null());
    command
}

fn row(what: &str, size: usize, length: usize, command: &mut std::process::Command) -> Result<()> {
    let began = Instant::now();
    let peak = measure::peak(command)?;
    let seconds = began.elapsed().as_secs_f64();
    let megabytes = size as f64 / 1e6;
    println!(
        "| {what} | {megabytes:.0} MB | {} | {seconds:.0} | {:.1} | {:.0} MB |",
        size / (length + HEADER),
        megabytes / seconds,
        peak / 1e6
    );
    Ok(())
}

/// Bytes of a record beside its letters: `>r00000000` and two ends of lines.
const HEADER: usize = 12;

/// Records of letters by xorshift (Marsaglia 2003), until the file has its size.
fn write(path: &Path, size: usize, length: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut letters = vec![b'A'; length];
    for record in 0..size / (length + HEADER) {
        for letter in &mut letters {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *letter = b"ACGT"[(state >> 62) as usize];
        }
        writeln!(file, ">r{record:08}")?;
        file.write_all(&letters)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
