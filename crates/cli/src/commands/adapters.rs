//! `episome adapters`: listing and checking them; what is done with single ones is in `share`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use api::{AdapterCheck, AdapterProgress, AdapterStep, Engine, Error};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use crate::commands::share;
use crate::console::Console;
use crate::text::{count, grouped, table};

/// What can be asked of adapter folders.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the adapter folders below some folders
    List(List),
    /// Load an adapter on its base and run its own test inputs again
    Check(Check),
    /// Take an adapter folder or zip archive in, checked
    Import(share::Import),
    /// Write what only a person knows into an adapter's card
    Card(Box<share::Card>),
    /// Print the lines of Python that use an adapter
    Snippet(share::Snippet),
}

/// Shows work on an adapter on a bar.
pub fn on_bar(bar: &ProgressBar) -> impl FnMut(&AdapterProgress) + use<> {
    let bar = bar.clone();
    move |progress| {
        let what = match progress.step {
            AdapterStep::Fetching => "downloading",
            AdapterStep::Copying => "copying",
            AdapterStep::Loading => "loading",
            AdapterStep::Testing => "running its test inputs",
            AdapterStep::Merging => "merging",
            AdapterStep::Writing => "writing",
        };
        // Test inputs are no bytes; a dozen of them need no bar.
        if matches!(progress.step, AdapterStep::Fetching | AdapterStep::Copying) {
            bar.set_length(progress.total);
            bar.set_position(progress.done);
        }
        bar.set_message(what);
        bar.tick();
    }
}

const LIST_EXAMPLE: &str = "\
Example:
  episome adapters list projects/";

const CHECK_EXAMPLE: &str = "\
Every tensor must be there with the right shape; the inputs in selftest.jsonl must give the outputs that were \
recorded when the adapter was made, within 1e-3.

Examples:
  episome adapters check my-adapter
  episome adapters check my-adapter --model ./my-base --json";

/// `episome adapters list`
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLE)]
pub struct List {
    /// Folders to look in, and below
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
}

/// `episome adapters check`
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLE)]
pub struct Check {
    /// The adapter folder, or a run
    #[arg(value_name = "ADAPTER")]
    adapter: PathBuf,
    /// The base model, where the adapter's own name for it does not lead to it
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

/// Runs the command.
pub fn run(command: Command, engine: &Engine, console: &Console) -> Result<(), Error> {
    match command {
        Command::List(arguments) => list(&arguments, console),
        Command::Check(arguments) => check(&arguments, engine, console),
        Command::Import(arguments) => share::import(&arguments, engine, console),
        Command::Card(arguments) => share::card(*arguments, console),
        Command::Snippet(arguments) => share::snippet(&arguments, engine, console),
    }
}

fn list(arguments: &List, console: &Console) -> Result<(), Error> {
    let list = api::adapters(&arguments.folders)?;
    console.answer(&list, || {
        if list.adapters.is_empty() {
            return "no adapter folders here".into();
        }
        let mut rows =
            vec![["adapter", "method", "base", "rank", "modules", "labels"].map(str::to_owned).to_vec()];
        for adapter in &list.adapters {
            rows.push(vec![
                adapter.folder.display().to_string(),
                adapter.method.clone(),
                adapter.base.clone(),
                adapter.rank.map(|rank| rank.to_string()).unwrap_or_default(),
                targets(&adapter.targets),
                adapter.labels.join(", "),
            ]);
        }
        table(&rows)
    })
}

/// The last parts of the modules' names, each once: 24 full names say less.
fn targets(names: &[String]) -> String {
    let ends: BTreeSet<&str> = names.iter().filter_map(|name| name.rsplit('.').next()).collect();
    ends.into_iter().collect::<Vec<_>>().join(", ")
}

fn check(arguments: &Check, engine: &Engine, console: &Console) -> Result<(), Error> {
    let bar = console.byte_bar(None);
    let mut observer = on_bar(&bar);
    let report = api::check_adapter(engine, &arguments.adapter, arguments.model.as_deref(), &mut observer)?;
    drop(observer);
    bar.finish_and_clear();
    console.answer(&report, || describe(&report))
}

fn describe(report: &AdapterCheck) -> String {
    let tests = match report.selftest {
        Some(tests) => format!(
            "{} gave the recorded outputs (largest difference {:.1e})",
            count(tests.inputs as u64, "test input"),
            tests.largest_difference
        ),
        None => "it carries no test inputs".into(),
    };
    format!(
        "{}: {} on {}, {} tensors, {} parameters\nlabels: {}\n{tests}\n",
        report.folder.display(),
        report.method,
        report.base,
        report.tensors,
        grouped(report.parameters),
        report.labels.join(", ")
    )
}
