//! The residual connection.

use crate::{Error, Result};
use candle_core::Tensor;

/// a + b, element by element; both of one shape.
pub fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.dims() != b.dims() {
        return Err(Error::Shape {
            operation: "add",
            argument: "b",
            expected: format!("{:?}", a.dims()),
            found: b.dims().to_vec(),
        });
    }
    Ok((a + b)?)
}
