//! The linear layer with a low-rank term on a card: cuBLAS adds each product to what lies there, and dropout is one kernel.

use super::LoraTerm;
use crate::{
    Dropout, Layout, Result, dropout,
    gpu::{self, Operand},
    graph::{self, Kernel, Step},
    host,
    linear::card as linear,
};
use candle_core::{Shape, Tensor};

pub(super) fn lora_linear(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    term: &LoraTerm<'_>,
) -> Result<Tensor> {
    let inputs: Vec<&Tensor> = [x, term.a, term.b, weight].into_iter().chain(bias).collect();
    let (scale, device) = (term.scale as f32, x.device());
    let (mut y, shape) = linear::forward(x, weight, layout, bias)?;
    let down = {
        let dropped = dropout::forward_on_card(x, term.dropout.as_ref())?;
        let (a, b) = (host::in_order(term.a)?, host::in_order(term.b)?);
        let (rows, rank) = (x.dim(0)?, a.dim(0)?);
        let mut down = gpu::fresh(device, x.dtype(), rows * rank)?;
        gpu::product(device, &mut down, Operand::new(&dropped), Operand::new(&a).transposed(), 1.0, false)?;
        let down = gpu::tensor(down, (rows, rank));
        gpu::product(device, &mut y, Operand::new(&down), Operand::new(&b).transposed(), scale, true)?;
        down
    };
    let kernel = Backward { layout, scale, dropout: term.dropout, weight: weight.shape().clone(), down };
    graph::record_storage(y, shape, &inputs, || kernel)
}

/// The same steps as on the CPU, with h = drop(x)·Aᵀ kept.
struct Backward {
    layout: Layout,
    scale: f32,
    dropout: Option<Dropout>,
    weight: Shape,
    /// h, (T, r).
    down: Tensor,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "lora_linear"
    }

    /// Of x, A, B, W and b.
    fn reads(&self, index: usize, wanted: &[bool]) -> bool {
        match index {
            0 => wanted[1] || wanted[3],
            1 | 3 => wanted[0],
            2 => wanted[0] || wanted[1],
            _ => false,
        }
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let gradient = host::in_order(step.gradient)?;
        let ((rows, outer), (device, dtype)) = (gradient.dims2()?, (gradient.device(), gradient.dtype()));
        let (inner, rank) = (self.weight.elem_count() / outer, self.down.dim(1)?);
        let dy = Operand::new(&gradient);
        let dh = match step.wanted[0] || step.wanted[1] {
            true => {
                let mut dh = gpu::fresh(device, dtype, rows * rank)?;
                gpu::product(device, &mut dh, dy, Operand::new(&step.input(2)?), self.scale, false)?;
                Some(gpu::tensor(dh, (rows, rank)))
            }
            false => None,
        };
        let mut gradients = vec![None; step.wanted.len()];
        if let (true, Some(dh)) = (step.wanted[0], &dh) {
            let a = step.input(1)?;
            let (dh, a) = (Operand::new(dh), Operand::new(&a));
            let mut dx = linear::input_gradient(&gradient, &step.input(3)?, self.layout)?;
            match &self.dropout {
                None => gpu::product(device, &mut dx, dh, a, 1.0, true)?,
                Some(dropout) => {
                    let mut share = gpu::fresh(device, dtype, rows * inner)?;
                    gpu::product(device, &mut share, dh, a, 1.0, false)?;
                    dropout::add_dropped_on_card(&mut dx, &gpu::tensor(share, (rows, inner)), dropout)?;
                }
            }
            gradients[0] = Some(gpu::tensor(dx, (rows, inner)));
        }
        if let (true, Some(dh)) = (step.wanted[1], &dh) {
            let dropped = dropout::forward_on_card(&step.input(0)?, self.dropout.as_ref())?;
            let mut da = gpu::fresh(device, dtype, rank * inner)?;
            let (dh, dropped) = (Operand::new(dh).transposed(), Operand::new(&dropped));
            gpu::product(device, &mut da, dh, dropped, 1.0, false)?;
            gradients[1] = Some(gpu::tensor(da, (rank, inner)));
        }
        if step.wanted[2] {
            let mut db = gpu::fresh(device, dtype, outer * rank)?;
            gpu::product(device, &mut db, dy.transposed(), Operand::new(&self.down), self.scale, false)?;
            gradients[2] = Some(gpu::tensor(db, (outer, rank)));
        }
        if step.wanted[3] {
            let x = step.input(0)?;
            gradients[3] = Some(linear::weight_gradient(&x, &gradient, &self.weight, self.layout)?);
        }
        if step.wanted.get(4) == Some(&true) {
            gradients[4] = Some(linear::bias_gradient(&gradient)?);
        }
        Ok(gradients)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Dropout, Layout, LoraTerm, check, lora_linear};

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        for layout in [Layout::OutIn, Layout::InOut] {
            for dropout in [None, Some(Dropout { probability: 0.3, seed: 5 })] {
                for frozen in [&[][..], &[3, 4], &[0, 3, 4], &[0, 3], &[0, 1, 2]] {
                    let weight = if layout == Layout::OutIn { [24, 33] } else { [33, 24] };
                    let shapes: [&[usize]; 5] = [&[21, 33], &[4, 33], &[24, 4], &weight, &[24]];
                    let inputs: Vec<_> =
                        shapes.iter().zip(1..).map(|(shape, seed)| check::random(shape, seed)).collect();
                    // In half precision drop(x), h, dh and each product that is added to are rounded, too.
                    check::on_card(&inputs, frozen, 6.0, |t| {
                        let term = LoraTerm { a: &t[1], b: &t[2], scale: 0.7, dropout };
                        lora_linear(&t[0], &t[3], layout, Some(&t[4]), &term)
                    });
                }
            }
        }
    }
}
