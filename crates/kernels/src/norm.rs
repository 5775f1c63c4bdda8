//! The global norm of the gradients, for clipping (Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063).

use crate::Result;
use candle_core::{DType, Tensor};

/// √Σg² over every element of every gradient, summed in f64 in a fixed order.
pub fn global_norm<'a>(gradients: impl IntoIterator<Item = &'a Tensor>) -> Result<f64> {
    let mut total = 0.0;
    for gradient in gradients {
        total += composed(gradient)?;
    }
    Ok(total.sqrt())
}

/// What gradients of this norm are multiplied with so that it becomes at most `limit`, as torch's `clip_grad_norm_`
/// has it: limit / (norm + 1e-6), never above 1.
pub fn clip_coefficient(norm: f64, limit: f64) -> f64 {
    (limit / (norm + 1e-6)).min(1.0)
}

fn composed(gradient: &Tensor) -> Result<f64> {
    Ok(gradient
        .detach()
        .to_dtype(DType::F64)?
        .sqr()?
        .sum_all()?
        .to_scalar::<f64>()?)
}
