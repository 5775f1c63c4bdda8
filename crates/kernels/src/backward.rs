//! From the loss back to the gradients.

use crate::Result;
use candle_core::{Tensor, backprop::GradStore};

/// The gradients of the scalar `loss` for every variable that it depends on.
pub fn backward(loss: &Tensor) -> Result<GradStore> {
    Ok(loss.backward()?)
}
