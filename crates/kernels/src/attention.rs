//! Attention over sequences packed end to end (Vaswani et al. 2017, arXiv 1706.03762).

pub(crate) mod card;
mod packed;
mod rows;

use crate::{
    Dropout, Error, Result, Segments,
    cast::{cast, is_half},
    dropout::Mask,
    gpu,
    graph::{self, Kernel, Step},
    host::{self, Values},
};
use candle_core::{D, DType, Tensor};
use packed::Problem;

/// softmax(scale·Q·Kᵀ)·V for each head of each sequence.
///
/// `qkv` is (T, 3C): queries, keys and values side by side, each with its heads one after the other. Rows see rows of
/// their own segment only and, where `causal`, none after themselves. Dropout acts on the softmax: the element of
/// head h, row i and row j has index (h·T + i)·T + j. Gives (T, C).
pub fn attention(
    qkv: &Tensor,
    heads: usize,
    segments: &Segments,
    scale: f64,
    causal: bool,
    dropout: Option<Dropout>,
) -> Result<Tensor> {
    let (total, channels) = check(qkv, heads, segments)?;
    if gpu::runs([qkv]) && head_size(channels, heads) <= card::LARGEST_HEAD {
        let mask = dropout.as_ref().map(Mask::new).transpose()?;
        let problem = card::Problem { heads, scale: scale as f32, causal, mask, segments: segments.clone() };
        return problem.attention(qkv);
    }
    if is_half(qkv) {
        let wide = cast(qkv, DType::F32)?;
        return cast(&attention(&wide, heads, segments, scale, causal, dropout)?, qkv.dtype());
    }
    if !host::is_fused([qkv]) {
        return graph::settled(composed(qkv, heads, segments, scale, causal, dropout));
    }
    let problem = Problem {
        total,
        channels,
        heads,
        scale: scale as f32,
        causal,
        mask: dropout.as_ref().map(Mask::new).transpose()?,
        segments: segments.clone(),
    };
    let (y, normalisers) = {
        let qkv = host::in_order(qkv)?;
        let qkv = Values::of(&qkv)?;
        problem.forward(&qkv)
    };
    graph::record(y, (total, channels), &[qkv], || Backward { problem, normalisers })
}

/// Keeps log Σ eˢ of each head's each query, (heads, T).
struct Backward {
    problem: Problem,
    normalisers: Vec<f32>,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        true
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (qkv, gradient) = (step.input(0)?, host::in_order(step.gradient)?);
        let dqkv = self.problem.backward(&Values::of(&qkv)?, &self.normalisers, &Values::of(&gradient)?);
        Ok(vec![Some(Tensor::from_vec(dqkv, qkv.shape(), qkv.device())?)])
    }
}

/// A head's channels.
fn head_size(channels: usize, heads: usize) -> usize {
    channels / heads
}

/// (T, C), or what does not fit.
fn check(qkv: &Tensor, heads: usize, segments: &Segments) -> Result<(usize, usize)> {
    let total = segments.total();
    match *qkv.dims() {
        [rows, columns] if rows == total && heads > 0 && columns % (3 * heads) == 0 => {
            Ok((rows, columns / 3))
        }
        _ => Err(Error::Shape {
            operation: "attention",
            argument: "qkv",
            expected: format!("({total}, 3·C) with C a multiple of {heads} heads"),
            found: qkv.dims().to_vec(),
        }),
    }
}

/// The same by candle's operations.
pub(crate) fn composed(
    qkv: &Tensor,
    heads: usize,
    segments: &Segments,
    scale: f64,
    causal: bool,
    dropout: Option<Dropout>,
) -> Result<Tensor> {
    let (total, channels) = check(qkv, heads, segments)?;
    let (device, dtype, size) = (qkv.device(), qkv.dtype(), channels / heads);
    let mask = dropout.as_ref().map(Mask::new).transpose()?;
    let mut outputs = Vec::new();
    for range in segments.iter().filter(|range| !range.is_empty()) {
        let length = range.len();
        // (L, 3, heads, size) → (3, heads, L, size)
        let parts = qkv.narrow(0, range.start, length)?.reshape((length, 3, heads, size))?;
        let parts = parts.permute((1, 2, 0, 3))?.contiguous()?;
        let part = |index| parts.narrow(0, index, 1)?.squeeze(0);
        let mut scores = (part(0)?.matmul(&part(1)?.transpose(1, 2)?)? * scale)?;
        if causal {
            let future = |index| {
                if index % length > index / length { f32::NEG_INFINITY } else { 0.0 }
            };
            let future: Vec<f32> = (0..length * length).map(future).collect();
            let future = Tensor::from_vec(future, (1, length, length), device)?.to_dtype(dtype)?;
            scores = scores.broadcast_add(&future)?;
        }
        let largest = scores.max_keepdim(D::Minus1)?.detach();
        let weights = scores.broadcast_sub(&largest)?.exp()?;
        let mut weights = weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)?;
        if let Some(mask) = &mask {
            let mut factors = Vec::with_capacity(heads * length * length);
            for head in 0..heads {
                for query in range.clone() {
                    let row = mask.row(((head * total + query) * total + range.start) as u64);
                    factors.extend((0..length as u32).map(|key| row.factor(key)));
                }
            }
            let factors = Tensor::from_vec(factors, weights.shape(), device)?;
            weights = (weights * factors.to_dtype(dtype)?)?;
        }
        let output = weights.matmul(&part(2)?)?; // (heads, L, size)
        outputs.push(output.transpose(0, 1)?.reshape((length, channels))?);
    }
    if outputs.is_empty() {
        return Ok(Tensor::zeros((total, channels), DType::F32, device)?.to_dtype(dtype)?);
    }
    Ok(Tensor::cat(&outputs, 0)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn gradients_agree_for_segments_and_heads_of_any_size() {
        for (lengths, heads, size) in [
            (&[1][..], 1, 1),
            (&[3, 0, 5], 2, 3),
            (&[31, 32, 33, 2], 2, 16),
            (&[70, 7], 3, 20),
            (&[260, 5], 1, 16),
        ] {
            for causal in [true, false] {
                for dropout in [None, Some(Dropout { probability: 0.2, seed: 3 })] {
                    let segments = Segments::from_lengths(lengths);
                    let qkv = check::random(&[segments.total(), 3 * heads * size], 1);
                    let scale = 1.0 / (size as f64).sqrt();
                    check::agrees(&[qkv], &[], |t| {
                        attention(&t[0], heads, &segments, scale, causal, dropout)
                    });
                }
            }
        }
    }

    #[test]
    fn a_sequence_gets_the_same_bits_alone_and_in_a_pack() {
        let lengths = [40, 9, 130];
        let segments = Segments::from_lengths(&lengths);
        let qkv = check::tensor(&check::random(&[179, 3 * 2 * 24], 7), DType::F32);
        let packed = attention(&qkv, 2, &segments, 0.2, true, None).unwrap();
        for range in segments.iter() {
            let (start, length) = (range.start, range.len());
            let alone = qkv.narrow(0, start, length).unwrap();
            let alone = attention(&alone, 2, &Segments::from_lengths(&[length]), 0.2, true, None).unwrap();
            let packed = packed.narrow(0, start, length).unwrap();
            assert_eq!(alone.to_vec2::<f32>().unwrap(), packed.to_vec2::<f32>().unwrap());
        }
    }
}
