//! `episome adapters import`, `card` and `snippet`, and `episome trash`: taking adapters in, describing and using them.

use std::path::PathBuf;

use api::{Engine, Error};
use clap::Args;

use crate::commands::adapters::on_bar;
use crate::console::Console;
use crate::interrupt::watch;
use crate::text::count;

const IMPORT_EXAMPLE: &str = "\
Only files that hold data are taken in. What could run a program (Python pickles) or would be written outside of its \
folder is refused, and so is an adapter that does not give the outputs that were recorded when it was made.

Examples:
  episome adapters import promoters.zip
  episome adapters import ada/yeast-promoters
  episome adapters import downloads/promoters --into library";

/// `episome adapters import`
#[derive(Debug, Args)]
#[command(after_help = IMPORT_EXAMPLE)]
pub struct Import {
    /// An adapter folder, a zip archive of one, or a repository of the Hub (OWNER/NAME)
    #[arg(value_name = "FOLDER|ZIP|ID")]
    source: PathBuf,
    /// The folder in which it gets a folder of its own
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,
}

const CARD_EXAMPLE: &str = "\
What the training wrote into the card stays. A text that is given replaces the one before; an empty one removes it.

Example:
  episome adapters card my-adapter --title \"Promoters of yeast\" --licence cc-by-4.0 --limits \"Not for plants.\"";

/// `episome adapters card`
#[derive(Debug, Args)]
#[command(after_help = CARD_EXAMPLE)]
pub struct Card {
    /// The adapter folder, or a run
    #[arg(value_name = "ADAPTER")]
    adapter: PathBuf,
    /// The heading
    #[arg(long)]
    title: Option<String>,
    /// What it is, in a few sentences
    #[arg(long)]
    summary: Option<String>,
    /// The organism or organisms
    #[arg(long)]
    organism: Option<String>,
    /// The licence by its SPDX name
    #[arg(long)]
    licence: Option<String>,
    /// Who made it
    #[arg(long)]
    authors: Option<String>,
    /// What it is meant for
    #[arg(long)]
    intended_use: Option<String>,
    /// What it must not be used for, and where it fails
    #[arg(long)]
    limits: Option<String>,
    /// Where the data come from
    #[arg(long)]
    data: Option<String>,
    /// How to cite it
    #[arg(long)]
    citation: Option<String>,
}

const SNIPPET_EXAMPLE: &str = "\
Example:
  episome adapters snippet my-adapter > predict.py";

/// `episome adapters snippet`
#[derive(Debug, Args)]
#[command(after_help = SNIPPET_EXAMPLE)]
pub struct Snippet {
    /// The adapter folder, or a run
    #[arg(value_name = "ADAPTER")]
    adapter: PathBuf,
    /// The base model, where the adapter's own name for it does not lead to it
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

const TRASH_EXAMPLE: &str = "\
Examples:
  episome trash runs/promoters
  episome trash --restore runs/promoters";

/// `episome trash`
#[derive(Debug, Args)]
#[command(after_help = TRASH_EXAMPLE)]
pub struct Trash {
    /// The run's or adapter's folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Bring it back
    #[arg(long)]
    restore: bool,
}

/// Takes an adapter in.
pub fn import(arguments: &Import, engine: &Engine, console: &Console) -> Result<(), Error> {
    watch(&engine.stop, "stopping; nothing is taken in (Ctrl-C again leaves at once)")?;
    let bar = console.byte_bar(None);
    let mut observer = on_bar(&bar);
    let imported = api::import_adapter(engine, &arguments.source, &arguments.into, &mut observer);
    drop(observer);
    bar.finish_and_clear();
    let imported = imported?;
    if let Some(problem) = &imported.problem {
        console.warn(format_args!("it could not be checked: {problem}"));
    }
    console.answer(&imported, || {
        let tests = imported.check.as_ref().and_then(|check| check.selftest);
        let tests = tests.map_or(String::new(), |tests| {
            format!("; {} gave the recorded outputs", count(tests.inputs as u64, "test input"))
        });
        format!("{}{tests}", imported.folder.display())
    })
}

/// Writes into the card, or shows what stands in it.
pub fn card(arguments: Card, console: &Console) -> Result<(), Error> {
    let mut form = api::read_card(&arguments.adapter)?;
    for (text, field) in [
        (arguments.title, &mut form.title),
        (arguments.summary, &mut form.summary),
        (arguments.organism, &mut form.organism),
        (arguments.licence, &mut form.licence),
        (arguments.authors, &mut form.authors),
        (arguments.intended_use, &mut form.intended_use),
        (arguments.limits, &mut form.limits),
        (arguments.data, &mut form.data),
        (arguments.citation, &mut form.citation),
    ] {
        if let Some(text) = text {
            *field = text;
        }
    }
    let path = api::write_card(&arguments.adapter, &form)?;
    console.answer(&form, || path.display().to_string())
}

/// Prints the lines that use an adapter in Python.
pub fn snippet(arguments: &Snippet, engine: &Engine, console: &Console) -> Result<(), Error> {
    let code = api::snippet(engine, &arguments.adapter, arguments.model.as_deref())?;
    console.answer(&serde_json::json!({ "code": code }), || code.clone())
}

/// Moves a run or an adapter to the trash, or brings it back.
pub fn trash(arguments: &Trash, console: &Console) -> Result<(), Error> {
    let folder = &arguments.folder;
    let folder = std::path::absolute(folder).map_err(|error| {
        Error::new(api::Kind::File, format!("{} has no whole path: {error}", folder.display()))
    })?;
    if arguments.restore {
        api::bring_back(&folder)?;
        console.say(format_args!("{} is back", folder.display()));
    } else {
        api::throw_away(&folder)?;
        console.say(format_args!("{} is in the trash; --restore brings it back", folder.display()));
    }
    Ok(())
}
