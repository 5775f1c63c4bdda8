//! Attention over sequences packed end to end (Vaswani et al. 2017, arXiv 1706.03762).

use crate::{Dropout, Error, Result, Segments, dropout::Mask};
use candle_core::{D, DType, Tensor};

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
    check(qkv, heads, segments)?;
    composed(qkv, heads, segments, scale, causal, dropout)
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
        let parts = qkv
            .narrow(0, range.start, length)?
            .reshape((length, 3, heads, size))?;
        let parts = parts.permute((1, 2, 0, 3))?.contiguous()?;
        let part = |index| parts.narrow(0, index, 1)?.squeeze(0);
        let mut scores = (part(0)?.matmul(&part(1)?.transpose(1, 2)?)? * scale)?;
        if causal {
            let future = |index| {
                if index % length > index / length {
                    f32::NEG_INFINITY
                } else {
                    0.0
                }
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
