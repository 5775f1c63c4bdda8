//! The rows of a table, by their ids.

use crate::{
    Error, Result,
    cast::{cast, is_half},
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host::{self, Values},
};
use candle_core::{DType, Tensor};

pub(crate) const PROGRAM: Program = Program {
    name: "embedding",
    source: include_str!("embedding.cu"),
    kernels: &["embedding_forward", "embedding_backward"],
};

/// Row `ids[t]` of `table` (V, C) for each t: `ids` u32 (T), gives (T, C).
///
/// It also picks rows of activations, such as those that a head reads. An id outside the table is an error; on an NVIDIA
/// card, which nothing waits for, its row is no numbers.
pub fn embedding(table: &Tensor, ids: &Tensor) -> Result<Tensor> {
    if gpu::runs([table]) && ids.elem_count() > 0 {
        check(table, ids)?;
        return on_card(table, ids);
    }
    if is_half(table) && graph::is_tracked(table) {
        return cast(&embedding(&cast(table, DType::F32)?, ids)?, table.dtype());
    }
    check(table, ids)?;
    if !host::is_fused([table]) {
        // Elsewhere one would wait for the device to look at the ids.
        if table.device().is_cpu() {
            inside(table, ids)?;
        }
        return graph::settled(composed(table, ids));
    }
    let ids_in_table = inside(table, ids)?;
    let (limit, columns) = table.dims2()?;
    let y = {
        let table = host::in_order(table)?;
        let table = Values::of(&table)?;
        let table: &[f32] = &table;
        let rows = host::rows_of_a_task(columns);
        host::filled(ids_in_table.len() * columns, rows * columns, |index, out| {
            let ids = &ids_in_table[index * rows..];
            for (out, id) in out.chunks_exact_mut(columns).zip(ids) {
                out.copy_from_slice(&table[*id as usize * columns..][..columns]);
            }
        })
    };
    let shape = (ids_in_table.len(), columns);
    graph::record(y, shape, &[table], || Backward { ids: ids_in_table, limit })
}

/// An id outside the table gives a row of no numbers.
fn on_card(table: &Tensor, ids: &Tensor) -> Result<Tensor> {
    let ((limit, columns), device) = (table.dims2()?, table.device());
    let (ids, rows) = (host::in_order(ids)?, ids.elem_count());
    let mut y = gpu::fresh(device, table.dtype(), rows * columns)?;
    {
        let table = host::in_order(table)?;
        let arguments = &mut [
            Argument::Read(&table),
            Argument::Read(&ids),
            Argument::Write(&mut y),
            Argument::size(limit),
            Argument::size(columns),
        ];
        let grid = Grid::of_rows(rows, columns, 256);
        gpu::launch(device, (&PROGRAM, "embedding_forward"), table.dtype(), grid, arguments)?;
    }
    graph::record_storage(y, (rows, columns), &[table], || BackwardOnCard { ids, limit })
}

/// The same sums in the same order on a card.
struct BackwardOnCard {
    ids: Tensor,
    limit: usize,
}

impl Kernel for BackwardOnCard {
    fn name(&self) -> &'static str {
        "embedding"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        false
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let gradient = host::in_order(step.gradient)?;
        let ((rows, columns), device) = (gradient.dims2()?, gradient.device());
        let table = Tensor::zeros((self.limit, columns), gradient.dtype(), device)?;
        let arguments = &mut [
            Argument::Read(&self.ids),
            Argument::Read(&gradient),
            Argument::Change(&table),
            Argument::size(rows),
            Argument::size(self.limit),
            Argument::size(columns),
        ];
        let grid = Grid::of_rows(rows, columns, 256);
        gpu::launch(device, (&PROGRAM, "embedding_backward"), gradient.dtype(), grid, arguments)?;
        Ok(vec![Some(table)])
    }
}

/// Row v of dtable is the sum of dy's rows whose id is v, in their order, whatever the number of threads.
struct Backward {
    ids: Vec<u32>,
    /// The rows of the table.
    limit: usize,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "embedding"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        false
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (limit, columns) = (self.limit, step.gradient.dim(1)?);
        let gradient = host::in_order(step.gradient)?;
        let gradient = Values::of(&gradient)?;
        let gradient: &[f32] = &gradient;
        let mut order: Vec<usize> = (0..self.ids.len()).collect();
        order.sort_by_key(|row| self.ids[*row]);
        let rows = host::rows_of_a_task(columns);
        let table = host::filled(limit * columns, rows * columns, |index, out| {
            let first = index * rows;
            let begin = order.partition_point(|row| (self.ids[*row] as usize) < first);
            let end = order.partition_point(|row| (self.ids[*row] as usize) < first + rows);
            for row in &order[begin..end] {
                let sum = &mut out[(self.ids[*row] as usize - first) * columns..][..columns];
                let share = &gradient[row * columns..][..columns];
                sum.iter_mut().zip(share).for_each(|(sum, share)| *sum += share);
            }
        });
        Ok(vec![Some(Tensor::from_vec(table, (limit, columns), step.gradient.device())?)])
    }
}

/// What does not fit.
fn check(table: &Tensor, ids: &Tensor) -> Result<()> {
    let shape = |argument, expected: &str, tensor: &Tensor| Error::Shape {
        operation: "embedding",
        argument,
        expected: expected.into(),
        found: tensor.dims().to_vec(),
    };
    table.dims2().map_err(|_| shape("table", "(V, C)", table))?;
    if ids.dims1().is_err() || ids.dtype() != DType::U32 {
        return Err(shape("ids", "u32 (T)", ids));
    }
    Ok(())
}

/// The ids, each inside the table.
fn inside(table: &Tensor, ids: &Tensor) -> Result<Vec<u32>> {
    let limit = table.dim(0)?;
    let ids = ids.to_vec1::<u32>()?;
    match ids.iter().position(|id| *id as usize >= limit) {
        Some(row) => Err(Error::Index { operation: "embedding", row, found: ids[row], limit }),
        None => Ok(ids),
    }
}

/// The same by candle's operations.
pub(crate) fn composed(table: &Tensor, ids: &Tensor) -> Result<Tensor> {
    Ok(table.index_select(ids, 0)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, add, check, linear};
    use candle_core::Device;

    #[test]
    fn gradients_agree_when_ids_repeat() {
        let ids = Tensor::new(&[3u32, 0, 3, 3, 10, 7, 0], &Device::Cpu).unwrap();
        check::agrees(&[check::random(&[11, 9], 1)], &[], |t| embedding(&t[0], &ids));
    }

    #[test]
    fn a_card_gives_the_same() {
        let many: Vec<u32> = (0..300u32).map(|row| row * row % 11).collect();
        for (ids, columns) in [(&[3u32, 0, 3, 3, 10, 7, 0][..], 9), (&many, 40), (&[5], 1), (&many, 1100)] {
            check::on_card(&[check::random(&[11, columns], 1)], &[], 1.0, |t| {
                embedding(&t[0], &Tensor::new(ids, t[0].device())?)
            });
        }
    }

    #[test]
    fn a_table_tied_to_the_output_layer_gets_both_gradients() {
        let ids = Tensor::new(&[3u32, 0, 3, 1], &Device::Cpu).unwrap();
        check::agrees(&[check::random(&[5, 9], 1)], &[], |t| {
            let x = embedding(&t[0], &ids)?;
            linear(&add(&x, &x)?, &t[0], Layout::OutIn, None)
        });
    }

    #[test]
    fn an_id_outside_the_table_is_named() {
        let table = Tensor::zeros((4, 2), DType::F32, &Device::Cpu).unwrap();
        let ids = Tensor::new(&[0u32, 4], &Device::Cpu).unwrap();
        let error = embedding(&table, &ids).unwrap_err();
        assert_eq!(error.to_string(), "embedding: index 4 in row 1 is outside 0..4");
    }
}
