//! Bits per base on held-out sequences, for a language model and for a Markov model, on the very same bases.

use candle_core::{Device, Tensor};
use models::{Batch, Context, Model};
use serde::{Deserialize, Serialize};
use tokenizer::Tokenizer;

use super::corpus::Piece;
use super::markov::Markov;
use crate::Error;
use crate::random::{Site, number};

/// The target that does not count in the loss.
pub(super) const IGNORED: u32 = u32::MAX;

/// What a model needs to write down some bases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Bits in all.
    pub bits: f64,
    /// Bases in all.
    pub bases: usize,
}

impl Score {
    /// Bits per base: 2 for a model that knows nothing of DNA but its four letters.
    #[must_use]
    pub fn bits_per_base(self) -> f64 {
        self.bits / self.bases.max(1) as f64
    }

    /// Perplexity per base, 2 to the power of the bits: 4 for that model.
    #[must_use]
    pub fn perplexity(self) -> f64 {
        self.bits_per_base().exp2()
    }

    fn add(&mut self, other: Score) {
        self.bits += other.bits;
        self.bases += other.bases;
    }

    /// The score of all parts together.
    pub(super) fn sum(scores: &[Score]) -> Score {
        let mut all = Score::default();
        scores.iter().for_each(|&score| all.add(score));
        all
    }
}

/// A held-out window. Its first token has no context for a causal model, so the bases after it are scored.
pub(super) struct Held {
    text: String,
    ids: Vec<u32>,
    /// Letters of the first token.
    first: usize,
    source: usize,
}

/// The held-out pieces cut into windows of about `length` letters, each on one strand, drawn by the seed.
pub(super) fn windows(
    pieces: &[Piece],
    tokenizer: &Tokenizer,
    length: usize,
    positions: usize,
    seed: u64,
) -> Result<Vec<Held>, Error> {
    let mut windows = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let whole = piece.sequence.len();
        let count = whole.div_ceil(length.max(1)).max(1);
        for part in 0..count {
            let text = &piece.sequence[part * whole / count..(part + 1) * whole / count];
            let draw = number(number(seed, Site::Scoring, index as u64), Site::Scoring, part as u64);
            let text = if draw & 1 == 1 { sequence::reverse_complement(text) } else { text.to_owned() };
            let ids = tokenizer.encode(&text)?;
            let first = ids.first().and_then(|&id| tokenizer.token(id)).map_or(0, |token| token.len());
            if (2..=positions).contains(&ids.len()) {
                windows.push(Held { text, ids, first, source: piece.source });
            }
        }
    }
    if windows.is_empty() {
        return Err(Error::Data("no held-out window has two tokens. Give longer sequences".into()));
    }
    Ok(windows)
}

/// Mean letters of a token.
pub(super) fn bases_per_token(windows: &[Held]) -> f64 {
    let letters: usize = windows.iter().map(|held| held.text.len()).sum();
    let tokens: usize = windows.iter().map(|held| held.ids.len()).sum();
    letters as f64 / tokens.max(1) as f64
}

/// The next token at every position: ignored at each sequence's end, and where the next token is `unknown`.
pub(super) fn targets(sequences: &[&[u32]], unknown: Option<u32>) -> Vec<u32> {
    let mut targets = Vec::new();
    for ids in sequences {
        targets.extend(ids.iter().skip(1).map(|&id| if Some(id) == unknown { IGNORED } else { id }));
        targets.push(IGNORED);
    }
    targets
}

/// The mean loss of a model on some sequences, in nats a token, and how many tokens it is over.
pub(super) fn loss(
    model: &dyn Model,
    sequences: &[&[u32]],
    unknown: Option<u32>,
    device: &Device,
) -> Result<(Tensor, usize), Error> {
    let batch = Batch::packed(sequences, None, device)?;
    let targets = targets(sequences, unknown);
    let counted = targets.iter().filter(|&&target| target != IGNORED).count();
    let logits = model.forward(&batch, &Context::inference())?; // (T, V)
    let targets = Tensor::new(targets, device)?;
    Ok((kernels::cross_entropy(&logits, &targets, Some(IGNORED))?, counted))
}

/// The language model's score of every source. The bits of the likeliest way to cut the bases into tokens alone, the
/// tokenizer's: an upper bound of what the model needs.
pub(super) fn of_model(
    model: &dyn Model,
    windows: &[Held],
    sources: usize,
    batch_tokens: usize,
    device: &Device,
) -> Result<Vec<Score>, Error> {
    let mut scores = vec![Score::default(); sources];
    let mut rest = windows;
    while let Some(held) = rest.first() {
        // One source at a time, as many windows as fit.
        let mut tokens = 0;
        let fits = |next: &&Held| {
            tokens += next.ids.len();
            next.source == held.source && tokens <= batch_tokens
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (now, later) = rest.split_at(count);
        let ids: Vec<&[u32]> = now.iter().map(|held| held.ids.as_slice()).collect();
        let (loss, counted) = kernels::without_gradients(|| loss(model, &ids, None, device))?;
        let nats = f64::from(loss.to_scalar::<f32>()?) * counted as f64;
        let bases = now.iter().map(|held| held.text.len() - held.first).sum();
        scores[held.source].add(Score { bits: nats / std::f64::consts::LN_2, bases });
        rest = later;
    }
    Ok(scores)
}

/// The Markov model's score of every source, on the same bases with the same context before them.
pub(super) fn of_markov(markov: &Markov, windows: &[Held], sources: usize) -> Vec<Score> {
    let mut scores = vec![Score::default(); sources];
    for held in windows {
        let (bits, bases) = markov.bits(held.text.as_bytes(), held.first..held.text.len());
        scores[held.source].add(Score { bits, bases });
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_but_the_last_predicts_the_next_token_and_never_an_n() {
        const N: u32 = 4;
        let sequences: [&[u32]; 2] = [&[7, 8, N, 9], &[5, 6]];
        assert_eq!(targets(&sequences, Some(N)), [8, IGNORED, 9, IGNORED, 6, IGNORED]);
        assert_eq!(targets(&sequences, None), [8, N, 9, IGNORED, 6, IGNORED]);
    }

    #[test]
    fn sums_weigh_by_bases() {
        let all = Score::sum(&[Score { bits: 20.0, bases: 10 }, Score { bits: 10.0, bases: 20 }]);
        assert_eq!((all.bits_per_base(), all.perplexity()), (1.0, 2.0));
    }

    #[test]
    fn what_is_scored_is_every_base_after_the_first_token() {
        let letters: String = "ACGTTGCAAC".repeat(20);
        let tokenizer = tokenizer::train_bpe([letters.as_str()], 12).unwrap();
        let pieces = [Piece { sequence: letters[..95].to_owned(), source: 0 }];
        let held = windows(&pieces, &tokenizer, 40, 64, 1).unwrap();
        // 95 letters in three windows, each without its first token.
        let first: usize = held.iter().map(|held| held.first).sum();
        assert_eq!((held.len(), held.iter().map(|held| held.text.len()).sum::<usize>()), (3, 95));
        let scores = of_markov(&Markov::new(5), &held, 1);
        assert_eq!(scores[0], Score { bits: 2.0 * (95 - first) as f64, bases: 95 - first });
    }
}
