//! Attention's forward and backward pass over tiles of a segment's queries and keys, each head on its own.

use super::rows::{
    drop_row, exponentials, grow, rows, scale, scaled_into, score_gradients, transpose_into, transposed,
    weights, zeros_into,
};
use crate::{
    Segments,
    dropout::{Mask, MaskRow},
    host::{Fresh, Scatter},
    tile::{Sizes, multiply, padded},
};
use rayon::prelude::*;
use std::ops::Range;

/// Queries that are scored together. A block sees the keys up to its last row: small enough to skip most of the
/// upper triangle, large enough to use each loaded key often.
const BLOCK: usize = 32;

/// The attention of one packed batch.
pub(super) struct Problem {
    pub(super) total: usize,
    pub(super) channels: usize,
    pub(super) heads: usize,
    pub(super) scale: f32,
    pub(super) causal: bool,
    pub(super) mask: Option<Mask>,
    pub(super) segments: Segments,
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
        super::head_size(self.channels, self.heads)
    }

    /// The pairs of a segment and some heads, which are independent of each other; the longest first, so that no
    /// thread ends with one. Neighbouring heads go together while every thread still gets several pairs: a row of qkv
    /// is then read at once.
    fn units(&self) -> Vec<Unit> {
        let segments = self.segments.iter().filter(|range| !range.is_empty());
        let pairs = self.segments.count() * self.heads;
        let together = (pairs / (4 * rayon::current_num_threads())).clamp(1, self.heads);
        let heads = (0..self.heads).step_by(together).map(|head| head..(head + together).min(self.heads));
        let mut units: Vec<_> =
            segments.flat_map(|range| heads.clone().map(move |heads| (range.clone(), heads))).collect();
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
        self.rows_into(qkv, |row, head| self.at(row, Part::Query, head), unit, self.scale, query);
        self.rows_into(qkv, |row, head| self.at(row, Part::Key, head), unit, 1.0, key);
        self.rows_into(qkv, |row, head| self.at(row, Part::Value, head), unit, 1.0, value);
    }

    /// y (T, C) and log Σ eˢ of each head's each query, (heads, T).
    #[allow(unsafe_code)]
    pub(super) fn forward(&self, qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut normalisers = vec![0.0; self.heads * self.total];
        let mut y = Fresh::new(self.total * self.channels);
        let (y_out, normalisers_out) = (y.scatter(), Scatter::new(&mut normalisers));
        self.units().into_par_iter().for_each_init(Scratch::default, |scratch, unit| {
            let Scratch { query, key, value, columns, scores, output, .. } = scratch;
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
                    let sizes = Sizes { rows: block.len(), inner: size, columns: padded(keys) };
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
                    let sizes = Sizes { rows: block.len(), inner: keys, columns: stride };
                    multiply((output, stride), rows(scores, width), (value, stride), sizes, false);
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
    pub(super) fn backward(&self, qkv: &[f32], normalisers: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut dqkv = Fresh::new(3 * self.total * self.channels);
        let out = dqkv.scatter();
        self.units().into_par_iter().for_each_init(Scratch::default, |scratch, unit| {
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
            self.rows_into(gradient, |row, head| row * self.channels + head * size, &unit, 1.0, dy);
            let (range, heads) = unit;
            let length = range.len();
            let width = padded(length);
            for buffer in [&mut *scores, &mut *dscores] {
                grow(buffer, BLOCK * width);
            }
            grow(output, BLOCK * stride);
            for (index, head) in heads.enumerate() {
                let start = index * length * stride;
                let (query, key, value, dy) = (&query[start..], &key[start..], &value[start..], &dy[start..]);
                transpose_into(key, length, size, stride, columns);
                transpose_into(value, length, size, stride, value_columns);
                zeros_into(dkey, length * stride);
                zeros_into(dvalue, length * stride);
                for (block, keys) in self.blocks(length) {
                    let (query, dy) = (&query[block.start * stride..], &dy[block.start * stride..]);
                    let to_keys = Sizes { rows: block.len(), inner: size, columns: padded(keys) };
                    multiply((scores, width), rows(query, stride), (columns, width), to_keys, false);
                    multiply((dscores, width), rows(dy, stride), (value_columns, width), to_keys, false);
                    let pairs = scores.chunks_exact_mut(width).zip(dscores.chunks_exact_mut(width));
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
                    let from_block = Sizes { rows: keys, inner: block.len(), columns: stride };
                    multiply((dvalue, stride), transposed(scores, width), (dy, stride), from_block, true);
                    multiply((dkey, stride), transposed(dscores, width), (query, stride), from_block, true);
                    let to_queries = Sizes { rows: block.len(), inner: keys, columns: stride };
                    multiply((output, stride), rows(dscores, width), (key, stride), to_queries, false);
                    for (query, row) in block.zip(output.chunks_exact_mut(stride)) {
                        scale(row, self.scale);
                        // SAFETY: a head's channels of a row belong to one unit.
                        unsafe { out.write(self.at(range.start + query, Part::Query, head), &row[..size]) };
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
