//! The residual connection.

use crate::{
    Error, Result,
    cast::{cast, is_half},
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host::{self, Values},
    simd::vectorised,
};
use candle_core::{DType, Storage, Tensor};

pub(crate) const PROGRAM: Program =
    Program { name: "add", source: include_str!("add.cu"), kernels: &["add"] };

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
    if gpu::runs([a, b]) {
        return graph::record_storage(on_card(a, b)?, a.shape(), &[a, b], || Backward);
    }
    if is_half(a) {
        return cast(&add(&cast(a, DType::F32)?, &cast(b, DType::F32)?)?, a.dtype());
    }
    if !host::is_fused([a, b]) {
        return graph::settled(Ok((a + b)?));
    }
    graph::record(fused(a, b)?, a.shape(), &[a, b], || Backward)
}

/// The same outside the graph.
pub(crate) fn sum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if host::is_fused([a, b]) && a.dims() == b.dims() {
        return Ok(Tensor::from_vec(fused(a, b)?, a.shape(), a.device())?);
    }
    Ok((a.detach() + b.detach())?)
}

fn on_card(a: &Tensor, b: &Tensor) -> Result<Storage> {
    let (a, b, count) = (host::in_order(a)?, host::in_order(b)?, a.elem_count());
    let mut y = gpu::fresh(a.device(), a.dtype(), count)?;
    let arguments =
        &mut [Argument::Read(&a), Argument::Read(&b), Argument::Write(&mut y), Argument::U64(count as u64)];
    gpu::launch(a.device(), (&PROGRAM, "add"), a.dtype(), Grid::of_elements(count), arguments)?;
    Ok(y)
}

fn fused(a: &Tensor, b: &Tensor) -> Result<Vec<f32>> {
    let (a, b) = (host::in_order(a)?, host::in_order(b)?);
    let (a, b) = (Values::of(&a)?, Values::of(&b)?);
    let (a, b): (&[f32], &[f32]) = (&a, &b);
    Ok(host::mapped(a.len(), |start, out| {
        let end = start + out.len();
        add_into(out, &a[start..end], &b[start..end]);
    }))
}

vectorised! {
    fn add_into(out: &mut [f32], a: &[f32], b: &[f32]) {
        for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
            *out = a + b;
        }
    }
}

/// Both sides get the gradient as it is; nothing is kept, nothing copied.
struct Backward;

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "add"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        false
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        Ok(step.wanted.iter().map(|wanted| wanted.then(|| step.gradient.clone())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn gradients_agree() {
        let inputs = [check::random(&[90, 101], 1), check::random(&[90, 101], 2)];
        check::agrees(&inputs, &[], |t| add(&t[0], &t[1]));
        check::agrees(&inputs, &[0], |t| add(&t[0], &t[1]));
    }

    #[test]
    fn a_card_gives_the_same() {
        for (shape, frozen) in [([1, 1], &[][..]), ([3, 7], &[0]), ([90, 101], &[])] {
            let inputs = [check::random(&shape, 1), check::random(&shape, 2)];
            check::on_card(&inputs, frozen, 1.0, |t| add(&t[0], &t[1]));
        }
    }

    #[test]
    fn an_argument_that_comes_twice_gets_both_gradients() {
        check::agrees(&[check::random(&[9, 10], 1)], &[], |t| add(&t[0], &t[0]));
    }
}
