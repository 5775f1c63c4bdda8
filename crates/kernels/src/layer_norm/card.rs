//! Layer normalisation on a card.

use crate::{
    Result,
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host, linear,
};
use candle_core::{DType, Tensor};

pub(crate) const PROGRAM: Program = Program {
    name: "layer_norm",
    source: include_str!("layer_norm.cu"),
    kernels: &["layer_norm_forward", "layer_norm_backward", "layer_norm_columns"],
};

pub(super) fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f32) -> Result<Tensor> {
    let ((rows, columns), device) = (x.dims2()?, x.device());
    let mut y = gpu::fresh(device, x.dtype(), rows * columns)?;
    let mut statistics = gpu::fresh(device, DType::F32, 2 * rows)?;
    {
        let (x, weight, bias) = (host::in_order(x)?, host::in_order(weight)?, host::in_order(bias)?);
        let arguments = &mut [
            Argument::Read(&x),
            Argument::Read(&weight),
            Argument::Read(&bias),
            Argument::Write(&mut y),
            Argument::Write(&mut statistics),
            Argument::size(rows),
            Argument::size(columns),
            Argument::F32(epsilon),
        ];
        gpu::launch(device, (&PROGRAM, "layer_norm_forward"), x.dtype(), Grid::of_warps(rows), arguments)?;
    }
    let backward = || Backward { statistics: gpu::tensor(statistics, (rows, 2)) };
    graph::record_storage(y, (rows, columns), &[x, weight, bias], backward)
}

/// Keeps each row's mean and 1/√(variance + ε), f32 (T, 2).
struct Backward {
    statistics: Tensor,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "layer_norm"
    }

    fn reads(&self, index: usize, wanted: &[bool]) -> bool {
        match index {
            0 => true,
            1 => wanted[0],
            _ => false,
        }
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (x, gradient) = (step.input(0)?, host::in_order(step.gradient)?);
        let dx = match step.wanted[0] {
            true => Some(self.rows(&x, &step.input(1)?, &gradient)?),
            false => None,
        };
        if !step.wanted[1] && !step.wanted[2] {
            return Ok(vec![dx, None, None]);
        }
        let (columns, both) = (x.dim(1)?, self.columns(&x, &gradient)?);
        let column = |index: usize| match step.wanted[1 + index] {
            true => both.narrow(0, index * columns, columns).map(Some),
            false => Ok(None),
        };
        Ok(vec![dx, column(0)?, column(1)?])
    }
}

impl Backward {
    fn rows(&self, x: &Tensor, weight: &Tensor, gradient: &Tensor) -> Result<Tensor> {
        let ((rows, columns), device) = (x.dims2()?, x.device());
        let mut dx = gpu::fresh(device, x.dtype(), rows * columns)?;
        let arguments = &mut [
            Argument::Read(x),
            Argument::Read(weight),
            Argument::Read(gradient),
            Argument::Read(&self.statistics),
            Argument::Write(&mut dx),
            Argument::size(rows),
            Argument::size(columns),
        ];
        gpu::launch(device, (&PROGRAM, "layer_norm_backward"), x.dtype(), Grid::of_warps(rows), arguments)?;
        Ok(gpu::tensor(dx, (rows, columns)))
    }

    /// dweight and, after it, dbias.
    fn columns(&self, x: &Tensor, gradient: &Tensor) -> Result<Tensor> {
        let ((rows, columns), device) = (x.dims2()?, x.device());
        let grid = linear::grid_of_columns(rows, columns);
        let parts = grid.blocks.1 as usize;
        let mut shares = gpu::fresh(device, DType::F32, parts * 2 * columns)?;
        let arguments = &mut [
            Argument::Read(x),
            Argument::Read(gradient),
            Argument::Read(&self.statistics),
            Argument::Write(&mut shares),
            Argument::size(rows),
            Argument::size(columns),
        ];
        gpu::launch(device, (&PROGRAM, "layer_norm_columns"), x.dtype(), grid, arguments)?;
        linear::column_totals(&gpu::tensor(shares, (parts, 2 * columns)), x.dtype())
    }
}

#[cfg(test)]
mod tests {
    use crate::{check, layer_norm};

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        for (rows, columns) in [(3, 1), (5, 7), (9, 40), (33, 768), (130, 96), (2, 1000)] {
            for frozen in [&[][..], &[1, 2], &[0], &[0, 1]] {
                let inputs = [
                    check::random(&[rows, columns], 1),
                    check::random(&[columns], 2),
                    check::random(&[columns], 3),
                ];
                check::on_card(&inputs, frozen, 1.0, |t| layer_norm(&t[0], &t[1], &t[2], 1e-5));
            }
        }
    }
}
