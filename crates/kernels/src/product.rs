//! Matrix products on all threads: by kernels of our own on x86, elsewhere by the `gemm` crate.

#[cfg(target_arch = "x86_64")]
mod packed;

use crate::{
    host::Fresh,
    simd::{self, Instructions, vectorised},
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

/// a·b as a new buffer, rows one after the other.
#[allow(unsafe_code)]
pub(crate) fn product(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f32> {
    assert_eq!(a.columns, b.rows, "inner sizes of a product");
    if a.columns == 0 {
        return vec![0.0; a.rows * b.columns];
    }
    let mut out = Fresh::new(a.rows * b.columns);
    // SAFETY: `out` has a.rows × b.columns elements, of which `run` writes each and, not accumulating, reads none.
    unsafe {
        run(out.pointer(), a, b, 1.0, Start::Zero);
        out.written()
    }
}

/// out += scale·a·b.
#[allow(unsafe_code)]
pub(crate) fn accumulate(out: &mut [f32], a: Matrix<'_>, b: Matrix<'_>, scale: f32) {
    assert_eq!(a.columns, b.rows, "inner sizes of a product");
    assert_eq!(out.len(), a.rows * b.columns, "the size of a product");
    // SAFETY: `out` has a.rows × b.columns initialised elements.
    unsafe { run(out.as_mut_ptr(), a, b, scale, Start::Held) }
}

/// a·b + bias, the bias added to each row, as a new buffer.
#[allow(unsafe_code)]
pub(crate) fn product_with_bias(a: Matrix<'_>, b: Matrix<'_>, bias: Option<&[f32]>) -> Vec<f32> {
    let Some(bias) = bias else {
        return product(a, b);
    };
    assert_eq!((a.columns, b.columns), (b.rows, bias.len()), "inner sizes of a product, and its bias");
    if a.columns == 0 {
        return bias.repeat(a.rows);
    }
    let mut out = Fresh::new(a.rows * b.columns);
    // SAFETY: as in `product`.
    unsafe {
        run(out.pointer(), a, b, 1.0, Start::Bias(bias));
        out.written()
    }
}

/// What is in a result before a product is added to it.
#[derive(Clone, Copy)]
enum Start<'a> {
    /// Nothing; what it holds is not read.
    Zero,
    /// This in each row; what it holds is not read.
    Bias(&'a [f32]),
    /// What it holds.
    Held,
}

/// out = start + scale·a·b.
///
/// # Safety
/// `out` points to a.rows × b.columns elements that nothing else uses; they are initialised where they are
/// [`Held`](Start::Held). The inner sizes agree and are not 0, and a bias has b.columns elements.
#[allow(unsafe_code)]
unsafe fn run(out: *mut f32, a: Matrix<'_>, b: Matrix<'_>, scale: f32, start: Start<'_>) {
    // SAFETY: as the caller vouches.
    unsafe {
        match simd::instructions() {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 | Instructions::Avx512 => packed::run(out, a, b, scale, start),
            _ => library(out, a, b, scale, start),
        }
    }
}

/// The same by the `gemm` crate, which knows other processors.
///
/// # Safety
/// As for [`run`].
#[allow(unsafe_code)]
unsafe fn library(out: *mut f32, a: Matrix<'_>, b: Matrix<'_>, scale: f32, start: Start<'_>) {
    if let Start::Bias(bias) = start {
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
            !matches!(start, Start::Zero),
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            1.0,
            scale,
            false,
            false,
            false,
            Parallelism::Rayon(0), // as many as the pool has
        );
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
