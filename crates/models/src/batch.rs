//! Sequences of token ids as a model reads them: packed end to end, without padding.

use candle_core::{Device, Tensor};
use kernels::Segments;

use crate::{Error, Result};

/// Some sequences, their tokens end to end. T is the number of tokens of all, B the number of sequences.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The token ids, u32 (T).
    pub tokens: Tensor,
    /// Each token's position in its sequence, u32 (T).
    pub positions: Tensor,
    /// Where each sequence starts and ends.
    pub segments: Segments,
    /// For each sequence the row, in 0..T, that a classification head reads, u32 (B).
    pub pooled: Tensor,
    pub(crate) limits: Limits,
}

/// The largest numbers in a batch and where they are, so that a model can refuse what it can't look up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// (sequence, token id)
    token: (usize, u32),
    /// (sequence, position)
    position: (usize, u32),
}

impl Batch {
    /// Sequences as they are, without padding: what training and prediction use.
    ///
    /// The head reads the last token that is not `pad_id` (the configuration's `pad_token_id`), the first token where
    /// all are, as `GPT2ForSequenceClassification` does; without a `pad_id`, the last.
    pub fn packed(sequences: &[&[u32]], pad_id: Option<u32>, device: &Device) -> Result<Self> {
        let rows = sequences.iter().map(|tokens| Row {
            tokens: tokens.to_vec(),
            positions: (0..tokens.len() as u32).collect(),
            pooled: rightmost(tokens, pad_id),
        });
        Self::from_rows(rows.collect(), device)
    }

    /// Rows of equal length with padding on either side, as tokenizers in Python make them; `mask` is 1 where a token
    /// counts and 0 on padding, as `attention_mask` there; without it every token counts, padding too.
    ///
    /// The tokens that count are packed and keep their column as position, which is what transformers gives them, so
    /// that logits are equal to its logits, whatever the side of the padding.
    pub fn padded(
        ids: &[Vec<u32>],
        mask: Option<&[Vec<u8>]>,
        pad_id: Option<u32>,
        device: &Device,
    ) -> Result<Self> {
        let width = ids.first().map_or(0, Vec::len);
        let same_width = ids.iter().all(|row| row.len() == width)
            && mask.is_none_or(|mask| mask.len() == ids.len() && mask.iter().all(|row| row.len() == width));
        if !same_width {
            return Err(Error::Batch("the rows of ids and mask must all have the same length".into()));
        }
        if pad_id.is_none() && ids.len() > 1 {
            return Err(Error::Batch(
                "padded rows need a pad_token_id in the model's configuration to find each row's last token"
                    .into(),
            ));
        }
        let mut rows = Vec::with_capacity(ids.len());
        for (index, tokens) in ids.iter().enumerate() {
            let counts = |column: usize| mask.is_none_or(|mask| mask[index][column] != 0);
            let column = rightmost(tokens, pad_id);
            let kept: Vec<usize> = (0..width).filter(|&column| counts(column)).collect();
            let Some(pooled) = kept.iter().position(|&kept| kept == column) else {
                return Err(Error::Batch(format!(
                    "the head would read column {column} of row {}, which the mask leaves out: the padding is not the \
                     configuration's pad_token_id ({})",
                    index + 1,
                    pad_id.map_or("null".into(), |id| id.to_string()),
                )));
            };
            rows.push(Row {
                tokens: kept.iter().map(|&column| tokens[column]).collect(),
                positions: kept.iter().map(|&column| column as u32).collect(),
                pooled,
            });
        }
        Self::from_rows(rows, device)
    }

    fn from_rows(rows: Vec<Row>, device: &Device) -> Result<Self> {
        if rows.is_empty() {
            return Err(Error::Batch("it holds no sequence".into()));
        }
        let mut limits = Limits::default();
        let (mut tokens, mut positions, mut pooled) = (Vec::new(), Vec::new(), Vec::new());
        let lengths: Vec<usize> = rows.iter().map(|row| row.tokens.len()).collect();
        for (index, row) in rows.into_iter().enumerate() {
            if row.tokens.is_empty() {
                return Err(Error::Batch(format!("sequence {} has no tokens", index + 1)));
            }
            pooled.push((tokens.len() + row.pooled) as u32);
            for (&token, &position) in row.tokens.iter().zip(&row.positions) {
                if token > limits.token.1 {
                    limits.token = (index, token);
                }
                if position > limits.position.1 {
                    limits.position = (index, position);
                }
            }
            tokens.extend(row.tokens);
            positions.extend(row.positions);
        }
        Ok(Self {
            tokens: Tensor::new(tokens, device)?,
            positions: Tensor::new(positions, device)?,
            segments: Segments::from_lengths(&lengths),
            pooled: Tensor::new(pooled, device)?,
            limits,
        })
    }
}

impl Limits {
    /// Refuses ids that are not in a vocabulary and positions that the model does not have.
    pub(crate) fn check(&self, vocabulary: usize, positions: usize) -> Result<()> {
        let (index, token) = self.token;
        if token as usize >= vocabulary {
            return Err(Error::TokenOutOfRange { index, token, vocabulary });
        }
        let (index, position) = self.position;
        if position as usize >= positions {
            return Err(Error::TooLong { index, position: position as usize, limit: positions });
        }
        Ok(())
    }
}

struct Row {
    tokens: Vec<u32>,
    positions: Vec<u32>,
    pooled: usize,
}

/// The column of the rightmost token that is not `pad_id`; 0 where all are.
fn rightmost(tokens: &[u32], pad_id: Option<u32>) -> usize {
    tokens.iter().rposition(|&token| Some(token) != pad_id).unwrap_or(0)
}
