//! The command line: what all commands share, and the list of them.

use api::{DTypeChoice, DeviceChoice, Error, Hyperparameters};
use clap::{Args, Parser};

use crate::commands::Command;

const ABOUT: &str = "Fine-tune DNA language models on your own sequences, and predict with them";

const AFTER_HELP: &str = "\
A first project:
  episome simulate --out sample
  episome data inspect sample/train.csv
  episome train --data sample/train.csv --model episome-mini --out run
  episome predict run --input sample/unlabelled.fasta --out predictions.csv

With --json, stdout carries JSON only; a failure is then the last object:
  {\"type\": \"error\", \"error\": {\"kind\", \"message\", \"where\", \"remedy\"}}
Exit codes: 0 done, 1 internal, 2 usage, 3 data, 4 model, 5 adapter, 6 network,
7 file, 8 run, 9 device, 130 stopped.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "episome", version, about = ABOUT, after_help = AFTER_HELP, max_term_width = 110)]
#[command(args_override_self = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Every command")]
pub struct Global {
    /// Print JSON for machines on stdout, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Threads to compute with (default: one for each core)
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Say nothing but answers and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more about what is being done
    #[arg(long, short, global = true)]
    pub verbose: bool,
}

/// Which columns of a table hold what; guessed where they are not given.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Columns (guessed unless given)")]
pub struct Columns {
    /// The column with the sequences
    #[arg(long, value_name = "COLUMN")]
    pub sequence_column: Option<String>,
    /// The column with the names of the records
    #[arg(long, value_name = "COLUMN")]
    pub id_column: Option<String>,
}

/// The columns that only labelled data has.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Columns (guessed unless given)")]
pub struct LabelColumns {
    /// The column with the labels; for FASTA, the field of the header
    #[arg(long, value_name = "COLUMN")]
    pub label_column: Option<String>,
    /// The column that says which split a record belongs to (train, validation, test)
    #[arg(long, value_name = "COLUMN")]
    pub split_column: Option<String>,
    /// The column whose equal values stay in one split
    #[arg(long, value_name = "COLUMN")]
    pub group_column: Option<String>,
}

/// Where a model that is there already is run.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Machine")]
pub struct Machine {
    /// Processor or graphics card: auto, cpu, cuda or metal
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: String,
    /// Precision of the model: auto, f32, bf16 or f16; auto is bf16 on a graphics card that has it
    #[arg(long, value_name = "PRECISION", default_value = "auto")]
    dtype: String,
}

impl Machine {
    /// The device that was asked for.
    pub fn device(&self) -> Result<DeviceChoice, Error> {
        device(&self.device)
    }

    /// The precision that was asked for.
    pub fn dtype(&self) -> Result<DTypeChoice, Error> {
        Ok(set("dtype", &self.dtype)?.dtype)
    }
}

/// The device that a word names.
pub fn device(word: &str) -> Result<DeviceChoice, Error> {
    Ok(set("device", word)?.device)
}

/// The settings of a training with one of them set: what a word may be is described there.
fn set(name: &str, word: &str) -> Result<Hyperparameters, Error> {
    let mut settings = Hyperparameters::default();
    settings.set(name, word)?;
    Ok(settings)
}
