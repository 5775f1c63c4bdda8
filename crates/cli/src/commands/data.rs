//! `episome data inspect`.

use api::{DataReport, DataSet, Engine, Error, InspectDataRequest, Kind, KmerShortcut, ReadOptions};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::hub::on_bar;
use crate::console::Console;
use crate::text::bytes;

/// What can be asked of data.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit a data set: counts, balance, lengths, duplicates, leaks, contradictions
    Inspect(Inspect),
}

const EXAMPLE: &str = "\
Nothing is changed and nothing is dropped in silence: a broken record is an error with file, line and record, or \
with --skip-invalid an entry in a list.

Examples:
  episome data inspect promoters.csv
  episome data inspect train.csv --validation dev.csv --test test.csv
  episome data inspect enhancer.fa other.fa --json
  episome data inspect dnagpt/dna_promoter_300";

/// `episome data inspect`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Inspect {
    /// Files of any kind that Episome reads, a folder of them, or a Hub data-set id
    #[arg(value_name = "FILE|ID", required = true)]
    data: Vec<String>,
    /// Files that are to choose the best state, to look for leaks
    #[arg(long, value_name = "FILE", num_args = 1..)]
    validation: Vec<String>,
    /// Files that are to be tested on, to look for leaks
    #[arg(long, value_name = "FILE", num_args = 1..)]
    test: Vec<String>,
    /// Judge letters by what this base model's tokenizer knows (default: all IUPAC codes are kept)
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// List broken records instead of stopping at the first
    #[arg(long)]
    skip_invalid: bool,
    /// Leave records out first, as a training with the same option does: unlabelled, contradictions, leaks, duplicates
    #[arg(long, value_name = "WHAT")]
    repair: Vec<api::Mend>,
    /// The sheet of a spreadsheet
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Do not measure how well short words alone tell the classes apart
    #[arg(long)]
    no_kmers: bool,
    #[command(flatten)]
    columns: crate::arguments::Columns,
    #[command(flatten)]
    labels: crate::arguments::LabelColumns,
}

/// Runs the command.
pub fn run(command: Command, engine: &Engine, console: &Console) -> Result<(), Error> {
    let Command::Inspect(arguments) = command;
    let request = InspectDataRequest {
        data: arguments.data,
        validation: arguments.validation,
        test: arguments.test,
        model: arguments.model,
        options: ReadOptions {
            sequence_column: arguments.columns.sequence_column,
            id_column: arguments.columns.id_column,
            label_column: arguments.labels.label_column,
            split_column: arguments.labels.split_column,
            group_column: arguments.labels.group_column,
            sheet: arguments.sheet,
            skip_invalid: arguments.skip_invalid,
            ..ReadOptions::default()
        },
        repair: arguments.repair,
    };
    let bar = console.byte_bar(None);
    let data = api::read_data(engine, &request, &mut on_bar(&bar))?;
    bar.finish_and_clear();
    let kmer_shortcut = if arguments.no_kmers { None } else { shortcut(&data, engine)? };
    let answer = Answer { report: data.report(), kmer_shortcut };
    console.answer(&answer, || describe(&answer))
}

/// The audit with what is measured beside it.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: DataReport,
    /// How well short words alone tell the classes apart; none where that was not or could not be measured.
    kmer_shortcut: Option<KmerShortcut>,
}

/// None where the data is too little, or has no classes: that is no error of an audit.
fn shortcut(data: &DataSet, engine: &Engine) -> Result<Option<KmerShortcut>, Error> {
    match data.kmer_shortcut(&mut |_| {}, &engine.stop) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == Kind::Interrupted => Err(error),
        Err(_) => Ok(None),
    }
}

/// Refused records that are shown; `--json` has all of them.
const REFUSED_SHOWN: usize = 10;

fn describe(Answer { report, kmer_shortcut }: &Answer) -> String {
    let mut text = String::new();
    for file in &report.files {
        text.push_str(&format!("{}: {}, {}\n", file.path.display(), file.format.name(), bytes(file.bytes)));
    }
    let columns = &report.columns;
    let taken: Vec<String> = [
        ("sequence", &columns.sequence),
        ("label", &columns.label),
        ("name", &columns.id),
        ("split", &columns.split),
        ("group", &columns.group),
    ]
    .iter()
    .filter_map(|(what, column)| Some(format!("{what} from {}", column.as_ref()?)))
    .collect();
    if !taken.is_empty() {
        text.push_str(&format!("{}\n", taken.join(", ")));
    }
    text.push_str(&format!("\n{}", report.audit));
    if let Some(shortcut) = kmer_shortcut {
        text.push_str(&format!("\nShort words (k-mers)\n  {}\n", shortcut.sentence()));
        for class in shortcut.telling.iter().filter(|class| !class.words.is_empty()) {
            text.push_str(&format!("  '{}' has more of {}\n", class.label, class.words.join(", ")));
        }
    }
    if !report.refused.is_empty() {
        text.push_str("\nRefused records:\n");
    }
    for refused in report.refused.iter().take(REFUSED_SHOWN) {
        let place = format!("{}, line {}, record {}", refused.file.display(), refused.line, refused.record);
        text.push_str(&format!("  {place}: {}\n", refused.reason));
    }
    if report.refused.len() > REFUSED_SHOWN {
        text.push_str(&format!("  and {} more (--json lists them)\n", report.refused.len() - REFUSED_SHOWN));
    }
    text
}
