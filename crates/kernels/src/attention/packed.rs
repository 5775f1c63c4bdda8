//! Attention's forward and backward pass over tiles of a segment's queries and keys, each head on its own.

use super::rows::{
    drop_row, exponentials, grow, rows, scale, score_gradients, transpose_into, transposed, weights,
    zeros_into,
};
use crate::{
    Segments,
    dropout::{Mask, MaskRow},
    host::{Fresh, Scatter},
    tile::{Left, Sizes, multiply, padded},
};
use rayon::prelude::*;
use std::ops::Range;

/// Queries that are scored together. A block sees the keys up to its last row: small enough to skip most of the
/// upper triangle, large enough to use each loaded key often.
const BLOCK: usize = 32;

/// The rows of a head that are read where they lie, a row of qkv apart: more of them drive each other out of the cache,
/// and are copied.
const APART: usize = 256;

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

/// The rows of a segment, and a head.
type Unit = (Range<usize>, usize);

/// Rows of one head, so many elements apart. Those between a row's end and its padded size reach only columns of products
/// that nobody reads.
#[derive(Clone, Copy)]
struct Rows<'a> {
    data: &'a [f32],
    stride: usize,
}

impl<'a> Rows<'a> {
    /// These rows where they lie, or a copy with room for their padding; of many rows a copy in any case.
    fn padded(self, length: usize, size: usize, copy: &'a mut Vec<f32>) -> Self {
        let stride = padded(size);
        if stride == size && length <= APART {
            return self;
        }
        grow(copy, length * stride);
        for (row, out) in copy.chunks_exact_mut(stride).take(length).enumerate() {
            out[..size].copy_from_slice(&self.data[row * self.stride..][..size]);
        }
        Self { data: copy, stride }
    }

    /// The rows from one on.
    fn from(self, row: usize) -> Self {
        Self { data: &self.data[row * self.stride..], ..self }
    }

    /// As a left operand.
    fn left(self) -> Left<'a> {
        rows(self.data, self.stride)
    }

    /// As a right operand.
    fn right(self) -> (&'a [f32], usize) {
        (self.data, self.stride)
    }
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
        super::head_size(self.channels, self.heads)
    }

    /// The pairs of a segment and a head, which are independent of each other; the longest first, so that no thread ends
    /// with one.
    fn units(&self) -> Vec<Unit> {
        let segments = self.segments.iter().filter(|range| !range.is_empty());
        let mut units: Vec<Unit> =
            segments.flat_map(|range| (0..self.heads).map(move |head| (range.clone(), head))).collect();
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

    /// Queries, keys and values of one head of a segment, each (L, size).
    fn parts<'a>(
        &self,
        qkv: &'a [f32],
        range: &Range<usize>,
        head: usize,
        [query, key, value]: &'a mut [Vec<f32>; 3],
    ) -> [Rows<'a>; 3] {
        let stride = 3 * self.channels;
        [(Part::Query, query), (Part::Key, key), (Part::Value, value)].map(|(part, copy)| {
            let rows = Rows { data: &qkv[self.at(range.start, part, head)..], stride };
            rows.padded(range.len(), self.size(), copy)
        })
    }

    /// y (T, C) and log Σ eˢ of each head's each query, (heads, T).
    #[allow(unsafe_code)]
    pub(super) fn forward(&self, qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut normalisers = vec![0.0; self.heads * self.total];
        let mut y = Fresh::new(self.total * self.channels);
        let (y_out, normalisers_out) = (y.scatter(), Scatter::new(&mut normalisers));
        self.units().into_par_iter().for_each_init(Scratch::default, |scratch, unit| {
            let Scratch { copies, columns, scores, output, .. } = scratch;
            let (range, head) = unit;
            let length = range.len();
            let width = padded(length);
            grow(scores, BLOCK * width);
            grow(output, BLOCK * stride);
            let [query, key, value] = self.parts(qkv, &range, head, copies);
            transpose_into(key.data, length, size, key.stride, columns);
            scale(&mut columns[..size * width], self.scale);
            for (block, keys) in self.blocks(length) {
                let queries = query.from(block.start).left();
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
                multiply((output, stride), rows(scores, width), value.right(), sizes, false);
                for ((query, row), share) in block.zip(output.chunks_exact_mut(stride)).zip(shares) {
                    scale(row, share);
                    let at = (range.start + query) * self.channels + head * size;
                    // SAFETY: a head's channels of a row belong to one unit.
                    unsafe { y_out.write(at, &row[..size]) };
                }
            }
        });
        // SAFETY: every row is of a segment, every channel of a head: the units have written all.
        (unsafe { y.written() }, normalisers)
    }

    /// dqkv (T, 3C) for the gradient dy (T, C).
    ///
    /// The softmax P is computed again from its logarithms. dV = Pᵀ·dy, dP = dy·Vᵀ, dS = P∘(dP − Σ P∘dP),
    /// dQ = s·dS·K, dK = s·dSᵀ·Q; dropout's mask acts on P in dV and on dP.
    #[allow(unsafe_code)]
    pub(super) fn backward(&self, qkv: &[f32], normalisers: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (size, stride) = (self.size(), padded(self.size()));
        let mut dqkv = Fresh::new(3 * self.total * self.channels);
        let out = dqkv.scatter();
        self.units().into_par_iter().for_each_init(Scratch::default, |scratch, unit| {
            let Scratch { copies, dy_copy, columns, value_columns, scores, dscores, output, dkey, dvalue } =
                scratch;
            let (range, head) = unit;
            let length = range.len();
            let width = padded(length);
            for buffer in [&mut *scores, &mut *dscores] {
                grow(buffer, BLOCK * width);
            }
            grow(output, BLOCK * stride);
            let [query, key, value] = self.parts(qkv, &range, head, copies);
            let dy =
                Rows { data: &gradient[range.start * self.channels + head * size..], stride: self.channels };
            let dy = dy.padded(length, size, dy_copy);
            transpose_into(key.data, length, size, key.stride, columns);
            scale(&mut columns[..size * width], self.scale);
            transpose_into(value.data, length, size, value.stride, value_columns);
            zeros_into(dkey, length * stride);
            zeros_into(dvalue, length * stride);
            for (block, keys) in self.blocks(length) {
                let (query, dy) = (query.from(block.start), dy.from(block.start));
                let to_keys = Sizes { rows: block.len(), inner: size, columns: padded(keys) };
                multiply((scores, width), query.left(), (columns, width), to_keys, false);
                multiply((dscores, width), dy.left(), (value_columns, width), to_keys, false);
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
                multiply((dvalue, stride), transposed(scores, width), dy.right(), from_block, true);
                multiply((dkey, stride), transposed(dscores, width), query.right(), from_block, true);
                let to_queries = Sizes { rows: block.len(), inner: keys, columns: stride };
                multiply((output, stride), rows(dscores, width), key.right(), to_queries, false);
                for (query, row) in block.zip(output.chunks_exact_mut(stride)) {
                    scale(row, self.scale);
                    // SAFETY: a head's channels of a row belong to one unit.
                    unsafe { out.write(self.at(range.start + query, Part::Query, head), &row[..size]) };
                }
            }
            scale(&mut dkey[..length * stride], self.scale);
            for (index, row) in range.clone().enumerate() {
                // SAFETY: a head's channels of a row belong to one unit.
                unsafe {
                    out.write(self.at(row, Part::Key, head), &dkey[index * stride..][..size]);
                    out.write(self.at(row, Part::Value, head), &dvalue[index * stride..][..size]);
                }
            }
        });
        // SAFETY: every row is of a segment, every channel of a head's query, key or value: the units have written all.
        unsafe { dqkv.written() }
    }
}

/// What a unit works in. Rows of gradients lie `padded(size)` apart, rows of scores `padded(L)`.
#[derive(Default)]
struct Scratch {
    /// Of queries, keys and values, where they need padding.
    copies: [Vec<f32>; 3],
    /// Of dy, likewise.
    dy_copy: Vec<f32>,
    /// The keys of a head, times the scale, one channel a row.
    columns: Vec<f32>,
    /// The values of a head, one channel a row.
    value_columns: Vec<f32>,
    scores: Vec<f32>,
    dscores: Vec<f32>,
    output: Vec<f32>,
    dkey: Vec<f32>,
    dvalue: Vec<f32>,
}
