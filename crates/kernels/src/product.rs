//! Matrix products, by the `gemm` crate on all threads.

use crate::{
    host::{self, Fresh},
    simd::vectorised,
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
        run(out.pointer(), a, b, 1.0, false);
        out.written()
    }
}

/// out += scale·a·b.
#[allow(unsafe_code)]
pub(crate) fn accumulate(out: &mut [f32], a: Matrix<'_>, b: Matrix<'_>, scale: f32) {
    assert_eq!(a.columns, b.rows, "inner sizes of a product");
    assert_eq!(out.len(), a.rows * b.columns, "the size of a product");
    // SAFETY: `out` has a.rows × b.columns initialised elements.
    unsafe { run(out.as_mut_ptr(), a, b, scale, true) }
}

/// a·b + bias, the bias added to each row, as a new buffer.
pub(crate) fn product_with_bias(a: Matrix<'_>, b: Matrix<'_>, bias: Option<&[f32]>) -> Vec<f32> {
    let Some(bias) = bias else {
        return product(a, b);
    };
    let rows = host::rows_of_a_task(b.columns);
    let mut out = host::filled(a.rows * b.columns, rows * b.columns, |_, out| {
        for row in out.chunks_exact_mut(bias.len()) {
            row.copy_from_slice(bias);
        }
    });
    accumulate(&mut out, a, b, 1.0);
    out
}

/// out = scale·a·b, or added to it.
///
/// # Safety
/// `out` points to a.rows × b.columns elements that nothing else uses; they are initialised where `add` is true. The
/// inner sizes agree.
#[allow(unsafe_code)]
unsafe fn run(out: *mut f32, a: Matrix<'_>, b: Matrix<'_>, scale: f32, add: bool) {
    // SAFETY: Matrix::new has seen that the strides stay inside the slices; the caller vouches for `out`.
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            out,
            1,
            b.columns as isize,
            add,
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
