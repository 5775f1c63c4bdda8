//! `episome pretrain`.

use std::path::PathBuf;

use api::{Engine, Error, Kind, PretrainingSettings};
use clap::Args;

use crate::console::Console;
use crate::interrupt::watch;
use crate::progress::TrainingView;

const EXAMPLE: &str = "\
The tokenizer is learned first, then a GPT-2 language model on both strands. The folder OUT/model is a base \
model like any other, with a card that says on what it was trained and how well it predicts held-out sequence, \
beside a Markov model.

Examples:
  episome pretrain --data genome.fa.gz --out mini --steps 500
  episome pretrain --data genome.fa.gz windows.txt --exclude test.csv --out mini
  episome pretrain --resume mini";

/// `episome pretrain`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// Files with sequences; labels are not looked at
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "resume")]
    data: Vec<PathBuf>,
    /// Files with sequences that the model must not see: what it will be judged on
    #[arg(long, value_name = "FILE", num_args = 1..)]
    exclude: Vec<PathBuf>,
    /// The folder to make; the model goes to `model` in it
    #[arg(long, value_name = "FOLDER", required_unless_present = "resume")]
    out: Option<PathBuf>,
    /// Go on with the pretraining in this folder, as if it had never been interrupted
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["data", "exclude", "out"])]
    resume: Option<PathBuf>,
    #[command(flatten)]
    model: ModelShape,
    #[command(flatten)]
    training: Training,
}

/// What the model looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "The model")]
struct ModelShape {
    /// Its name, for its card
    #[arg(long, value_name = "NAME", default_value_t = PretrainingSettings::default().name)]
    name: String,
    /// Tokens in the vocabulary
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().vocabulary)]
    vocabulary: usize,
    /// Bases that the tokenizer is learned from
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().tokenizer_bases)]
    tokenizer_bases: usize,
    /// Blocks
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().layers)]
    layers: usize,
    /// Width of the hidden state, a multiple of --heads
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().width)]
    width: usize,
    /// Attention heads
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().heads)]
    heads: usize,
    /// The longest input, in tokens
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().positions)]
    positions: usize,
}

/// How it is trained.
#[derive(Debug, Args)]
#[command(next_help_heading = "Training")]
struct Training {
    /// Decides everything random
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().seed)]
    seed: u64,
    /// Length of most windows, in tokens
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().context)]
    context: usize,
    /// Tokens in one step, at most
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().batch_tokens)]
    batch_tokens: usize,
    /// Steps
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().steps)]
    steps: usize,
    /// Steps over which the learning rate rises
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().warmup)]
    warmup: usize,
    /// The highest learning rate
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().learning_rate)]
    learning_rate: f64,
    /// Pull of the matrices towards zero
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().weight_decay)]
    weight_decay: f64,
    /// Largest joint norm of the gradients
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().clip)]
    clip: f64,
    /// Share of windows in which some letters become N
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().unknown_share)]
    unknown_share: f64,
    /// Share of the bases that is held out to judge by
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().held_out)]
    held_out: f64,
    /// Bases in a row that training may not share with held-out or excluded sequences
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().overlap)]
    overlap: usize,
    /// Steps between two scorings of the held-out part
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().evaluate_every)]
    evaluate_every: usize,
    /// Steps between two checkpoints
    #[arg(long, value_name = "NUMBER", default_value_t = PretrainingSettings::default().checkpoint_every)]
    checkpoint_every: usize,
}

impl Arguments {
    fn settings(self) -> PretrainingSettings {
        let Arguments { model, training, .. } = self;
        PretrainingSettings {
            name: model.name,
            data: self.data,
            exclude: self.exclude,
            out: self.out.unwrap_or_default(),
            seed: training.seed,
            vocabulary: model.vocabulary,
            tokenizer_bases: model.tokenizer_bases,
            layers: model.layers,
            width: model.width,
            heads: model.heads,
            positions: model.positions,
            context: training.context,
            batch_tokens: training.batch_tokens,
            steps: training.steps,
            warmup: training.warmup,
            learning_rate: training.learning_rate,
            weight_decay: training.weight_decay,
            clip: training.clip,
            unknown_share: training.unknown_share,
            held_out: training.held_out,
            overlap: training.overlap,
            evaluate_every: training.evaluate_every,
            checkpoint_every: training.checkpoint_every,
        }
    }
}

/// Runs the command.
pub fn run(arguments: Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    watch(&engine.stop, "stopping after this step; --resume goes on (Ctrl-C again leaves at once)")?;
    let mut view = TrainingView::new(console);
    let (folder, outcome) = match arguments.resume.clone() {
        Some(folder) => {
            let outcome = api::resume_pretraining(engine, &folder, &mut |event| view.show(event));
            (folder, outcome)
        }
        None => {
            let settings = arguments.settings();
            let outcome = api::pretrain(engine, &settings, &mut |event| view.show(event));
            (settings.out, outcome)
        }
    };
    view.close();
    match outcome? {
        Some(outcome) => {
            console.say(format_args!("its card: {}", outcome.model.join("README.md").display()));
            Ok(())
        }
        None => Err(Error::new(
            Kind::Interrupted,
            format!("stopped; {} keeps the last checkpoint", folder.display()),
        )
        .at(folder.display())
        .remedy(format!("`episome pretrain --resume {}` goes on", folder.display()))),
    }
}
