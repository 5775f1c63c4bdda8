//! Layer normalisation (Ba, Kiros and Hinton 2016, arXiv 1607.06450).

use crate::{Error, Result};
use candle_core::{D, Tensor};

/// (x − mean) / √(variance + ε) · weight + bias over each row of `x` (T, C); `weight` and `bias` (C).
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    check(x, weight, bias)?;
    composed(x, weight, bias, epsilon)
}

fn check(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<(usize, usize)> {
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation: "layer_norm",
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, columns) = x.dims2().map_err(|_| shape("x", "(T, C)".into(), x))?;
    for (name, tensor) in [("weight", weight), ("bias", bias)] {
        if tensor.dims() != [columns] {
            return Err(shape(name, format!("({columns})"), tensor));
        }
    }
    Ok((rows, columns))
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    let normal = centred.broadcast_div(&(variance + epsilon)?.sqrt()?)?;
    Ok(normal.broadcast_mul(weight)?.broadcast_add(bias)?)
}
