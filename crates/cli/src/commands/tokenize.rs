//! `episome tokenize`.

use std::path::PathBuf;

use api::{Engine, Error, TokenizeRequest, TokenizedSequence};
use clap::Args;

use crate::console::{Console, write_stdout};
use crate::text::count;

const EXAMPLE: &str = "\
Without --input, sequences are read from standard input, one a line.

Lines of text and JSON strings are tokenized exactly as they stand, so that the ids can be compared with those \
of other programs; FASTA and tables are cleaned when they are read. Many tokenizers drop letters that they do \
not know without a word; --clean applies the repairs and refusals that training and prediction apply.

Examples:
  episome tokenize --model episome-mini --input sample.fasta
  echo TGGCGTGAACCCGGGATCGGG | episome tokenize --model dnagpt/dna_gpt2_v0 --json";

/// `episome tokenize`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The embedded model's name, a folder, or a Hub id; a folder with tokenizer files only will do
    #[arg(long, value_name = "MODEL")]
    model: String,
    /// Sequence files of any kind that Episome reads (default: lines of standard input)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    input: Vec<PathBuf>,
    /// Clean each sequence first, as training and prediction do
    #[arg(long)]
    clean: bool,
    #[command(flatten)]
    columns: crate::arguments::Columns,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let bar = console.byte_bar(None);
    let tokenizer = api::tokenizer(engine, &arguments.model, &mut crate::commands::hub::on_bar(&bar))?;
    bar.finish_and_clear();
    let request = TokenizeRequest {
        input: arguments.input.clone(),
        clean: arguments.clean,
        sequence_column: arguments.columns.sequence_column.clone(),
        id_column: arguments.columns.id_column.clone(),
    };
    let mut print = |sequence: &TokenizedSequence| -> Result<(), Error> {
        if console.json() {
            return console.line(sequence);
        }
        let ids = sequence.ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        write_stdout(format!("{}\t{ids}\n", sequence.id).as_bytes())
    };
    let summary = api::tokenize(&tokenizer, &request, &mut std::io::stdin().lock(), &mut print)?;
    console.say(format_args!("{}, {}", count(summary.sequences, "sequence"), count(summary.tokens, "token")));
    if summary.with_unknown_letters > 0 {
        console.warn(format_args!(
            "{} with letters that this tokenizer does not know: they are dropped or replaced in the ids",
            count(summary.with_unknown_letters, "sequence")
        ));
    }
    Ok(())
}
