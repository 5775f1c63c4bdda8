//! The linear layer on a card: products by cuBLAS, which adds them to the bias that lies there already.

use super::Layout;
use crate::{
    Result,
    gpu::{self, Argument, Grid, Operand, Program},
    graph::{self, Kernel, Step},
    host,
};
use candle_core::{DType, Shape, Storage, Tensor};

pub(crate) const PROGRAM: Program = Program {
    name: "linear",
    source: include_str!("linear.cu"),
    kernels: &["fill_rows", "column_shares", "column_totals"],
};

pub(super) fn linear(x: &Tensor, weight: &Tensor, layout: Layout, bias: Option<&Tensor>) -> Result<Tensor> {
    let (y, shape) = forward(x, weight, layout, bias)?;
    let inputs: Vec<&Tensor> = [x, weight].into_iter().chain(bias).collect();
    graph::record_storage(y, shape, &inputs, || Backward { layout, weight: weight.shape().clone() })
}

/// y outside the graph, with its shape.
pub(crate) fn forward(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
) -> Result<(Storage, (usize, usize))> {
    let (rows, _, outer) = super::check(x, weight, layout, bias)?;
    let (x, weight, device) = (host::in_order(x)?, host::in_order(weight)?, x.device());
    let mut y = gpu::fresh(device, x.dtype(), rows * outer)?;
    if let Some(bias) = bias {
        let bias = host::in_order(bias)?;
        let arguments = &mut [Argument::Read(&bias), Argument::Write(&mut y), Argument::size(outer)];
        let grid = Grid::of_rows(rows, outer, 256);
        gpu::launch(device, (&PROGRAM, "fill_rows"), x.dtype(), grid, arguments)?;
    }
    gpu::product(device, &mut y, Operand::new(&x), layout.operand(&weight), 1.0, bias.is_some())?;
    Ok((y, (rows, outer)))
}

/// dx = dy·Wᵀ outside the graph.
pub(crate) fn input_gradient(gradient: &Tensor, weight: &Tensor, layout: Layout) -> Result<Storage> {
    let (rows, inner) = (gradient.dim(0)?, layout.inner(weight.shape())?);
    let mut dx = gpu::fresh(gradient.device(), gradient.dtype(), rows * inner)?;
    let weight = layout.operand(weight).transposed();
    gpu::product(gradient.device(), &mut dx, Operand::new(gradient), weight, 1.0, false)?;
    Ok(dx)
}

/// dW of the weight's shape. `x` and `gradient` lie in order.
pub(crate) fn weight_gradient(
    x: &Tensor,
    gradient: &Tensor,
    weight: &Shape,
    layout: Layout,
) -> Result<Tensor> {
    let mut dw = gpu::fresh(x.device(), x.dtype(), weight.elem_count())?;
    let (x_operand, dy) = (Operand::new(x), Operand::new(gradient));
    match layout {
        Layout::OutIn => gpu::product(x.device(), &mut dw, dy.transposed(), x_operand, 1.0, false)?,
        Layout::InOut => gpu::product(x.device(), &mut dw, x_operand.transposed(), dy, 1.0, false)?,
    }
    Ok(gpu::tensor(dw, weight))
}

/// db, (out). `gradient` lies in order.
pub(crate) fn bias_gradient(gradient: &Tensor) -> Result<Tensor> {
    let ((rows, columns), device) = (gradient.dims2()?, gradient.device());
    let grid = grid_of_columns(rows, columns);
    let parts = grid.blocks.1 as usize;
    let mut shares = gpu::fresh(device, DType::F32, parts * columns)?;
    let arguments = &mut [
        Argument::Read(gradient),
        Argument::Write(&mut shares),
        Argument::size(rows),
        Argument::size(columns),
    ];
    gpu::launch(device, (&PROGRAM, "column_shares"), gradient.dtype(), grid, arguments)?;
    column_totals(&gpu::tensor(shares, (parts, columns)), gradient.dtype())
}

/// A block for each 32 columns of up to 64 parts of the rows, 128 rows or more each.
pub(crate) fn grid_of_columns(rows: usize, columns: usize) -> Grid {
    Grid::new(columns.div_ceil(32), rows.div_ceil(128).min(64), 256)
}

/// The totals of shares f32 (parts, columns), in `dtype`.
pub(crate) fn column_totals(shares: &Tensor, dtype: DType) -> Result<Tensor> {
    let ((parts, columns), device) = (shares.dims2()?, shares.device());
    let mut totals = gpu::fresh(device, dtype, columns)?;
    let arguments = &mut [
        Argument::Read(shares),
        Argument::Write(&mut totals),
        Argument::size(parts),
        Argument::size(columns),
    ];
    let grid = Grid::new(columns.div_ceil(128), 1, 128);
    gpu::launch(device, (&PROGRAM, "column_totals"), dtype, grid, arguments)?;
    Ok(gpu::tensor(totals, columns))
}

impl Layout {
    /// A stored weight as the (in, out) matrix that x is multiplied with.
    pub(crate) fn operand(self, weight: &Tensor) -> Operand<'_> {
        match self {
            Self::OutIn => Operand::new(weight).transposed(),
            Self::InOut => Operand::new(weight),
        }
    }

    fn inner(self, weight: &Shape) -> Result<usize> {
        let (first, second) = weight.dims2()?;
        Ok(match self {
            Self::OutIn => second,
            Self::InOut => first,
        })
    }
}

/// Keeps the other factor of each product that is wanted.
struct Backward {
    layout: Layout,
    weight: Shape,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn reads(&self, index: usize, wanted: &[bool]) -> bool {
        match index {
            0 => wanted[1],
            1 => wanted[0],
            _ => false,
        }
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let gradient = host::in_order(step.gradient)?;
        let mut gradients = vec![None; step.wanted.len()];
        if step.wanted[0] {
            let dx = input_gradient(&gradient, &step.input(1)?, self.layout)?;
            let shape = (gradient.dim(0)?, self.layout.inner(&self.weight)?);
            gradients[0] = Some(gpu::tensor(dx, shape));
        }
        if step.wanted[1] {
            gradients[1] = Some(weight_gradient(&step.input(0)?, &gradient, &self.weight, self.layout)?);
        }
        if step.wanted.get(2) == Some(&true) {
            gradients[2] = Some(bias_gradient(&gradient)?);
        }
        Ok(gradients)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Layout, check, linear};

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        for (rows, inner, outer) in [(21, 33, 17), (1, 7, 1), (300, 5, 70)] {
            for layout in [Layout::OutIn, Layout::InOut] {
                for frozen in [&[][..], &[1], &[0], &[1, 2], &[0, 1], &[2]] {
                    let weight = if layout == Layout::OutIn { [outer, inner] } else { [inner, outer] };
                    let inputs = [
                        check::random(&[rows, inner], 1),
                        check::random(&weight, 2),
                        check::random(&[outer], 3),
                    ];
                    check::on_card(&inputs, frozen, 1.0, |t| linear(&t[0], &t[1], layout, Some(&t[2])));
                }
                let inputs = [check::random(&[rows, inner], 1), check::random(&[outer, inner], 2)];
                check::on_card(&inputs, &[], 1.0, |t| linear(&t[0], &t[1], Layout::OutIn, None));
            }
        }
    }
}
