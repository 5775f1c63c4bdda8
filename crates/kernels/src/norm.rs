//! The global norm of the gradients, for clipping (Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063).

use crate::{
    Result,
    gpu::{self, Argument, Grid, Program},
    host::{self, Values},
    simd::{LANES, vectorised},
};
use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;

pub(crate) const PROGRAM: Program =
    Program { name: "norm", source: include_str!("norm.cu"), kernels: &["squares"] };

/// The blocks that share a gradient on a card.
const SHARES: usize = 64;

/// √Σg² over every element of every gradient, summed in f64 in a fixed order.
pub fn global_norm<'a>(gradients: impl IntoIterator<Item = &'a Tensor>) -> Result<f64> {
    let (mut total, mut composed, mut on_card) = (0.0, Vec::new(), Vec::new());
    for gradient in gradients {
        if gpu::runs([gradient]) {
            on_card.push(host::in_order(gradient)?);
        } else if host::is_fused([gradient]) {
            let gradient = host::in_order(gradient)?;
            let gradient = Values::of(&gradient)?;
            let shares: Vec<f64> = gradient.par_chunks(host::TASK).map(sum_of_squares).collect();
            total += shares.iter().sum::<f64>();
        } else {
            composed.push(square(gradient)?);
        }
    }
    // One wait for the device, not one for each gradient.
    if !composed.is_empty() {
        let squares = Tensor::stack(&composed, 0)?.to_device(&Device::Cpu)?;
        total += squares.to_dtype(DType::F64)?.to_vec1::<f64>()?.iter().sum::<f64>();
    }
    if let Some(device) = on_card.first().map(Tensor::device) {
        total += squares_on_card(&on_card, device)?;
    }
    Ok(total.sqrt())
}

/// Σg² of gradients on one card, with one wait for it.
fn squares_on_card(gradients: &[Tensor], device: &Device) -> Result<f64> {
    let mut shares = gpu::fresh(device, DType::F64, gradients.len() * SHARES)?;
    for (index, gradient) in gradients.iter().enumerate() {
        let arguments = &mut [
            Argument::Read(gradient),
            Argument::Write(&mut shares),
            Argument::U64(gradient.elem_count() as u64),
            Argument::size(index * SHARES),
        ];
        gpu::launch(device, (&PROGRAM, "squares"), gradient.dtype(), Grid::new(SHARES, 1, 256), arguments)?;
    }
    let shares = gpu::tensor(shares, gradients.len() * SHARES).to_device(&Device::Cpu)?;
    Ok(shares.to_vec1::<f64>()?.iter().sum())
}

/// What gradients of this norm are multiplied with so that it becomes at most `limit`, as torch's `clip_grad_norm_`
/// has it: limit / (norm + 1e-6), never above 1.
pub fn clip_coefficient(norm: f64, limit: f64) -> f64 {
    (limit / (norm + 1e-6)).min(1.0)
}

vectorised! {
    fn sum_of_squares(values: &[f32]) -> f64 {
        let mut partial = [0f64; LANES];
        for values in values.chunks(LANES) {
            for (partial, value) in partial.iter_mut().zip(values) {
                *partial += f64::from(*value) * f64::from(*value);
            }
        }
        partial.iter().sum()
    }
}

/// Σg² on the device of `gradient`, in the widest that it computes in.
fn square(gradient: &Tensor) -> Result<Tensor> {
    let wide = if gradient.device().is_metal() { DType::F32 } else { DType::F64 };
    Ok(gradient.detach().to_dtype(wide)?.sqr()?.sum_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn the_norm_is_that_of_all_elements_together() {
        let inputs = [check::random(&[300, 101], 1), check::random(&[3], 2)];
        let exact: f64 = inputs.iter().flat_map(|(_, values)| values).map(|value| value * value).sum();
        let fused = inputs.each_ref().map(|input| check::tensor(input, DType::F32));
        let composed = inputs.each_ref().map(|input| check::tensor(input, DType::F64));
        // f64 sums of numbers that f32 represents.
        assert!((global_norm(&fused).unwrap() / exact.sqrt() - 1.0).abs() < 1e-12);
        assert!((global_norm(&composed).unwrap() / exact.sqrt() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_card_finds_the_same_norm() {
        let inputs = [check::random(&[300, 401], 1), check::random(&[3], 2)];
        let exact: f64 = inputs.iter().flat_map(|(_, values)| values).map(|value| value * value).sum();
        gpu::with_card(|device| {
            let tensors =
                inputs.each_ref().map(|input| check::tensor(input, DType::F32).to_device(device).unwrap());
            assert!((global_norm(&tensors).unwrap() / exact.sqrt() - 1.0).abs() < 1e-12);
        });
    }

    #[test]
    fn only_a_norm_above_the_limit_is_clipped() {
        assert_eq!(clip_coefficient(0.5, 1.0), 1.0);
        assert!((clip_coefficient(4.0, 1.0) - 0.25).abs() < 1e-6);
    }
}
