//! Large matrix products: panels of the right operand, packed into the cache, and tiles of the result in registers.
//!
//! A task owns some panels of columns of the result and some of its rows. It goes through the inner dimension in blocks:
//! packs the block of its panels, and multiplies all of its rows with it; few rows are multiplied with panels where they
//! lie. Tasks share nothing, so no thread waits for another before the end. Each element is the sum of its blocks' sums,
//! each in the order of the inner dimension: neither the split into tasks nor the number of rows changes a bit of it.

#![allow(unsafe_code)]

use super::{Matrix, Term};
use crate::{
    simd,
    tile::{Call, PAD, Sizes, padded},
    transpose::transpose,
};
use rayon::prelude::*;
use std::{cell::RefCell, ops::Range};

/// The most columns of a panel: three of AVX-512's registers.
const PANEL: usize = 48;
/// The inner dimension of a packed block: 72 KiB of a panel, which stay in the second-level cache.
const DEPTH: usize = 384;
/// The rows that meet a packed block before the next panel does: 192 KiB of the left operand, in the second-level cache.
const ROWS: usize = 128;
/// The panels that a task has at most.
const GROUP: usize = 4;
/// The fewest rows that a task has where there are more.
const FEW: usize = 64;

/// out = bias + Σ scale·a·b.
///
/// # Safety
/// As for the `run` above this module.
pub(super) unsafe fn run(out: *mut f32, terms: &[Term<'_>], bias: Option<&[f32]>) {
    let Some((rows, columns)) = terms.first().map(|term| (term.a.rows, term.b.columns)) else {
        return;
    };
    let copies: Vec<Option<Vec<f32>>> =
        terms.iter().map(|term| (term.a.column_stride != 1).then(|| in_rows(term.a))).collect();
    let in_rows = terms.iter().zip(&copies).map(|(term, copy)| match copy {
        Some(copy) => Term { a: Matrix::new(copy, rows, term.a.columns), ..*term },
        None => *term,
    });
    let terms: Vec<Term<'_>> = in_rows.collect();
    let threads = rayon::current_num_threads();
    let panels = panels(columns);
    let group = (panels.len() / (4 * threads)).clamp(1, GROUP);
    let groups = panels.len().div_ceil(group);
    let parts = (4 * threads).div_ceil(groups).min(rows.div_ceil(FEW)).max(1);
    let height = rows.div_ceil(parts);
    let result = Output { data: out, rows, columns };
    (0..groups * parts).into_par_iter().for_each(|task| {
        let (first, row) = (task / parts * group, task % parts * height);
        let task = Task {
            result,
            rows: row..(row + height).min(rows),
            panels: &panels[first..(first + group).min(panels.len())],
        };
        // SAFETY: the tasks' rows and columns are inside the matrices and belong to one task each.
        unsafe { task.run(&terms, bias) }
    });
}

/// The columns of each panel. Where 16 would be left for the last, it shares with the one before: two of 32 keep more sums
/// in the registers than one of 48 and one of 16.
fn panels(columns: usize) -> Vec<Range<usize>> {
    let mut panels = Vec::with_capacity(columns.div_ceil(PANEL));
    let mut first = 0;
    while first < columns {
        let left = padded(columns - first);
        let width = if left == PANEL + PAD { left / 2 } else { PANEL };
        panels.push(first..(first + width).min(columns));
        first += width;
    }
    panels
}

/// The result, its rows one after the other.
#[derive(Clone, Copy)]
struct Output {
    data: *mut f32,
    rows: usize,
    columns: usize,
}

// SAFETY: the tasks write each their own elements, as `run` splits them.
unsafe impl Send for Output {}
// SAFETY: as above.
unsafe impl Sync for Output {}

/// What one thread does of a product.
struct Task<'a> {
    result: Output,
    rows: Range<usize>,
    panels: &'a [Range<usize>],
}

/// Some inner indices of a term, and what its elements are added to.
struct Block<'a> {
    a: Matrix<'a>,
    inner: Range<usize>,
    start: Start<'a>,
}

/// Some inner indices of a panel, its rows so many elements apart.
#[derive(Clone, Copy)]
struct Right<'a> {
    data: &'a [f32],
    stride: usize,
}

impl<'a> Right<'a> {
    /// scale·b of some inner indices and columns: packed into the buffer, but where it lies for so few rows that the copy
    /// would not pay.
    fn of(
        term: &Term<'a>,
        inner: &Range<usize>,
        columns: &Range<usize>,
        rows: usize,
        buffer: &'a mut [f32],
    ) -> Self {
        let b = term.b;
        let serves = b.column_stride == 1 && term.scale == 1.0 && padded(columns.len()) == columns.len();
        if serves && rows <= unpacked_rows() {
            return Self {
                data: &b.data[inner.start * b.row_stride + columns.start..],
                stride: b.row_stride,
            };
        }
        pack(buffer, b, inner.clone(), columns.clone(), term.scale);
        Self { data: buffer, stride: PANEL }
    }
}

/// What is in a result before a block is added to it.
#[derive(Clone, Copy)]
enum Start<'a> {
    /// Nothing; what it holds is not read.
    Zero,
    /// This in each row; what it holds is not read.
    Bias(&'a [f32]),
    /// What it holds.
    Held,
}

impl Task<'_> {
    /// # Safety
    /// As for [`run`]; nothing else uses this task's rows and columns of the result.
    unsafe fn run(self, terms: &[Term<'_>], bias: Option<&[f32]>) {
        let deepest = terms.iter().map(|term| term.a.columns).max().unwrap_or(0).min(DEPTH);
        let mut start = bias.map_or(Start::Zero, Start::Bias);
        with_buffer(self.panels.len() * PANEL * deepest, |buffer| {
            for term in terms {
                for begin in (0..term.a.columns).step_by(DEPTH) {
                    let inner = begin..(begin + DEPTH).min(term.a.columns);
                    let rights = self.panels.iter().zip(buffer.chunks_exact_mut(PANEL * deepest));
                    let rights: Vec<Right<'_>> = rights
                        .map(|(columns, buffer)| Right::of(term, &inner, columns, self.rows.len(), buffer))
                        .collect();
                    let block = Block { a: term.a, inner, start };
                    for first in self.rows.clone().step_by(ROWS) {
                        let rows = first..(first + ROWS).min(self.rows.end);
                        for (columns, right) in self.panels.iter().zip(&rights) {
                            // SAFETY: as the caller vouches.
                            unsafe { self.block(&block, rows.clone(), columns.clone(), *right) }
                        }
                    }
                    start = Start::Held;
                }
            }
        });
    }

    /// Multiplies some rows with a panel.
    ///
    /// # Safety
    /// As for [`run`](Self::run); `right` holds the panel, its columns padded.
    unsafe fn block(&self, block: &Block<'_>, rows: Range<usize>, columns: Range<usize>, right: Right<'_>) {
        let stride = self.result.columns;
        let width = padded(columns.len());
        debug_assert!(rows.end <= self.result.rows && columns.end <= stride);
        // SAFETY: inside the result.
        let out = unsafe { self.result.data.add(rows.start * stride + columns.start) };
        if let Start::Bias(bias) = block.start {
            let bias = &bias[columns.clone()];
            for row in 0..rows.len() {
                // SAFETY: a row's columns are inside the result, and its own; the bias has as many.
                unsafe { out.add(row * stride).copy_from_nonoverlapping(bias.as_ptr(), bias.len()) }
            }
        }
        let add = !matches!(block.start, Start::Zero);
        let mut call = Call {
            out,
            out_stride: stride,
            left: block.a.data[rows.start * block.a.row_stride + block.inner.start..].as_ptr(),
            row_stride: block.a.row_stride,
            column_stride: 1,
            right: right.data.as_ptr(),
            right_stride: right.stride,
            sizes: Sizes { rows: rows.len(), inner: block.inner.len(), columns: width },
            add,
        };
        if width == columns.len() {
            // SAFETY: rows, columns and inner are inside their matrices, the padded columns inside the panel.
            unsafe { call.run_here() };
            return;
        }
        // The last columns are no whole register: beside the result first.
        let mut beside = vec![0.0; rows.len() * width];
        (call.out, call.out_stride, call.add) = (beside.as_mut_ptr(), width, false);
        // SAFETY: as above, into a buffer of these rows and columns.
        unsafe { call.run_here() };
        for (row, sums) in beside.chunks_exact(width).enumerate() {
            for (column, sum) in sums[..columns.len()].iter().enumerate() {
                // SAFETY: inside the result, and this task's own; initialised where it is read.
                unsafe {
                    let out = out.add(row * stride + column);
                    *out = if add { *out + sum } else { *sum };
                }
            }
        }
    }
}

/// The most rows for which a panel is multiplied where it lies, without a copy: 7 to 25 % faster in a LoRA step of few
/// tokens. A tile of AVX-512 has a panel's width and goes through it once for eight rows; narrower ones would go through
/// it several times, so that the copy pays from the first row on.
fn unpacked_rows() -> usize {
    if simd::instructions() == simd::Instructions::Avx512 { ROWS } else { 0 }
}

thread_local! {
    /// What this thread packs panels into, kept for its next task.
    static BUFFER: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Lends `work` so many elements, of any value, that begin with a cache line.
fn with_buffer<R>(length: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    const LINE: usize = 64;
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(buffer.len().max(length + LINE), 0.0);
        let start = buffer.as_ptr().align_offset(LINE).min(LINE);
        work(&mut buffer[start..start + length])
    })
}

/// scale·b of some inner and outer indices, its rows PANEL elements apart. Columns beyond the last are 0.
fn pack(packed: &mut [f32], b: Matrix<'_>, inner: Range<usize>, columns: Range<usize>, scale: f32) {
    let (depth, width) = (inner.len(), columns.len());
    let from = &b.data[inner.start * b.row_stride + columns.start * b.column_stride..];
    if b.column_stride == 1 {
        for (row, packed) in packed.chunks_exact_mut(PANEL).take(depth).enumerate() {
            let from = &from[row * b.row_stride..][..width];
            packed[..width].copy_from_slice(from);
            packed[width..].fill(0.0);
        }
    } else {
        if width < PANEL {
            packed.fill(0.0);
        }
        transpose(packed, PANEL, from, b.column_stride, depth, width);
    }
    if scale != 1.0 {
        packed[..depth * PANEL].iter_mut().for_each(|value| *value *= scale);
    }
}

/// A copy whose rows lie one after the other, of a matrix whose columns do.
fn in_rows(a: Matrix<'_>) -> Vec<f32> {
    let rows = 64;
    crate::host::filled(a.rows * a.columns, rows * a.columns, |task, out| {
        let from = &a.data[task * rows * a.row_stride..];
        transpose(out, a.columns, from, a.column_stride, out.len() / a.columns, a.columns);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check, product};

    fn values(length: usize, seed: u64) -> Vec<f32> {
        check::random(&[length], seed).1.into_iter().map(|value| value as f32).collect()
    }

    /// Of sizes (rows, inner, columns), each operand as it lies or transposed.
    fn agrees((rows, inner, columns): (usize, usize, usize), transposed: [bool; 2]) {
        let (a, b, bias) = (values(rows * inner, 1), values(inner * columns, 2), values(columns, 3));
        let matrix = |data, rows, columns, transposed| match transposed {
            false => Matrix::new(data, rows, columns),
            true => Matrix::new(data, columns, rows).transposed(),
        };
        let (left, right) =
            (matrix(&a, rows, inner, transposed[0]), matrix(&b, inner, columns, transposed[1]));
        let terms = [1.0, -3.0].map(|scale| Term { a: left, b: right, scale });
        let out = product::sum(&terms, Some(&bias));
        for (index, found) in out.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            let term = |inner: usize| {
                let a = left.data[row * left.row_stride + inner * left.column_stride];
                let b = right.data[inner * right.row_stride + column * right.column_stride];
                f64::from(a) * f64::from(b)
            };
            let (sum, size) =
                (0..inner).map(term).fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
            let exact = f64::from(bias[column]) - 2.0 * sum;
            // Each of the four additions of a term's way rounds what has been summed up by then.
            let tolerance = f64::from(f32::EPSILON) * (2.0 + 4.0 * size * (inner as f64).sqrt());
            assert!(
                (f64::from(*found) - exact).abs() <= tolerance,
                "{rows} × {inner} × {columns}: {found} {exact}"
            );
        }
    }

    #[test]
    fn products_agree_for_any_sizes_and_strides() {
        let sizes =
            [(1, 1, 1), (3, 5, 16), (7, DEPTH, 47), (70, DEPTH + 1, PANEL), (ROWS + 5, 40, 2 * PANEL + 1)];
        for sizes in sizes.into_iter().chain([(300, 2 * DEPTH + 3, 8), (9, 8, 10 * PANEL + 20)]) {
            for transposed in [[false, false], [true, false], [false, true], [true, true]] {
                agrees(sizes, transposed);
            }
        }
    }

    #[test]
    fn a_row_has_the_same_bits_alone_and_among_others() {
        let (rows, inner, columns) = (ROWS + 37, DEPTH + 9, 3 * PANEL + 5);
        let (a, b) = (values(rows * inner, 1), values(inner * columns, 2));
        let right = Matrix::new(&b, inner, columns);
        let together = product::product(Matrix::new(&a, rows, inner), right);
        for (row, a) in a.chunks_exact(inner).enumerate() {
            let alone = product::product(Matrix::new(a, 1, inner), right);
            assert_eq!(alone, together[row * columns..][..columns], "row {row}");
        }
    }

    #[test]
    fn nothing_is_multiplied_where_a_size_is_0() {
        let right = values(6, 1);
        assert!(product::product(Matrix::new(&[], 0, 3), Matrix::new(&right, 3, 2)).is_empty());
        assert!(product::product(Matrix::new(&right, 2, 3), Matrix::new(&[], 3, 0)).is_empty());
        assert_eq!(product::product(Matrix::new(&[], 2, 0), Matrix::new(&[], 0, 1)), [0.0; 2]);
    }
}
