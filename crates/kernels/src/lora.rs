//! The linear layer with a low-rank term beside it: LoRA (Hu et al. 2021, arXiv 2106.09685).

use crate::{Dropout, Error, Layout, Result, linear};
use candle_core::Tensor;

/// The low-rank term s·B·A of a linear layer, as peft stores it whatever the layout of the layer's own weight.
#[derive(Clone, Copy, Debug)]
pub struct LoraTerm<'a> {
    /// The down projection, (r, in).
    pub a: &'a Tensor,
    /// The up projection, (out, r).
    pub b: &'a Tensor,
    /// s: alpha / r, or alpha / √r for rsLoRA.
    pub scale: f64,
    /// Dropout of the term's input; None at inference.
    pub dropout: Option<Dropout>,
}

/// y = x·W + b + s·B·A·drop(x) for `x` (T, in): gives (T, out).
pub fn lora_linear(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    term: &LoraTerm<'_>,
) -> Result<Tensor> {
    let (_, inner, outer) = linear::check(x, weight, layout, bias)?;
    check(term, inner, outer)?;
    composed(x, weight, layout, bias, term)
}

/// The rank, or what does not fit.
fn check(term: &LoraTerm<'_>, inner: usize, outer: usize) -> Result<usize> {
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation: "lora_linear",
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    match term.a.dims() {
        [rank, columns] if *columns == inner => {
            if term.b.dims() == [outer, *rank] {
                Ok(*rank)
            } else {
                Err(shape("B", format!("({outer}, {rank})"), term.b))
            }
        }
        _ => Err(shape("A", format!("(r, {inner})"), term.a)),
    }
}

/// The same by candle's operations.
pub(crate) fn composed(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    term: &LoraTerm<'_>,
) -> Result<Tensor> {
    let y = linear::composed(x, weight, layout, bias)?;
    let dropped = match &term.dropout {
        Some(dropout) => crate::dropout::composed(x, dropout)?,
        None => x.clone(),
    };
    let delta = dropped.matmul(&term.a.t()?)?.matmul(&term.b.t()?)?;
    Ok((y + (delta * term.scale)?)?)
}
