//! What attention does with single rows and blocks in the cache.

use crate::{
    dropout::MaskRow,
    simd::{exp, largest, sum, vectorised},
    tile::{Left, padded},
    transpose::transpose,
};

/// A left operand whose rows lie `stride` apart.
pub(super) fn rows(data: &[f32], stride: usize) -> Left<'_> {
    Left { data, row_stride: stride, column_stride: 1 }
}

/// The same, transposed.
pub(super) fn transposed(data: &[f32], stride: usize) -> Left<'_> {
    Left { data, row_stride: 1, column_stride: stride }
}

pub(super) fn zeros_into(out: &mut Vec<f32>, length: usize) {
    out.clear();
    out.resize(length, 0.0);
}

/// Makes room for `length` elements, whatever they are.
pub(super) fn grow(out: &mut Vec<f32>, length: usize) {
    if out.len() < length {
        out.resize(length, 0.0);
    }
}

/// Rows (L, size), `stride` apart, as columns (size, padded(L)), zeros after the last.
pub(super) fn transpose_into(data: &[f32], length: usize, size: usize, stride: usize, out: &mut Vec<f32>) {
    let width = padded(length);
    grow(out, size * width);
    transpose(out, width, data, stride, size, length);
    for out in out.chunks_exact_mut(width).take(size) {
        out[length..].fill(0.0);
    }
}

vectorised! {
    pub(super) fn scale(values: &mut [f32], factor: f32) {
        for value in values {
            *value *= factor;
        }
    }
}

// The three below work on rows of padded length: whole vectors, no remainder.

vectorised! {
    /// The first `seen` scores become eˢ⁻ᵐ with m the largest, the others 0. Gives m and the sum.
    pub(super) fn exponentials(row: &mut [f32], seen: usize) -> (f32, f32) {
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
    pub(super) fn weights(row: &mut [f32], seen: usize, normaliser: f32) {
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
    pub(super) fn score_gradients(weights: &[f32], gradients: &mut [f32]) {
        let mean = sum(weights, gradients, |weight, gradient| weight * gradient);
        for (gradient, weight) in gradients.iter_mut().zip(weights) {
            *gradient = weight * (*gradient - mean);
        }
    }
}

vectorised! {
    pub(super) fn drop_row(row: &mut [f32], mask: MaskRow) {
        for (index, value) in row.iter_mut().enumerate() {
            *value *= mask.factor(index as u32);
        }
    }
}
