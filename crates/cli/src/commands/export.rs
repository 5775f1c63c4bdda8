//! `episome export`.

use std::path::PathBuf;

use api::Error;
use clap::Args;

use crate::console::Console;
use crate::text::bytes;

const EXAMPLE: &str = "\
The folder opens unchanged in Python's peft; load_adapter.py in it shows how. It carries its model card, its \
labels, its tokenizer and a few inputs with their expected outputs, which `episome adapters check` runs again.

Examples:
  episome export run --out my-adapter
  episome export run --out my-adapter --zip";

/// `episome export`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// A finished run, or an adapter folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Pack the folder into FOLDER.zip as well
    #[arg(long)]
    zip: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Error> {
    let exported = api::export(&arguments.run, &arguments.out, arguments.zip)?;
    console.answer(&exported, || {
        let mut text = format!("{}: {}\n", exported.folder.display(), bytes(exported.bytes));
        for file in &exported.files {
            text.push_str(&format!("  {file}\n"));
        }
        if let Some(archive) = &exported.archive {
            text.push_str(&format!("{}\n", archive.display()));
        }
        text
    })
}
