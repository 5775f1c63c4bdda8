//! `episome hub`: search and download; the account and uploads are in files of their own.

mod account;
mod upload;

use api::{DownloadProgress, Engine, Error, HubDownload, HubSearch, RepositoryKind};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use crate::console::Console;
use crate::interrupt::watch;
use crate::text::{grouped, table};

/// What can be asked of the Hub.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Search models or data sets
    Search(Search),
    /// Bring a model or a data set into the cache that Python shares
    Download(Download),
    /// Keep an access token in the system's keyring
    Login(account::Login),
    /// Forget the token that is kept
    Logout(account::Logout),
    /// Say whose the token in use is, what it may do and where it is
    Whoami(account::Whoami),
    /// Send an adapter to the Hub as one commit
    Upload(upload::Arguments),
}

const SEARCH_EXAMPLE: &str = "\
Examples:
  episome hub search dna
  episome hub search promoter --datasets --json";

const DOWNLOAD_EXAMPLE: &str = "\
Files lie where Python's huggingface_hub looks for them (HF_HOME). A download that broke off goes on where it \
stopped, and every file's hash is checked. A token (`episome hub login`, or HF_TOKEN) opens gated and private \
repositories; HF_HUB_OFFLINE=1 uses the cache only. An adapter is taken in with `episome adapters import OWNER/NAME`.

Examples:
  episome hub download dnagpt/dna_gpt2_v0
  episome hub download dnagpt/dna_promoter_300 --dataset";

/// `episome hub search`
#[derive(Debug, Args)]
#[command(after_help = SEARCH_EXAMPLE)]
pub struct Search {
    /// Words to look for
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Search data sets instead of models
    #[arg(long)]
    datasets: bool,
    /// The most results
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
}

/// `episome hub download`
#[derive(Debug, Args)]
#[command(after_help = DOWNLOAD_EXAMPLE)]
pub struct Download {
    /// The repository: owner/name
    #[arg(value_name = "ID")]
    id: String,
    /// It is a data set
    #[arg(long)]
    dataset: bool,
    /// A branch, a tag or a commit
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
    /// The configuration of a data set that has several
    #[arg(long, value_name = "NAME", requires = "dataset")]
    configuration: Option<String>,
}

/// Shows downloads on a bar of bytes.
pub fn on_bar(bar: &ProgressBar) -> impl FnMut(&DownloadProgress) + use<> {
    let bar = bar.clone();
    move |progress| {
        bar.set_length(progress.size);
        bar.set_position(progress.done);
        bar.set_message(progress.file.clone());
    }
}

/// Runs the command.
pub fn run(command: Command, engine: &Engine, console: &Console) -> Result<(), Error> {
    match command {
        Command::Search(arguments) => search(&arguments, engine, console),
        Command::Download(arguments) => download(&arguments, engine, console),
        Command::Login(arguments) => account::login(&arguments, engine, console),
        Command::Logout(arguments) => account::logout(&arguments, engine, console),
        Command::Whoami(arguments) => account::whoami(&arguments, engine, console),
        Command::Upload(arguments) => upload::run(&arguments, engine, console),
    }
}

fn search(arguments: &Search, engine: &Engine, console: &Console) -> Result<(), Error> {
    let kind = if arguments.datasets { RepositoryKind::Dataset } else { RepositoryKind::Model };
    let found = api::hub_search(engine, &arguments.words.join(" "), kind, usize::from(arguments.limit))?;
    console.answer(&found, || list(&found))
}

fn list(found: &HubSearch) -> String {
    if found.results.is_empty() {
        return format!("the Hub has nothing for “{}”", found.query);
    }
    let mut rows = vec![["id", "downloads", "licence", "in Episome"].map(str::to_owned).to_vec()];
    for result in &found.results {
        let summary = &result.summary;
        rows.push(vec![
            summary.id.clone(),
            grouped(summary.downloads),
            summary.licence.clone().unwrap_or_default(),
            result.known.clone().unwrap_or_default(),
        ]);
    }
    table(&rows)
}

fn download(arguments: &Download, engine: &Engine, console: &Console) -> Result<(), Error> {
    let kind = if arguments.dataset { RepositoryKind::Dataset } else { RepositoryKind::Model };
    watch(&engine.stop, "stopping; what is here is kept (Ctrl-C again leaves at once)")?;
    let bar = console.byte_bar(Some(0));
    let (revision, configuration) = (arguments.revision.as_deref(), arguments.configuration.as_deref());
    let found = api::hub_download(engine, &arguments.id, kind, revision, configuration, &mut on_bar(&bar))?;
    bar.finish_and_clear();
    if let Some(note) = &found.note {
        console.warn(note);
    }
    console.answer(&found, || describe(&found))
}

fn describe(found: &HubDownload) -> String {
    let mut text = format!("{} at commit {}\n{}\n", found.id, found.commit, found.folder.display());
    for file in &found.files {
        let name = file.strip_prefix(&found.folder).unwrap_or(file);
        text.push_str(&format!("  {}\n", name.display()));
    }
    text
}
