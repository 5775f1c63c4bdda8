//! `episome predict`.

use std::path::PathBuf;

use api::{Engine, Error, Kind, PredictRequest, Prediction};
use clap::Args;

use crate::commands::hub::on_bar;
use crate::console::Console;
use crate::gpu::hand_over;
use crate::interrupt::watch;
use crate::text::{count, duration, grouped};

const EXAMPLE: &str = "\
The columns are id, length, predicted_label, confidence, prob_<label> and logit_<label> for each label, and \
note; the order is that of the input. The file is written as OUT.partial.csv and gets its name when it is whole; \
Ctrl-C keeps the part. Memory does not grow with the input. Compressed input (gz, bgz, bz2, xz, zst) is read \
directly.

Examples:
  episome predict runs/promoters --input new.fasta --out predictions.csv
  episome predict my-adapter --model ./base --input reads.fq.gz --out p.parquet
  episome predict runs/promoters --input a.fa b.fa --skip-invalid --out p.tsv";

/// `episome predict`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// A run, or an adapter folder
    #[arg(value_name = "ADAPTER_OR_RUN")]
    adapter: PathBuf,
    /// Sequence files of any kind that Episome reads
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    input: Vec<PathBuf>,
    /// The predictions: .csv, .tsv, .xlsx, .fasta (the sequences with labels in their headers), .jsonl or .parquet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The base model, where the adapter's own name for it does not lead to it
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Give a record that cannot be read an empty prediction and a note, instead of stopping
    #[arg(long)]
    skip_invalid: bool,
    /// Write over an output that is there already
    #[arg(long)]
    force: bool,
    /// Most tokens of a sequence; the rest is cut off, with a note [default: as in training]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_length: Option<u32>,
    /// Tokens computed at a time; fewer need less memory
    #[arg(long, value_name = "NUMBER", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..))]
    batch_tokens: u32,
    /// Keep the sequences in .jsonl; .fasta has them in any case
    #[arg(long)]
    sequences: bool,
    #[command(flatten)]
    machine: crate::arguments::Machine,
    #[command(flatten)]
    columns: crate::arguments::Columns,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let request = PredictRequest {
        adapter: arguments.adapter.clone(),
        input: arguments.input.clone(),
        out: arguments.out.clone(),
        model: arguments.model.clone(),
        skip_invalid: arguments.skip_invalid,
        overwrite: arguments.force,
        max_length: arguments.max_length.map(|length| length as usize),
        batch_tokens: arguments.batch_tokens as usize,
        sequence_column: arguments.columns.sequence_column.clone(),
        id_column: arguments.columns.id_column.clone(),
        sequences: arguments.sequences,
        device: arguments.machine.device()?,
        dtype: arguments.machine.dtype()?,
    };
    hand_over(request.device, engine, console)?;
    watch(&engine.stop, "stopping; the rows so far are kept (Ctrl-C again leaves at once)")?;
    let download = console.byte_bar(None);
    let bar = console.bar(None, "sequences");
    let prediction = api::predict(engine, &request, &mut on_bar(&download), &mut |progress| {
        bar.set_position(progress.sequences);
        bar.set_message(format!("{} tokens", grouped(progress.tokens)));
    });
    download.finish_and_clear();
    bar.finish_and_clear();
    let prediction = prediction?;
    let counts = &prediction.progress;
    if !prediction.repairs.is_empty() {
        console.say(format_args!("cleaned on reading: {}", prediction.repairs));
    }
    if counts.truncated > 0 {
        console.warn(format_args!(
            "{} cut to the first {} tokens; the column note says which",
            count(counts.truncated, "sequence"),
            prediction.max_length
        ));
    }
    if counts.unlike > 0 {
        console.warn(format_args!(
            "{} unlike anything trained on, whose predictions stand on nothing; the column note says which",
            count(counts.unlike, "sequence")
        ));
    }
    if counts.invalid > 0 {
        console.warn(format_args!(
            "{} without a prediction; the column note says why",
            count(counts.invalid, "record")
        ));
    }
    if !prediction.complete {
        let place = prediction.out.display();
        return Err(Error::new(
            Kind::Interrupted,
            format!("stopped; the first {} rows are in {place}", counts.sequences),
        )
        .at(place)
        .remedy("start it again for the rest; it begins from the first record"));
    }
    console.answer(&prediction, || describe(&prediction))
}

fn describe(prediction: &Prediction) -> String {
    let counts = &prediction.progress;
    let labels: Vec<String> =
        prediction.predicted.iter().map(|one| format!("{} {}", grouped(one.sequences), one.label)).collect();
    format!(
        "{}: {} in {} ({} tokens/s); {}",
        prediction.out.display(),
        count(counts.sequences, "row"),
        duration(prediction.seconds),
        grouped((counts.tokens as f64 / prediction.seconds.max(1e-9)).round() as u64),
        labels.join(", ")
    )
}
