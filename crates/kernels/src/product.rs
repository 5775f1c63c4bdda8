//! Matrix products on all threads: by kernels of our own on x86, elsewhere by the `gemm` crate.

#[cfg(target_arch = "x86_64")]
mod packed;

use crate::{
    host::Fresh,
    simd::{self, vectorised},
};
use gemm::Parallelism;
use rayon::prelude::*;

/// A matrix in memory: element (i, j) lies at i·row_stride + j·column_stride.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Rows one after the other.
    pub(crate) fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "a matrix of {rows} × {columns}");
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// Rows and columns exchanged, nothing moved.
    pub(crate) fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// A product scale·a·b.
#[derive(Clone, Copy)]
pub(crate) struct Term<'a> {
    pub(crate) a: Matrix<'a>,
    pub(crate) b: Matrix<'a>,
    pub(crate) scale: f32,
}

/// a·b as a new buffer, rows one after the other.
pub(crate) fn product(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f32> {
    sum(&[Term { a, b, scale: 1.0 }], None)
}

/// Σ scale·a·b of terms of one size, the bias added to each row, as a new buffer. The result is gone through once, however
/// many terms there are.
#[allow(unsafe_code)]
pub(crate) fn sum(terms: &[Term<'_>], bias: Option<&[f32]>) -> Vec<f32> {
    let (rows, columns) = terms.first().map_or((0, 0), |term| (term.a.rows, term.b.columns));
    check(terms, rows, columns);
    assert!(bias.is_none_or(|bias| bias.len() == columns), "the bias of a product of {columns} columns");
    let terms: Vec<Term<'_>> = terms.iter().copied().filter(|term| term.a.columns > 0).collect();
    if rows * columns == 0 || terms.is_empty() {
        return bias.map_or_else(|| vec![0.0; rows * columns], |bias| bias.repeat(rows));
    }
    let mut out = Fresh::new(rows * columns);
    // SAFETY: `out` has rows × columns elements, each of which `run` writes; the sizes have been seen to fit.
    unsafe {
        run(out.pointer(), &terms, bias);
        out.written()
    }
}

fn check(terms: &[Term<'_>], rows: usize, columns: usize) {
    for Term { a, b, .. } in terms {
        assert_eq!((a.rows, b.columns), (rows, columns), "the sizes of a sum's products");
        assert_eq!(a.columns, b.rows, "inner sizes of a product");
    }
}

/// out = bias + Σ scale·a·b.
///
/// # Safety
/// `out` points to as many elements as each term's product has, at least one, that nothing else uses. The terms are of one
/// size, their inner sizes agree and are not 0, and a bias has as many elements as a row.
#[allow(unsafe_code)]
unsafe fn run(out: *mut f32, terms: &[Term<'_>], bias: Option<&[f32]>) {
    // SAFETY: as the caller vouches.
    unsafe {
        match simd::instructions() {
            #[cfg(target_arch = "x86_64")]
            simd::Instructions::Avx2 | simd::Instructions::Avx512 => packed::run(out, terms, bias),
            _ => library(out, terms, bias),
        }
    }
}

/// The same by the `gemm` crate, which knows other processors.
///
/// # Safety
/// As for [`run`].
#[allow(unsafe_code)]
unsafe fn library(out: *mut f32, terms: &[Term<'_>], bias: Option<&[f32]>) {
    for (index, Term { a, b, scale }) in terms.iter().enumerate() {
        if let (0, Some(bias)) = (index, bias) {
            for row in 0..a.rows {
                // SAFETY: a row's elements are inside the result; the bias has as many.
                unsafe { out.add(row * b.columns).copy_from_nonoverlapping(bias.as_ptr(), b.columns) }
            }
        }
        // SAFETY: Matrix::new has seen that the strides stay inside the slices; the caller vouches for `out`.
        unsafe {
            gemm::gemm(
                a.rows,
                b.columns,
                a.columns,
                out,
                1,
                b.columns as isize,
                index > 0 || bias.is_some(),
                a.data.as_ptr(),
                a.column_stride as isize,
                a.row_stride as isize,
                b.data.as_ptr(),
                b.column_stride as isize,
                b.row_stride as isize,
                1.0,
                *scale,
                false,
                false,
                false,
                Parallelism::Rayon(0), // as many as the pool has
            );
        }
    }
}

/// Σ over rows of a (rows, columns) matrix: blocks of rows each in their order, then the blocks in theirs.
pub(crate) fn column_sums(data: &[f32], columns: usize) -> Vec<f32> {
    const BLOCK: usize = 64;
    let shares: Vec<Vec<f32>> = data
        .par_chunks(BLOCK * columns)
        .map(|rows| {
            let mut sums = vec![0.0; columns];
            rows.chunks_exact(columns).for_each(|row| add_to(&mut sums, row));
            sums
        })
        .collect();
    let mut sums = vec![0.0; columns];
    shares.iter().for_each(|share| add_to(&mut sums, share));
    sums
}

vectorised! {
    fn add_to(sums: &mut [f32], row: &[f32]) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
