//! What a pretraining is told.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::kmers::LONGEST;
use crate::Error;

/// Everything that decides the result of a pretraining: the same settings on the same files give the same bits, on the
/// same kind of processor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name of the new model, for its card.
    pub name: String,
    /// Files with sequences, in any format that the `sequence` crate reads; labels are not looked at.
    pub data: Vec<PathBuf>,
    /// Files with sequences that the model must not see: the validation and test parts of what it will be judged on.
    pub exclude: Vec<PathBuf>,
    /// The folder of the run; it must be new or empty. The model goes to `model` in it.
    pub out: PathBuf,
    /// Decides everything random: first weights, held-out sequences, windows, strands.
    pub seed: u64,

    /// Tokens in the vocabulary, the five letters and `<|endoftext|>` among them.
    pub vocabulary: usize,
    /// Bases that the tokenizer is learned from; a random sample of the corpus where that has more.
    pub tokenizer_bases: usize,
    /// Blocks of the GPT-2 model.
    pub layers: usize,
    /// Width of its residual stream, a multiple of `heads`.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// The longest input, in tokens.
    pub positions: usize,

    /// Length of most windows that are cut from long sequences, in tokens; a quarter are as long as `positions`, so
    /// that all positions are learned.
    pub context: usize,
    /// Tokens in one optimizer step, at most.
    pub batch_tokens: usize,
    /// Optimizer steps.
    pub steps: usize,
    /// Steps over which the learning rate rises; then it falls to zero as half a cosine.
    pub warmup: usize,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// Decoupled weight decay of AdamW, on matrices only.
    pub weight_decay: f64,
    /// The largest norm of all gradients together.
    pub clip: f64,
    /// Share of windows in which short runs of letters are replaced by N, so that the model knows it. What stands
    /// there is not to be guessed: N never counts in a loss.
    pub unknown_share: f64,

    /// Share of the bases that is held out: whole short sequences, whole blocks of long ones.
    pub held_out: f64,
    /// A stretch of at least this many bases that a sequence shares with an excluded or held-out one, on either
    /// strand, is cut out of it before training.
    pub overlap: usize,
    /// Steps between two scorings of the held-out part.
    pub evaluate_every: usize,
    /// Steps between two checkpoints.
    pub checkpoint_every: usize,
}

impl Default for Settings {
    /// The settings of the embedded base model, without its data.
    fn default() -> Self {
        Self {
            name: "episome-mini".to_owned(),
            data: Vec::new(),
            exclude: Vec::new(),
            out: PathBuf::new(),
            seed: 42,
            vocabulary: 1024,
            tokenizer_bases: 8_000_000,
            layers: 6,
            width: 256,
            heads: 8,
            positions: 512,
            context: 128,
            batch_tokens: 4096,
            steps: 3200,
            warmup: 100,
            learning_rate: 1.5e-3,
            weight_decay: 0.1,
            clip: 1.0,
            unknown_share: 0.05,
            held_out: 0.005,
            overlap: LONGEST,
            evaluate_every: 400,
            checkpoint_every: 200,
        }
    }
}

impl Settings {
    /// Refuses what cannot work, by the name of the flag.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |flag: &str, value: String, reason: &str| {
            Err(Error::Setting { flag: flag.to_owned(), value, reason: reason.to_owned() })
        };
        let at_least = |flag: &str, value: usize, least: usize| {
            if value >= least {
                Ok(())
            } else {
                refuse(flag, value.to_string(), &format!("it must be at least {least}"))
            }
        };
        if self.data.is_empty() {
            return refuse("--data", "empty".to_owned(), "name at least one file with sequences");
        }
        at_least("--vocabulary", self.vocabulary, tokenizer::MINIMUM_VOCABULARY)?;
        at_least("--layers", self.layers, 1)?;
        at_least("--heads", self.heads, 1)?;
        at_least("--context", self.context, 8)?;
        at_least("--positions", self.positions, self.context)?;
        at_least("--batch-tokens", self.batch_tokens, self.positions)?;
        at_least("--steps", self.steps, 1)?;
        at_least("--evaluate-every", self.evaluate_every, 1)?;
        at_least("--checkpoint-every", self.checkpoint_every, 1)?;
        at_least("--overlap", self.overlap, 11)?;
        if self.overlap > LONGEST {
            return refuse("--overlap", self.overlap.to_string(), &format!("it must be at most {LONGEST}"));
        }
        if self.width == 0 || !self.width.is_multiple_of(self.heads) {
            return refuse("--width", self.width.to_string(), "it must be a multiple of --heads");
        }
        let between = |flag: &str, value: f64, low: f64, high: f64| {
            // Written so that NaN is refused too.
            if value > low && value <= high {
                Ok(())
            } else {
                refuse(flag, value.to_string(), &format!("it must be above {low} and at most {high}"))
            }
        };
        between("--learning-rate", self.learning_rate, 0.0, 1.0)?;
        between("--clip", self.clip, 0.0, f64::MAX)?;
        between("--held-out", self.held_out, 0.0, 0.5)?;
        if !(0.0..=1.0).contains(&self.weight_decay) {
            return refuse("--weight-decay", self.weight_decay.to_string(), "it must be between 0 and 1");
        }
        if !(0.0..=1.0).contains(&self.unknown_share) {
            return refuse("--unknown-share", self.unknown_share.to_string(), "it must be between 0 and 1");
        }
        Ok(())
    }

    /// The command line that says the same, every setting spelled out.
    #[must_use]
    pub fn command(&self) -> String {
        let mut lines = vec!["episome pretrain".to_owned()];
        let paths = |flag: &str, files: &[PathBuf]| -> Vec<String> {
            files.iter().map(|file| format!("{flag} {}", file.display())).collect()
        };
        lines.extend(paths("--data", &self.data));
        lines.extend(paths("--exclude", &self.exclude));
        lines.push(format!("--out {} --name {} --seed {}", self.out.display(), self.name, self.seed));
        lines.push(format!(
            "--vocabulary {} --tokenizer-bases {} --layers {} --width {} --heads {} --positions {}",
            self.vocabulary, self.tokenizer_bases, self.layers, self.width, self.heads, self.positions
        ));
        lines.push(format!(
            "--context {} --batch-tokens {} --steps {} --warmup {} --learning-rate {} --weight-decay {} --clip {}",
            self.context,
            self.batch_tokens,
            self.steps,
            self.warmup,
            self.learning_rate,
            self.weight_decay,
            self.clip
        ));
        lines.push(format!(
            "--unknown-share {} --held-out {} --overlap {} --evaluate-every {} --checkpoint-every {}",
            self.unknown_share, self.held_out, self.overlap, self.evaluate_every, self.checkpoint_every
        ));
        lines.join(" \\\n  ")
    }
}
