//! The linear layer.

use crate::{Error, Result};
use candle_core::Tensor;

/// How a weight matrix is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `(out, in)`, as torch's `Linear` has it: y = x·Wᵀ + b.
    OutIn,
    /// `(in, out)`, as GPT-2's `Conv1D` has it: y = x·W + b.
    InOut,
}

/// y = x·W + b for `x` (T, in), `weight` stored as `layout` says, `bias` (out): gives (T, out).
///
/// Gradients go to those of the three arguments that are tracked; a frozen weight costs none.
pub fn linear(x: &Tensor, weight: &Tensor, layout: Layout, bias: Option<&Tensor>) -> Result<Tensor> {
    check(x, weight, layout, bias)?;
    composed(x, weight, layout, bias)
}

/// The sizes (T, in, out), or what does not fit.
pub(crate) fn check(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
) -> Result<(usize, usize, usize)> {
    let operation = "linear";
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation,
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, inner) = x.dims2().map_err(|_| shape("x", "(T, in)".into(), x))?;
    let (first, second) = weight
        .dims2()
        .map_err(|_| shape("weight", "a matrix".into(), weight))?;
    let (stored_inner, outer) = match layout {
        Layout::OutIn => (second, first),
        Layout::InOut => (first, second),
    };
    if stored_inner != inner {
        return Err(shape(
            "weight",
            format!("in = {inner} stored as {layout:?}"),
            weight,
        ));
    }
    if let Some(bias) = bias
        && bias.dims() != [outer]
    {
        return Err(shape("bias", format!("({outer})"), bias));
    }
    Ok((rows, inner, outer))
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, weight: &Tensor, layout: Layout, bias: Option<&Tensor>) -> Result<Tensor> {
    let y = match layout {
        Layout::OutIn => x.matmul(&weight.t()?)?,
        Layout::InOut => x.matmul(weight)?,
    };
    Ok(match bias {
        Some(bias) => y.broadcast_add(bias)?,
        None => y,
    })
}
