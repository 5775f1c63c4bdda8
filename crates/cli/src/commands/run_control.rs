//! `episome pause` and `episome stop`: what one terminal asks of a run that another trains.

use std::path::PathBuf;

use api::Error;
use clap::Args;

use crate::console::Console;

const PAUSE_EXAMPLE: &str = "\
The process stays, with everything saved, and goes on where it stopped with `episome resume`.

Example:
  episome pause runs/promoters";

/// `episome pause`
#[derive(Debug, Args)]
#[command(after_help = PAUSE_EXAMPLE)]
pub struct Pause {
    /// The run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

const STOP_EXAMPLE: &str = "\
The run saves its state and the best adapter so far; `episome resume` goes on from there.

Example:
  episome stop runs/promoters";

/// `episome stop`
#[derive(Debug, Args)]
#[command(after_help = STOP_EXAMPLE)]
pub struct Stop {
    /// The run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

/// Asks a run to wait.
pub fn pause(arguments: &Pause, console: &Console) -> Result<(), Error> {
    api::pause(&arguments.run)?;
    console.say("the run waits after its current step");
    Ok(())
}

/// Asks a run to end.
pub fn stop(arguments: &Stop, console: &Console) -> Result<(), Error> {
    api::stop(&arguments.run)?;
    console.say("the run ends after its current step; the best adapter so far is kept");
    Ok(())
}
