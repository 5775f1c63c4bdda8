//! GELU in the tanh form that GPT-2 uses (Hendrycks and Gimpel 2016, arXiv 1606.08415).

use crate::Result;
use candle_core::Tensor;

/// x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) of each element: `gelu_new` in transformers.
pub fn gelu_tanh(x: &Tensor) -> Result<Tensor> {
    composed(x)
}

/// The same by candle's operations. Not `Tensor::gelu`: its gradient has constants of six digits.
pub(crate) fn composed(x: &Tensor) -> Result<Tensor> {
    let inner = ((x + (x * x.sqr()?)?.affine(0.044715, 0.0)?)? * (2.0 / std::f64::consts::PI).sqrt())?;
    Ok((x * inner.tanh()?.affine(0.5, 0.5)?)?)
}
