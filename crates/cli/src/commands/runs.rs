//! `episome runs`.

use std::path::PathBuf;

use api::Error;
use clap::Args;

use crate::console::Console;
use crate::text::table;

const EXAMPLE: &str = "\
Examples:
  episome runs
  episome runs projects/ --json";

/// `episome runs`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// Folders to look in, and below
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Error> {
    let list = api::runs(&arguments.folders)?;
    console.answer(&list, || {
        if list.runs.is_empty() {
            return "no runs here; `episome train --help` shows how to start one".into();
        }
        let mut rows =
            vec![["run", "state", "base", "started", "step", "metric", "best"].map(str::to_owned).to_vec()];
        for run in &list.runs {
            rows.push(vec![
                run.folder.display().to_string(),
                run.state.name().into(),
                run.base.clone(),
                run.started.clone().unwrap_or_default(),
                run.step.map(|step| step.to_string()).unwrap_or_default(),
                run.metric.clone().unwrap_or_default(),
                run.best.map(|best| format!("{best:.4}")).unwrap_or_default(),
            ]);
        }
        table(&rows)
    })
}
