//! The linear layer.

pub(crate) mod card;

use crate::{
    Error, Result,
    cast::{cast, is_half},
    gpu,
    graph::{self, Kernel, Step},
    host::{self, Values},
    product::{self, Matrix, Term},
};
use candle_core::{DType, Shape, Tensor};

pub(crate) use card::{column_totals, grid_of_columns};

/// How a weight matrix is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `(out, in)`, as torch's `Linear` has it: y = x·Wᵀ + b.
    OutIn,
    /// `(in, out)`, as GPT-2's `Conv1D` has it: y = x·W + b.
    InOut,
}

/// y = x·W + b for `x` (T, in), `weight` stored as `layout` says, `bias` (out): gives (T, out).
///
/// Gradients go to those of the three arguments that are tracked; a frozen weight costs none.
pub fn linear(x: &Tensor, weight: &Tensor, layout: Layout, bias: Option<&Tensor>) -> Result<Tensor> {
    let (rows, _, outer) = check(x, weight, layout, bias)?;
    if gpu::runs([x, weight].into_iter().chain(bias)) {
        return card::linear(x, weight, layout, bias);
    }
    if is_half(x) && x.device().is_cpu() {
        let [wide, weight] = [x, weight].map(|tensor| cast(tensor, DType::F32));
        let bias = bias.map(|bias| cast(bias, DType::F32)).transpose()?;
        return cast(&linear(&wide?, &weight?, layout, bias.as_ref())?, x.dtype());
    }
    if !host::is_fused([x, weight].into_iter().chain(bias)) {
        return graph::settled(composed(x, weight, layout, bias));
    }
    let y = forward(x, weight, layout, bias, None)?;
    let inputs: Vec<&Tensor> = [x, weight].into_iter().chain(bias).collect();
    graph::record(y, (rows, outer), &inputs, || Backward { layout, weight: weight.shape().clone() })
}

/// y, beside it the term of `more`, outside the graph.
pub(crate) fn forward(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
    more: Option<Term<'_>>,
) -> Result<Vec<f32>> {
    let (rows, inner, outer) = check(x, weight, layout, bias)?;
    let (x, weight) = (host::in_order(x)?, host::in_order(weight)?);
    let bias = bias.map(host::in_order).transpose()?;
    let (x, weight) = (Values::of(&x)?, Values::of(&weight)?);
    let bias = bias.as_ref().map(Values::of).transpose()?;
    let own = Term { a: Matrix::new(&x, rows, inner), b: layout.matrix(&weight, inner, outer), scale: 1.0 };
    let terms: Vec<Term<'_>> = std::iter::once(own).chain(more).collect();
    Ok(product::sum(&terms, bias.as_deref()))
}

/// dx = dy·Wᵀ, beside it the term of `more`, outside the graph, for a gradient (T, out).
pub(crate) fn input_gradient(
    gradient: Matrix<'_>,
    weight: &[f32],
    layout: Layout,
    inner: usize,
    more: Option<Term<'_>>,
) -> Vec<f32> {
    let outer = weight.len() / inner;
    let own = Term { a: gradient, b: layout.matrix(weight, inner, outer).transposed(), scale: 1.0 };
    let terms: Vec<Term<'_>> = std::iter::once(own).chain(more).collect();
    product::sum(&terms, None)
}

impl Layout {
    /// A stored weight as the (in, out) matrix that x is multiplied with.
    fn matrix(self, weight: &[f32], inner: usize, outer: usize) -> Matrix<'_> {
        match self {
            Self::OutIn => Matrix::new(weight, outer, inner).transposed(),
            Self::InOut => Matrix::new(weight, inner, outer),
        }
    }
}

/// dx = dy·Wᵀ, dW = xᵀ·dy, db = Σ dy over rows. Keeps the other factor of each product that is wanted.
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
            let (rows, outer) = gradient.dims2()?;
            let (weight, inner) = (step.input(1)?, self.weight.elem_count() / outer);
            let (gradient, weight) = (Values::of(&gradient)?, Values::of(&weight)?);
            let dx = input_gradient(Matrix::new(&gradient, rows, outer), &weight, self.layout, inner, None);
            gradients[0] = Some(Tensor::from_vec(dx, (rows, inner), step.gradient.device())?);
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

/// dW of the weight's shape. `x` and `gradient` lie in order.
pub(crate) fn weight_gradient(
    x: &Tensor,
    gradient: &Tensor,
    weight: &Shape,
    layout: Layout,
) -> Result<Tensor> {
    let ((rows, inner), outer) = (x.dims2()?, gradient.dim(1)?);
    let (x_values, gradient_values) = (Values::of(x)?, Values::of(gradient)?);
    let (x_matrix, dy) = (Matrix::new(&x_values, rows, inner), Matrix::new(&gradient_values, rows, outer));
    let dw = match layout {
        Layout::OutIn => product::product(dy.transposed(), x_matrix),
        Layout::InOut => product::product(x_matrix.transposed(), dy),
    };
    Ok(Tensor::from_vec(dw, weight, x.device())?)
}

/// db, (out). `gradient` lies in order.
pub(crate) fn bias_gradient(gradient: &Tensor) -> Result<Tensor> {
    let outer = gradient.dim(1)?;
    let db = product::column_sums(&Values::of(gradient)?, outer);
    Ok(Tensor::from_vec(db, outer, gradient.device())?)
}

/// The sizes (T, in, out), or what does not fit.
pub(crate) fn check(
    x: &Tensor,
    weight: &Tensor,
    layout: Layout,
    bias: Option<&Tensor>,
) -> Result<(usize, usize, usize)> {
    let operation = "linear";
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation,
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, inner) = x.dims2().map_err(|_| shape("x", "(T, in)".into(), x))?;
    let (first, second) = weight.dims2().map_err(|_| shape("weight", "a matrix".into(), weight))?;
    let (stored_inner, outer) = match layout {
        Layout::OutIn => (second, first),
        Layout::InOut => (first, second),
    };
    if stored_inner != inner {
        return Err(shape("weight", format!("in = {inner} stored as {layout:?}"), weight));
    }
    if let Some(bias) = bias
        && bias.dims() != [outer]
    {
        return Err(shape("bias", format!("({outer})"), bias));
    }
    Ok((rows, inner, outer))
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, weight: &Tensor, layout: Layout, bias: Option<&Tensor>) -> Result<Tensor> {
    let y = match layout {
        Layout::OutIn => x.matmul(&weight.t()?)?,
        Layout::InOut => x.matmul(weight)?,
    };
    Ok(match bias {
        Some(bias) => y.broadcast_add(bias)?,
        None => y,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use candle_core::Device;

    #[test]
    fn gradients_agree_for_every_mixture_of_frozen_and_trained() {
        for layout in [Layout::OutIn, Layout::InOut] {
            for frozen in [&[][..], &[1], &[0], &[1, 2], &[0, 1], &[2]] {
                let weight = if layout == Layout::OutIn { [17, 33] } else { [33, 17] };
                let inputs =
                    [check::random(&[21, 33], 1), check::random(&weight, 2), check::random(&[17], 3)];
                check::agrees(&inputs, frozen, |t| linear(&t[0], &t[1], layout, Some(&t[2])));
            }
        }
    }

    #[test]
    fn gradients_agree_without_bias_and_from_a_transposed_view() {
        let inputs = [check::random(&[5, 4], 1), check::random(&[4, 7], 2)];
        check::agrees(&inputs, &[], |t| linear(&t[0], &t[1].t()?, Layout::OutIn, None));
    }

    #[test]
    fn a_weight_of_the_wrong_width_is_named() {
        let zeros = |shape: (usize, usize)| Tensor::zeros(shape, DType::F32, &Device::Cpu);
        let (x, weight) = (zeros((2, 3)).unwrap(), zeros((3, 4)).unwrap());
        let error = linear(&x, &weight, Layout::OutIn, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "linear: weight has shape [3, 4], but in = 3 stored as OutIn is needed"
        );
    }
}
