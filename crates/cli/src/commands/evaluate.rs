//! `episome evaluate`.

use std::path::PathBuf;

use api::{DataConfiguration, Engine, Error, EvaluateRequest, EvaluationOptions, EvaluationReport};
use clap::Args;

use crate::commands::hub::on_bar;
use crate::console::Console;
use crate::gpu::hand_over;
use crate::interrupt::watch;
use crate::progress::TrainingView;
use crate::text::{count, table};

const EXAMPLE: &str = "\
The scores mean something only on records that were not trained on. Intervals are 95 % bootstrap intervals.

Examples:
  episome evaluate runs/promoters --data other-lab.csv
  episome evaluate my-adapter --model ./my-base --data test.csv --label-column class --json";

/// `episome evaluate`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// A run, or an adapter folder
    #[arg(value_name = "ADAPTER_OR_RUN")]
    adapter: PathBuf,
    /// Labelled sequences: files, a folder, or a Hub data-set id (its test split)
    #[arg(long, value_name = "FILE|ID", num_args = 1.., required = true)]
    data: Vec<String>,
    /// The base model, where the adapter's own name for it does not lead to it
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// The names of the adapter's outputs in order, for one that does not carry them
    #[arg(long, value_name = "LABEL", num_args = 1.., value_delimiter = ',')]
    labels: Vec<String>,
    /// Most tokens of a sequence; the rest is cut off [default: as in training]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_length: Option<u32>,
    /// Leave out broken records instead of stopping
    #[arg(long)]
    skip_invalid: bool,
    /// The seed of the bootstrap
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// The column with the labels; for FASTA, the field of the header
    #[arg(long, value_name = "COLUMN", help_heading = "Columns (guessed unless given)")]
    label_column: Option<String>,
    #[command(flatten)]
    machine: crate::arguments::Machine,
    #[command(flatten)]
    columns: crate::arguments::Columns,
}

/// Runs the command.
pub fn run(arguments: Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let request = EvaluateRequest {
        adapter: arguments.adapter,
        data: arguments.data,
        model: arguments.model,
        reading: DataConfiguration {
            sequence_column: arguments.columns.sequence_column,
            id_column: arguments.columns.id_column,
            label_column: arguments.label_column,
            skip_invalid: arguments.skip_invalid,
            ..DataConfiguration::default()
        },
        options: EvaluationOptions {
            labels: (!arguments.labels.is_empty()).then_some(arguments.labels),
            max_length: arguments.max_length.map(|length| length as usize),
            seed: arguments.seed,
            device: arguments.machine.device()?,
            dtype: arguments.machine.dtype()?,
        },
    };
    hand_over(request.options.device, engine, console)?;
    watch(&engine.stop, "stopping (Ctrl-C again leaves at once)")?;
    let bar = console.byte_bar(None);
    let mut view = TrainingView::of_progress(console);
    let report = api::evaluate(engine, &request, &mut on_bar(&bar), &mut |event| view.show(event));
    bar.finish_and_clear();
    view.close();
    let report = report?;
    if report.evaluated.left_out > 0 {
        console.warn(format_args!("{} left out", count(report.evaluated.left_out as u64, "broken record")));
    }
    if report.evaluated.truncated > 0 {
        console.warn(format_args!(
            "{} cut to what the model sees",
            count(report.evaluated.truncated as u64, "sequence")
        ));
    }
    console.answer(&report, || describe(&report))
}

fn describe(report: &EvaluationReport) -> String {
    let evaluated = &report.evaluated;
    let evaluation = &evaluated.evaluation;
    let mut rows = vec![["metric", "value", "95 % interval"].map(str::to_owned).to_vec()];
    for (metric, interval) in &evaluated.intervals {
        rows.push(vec![
            metric.title().to_owned(),
            format!("{:.4}", interval.estimate),
            format!("{:.4} to {:.4}", interval.low, interval.high),
        ]);
    }
    let mut text = format!(
        "{} on {}, base {}\n\n",
        report.adapter.display(),
        count(evaluation.records as u64, "record"),
        report.base
    );
    text.push_str(&table(&rows));
    text
}
