//! Attention over sequences packed end to end (Vaswani et al. 2017, arXiv 1706.03762).

use crate::{
    Dropout, Error, Result, Segments,
    dropout::{Mask, MaskRow},
    graph::{self, Kernel, Step},
    host::{self, Fresh, Scatter, Values},
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

/// The rows of a segment, and some heads.
type Unit = (Range<usize>, Range<usize>);

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

    /// The pairs of a segment and some heads, which are independent of each other; the longest first, so that no
    /// thread ends with one. Neighbouring heads go together while every thread still gets several pairs: a row of qkv
    /// is then read at once.
    fn units(&self) -> Vec<Unit> {
        let segments = self.segments.iter().filter(|range| !range.is_empty());
        let pairs = self.segments.count() * self.heads;
        let together = (pairs / (4 * rayon::current_num_threads())).clamp(1, self.heads);
        let heads = (0..self.heads)
            .step_by(together)
            .map(|head| head..(head + together).min(self.heads));
        let mut units: Vec<_> = segments
            .flat_map(|range| heads.clone().map(move |heads| (range.clone(), heads)))
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

    /// Rows (L, size) of one part of each of some heads, one head after the other, rows `padded(size)` apart and
    /// times `factor`. What lies between the rows is left as it was: it reaches only columns of products that
    /// nobody reads.
    fn rows_into(
        &self,
        data: &[f32],
        at: impl Fn(usize, usize) -> usize,
        unit: &Unit,
        factor: f32,
        out: &mut Vec<f32>,
    ) {
        let (range, heads) = unit;
        let stride = padded(self.size());
        grow(out, heads.len() * range.len() * stride);
        for (index, row) in range.clone().enumerate() {
            for (head, out) in heads.clone().zip(out.chunks_exact_mut(range.len() * stride)) {
                scaled_into(
                    &mut out[index * stride..][..self.size()],
                    &data[at(row, head)..][..self.size()],
                    factor,
                );
            }
        }
    }

    /// Queries, times the scale, keys and values of a unit.
    fn parts_into(&self, qkv: &[f32], unit: &Unit, [query, key, value]: [&mut Vec<f32>; 3]) {
        self.rows_into(
            qkv,
            |row, head| self.at(row, Part::Query, head),
            unit,
            self.scale,
            query,
        );
        self.rows_into(qkv, |row, head| self.at(row, Part::Key, head), unit, 1.0, key);
        self.rows_into(qkv, |row, head| self.at(row, Part::Value, head), unit, 1.0, value);
    }

    /// y (T, C) and log Σ eˢ of each head's each query, (heads, T).
    #[allow(unsafe_code)]
    fn forward(&self, qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut normalisers = vec![0.0; self.heads * self.total];
        let mut y = Fresh::new(self.total * self.channels);
        let (y_out, normalisers_out) = (y.scatter(), Scatter::new(&mut normalisers));
        self.units()
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, unit| {
                let Scratch {
                    query,
                    key,
                    value,
                    columns,
                    scores,
                    output,
                    ..
                } = scratch;
                self.parts_into(qkv, &unit, [query, key, value]);
                let (range, heads) = unit;
                let length = range.len();
                let width = padded(length);
                grow(scores, BLOCK * width);
                grow(output, BLOCK * stride);
                for (index, head) in heads.enumerate() {
                    let start = index * length * stride;
                    let (query, key, value) = (&query[start..], &key[start..], &value[start..]);
                    transpose_into(key, length, size, stride, columns);
                    for (block, keys) in self.blocks(length) {
                        let queries = rows(&query[block.start * stride..], stride);
                        let sizes = Sizes {
                            rows: block.len(),
                            inner: size,
                            columns: padded(keys),
                        };
                        multiply((scores, width), queries, (columns, width), sizes, false);
                        let mut shares = [0.0; BLOCK];
                        for (query, row) in block.clone().zip(scores.chunks_exact_mut(width)) {
                            let row = &mut row[..padded(keys)];
                            let (most, sum) = exponentials(row, self.seen(query, length));
                            shares[query - block.start] = 1.0 / sum;
                            let at = head * self.total + range.start + query;
                            // SAFETY: a query of a head belongs to one unit.
                            unsafe { normalisers_out.write(at, &[most + sum.ln()]) };
                            if let Some(mask) = &self.mask {
                                drop_row(row, self.mask_row(mask, head, &range, query));
                            }
                        }
                        let sizes = Sizes {
                            rows: block.len(),
                            inner: keys,
                            columns: stride,
                        };
                        multiply(
                            (output, stride),
                            rows(scores, width),
                            (value, stride),
                            sizes,
                            false,
                        );
                        for ((query, row), share) in block.zip(output.chunks_exact_mut(stride)).zip(shares) {
                            scale(row, share);
                            let at = (range.start + query) * self.channels + head * size;
                            // SAFETY: a head's channels of a row belong to one unit.
                            unsafe { y_out.write(at, &row[..size]) };
                        }
                    }
                }
            });
        // SAFETY: every row is of a segment, every channel of a head: the units have written all.
        (unsafe { y.written() }, normalisers)
    }

    /// dqkv (T, 3C) for the gradient dy (T, C).
    ///
    /// The softmax P is computed again from its logarithms. dV = Pᵀ·dy, dP = dy·Vᵀ, dS = P∘(dP − Σ P∘dP),
    /// dQ = s·dS·K, dK = dSᵀ·(s·Q); dropout's mask acts on P in dV and on dP.
    #[allow(unsafe_code)]
    fn backward(&self, qkv: &[f32], normalisers: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut dqkv = Fresh::new(3 * self.total * self.channels);
        let out = dqkv.scatter();
        self.units()
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, unit| {
                let Scratch {
                    query,
                    key,
                    value,
                    dy,
                    columns,
                    value_columns,
                    scores,
                    dscores,
                    output,
                    dkey,
                    dvalue,
                } = scratch;
                self.parts_into(qkv, &unit, [query, key, value]);
                self.rows_into(
                    gradient,
                    |row, head| row * self.channels + head * size,
                    &unit,
                    1.0,
                    dy,
                );
                let (range, heads) = unit;
                let length = range.len();
                let width = padded(length);
                for buffer in [&mut *scores, &mut *dscores] {
                    grow(buffer, BLOCK * width);
                }
                grow(output, BLOCK * stride);
                for (index, head) in heads.enumerate() {
                    let start = index * length * stride;
                    let (query, key, value, dy) =
                        (&query[start..], &key[start..], &value[start..], &dy[start..]);
                    transpose_into(key, length, size, stride, columns);
                    transpose_into(value, length, size, stride, value_columns);
                    zeros_into(dkey, length * stride);
                    zeros_into(dvalue, length * stride);
                    for (block, keys) in self.blocks(length) {
                        let (query, dy) = (&query[block.start * stride..], &dy[block.start * stride..]);
                        let to_keys = Sizes {
                            rows: block.len(),
                            inner: size,
                            columns: padded(keys),
                        };
                        multiply(
                            (scores, width),
                            rows(query, stride),
                            (columns, width),
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
                            let (row, drow) = (&mut row[..padded(keys)], &mut drow[..padded(keys)]);
                            let normaliser = normalisers[head * self.total + range.start + query];
                            weights(row, self.seen(query, length), normaliser);
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
                        let from_block = Sizes {
                            rows: keys,
                            inner: block.len(),
                            columns: stride,
                        };
                        multiply(
                            (dvalue, stride),
                            transposed(scores, width),
                            (dy, stride),
                            from_block,
                            true,
                        );
                        multiply(
                            (dkey, stride),
                            transposed(dscores, width),
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
                            unsafe {
                                out.write(self.at(range.start + query, Part::Query, head), &row[..size])
                            };
                        }
                    }
                    for (index, row) in range.clone().enumerate() {
                        // SAFETY: a head's channels of a row belong to one unit.
                        unsafe {
                            out.write(self.at(row, Part::Key, head), &dkey[index * stride..][..size]);
                            out.write(self.at(row, Part::Value, head), &dvalue[index * stride..][..size]);
                        }
                    }
                }
            });
        // SAFETY: every row is of a segment, every channel of a head's query, key or value: the units have written all.
        unsafe { dqkv.written() }
    }
}

/// What a unit works in. Rows of queries, keys and values lie `padded(size)` apart, rows of scores `padded(L)`.
#[derive(Default)]
struct Scratch {
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    dy: Vec<f32>,
    /// The keys of a head, one channel a row.
    columns: Vec<f32>,
    /// The values of a head, one channel a row.
    value_columns: Vec<f32>,
    scores: Vec<f32>,
    dscores: Vec<f32>,
    output: Vec<f32>,
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
fn transposed(data: &[f32], stride: usize) -> Left<'_> {
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
