//! Attention over sequences packed end to end (Vaswani et al. 2017, arXiv 1706.03762).

use crate::{
    Dropout, Error, Result, Segments,
    dropout::{Mask, MaskRow},
    graph::{self, Kernel, Step},
    host::{self, Scatter, Values},
    simd::{exp, largest, sum, vectorised},
    tile::{Left, Sizes, multiply, padded},
};
use candle_core::{D, DType, Tensor};
use rayon::prelude::*;
use std::ops::Range;

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
    if !host::is_fused([qkv]) {
        return composed(qkv, heads, segments, scale, causal, dropout);
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

/// Queries that are scored together. A block sees the keys up to its last row: small enough to skip most of the
/// upper triangle, large enough to use each loaded key often.
const BLOCK: usize = 32;

/// The attention of one packed batch.
struct Problem {
    total: usize,
    channels: usize,
    heads: usize,
    scale: f32,
    causal: bool,
    mask: Option<Mask>,
    segments: Segments,
}

/// The columns of qkv.
#[derive(Clone, Copy)]
enum Part {
    Query,
    Key,
    Value,
}

impl Problem {
    /// A head's channels.
    fn size(&self) -> usize {
        self.channels / self.heads
    }

    /// The pairs of a segment and a head, which are independent of each other; the longest first, so that no thread
    /// ends with one.
    fn units(&self) -> Vec<(Range<usize>, usize)> {
        let segments = self.segments.iter().filter(|range| !range.is_empty());
        let mut units: Vec<_> = segments
            .flat_map(|range| (0..self.heads).map(move |head| (range.clone(), head)))
            .collect();
        units.sort_by_key(|(range, _)| std::cmp::Reverse(range.len()));
        units
    }

    /// The blocks of a segment's queries, each with the number of keys that it sees; counted within the segment.
    fn blocks(&self, length: usize) -> impl Iterator<Item = (Range<usize>, usize)> {
        let causal = self.causal;
        (0..length).step_by(BLOCK).map(move |start| {
            let end = (start + BLOCK).min(length);
            (start..end, if causal { end } else { length })
        })
    }

    /// The number of keys that query `query` of a segment sees.
    fn seen(&self, query: usize, length: usize) -> usize {
        if self.causal { query + 1 } else { length }
    }

    /// The mask of a query's row of the softmax.
    fn mask_row(&self, mask: &Mask, head: usize, range: &Range<usize>, query: usize) -> MaskRow {
        let row = (head * self.total + range.start + query) as u64;
        mask.row(row * self.total as u64 + range.start as u64)
    }

    /// Where the channels of one part of one head begin in a row of qkv.
    fn at(&self, row: usize, part: Part, head: usize) -> usize {
        (3 * row + part as usize) * self.channels + head * self.size()
    }

    /// Rows (L, size) of one part of one head, `padded(size)` apart, each times `factor`. What lies between the rows
    /// is left as it was: it reaches only columns of products that nobody reads.
    fn rows_into(
        &self,
        qkv: &[f32],
        part: Part,
        range: &Range<usize>,
        head: usize,
        factor: f32,
        out: &mut Vec<f32>,
    ) {
        let stride = padded(self.size());
        grow(out, range.len() * stride);
        for (row, out) in range.clone().zip(out.chunks_exact_mut(stride)) {
            scaled_into(
                &mut out[..self.size()],
                &qkv[self.at(row, part, head)..][..self.size()],
                factor,
            );
        }
    }

    /// y (T, C) and log Σ eˢ of each head's each query, (heads, T).
    #[allow(unsafe_code)]
    fn forward(&self, qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut normalisers = vec![0.0; self.heads * self.total];
        let mut y = vec![0.0; self.total * self.channels];
        let (y_out, normalisers_out) = (Scatter::new(&mut y), Scatter::new(&mut normalisers));
        self.units()
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, (range, head)| {
                let length = range.len();
                let width = padded(length);
                self.rows_into(qkv, Part::Query, &range, head, self.scale, &mut scratch.query);
                self.rows_into(qkv, Part::Key, &range, head, 1.0, &mut scratch.key);
                self.rows_into(qkv, Part::Value, &range, head, 1.0, &mut scratch.value);
                transpose_into(&scratch.key, length, size, stride, &mut scratch.key_columns);
                zeros_into(&mut scratch.scores, BLOCK * width);
                zeros_into(&mut scratch.output, BLOCK * stride);
                for (block, keys) in self.blocks(length) {
                    let queries = rows(&scratch.query[block.start * stride..], stride);
                    let scores = (&mut scratch.scores[..], width);
                    let sizes = Sizes {
                        rows: block.len(),
                        inner: size,
                        columns: padded(keys),
                    };
                    multiply(scores, queries, (&scratch.key_columns, width), sizes, false);
                    let mut shares = [0.0; BLOCK];
                    for (query, row) in block.clone().zip(scratch.scores.chunks_exact_mut(width)) {
                        let (most, sum) = exponentials(&mut row[..padded(keys)], self.seen(query, length));
                        shares[query - block.start] = 1.0 / sum;
                        // SAFETY: a query of a head belongs to one unit.
                        unsafe {
                            normalisers_out.write(head * self.total + range.start + query, &[most + sum.ln()])
                        };
                        if let Some(mask) = &self.mask {
                            drop_row(&mut row[..padded(keys)], self.mask_row(mask, head, &range, query));
                        }
                    }
                    let sizes = Sizes {
                        rows: block.len(),
                        inner: keys,
                        columns: stride,
                    };
                    let output = (&mut scratch.output[..], stride);
                    multiply(
                        output,
                        rows(&scratch.scores, width),
                        (&scratch.value, stride),
                        sizes,
                        false,
                    );
                    for ((query, row), share) in
                        block.zip(scratch.output.chunks_exact_mut(stride)).zip(shares)
                    {
                        scale(row, share);
                        // SAFETY: a head's channels of a row belong to one unit.
                        unsafe {
                            y_out.write((range.start + query) * self.channels + head * size, &row[..size])
                        };
                    }
                }
            });
        (y, normalisers)
    }

    /// dqkv (T, 3C) for the gradient dy (T, C).
    ///
    /// The softmax P is computed again from its logarithms. dV = Pᵀ·dy, dP = dy·Vᵀ, dS = P∘(dP − Σ P∘dP),
    /// dQ = s·dS·K, dK = dSᵀ·(s·Q); dropout's mask acts on P in dV and on dP.
    #[allow(unsafe_code)]
    fn backward(&self, qkv: &[f32], normalisers: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut dqkv = vec![0.0; 3 * self.total * self.channels];
        let out = Scatter::new(&mut dqkv);
        self.units()
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, (range, head)| {
                let length = range.len();
                let width = padded(length);
                let Scratch {
                    query,
                    key,
                    value,
                    key_columns,
                    value_columns,
                    scores,
                    output,
                    dy,
                    dscores,
                    dkey,
                    dvalue,
                } = scratch;
                self.rows_into(qkv, Part::Query, &range, head, self.scale, query);
                self.rows_into(qkv, Part::Key, &range, head, 1.0, key);
                self.rows_into(qkv, Part::Value, &range, head, 1.0, value);
                transpose_into(key, length, size, stride, key_columns);
                transpose_into(value, length, size, stride, value_columns);
                grow(dy, length * stride);
                for (row, dy) in range.clone().zip(dy.chunks_exact_mut(stride)) {
                    dy[..size].copy_from_slice(&gradient[row * self.channels + head * size..][..size]);
                }
                zeros_into(dkey, length * stride);
                zeros_into(dvalue, length * stride);
                zeros_into(scores, BLOCK * width);
                zeros_into(dscores, BLOCK * width);
                zeros_into(output, BLOCK * stride);
                for (block, keys) in self.blocks(length) {
                    let (query, dy) = (&query[block.start * stride..], &dy[block.start * stride..]);
                    let to_keys = Sizes {
                        rows: block.len(),
                        inner: size,
                        columns: padded(keys),
                    };
                    let from_block = Sizes {
                        rows: keys,
                        inner: block.len(),
                        columns: stride,
                    };
                    multiply(
                        (scores, width),
                        rows(query, stride),
                        (key_columns, width),
                        to_keys,
                        false,
                    );
                    multiply(
                        (dscores, width),
                        rows(dy, stride),
                        (value_columns, width),
                        to_keys,
                        false,
                    );
                    let pairs = scores
                        .chunks_exact_mut(width)
                        .zip(dscores.chunks_exact_mut(width));
                    for (query, (row, drow)) in block.clone().zip(pairs) {
                        let seen = self.seen(query, length);
                        let normaliser = normalisers[head * self.total + range.start + query];
                        let (row, drow) = (&mut row[..padded(keys)], &mut drow[..padded(keys)]);
                        weights(row, seen, normaliser);
                        match &self.mask {
                            None => score_gradients(row, drow),
                            Some(mask) => {
                                let mask = self.mask_row(mask, head, &range, query);
                                drop_row(drow, mask);
                                score_gradients(row, drow);
                                drop_row(row, mask);
                            }
                        }
                    }
                    multiply(
                        (dvalue, stride),
                        columns(scores, width),
                        (dy, stride),
                        from_block,
                        true,
                    );
                    multiply(
                        (dkey, stride),
                        columns(dscores, width),
                        (query, stride),
                        from_block,
                        true,
                    );
                    let to_queries = Sizes {
                        rows: block.len(),
                        inner: keys,
                        columns: stride,
                    };
                    multiply(
                        (output, stride),
                        rows(dscores, width),
                        (key, stride),
                        to_queries,
                        false,
                    );
                    for (query, row) in block.zip(output.chunks_exact_mut(stride)) {
                        scale(row, self.scale);
                        // SAFETY: a head's channels of a row belong to one unit.
                        unsafe { out.write(self.at(range.start + query, Part::Query, head), &row[..size]) };
                    }
                }
                for (index, row) in range.enumerate() {
                    // SAFETY: a head's channels of a row belong to one unit.
                    unsafe {
                        out.write(self.at(row, Part::Key, head), &dkey[index * stride..][..size]);
                        out.write(self.at(row, Part::Value, head), &dvalue[index * stride..][..size]);
                    }
                }
            });
        dqkv
    }
}

/// What a unit works in. Rows of queries, keys and values lie `padded(size)` apart, rows of scores `padded(L)`.
#[derive(Default)]
struct Scratch {
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    /// Keys, one channel a row.
    key_columns: Vec<f32>,
    /// Values, one channel a row.
    value_columns: Vec<f32>,
    scores: Vec<f32>,
    output: Vec<f32>,
    dy: Vec<f32>,
    dscores: Vec<f32>,
    dkey: Vec<f32>,
    dvalue: Vec<f32>,
}

/// A left operand whose rows lie `stride` apart.
fn rows(data: &[f32], stride: usize) -> Left<'_> {
    Left {
        data,
        row_stride: stride,
        column_stride: 1,
    }
}

/// The same, transposed.
fn columns(data: &[f32], stride: usize) -> Left<'_> {
    Left {
        data,
        row_stride: 1,
        column_stride: stride,
    }
}

fn zeros_into(out: &mut Vec<f32>, length: usize) {
    out.clear();
    out.resize(length, 0.0);
}

/// Makes room for `length` elements, whatever they are.
fn grow(out: &mut Vec<f32>, length: usize) {
    if out.len() < length {
        out.resize(length, 0.0);
    }
}

/// Rows (L, size), `stride` apart, as columns (size, padded(L)), zeros after the last.
fn transpose_into(data: &[f32], length: usize, size: usize, stride: usize, out: &mut Vec<f32>) {
    let width = padded(length);
    grow(out, size * width);
    for (channel, out) in out.chunks_exact_mut(width).take(size).enumerate() {
        let (values, rest) = out.split_at_mut(length);
        for (out, row) in values.iter_mut().zip(data.chunks_exact(stride)) {
            *out = row[channel];
        }
        rest.fill(0.0);
    }
}

vectorised! {
    fn scaled_into(out: &mut [f32], values: &[f32], factor: f32) {
        for (out, value) in out.iter_mut().zip(values) {
            *out = factor * value;
        }
    }
}

vectorised! {
    fn scale(values: &mut [f32], factor: f32) {
        for value in values {
            *value *= factor;
        }
    }
}

// The three below work on rows of padded length: whole vectors, no remainder.

vectorised! {
    /// The first `seen` scores become eˢ⁻ᵐ with m the largest, the others 0. Gives m and the sum.
    fn exponentials(row: &mut [f32], seen: usize) -> (f32, f32) {
        let (row, hidden) = row.split_at_mut(padded(seen));
        hidden.fill(0.0);
        row[seen..].fill(f32::NEG_INFINITY);
        let most = largest(row);
        for score in row.iter_mut() {
            *score = exp::<FMA>(*score - most);
        }
        (most, sum(row, row, |score, _| score))
    }
}

vectorised! {
    /// The first `seen` scores become their softmax, from log Σ eˢ; the others 0.
    fn weights(row: &mut [f32], seen: usize, normaliser: f32) {
        let (row, hidden) = row.split_at_mut(padded(seen));
        hidden.fill(0.0);
        row[seen..].fill(f32::NEG_INFINITY);
        for score in row {
            *score = exp::<FMA>(*score - normaliser);
        }
    }
}

vectorised! {
    /// dP becomes dS = P∘(dP − Σ P∘dP).
    fn score_gradients(weights: &[f32], gradients: &mut [f32]) {
        let mean = sum(weights, gradients, |weight, gradient| weight * gradient);
        for (gradient, weight) in gradients.iter_mut().zip(weights) {
            *gradient = weight * (*gradient - mean);
        }
    }
}

vectorised! {
    fn drop_row(row: &mut [f32], mask: MaskRow) {
        for (index, value) in row.iter_mut().enumerate() {
            *value *= mask.factor(index as u32);
        }
    }
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

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (qkv, gradient) = (host::in_order(&step.inputs[0])?, host::in_order(step.gradient)?);
        let dqkv = self
            .problem
            .backward(&Values::of(&qkv)?, &self.normalisers, &Values::of(&gradient)?);
        Ok(vec![Some(Tensor::from_vec(dqkv, qkv.shape(), qkv.device())?)])
    }
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
        ] {
            for causal in [true, false] {
                for dropout in [
                    None,
                    Some(Dropout {
                        probability: 0.2,
                        seed: 3,
                    }),
                ] {
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
