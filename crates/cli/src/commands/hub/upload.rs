//! `episome hub upload`.

use std::path::PathBuf;

use api::{Engine, Error, UploadPlan, UploadRequest, UploadTarget, UploadedAdapter};
use clap::Args;

use crate::console::Console;
use crate::interrupt::watch;
use crate::text::{bytes, count, table};

const EXAMPLE: &str = "\
The folder goes up as it is, in one commit: README.md is its page, peft opens it by its name. A repository that is \
missing is made, for its owners' eyes only unless --public is given. What is there already is not sent again. Nothing \
goes up that names a folder of this computer: name the base model as the Hub calls it, and let other paths be cut to \
their last part. Your folder stays as it is. `episome adapters card` fills in the page beforehand.

Examples:
  episome hub upload run ada/yeast-promoters
  episome hub upload my-adapter lab/promoters --public --message \"Trained on release 2\"
  episome hub upload my-adapter ada/promoters --base dnagpt/dna_gpt2_v0 --plan";

/// `episome hub upload`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The adapter folder, or a run
    #[arg(value_name = "ADAPTER")]
    adapter: PathBuf,
    /// The repository
    #[arg(value_name = "OWNER/NAME")]
    repository: String,
    /// Let everybody see it, if it is made now
    #[arg(long)]
    public: bool,
    /// What the commit says
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// The base model's name on the Hub, where the adapter names a folder of this computer
    #[arg(long, value_name = "OWNER/NAME")]
    base: Option<String>,
    /// Cut other paths of this computer to their last part in what is sent
    #[arg(long)]
    shorten_paths: bool,
    /// Only show what would be sent
    #[arg(long)]
    plan: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let request = UploadRequest {
        adapter: arguments.adapter.clone(),
        base: arguments.base.clone(),
        shorten_paths: arguments.shorten_paths,
    };
    let plan = api::plan_upload(&request)?;
    if arguments.plan {
        return console.answer(&plan, || planned(&plan));
    }
    for note in &plan.notes {
        console.say(note);
    }
    watch(&engine.stop, "stopping; no commit is made (Ctrl-C again leaves at once)")?;
    let bar = console.byte_bar(Some(plan.bytes));
    let target = UploadTarget {
        repository: arguments.repository.clone(),
        public: arguments.public,
        message: arguments.message.clone(),
    };
    let made = api::upload(engine, &request, &target, &mut |progress| {
        bar.set_length(progress.size);
        bar.set_position(progress.done);
        bar.set_message(progress.file.clone());
    });
    bar.finish_and_clear();
    let made = made?;
    console.answer(&made, || describe(&made))
}

fn planned(plan: &UploadPlan) -> String {
    let rows = plan.files.iter().map(|file| vec![file.path.clone(), bytes(file.bytes)]);
    let mut text =
        table(&std::iter::once(vec!["file".to_owned(), "size".to_owned()]).chain(rows).collect::<Vec<_>>());
    text += &format!("base model: {}\n", plan.base);
    if plan.base_is_local {
        text += "  a folder of this computer: name it as the Hub calls it with --base OWNER/NAME\n";
    }
    if let Some(likely) = &plan.likely_base {
        text += &format!("  it seems to be {likely}\n");
    }
    for found in &plan.private_paths {
        text += &format!("path of this computer: {}, line {}: {}\n", found.file, found.line, found.path);
    }
    if !plan.private_paths.is_empty() {
        text += "  remove them, or cut them to their last part with --shorten-paths\n";
    }
    for file in &plan.left_out {
        text += &format!("stays behind: {file}\n");
    }
    for note in &plan.notes {
        text += &format!("note: {note}\n");
    }
    text
}

fn describe(made: &UploadedAdapter) -> String {
    let changed = match made.changed {
        0 => "everything was there already".to_owned(),
        changed => format!("{} new or changed", count(changed as u64, "file")),
    };
    let seen = if made.private { "private" } else { "public" };
    format!(
        "{}\n{} ({}), {changed}; {seen}, commit {}\n",
        made.page,
        count(made.files as u64, "file"),
        bytes(made.bytes),
        made.commit
    )
}
