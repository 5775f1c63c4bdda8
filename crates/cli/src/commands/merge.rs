//! `episome merge`.

use std::path::PathBuf;

use api::{Engine, Error};
use clap::Args;

use crate::console::Console;
use crate::text::bytes;

const EXAMPLE: &str = "\
The result is a model folder like any other: transformers loads it with AutoModelForSequenceClassification, its \
number of labels and their names inside, and it needs neither peft nor the base model.

Examples:
  episome merge run --out merged
  episome merge run/adapter --out merged --model ./my-base";

/// `episome merge`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// An adapter folder, or a run
    #[arg(value_name = "ADAPTER")]
    adapter: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The base model, where the adapter's own name for it does not lead to it
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let bar = console.byte_bar(None);
    let mut observer = crate::commands::adapters::on_bar(&bar);
    let merged =
        api::merge(engine, &arguments.adapter, arguments.model.as_deref(), &arguments.out, &mut observer)?;
    drop(observer);
    bar.finish_and_clear();
    console.answer(&merged, || {
        format!(
            "{}: a full model, {} with the labels {}",
            merged.folder.display(),
            bytes(merged.bytes),
            merged.labels.join(", ")
        )
    })
}
