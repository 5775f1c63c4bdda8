//! `episome model inspect`.

use api::{Engine, Error, ModelReport};
use clap::{Args, Subcommand};

use crate::console::Console;
use crate::text::{bytes, grouped, table};

/// What can be asked of a base model.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Family, parameters, modules with their shapes, and which of them LoRA usually takes
    Inspect(Inspect),
}

const EXAMPLE: &str = "\
Examples:
  episome model inspect episome-mini
  episome model inspect ./my-model --json
  episome model inspect dnagpt/dna_gpt2_v0";

/// `episome model inspect`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Inspect {
    /// The embedded model's name, a folder, or a Hub id
    #[arg(value_name = "MODEL")]
    model: String,
    /// The revision of a Hub model
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
}

/// Runs the command.
pub fn run(command: Command, engine: &Engine, console: &Console) -> Result<(), Error> {
    let Command::Inspect(Inspect { model, revision }) = command;
    let bar = console.byte_bar(None);
    let report =
        api::inspect_model(engine, &model, revision.as_deref(), &mut crate::commands::hub::on_bar(&bar))?;
    bar.finish_and_clear();
    console.answer(&report, || describe(&report))
}

fn describe(report: &ModelReport) -> String {
    let mut text = format!(
        "{}: {}, {} parameters{}\n{} layers of width {}, {} token ids, sequences of up to {} tokens\nfolder: {}\n",
        report.name,
        report.family,
        grouped(report.parameters as u64),
        report.weights_bytes.map(|size| format!(" ({} of weights)", bytes(size))).unwrap_or_default(),
        report.layers,
        report.width,
        grouped(report.vocabulary as u64),
        grouped(report.longest_sequence as u64),
        report.folder.display(),
    );
    if let Some(tokenizer) = &report.tokenizer {
        text.push_str(&format!(
            "tokenizer: {} tokens; letters it knows: {}\n",
            grouped(tokenizer.tokens as u64),
            tokenizer.letters
        ));
    }
    text.push_str(&format!("suggested targets: {}\n\n", report.suggested_targets.join(", ")));
    let mut rows = vec![["module", "kind", "shape", "bias", "parameters"].map(str::to_owned).to_vec()];
    for module in &report.modules {
        let shape = module.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
        let bias = if module.bias { "yes" } else { "" };
        let parameters = grouped(module.parameters as u64);
        rows.push(vec![
            module.name.clone(),
            format!("{:?}", module.kind),
            shape,
            bias.to_owned(),
            parameters,
        ]);
    }
    text + &table(&rows)
}
