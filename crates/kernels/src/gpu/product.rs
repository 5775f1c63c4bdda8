//! Matrix products on a card, by cuBLAS.

use super::runtime;
use crate::Result;
use candle_core::{DType, Device, Storage, Tensor};

/// A matrix whose elements lie in order, or its transpose.
#[derive(Clone, Copy)]
pub(crate) struct Operand<'a> {
    matrix: &'a Tensor,
    transposed: bool,
}

impl<'a> Operand<'a> {
    pub(crate) fn new(matrix: &'a Tensor) -> Self {
        Self { matrix, transposed: false }
    }

    pub(crate) fn transposed(self) -> Self {
        Self { transposed: !self.transposed, ..self }
    }

    /// Rows and columns.
    fn sizes(&self) -> Result<(usize, usize)> {
        let (rows, columns) = self.matrix.dims2()?;
        Ok(if self.transposed { (columns, rows) } else { (rows, columns) })
    }
}

/// A product as BLAS has it, whose matrices lie column by column: c = alpha·op(a)·op(b) + beta·c with op(a) (m, k), op(b)
/// (k, n) and c (m, n).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gemm {
    pub(super) dtype: DType,
    pub(super) transpose_a: bool,
    pub(super) transpose_b: bool,
    pub(super) m: i32,
    pub(super) n: i32,
    pub(super) k: i32,
    pub(super) alpha: f32,
    pub(super) beta: f32,
    /// The distances between columns.
    pub(super) stride_a: i32,
    pub(super) stride_b: i32,
    pub(super) stride_c: i32,
}

/// out = scale·a·b, or added to it, with rows one after the other; `out` has a's rows times b's columns.
///
/// A sum is taken in f32 and rounded once, what was in `out` included.
pub(crate) fn product(
    device: &Device,
    out: &mut Storage,
    a: Operand<'_>,
    b: Operand<'_>,
    scale: f32,
    add: bool,
) -> Result<()> {
    let ((rows, inner), (other, columns)) = (a.sizes()?, b.sizes()?);
    let size = |size: usize| {
        let large = |_| candle_core::Error::Msg(format!("a matrix of {size} rows is too large for cuBLAS"));
        i32::try_from(size).map_err(large)
    };
    if inner != other {
        let message = format!("a product of ({rows}, {inner}) and ({other}, {columns})");
        return Err(candle_core::Error::Msg(message).into());
    }
    // What lies row by row is the transpose of what lies column by column: outᵀ = bᵀ·aᵀ, and bᵀ lies there as b does.
    let gemm = Gemm {
        dtype: a.matrix.dtype(),
        transpose_a: b.transposed,
        transpose_b: a.transposed,
        m: size(columns)?,
        n: size(rows)?,
        k: size(inner)?,
        alpha: scale,
        beta: if add { 1.0 } else { 0.0 },
        stride_a: size(b.matrix.dim(1)?)?,
        stride_b: size(a.matrix.dim(1)?)?,
        stride_c: size(columns)?,
    };
    runtime::gemm(device, &gemm, b.matrix, a.matrix, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check, gpu};

    #[test]
    fn products_of_every_orientation_agree_with_candles() {
        gpu::with_card(|device| {
            for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
                let (rows, inner, columns) = (5, 7, 3);
                let stored =
                    |transposed, (rows, columns)| if transposed { [columns, rows] } else { [rows, columns] };
                let of = |shape: [usize; 2], seed| {
                    check::tensor(&check::random(&shape, seed), DType::F32).to_device(device).unwrap()
                };
                let (a, b) = (of(stored(left, (rows, inner)), 1), of(stored(right, (inner, columns)), 2));
                let turned = |tensor: &Tensor, transposed| {
                    if transposed { tensor.t().unwrap() } else { tensor.clone() }
                };
                let exact = turned(&a, left).matmul(&turned(&b, right)).unwrap();
                let operand = |tensor, transposed| Operand { matrix: tensor, transposed };
                let mut out = gpu::fresh(device, DType::F32, rows * columns).unwrap();
                for (scale, add, times) in [(2.0, false, 2.0), (-0.5, true, 1.5)] {
                    product(device, &mut out, operand(&a, left), operand(&b, right), scale, add).unwrap();
                    let found = gpu::tensor(out.try_clone(exact.layout()).unwrap(), (rows, columns));
                    let difference = (found - (&exact * times).unwrap()).unwrap().abs().unwrap();
                    let most = difference.max_all().unwrap().to_scalar::<f32>().unwrap();
                    assert!(most < 1e-5, "{left} {right}: {most}");
                }
            }
        });
    }
}
