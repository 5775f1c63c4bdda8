//! The rows of a table, by their ids.

use crate::{Error, Result};
use candle_core::{DType, Tensor};

/// Row `ids[t]` of `table` (V, C) for each t: `ids` u32 (T), gives (T, C).
///
/// It also picks rows of activations, such as those that a head reads.
pub fn embedding(table: &Tensor, ids: &Tensor) -> Result<Tensor> {
    check(table, ids)?;
    composed(table, ids)
}

/// The ids, each inside the table.
fn check(table: &Tensor, ids: &Tensor) -> Result<Vec<u32>> {
    let shape = |argument, expected: &str, tensor: &Tensor| Error::Shape {
        operation: "embedding",
        argument,
        expected: expected.into(),
        found: tensor.dims().to_vec(),
    };
    let (limit, _) = table.dims2().map_err(|_| shape("table", "(V, C)", table))?;
    if ids.dims1().is_err() || ids.dtype() != DType::U32 {
        return Err(shape("ids", "u32 (T)", ids));
    }
    let ids = ids.to_vec1::<u32>()?;
    match ids.iter().position(|id| *id as usize >= limit) {
        Some(row) => Err(Error::Index {
            operation: "embedding",
            row,
            found: ids[row],
            limit,
        }),
        None => Ok(ids),
    }
}

/// The same by candle's operations.
pub(crate) fn composed(table: &Tensor, ids: &Tensor) -> Result<Tensor> {
    Ok(table.index_select(ids, 0)?)
}
