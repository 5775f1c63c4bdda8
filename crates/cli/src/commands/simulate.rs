//! `episome simulate`.

use std::path::PathBuf;

use api::{Error, SimulationSettings};
use clap::Args;

use crate::console::Console;

const EXAMPLE: &str = "\
Class `signal` holds two motifs in the right order; class `background` holds them in the other order, or lacks one \
or both, their letters shuffled. The truth about every sequence is written beside them. Made-up sequences say nothing \
about biology.

Examples:
  episome simulate --out sample
  episome simulate --out sample --sequences 1000 --length 200 --seed 7";

/// `episome simulate`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Labelled sequences, half of each class
    #[arg(long, value_name = "NUMBER", default_value_t = SimulationSettings::default().sequences)]
    sequences: usize,
    /// Sequences without a label, to predict
    #[arg(long, value_name = "NUMBER", default_value_t = SimulationSettings::default().unlabelled)]
    unlabelled: usize,
    /// Letters of each sequence
    #[arg(long, value_name = "NUMBER", default_value_t = SimulationSettings::default().length)]
    length: usize,
    /// The same seed gives the same files
    #[arg(long, value_name = "NUMBER", default_value_t = SimulationSettings::default().seed)]
    seed: u64,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Error> {
    let settings = SimulationSettings {
        sequences: arguments.sequences,
        unlabelled: arguments.unlabelled,
        length: arguments.length,
        seed: arguments.seed,
        ..SimulationSettings::default()
    };
    let simulated = api::simulate(&arguments.out, &settings)?;
    console.answer(&simulated, || {
        format!(
            "simulated sequences (seed {}), not biology:\n  {}  labelled, to train on\n  {}  without labels, to predict\n  {}  \
             the truth\n  {}  what this is\n",
            simulated.seed,
            simulated.train.display(),
            simulated.unlabelled.display(),
            simulated.truth.display(),
            simulated.readme.display()
        )
    })
}
