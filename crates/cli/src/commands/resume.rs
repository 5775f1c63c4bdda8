//! `episome resume`.

use std::path::PathBuf;

use api::{Engine, Error, Resumption};
use clap::Args;

use crate::commands::hub::on_bar;
use crate::commands::train::{STOPPING, finish};
use crate::console::Console;
use crate::gpu::hand_over;
use crate::interrupt::watch;
use crate::progress::TrainingView;

const EXAMPLE: &str = "\
The run goes on from its last checkpoint and ends with the same adapter as if it had never been interrupted. One that \
`episome pause` made wait goes on in its own process.

Examples:
  episome resume runs/promoters
  episome resume runs/promoters --finish   # a run that was stopped: its results as it stands";

/// `episome resume`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Go on on another device: auto, cpu, cuda or metal [default: as the run says]
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
    /// Train no further: the best version so far is judged on the test records, once, and the report is written
    #[arg(long)]
    finish: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    if !arguments.finish && api::go_on(&arguments.run)? {
        console.say("the process that trains this run goes on");
        return Ok(());
    }
    let device = arguments.device.as_deref().map(crate::arguments::device).transpose()?;
    hand_over(device.map_or_else(|| api::device_of_run(&arguments.run), Ok)?, engine, console)?;
    let bar = console.byte_bar(None);
    watch(&engine.stop, STOPPING)?;
    let mut view = TrainingView::new(console);
    let how = Resumption { device, finish: arguments.finish };
    let outcome = api::resume(engine, &arguments.run, how, &mut on_bar(&bar), &mut |event| view.show(event));
    bar.finish_and_clear();
    view.close();
    match outcome? {
        Some(outcome) => finish(&outcome, &arguments.run),
        None => {
            console.say("the run had finished already: there was nothing left to do");
            Ok(())
        }
    }
}
