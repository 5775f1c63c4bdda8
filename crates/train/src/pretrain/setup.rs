//! What is decided before the first step: the tokenizer's sample, the windows, the model.

use candle_core::Var;
use models::{Base, Gpt2Config, Task};
use serde_json::{Map, json};
use tokenizer::Tokenizer;

use super::corpus::Piece;
use super::settings::Settings;
use super::windows::Lengths;
use crate::Error;
use crate::optimizer::Trainable;
use crate::random::{Site, number};

/// A piece of the corpus that the tokenizer's sample takes or leaves as a whole, in letters.
const SAMPLE_PIECE: usize = 512;

/// Pieces of the training part, drawn by the seed until about `tokenizer_bases` letters, half of them reversed.
pub(super) fn tokenizer_sample(pieces: &[Piece], settings: &Settings) -> Vec<String> {
    let total: usize = pieces.iter().map(|piece| piece.sequence.len()).sum();
    let share = settings.tokenizer_bases as f64 / total as f64;
    let chunks = pieces.iter().flat_map(|piece| piece.sequence.as_bytes().chunks(SAMPLE_PIECE));
    let mut sample = Vec::new();
    for (counter, chunk) in chunks.enumerate() {
        let draw = number(settings.seed, Site::TokenizerSample, counter as u64);
        if ((draw >> 11) as f64 / (1_u64 << 53) as f64) < share {
            let chunk = String::from_utf8_lossy(chunk);
            let reverse = draw & 1 == 1;
            sample.push(if reverse { sequence::reverse_complement(&chunk) } else { chunk.into_owned() });
        }
    }
    sample
}

/// Letters of the windows, from how many of them a token has on these pieces.
pub(super) fn window_lengths(
    pieces: &[Piece],
    tokenizer: &Tokenizer,
    settings: &Settings,
) -> Result<Lengths, Error> {
    let (mut letters, mut tokens) = (0, 0);
    for piece in pieces {
        letters += piece.sequence.len();
        tokens += tokenizer.encode(&piece.sequence)?.len();
    }
    let per_token = letters as f64 / tokens.max(1) as f64;
    // One in ten fewer than fit on average, so that hardly any window is cut.
    let of = |tokens: usize| ((0.9 * per_token * tokens as f64) as usize).max(1);
    Ok(Lengths { usual: of(settings.context), longest: of(settings.positions) })
}

/// The model's configuration.
pub(super) fn shape(settings: &Settings, tokenizer: &Tokenizer) -> Gpt2Config {
    Gpt2Config {
        n_positions: settings.positions,
        n_embd: settings.width,
        n_layer: settings.layers,
        n_head: settings.heads,
        // A pass or two over the data leave nothing for dropout to prevent.
        resid_pdrop: 0.0,
        embd_pdrop: 0.0,
        attn_pdrop: 0.0,
        pad_token_id: tokenizer.pad_id(),
        other: Map::from_iter([
            ("bos_token_id".to_owned(), json!(tokenizer.end_of_text_id())),
            ("eos_token_id".to_owned(), json!(tokenizer.end_of_text_id())),
        ]),
        ..Gpt2Config::small(tokenizer.vocabulary_size())
    }
}

/// Turns every tensor of the model into a variable. Matrices decay; biases and norms do not.
pub(super) fn make_trainable(base: &mut Base) -> Result<Vec<Trainable>, Error> {
    let mut trainables = Vec::new();
    let modules = base.modules(Task::CausalLanguageModelling);
    for module in modules.iter().filter(|module| module.parameters > 0) {
        for (name, shape) in module.tensors() {
            let variable = Var::from_tensor(base.weights.get(&name)?)?;
            base.weights.insert(name.clone(), variable.as_tensor().clone());
            trainables.push(Trainable { name, variable, decay: shape.len() >= 2 });
        }
    }
    Ok(trainables)
}
