//! The linear layer with a low-rank term beside it: LoRA (Hu et al. 2021, arXiv 2106.09685).

mod card;

use crate::{
    Dropout, Error, Layout, Result,
    cast::{cast, is_half},
    dropout, gpu,
    graph::{self, Kernel, Step},
    host::{self, Values},
    linear,
    product::{self, Matrix, Term},
    transpose::transpose,
};
use candle_core::{DType, Shape, Tensor};

/// The low-rank term s·B·A of a linear layer, as peft stores it whatever the layout of the layer's own weight.
#[derive(Clone, Copy, Debug)]
pub struct LoraTerm<'a> {
    /// The down projection, (r, in).
    pub a: &'a Tensor,
    /// The up projection, (out, r).
    pub b: &'a Tensor,
    /// s: alpha / r, or alpha / √r for rsLoRA.
    pub scale: f64,
    /// Dropout of the term's input; None at inference.
    pub dropout: Option<Dropout>,
}

/// y = x·W + b + s·B·A·drop(x) for `x` (T, in): gives (T, out).
pub fn lora_linear(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    term: &LoraTerm<'_>,
) -> Result<Tensor> {
    let (rows, inner, outer) = linear::check(x, weight, layout, bias)?;
    let rank = check(term, inner, outer)?;
    if gpu::runs([x, weight, term.a, term.b].into_iter().chain(bias)) {
        return card::lora_linear(x, weight, layout, bias, term);
    }
    if is_half(x) && x.device().is_cpu() {
        let [wide, weight, a, b] = [x, weight, term.a, term.b].map(|tensor| cast(tensor, DType::F32));
        let bias = bias.map(|bias| cast(bias, DType::F32)).transpose()?;
        let term = LoraTerm { a: &a?, b: &b?, ..*term };
        return cast(&lora_linear(&wide?, &weight?, layout, bias.as_ref(), &term)?, x.dtype());
    }
    if !host::is_fused([x, weight, term.a, term.b].into_iter().chain(bias)) {
        return graph::settled(composed(x, weight, layout, bias, term));
    }
    let inputs: Vec<&Tensor> = [x, term.a, term.b, weight].into_iter().chain(bias).collect();
    let (y, down) = {
        let dropped = dropout::forward(x, term.dropout.as_ref())?;
        let (a, b) = (host::in_order(term.a)?, host::in_order(term.b)?);
        let (dropped, a, b) = (Values::of(&dropped)?, Values::of(&a)?, Values::of(&b)?);
        let a = Matrix::new(&a, rank, inner).transposed();
        let down = product::product(Matrix::new(&dropped, rows, inner), a);
        let b = Matrix::new(&b, outer, rank).transposed();
        let up = Term { a: Matrix::new(&down, rows, rank), b, scale: term.scale as f32 };
        (linear::forward(x, weight, layout, bias, Some(up))?, down)
    };
    let (scale, weight) = (term.scale as f32, weight.shape().clone());
    let kernel = Backward { layout, scale, dropout: term.dropout, weight, down };
    graph::record(y, (rows, outer), &inputs, || kernel)
}

/// With h = drop(x)·Aᵀ kept and dh = s·dy·B: dx = dy·Wᵀ + drop(dh·A), dA = dhᵀ·drop(x), dB = s·dyᵀ·h. The dropped x
/// is computed again.
struct Backward {
    layout: Layout,
    scale: f32,
    dropout: Option<Dropout>,
    weight: Shape,
    /// h, (T, r).
    down: Vec<f32>,
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
        let gradient_values = Values::of(&gradient)?;
        let ((rows, outer), device) = (gradient.dims2()?, gradient.device());
        let (inner, rank) = (self.weight.elem_count() / outer, self.down.len() / rows);
        let dy = Matrix::new(&gradient_values, rows, outer);
        let mut dh = Vec::new();
        if step.wanted[0] || step.wanted[1] {
            let b = step.input(2)?;
            let b = Values::of(&b)?;
            dh = product::sum(&[Term { a: dy, b: Matrix::new(&b, outer, rank), scale: self.scale }], None);
        }
        let mut gradients = vec![None; step.wanted.len()];
        if step.wanted[0] {
            let (a, weight) = (step.input(1)?, step.input(3)?);
            let (a, weight) = (Values::of(&a)?, Values::of(&weight)?);
            let low = Term { a: Matrix::new(&dh, rows, rank), b: Matrix::new(&a, rank, inner), scale: 1.0 };
            let beside = self.dropout.is_none().then_some(low);
            let mut dx = linear::input_gradient(dy, &weight, self.layout, inner, beside);
            if let Some(dropout) = &self.dropout {
                dropout::add_dropped(&mut dx, &product::product(low.a, low.b), dropout)?;
            }
            gradients[0] = Some(Tensor::from_vec(dx, (rows, inner), device)?);
        }
        if step.wanted[1] {
            let dropped = dropout::forward(&step.input(0)?, self.dropout.as_ref())?;
            let dropped = Values::of(&dropped)?;
            let dh = Matrix::new(&dh, rows, rank).transposed();
            let da = product::product(dh, Matrix::new(&dropped, rows, inner));
            gradients[1] = Some(Tensor::from_vec(da, (rank, inner), device)?);
        }
        if step.wanted[2] {
            // By way of hᵀ·dy: of the two factors h is the one that costs nothing to transpose.
            let h = Matrix::new(&self.down, rows, rank).transposed();
            let transposed = product::product(h, dy);
            let mut db = vec![0.0; outer * rank];
            transpose(&mut db, rank, &transposed, outer, outer, rank);
            db.iter_mut().for_each(|value| *value *= self.scale);
            gradients[2] = Some(Tensor::from_vec(db, (outer, rank), device)?);
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

/// The rank, or what does not fit.
fn check(term: &LoraTerm<'_>, inner: usize, outer: usize) -> Result<usize> {
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation: "lora_linear",
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    match term.a.dims() {
        [rank, columns] if *columns == inner => {
            if term.b.dims() == [outer, *rank] {
                Ok(*rank)
            } else {
                Err(shape("B", format!("({outer}, {rank})"), term.b))
            }
        }
        _ => Err(shape("A", format!("(r, {inner})"), term.a)),
    }
}

/// The same by candle's operations.
pub(crate) fn composed(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    term: &LoraTerm<'_>,
) -> Result<Tensor> {
    let y = linear::composed(x, weight, layout, bias)?;
    let dropped = match &term.dropout {
        Some(dropout) => dropout::composed(x, dropout)?,
        None => x.clone(),
    };
    let delta = dropped.matmul(&term.a.t()?)?.matmul(&term.b.t()?)?;
    Ok((y + (delta * term.scale)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    fn agrees(frozen: &[usize], dropout: Option<Dropout>, layout: Layout) {
        let weight = if layout == Layout::OutIn { [24, 33] } else { [33, 24] };
        // x, A, B, W, b
        let shapes: [&[usize]; 5] = [&[21, 33], &[4, 33], &[24, 4], &weight, &[24]];
        let inputs: Vec<_> = shapes.iter().zip(1..).map(|(shape, seed)| check::random(shape, seed)).collect();
        check::agrees(&inputs, frozen, |t| {
            let term = LoraTerm { a: &t[1], b: &t[2], scale: 0.7, dropout };
            lora_linear(&t[0], &t[3], layout, Some(&t[4]), &term)
        });
    }

    #[test]
    fn gradients_agree_beside_a_frozen_weight() {
        agrees(&[3, 4], None, Layout::InOut);
        agrees(&[0, 3, 4], None, Layout::OutIn);
    }

    #[test]
    fn gradients_agree_beside_a_trained_weight_and_bias() {
        agrees(&[], None, Layout::InOut);
        agrees(&[0, 3], None, Layout::InOut);
        agrees(&[0, 1, 2], None, Layout::OutIn);
    }

    #[test]
    fn gradients_agree_under_dropout() {
        let dropout = Dropout { probability: 0.3, seed: 5 };
        agrees(&[3, 4], Some(dropout), Layout::InOut);
        agrees(&[], Some(dropout), Layout::OutIn);
    }
}
