//! `episome train`.

use std::path::{Path, PathBuf};

use api::{Engine, Error, Estimate, Kind, Outcome, RunConfiguration, TrainRequest};
use clap::Args;

use crate::commands::hub::on_bar;
use crate::console::Console;
use crate::gpu::hand_over;
use crate::hyperparameters::Settings;
use crate::interrupt::watch;
use crate::progress::TrainingView;
use crate::text::{bytes, duration, grouped};

const EXAMPLE: &str = "\
With --json, the objects of the run's events.jsonl as they happen, one a line. Ctrl-C stops cleanly and keeps \
the best adapter so far; `episome resume` goes on from there.

Examples:
  episome train --data promoters.csv --model episome-mini --out runs/promoters
  episome train --data train.csv --validation dev.csv --test test.csv --model dnagpt/dna_gpt2_v0 \\
      --target c_attn --rank 8 --alpha 32 --epochs 3 --out runs/tutorial
  episome train --data enhancer.fa other.fa --model episome-mini --out runs/fasta --dry-run";

/// `episome train`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// A file with labelled sequences, several files (with FASTA: one a class), or a Hub data-set id
    #[arg(long, value_name = "FILE|ID", num_args = 1.., required_unless_present = "config")]
    data: Vec<String>,
    /// Files whose records choose the best state (default: drawn from --data)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    validation: Vec<String>,
    /// Files whose records are scored once, at the end (default: drawn from --data)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    test: Vec<String>,
    /// The base model: the embedded model's name (episome-mini), a folder, or a Hub id
    #[arg(long, value_name = "MODEL", required_unless_present = "config")]
    model: Option<String>,
    /// The revision of a Hub model: a branch, a tag or a commit
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
    /// The folder of the run; it must not be there yet
    #[arg(long, value_name = "RUN", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Take the settings from an earlier run's run.json; flags given here come before it
    #[arg(long, value_name = "run.json")]
    config: Option<PathBuf>,
    /// Settings that go well together: quick, balanced or thorough; flags given here come before them
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Say what it would train, and the memory and time it would take, and stop
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
pub fn run(arguments: Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let mut configuration = match &arguments.config {
        Some(path) => RunConfiguration::read(path)?,
        None => RunConfiguration::default(),
    };
    if let Some(preset) = &arguments.preset {
        api::Recipe::named(preset)?.apply(&mut configuration)?;
    }
    arguments.settings.apply(&mut configuration)?;
    let request = TrainRequest {
        data: arguments.data,
        validation: arguments.validation,
        test: arguments.test,
        model: arguments.model,
        revision: arguments.revision,
        configuration,
    };
    hand_over(request.configuration.hyperparameters.device, engine, console)?;
    let bar = console.byte_bar(None);
    if arguments.dry_run {
        let estimate = api::dry_run(engine, request, &mut on_bar(&bar))?;
        bar.finish_and_clear();
        return console.answer(&estimate, || describe(&estimate));
    }
    let out = arguments.out.unwrap_or_default();
    watch(&engine.stop, STOPPING)?;
    let mut view = TrainingView::new(console);
    let outcome =
        api::train(engine, request, &out, &mut on_bar(&bar), &mut |event| view.show(event), &mut |note| {
            console.warn(note)
        });
    bar.finish_and_clear();
    view.close();
    finish(&outcome?, &out)
}

/// What the first Ctrl-C promises.
pub const STOPPING: &str =
    "stopping after this step; the best adapter so far is kept (Ctrl-C again leaves at once)";

/// A run that was stopped is told as one, with exit code 130.
pub fn finish(outcome: &Outcome, run: &Path) -> Result<(), Error> {
    if api::is_finished(outcome) {
        return Ok(());
    }
    let kept = if outcome.adapter.is_some() { " and its best adapter" } else { "" };
    Err(Error::new(
        Kind::Interrupted,
        format!("stopped; the run in {} keeps its last state{kept}", run.display()),
    )
    .at(run.display())
    .remedy(format!("`episome resume {}` goes on where it stopped", run.display())))
}

fn describe(estimate: &Estimate) -> String {
    let modules: String = estimate.matched_modules.iter().map(|module| format!("  {module}\n")).collect();
    format!(
        "trainable parameters: {} of {} ({} %), on {} modules\n{modules}{} records to train on, {} to choose by, {} to test \
         on; labels {}\n{} steps, about {}\nmemory: about {}\n",
        grouped(estimate.trainable_parameters as u64),
        grouped(estimate.all_parameters as u64),
        estimate.trainable_percent,
        estimate.matched_modules.len(),
        grouped(estimate.records.train as u64),
        grouped(estimate.records.validation as u64),
        grouped(estimate.records.test as u64),
        estimate.labels.join(", "),
        grouped(estimate.steps as u64),
        duration(estimate.seconds),
        bytes(estimate.memory_bytes)
    )
}
