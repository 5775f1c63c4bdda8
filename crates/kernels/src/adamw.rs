//! AdamW, with the moments updated in place (Loshchilov and Hutter 2017, arXiv 1711.05101; steps as in torch.optim).

use crate::{
    Result,
    gpu::{self, Argument, Grid, Program},
    host::{self, Values},
    simd::vectorised,
};
use candle_core::{Tensor, Var};
use rayon::prelude::*;

pub(crate) const PROGRAM: Program =
    Program { name: "adamw", source: include_str!("adamw.cu"), kernels: &["adamw"] };

/// What one update of one parameter needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// The decay of the first moment; torch has 0.9.
    pub beta1: f64,
    /// The decay of the second moment; torch has 0.999.
    pub beta2: f64,
    /// Added to the root of the second moment; torch has 1e-8.
    pub epsilon: f64,
    /// The decoupled weight decay; 0 for biases and norms.
    pub weight_decay: f64,
    /// Counts the updates from 1: corrects the moments' bias towards zero.
    pub step: u64,
    /// What the gradient is multiplied with first: [`clip_coefficient`](crate::clip_coefficient), or 1.
    pub gradient_scale: f64,
}

/// The running means of a parameter's gradient and of its square, both of the parameter's shape, dtype and device.
#[derive(Clone, Debug)]
pub struct Moments {
    /// The mean of the gradient.
    pub first: Tensor,
    /// The mean of the squared gradient.
    pub second: Tensor,
}

impl Moments {
    /// The moments before the first step: zeros.
    pub fn zeros(parameter: &Var) -> Result<Self> {
        // zeros_like of a Var would be tracked as little as this is; the copies must not share storage.
        let zeros = || Tensor::zeros(parameter.shape(), parameter.dtype(), parameter.device());
        Ok(Self { first: zeros()?, second: zeros()? })
    }
}

/// One step: the parameter and its moments change in place.
pub fn adamw_update(
    parameter: &Var,
    gradient: &Tensor,
    moments: &mut Moments,
    settings: &AdamW,
) -> Result<()> {
    let tensors = [parameter.as_tensor(), gradient, &moments.first, &moments.second];
    if gpu::runs(tensors) && tensors.iter().all(|tensor| tensor.is_contiguous()) {
        return on_card(tensors, &Constants::of(settings));
    }
    if !host::is_fused(tensors) {
        return composed(parameter, gradient, moments, settings);
    }
    let gradient = host::in_order(gradient)?;
    let gradient = Values::of(&gradient)?;
    let gradient: &[f32] = &gradient;
    let constants = Constants::of(settings);
    host::change_in_place(parameter.as_tensor(), |parameter| {
        host::change_in_place(&moments.first, |first| {
            host::change_in_place(&moments.second, |second| {
                let pieces = parameter.par_chunks_mut(host::TASK).zip(first.par_chunks_mut(host::TASK));
                let pieces =
                    pieces.zip(second.par_chunks_mut(host::TASK)).zip(gradient.par_chunks(host::TASK));
                pieces.for_each(|(((parameter, first), second), gradient)| {
                    update(parameter, first, second, gradient, constants);
                });
                Ok(())
            })
        })
    })
}

#[derive(Clone, Copy)]
struct Constants {
    gradient_scale: f32,
    beta1: f32,
    /// 1 − β₁, from f64.
    rest1: f32,
    beta2: f32,
    rest2: f32,
    /// 1 − learning rate · decay.
    kept: f32,
    /// learning rate / (1 − β₁ᵗ).
    step: f32,
    /// 1 / √(1 − β₂ᵗ).
    root_scale: f32,
    epsilon: f32,
}

impl Constants {
    fn of(settings: &AdamW) -> Self {
        let correct = |beta: f64| 1.0 - beta.powf(settings.step as f64);
        Self {
            gradient_scale: settings.gradient_scale as f32,
            beta1: settings.beta1 as f32,
            rest1: (1.0 - settings.beta1) as f32,
            beta2: settings.beta2 as f32,
            rest2: (1.0 - settings.beta2) as f32,
            kept: (1.0 - settings.learning_rate * settings.weight_decay) as f32,
            step: (settings.learning_rate / correct(settings.beta1)) as f32,
            root_scale: (1.0 / correct(settings.beta2).sqrt()) as f32,
            epsilon: settings.epsilon as f32,
        }
    }
}

fn on_card([parameter, gradient, first, second]: [&Tensor; 4], constants: &Constants) -> Result<()> {
    let count = parameter.elem_count();
    let arguments = &mut [
        Argument::Change(parameter),
        Argument::Change(first),
        Argument::Change(second),
        Argument::Read(gradient),
        Argument::U64(count as u64),
        Argument::F32(constants.gradient_scale),
        Argument::F32(constants.beta1),
        Argument::F32(constants.rest1),
        Argument::F32(constants.beta2),
        Argument::F32(constants.rest2),
        Argument::F32(constants.kept),
        Argument::F32(constants.step),
        Argument::F32(constants.root_scale),
        Argument::F32(constants.epsilon),
    ];
    let grid = Grid::of_elements(count);
    gpu::launch(parameter.device(), (&PROGRAM, "adamw"), parameter.dtype(), grid, arguments)
}

vectorised! {
    fn update(parameter: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32], constants: Constants) {
        for (((parameter, first), second), gradient) in parameter.iter_mut().zip(first).zip(second).zip(gradient) {
            let gradient = gradient * constants.gradient_scale;
            *first = constants.beta1 * *first + constants.rest1 * gradient;
            *second = constants.beta2 * *second + constants.rest2 * gradient * gradient;
            let denominator = second.sqrt() * constants.root_scale + constants.epsilon;
            *parameter = constants.kept * *parameter - constants.step * *first / denominator;
        }
    }
}

/// The same by candle's operations.
fn composed(parameter: &Var, gradient: &Tensor, moments: &mut Moments, settings: &AdamW) -> Result<()> {
    let AdamW { learning_rate, beta1, beta2, epsilon, weight_decay, step, gradient_scale } = *settings;
    let gradient = (gradient.detach() * gradient_scale)?;
    moments.first = ((&moments.first * beta1)? + (&gradient * (1.0 - beta1))?)?;
    moments.second = ((&moments.second * beta2)? + (gradient.sqr()? * (1.0 - beta2))?)?;
    let correct = |beta: f64| 1.0 - beta.powf(step as f64);
    let denominator = ((moments.second.sqrt()? / correct(beta2).sqrt())? + epsilon)?;
    let update = (&moments.first / denominator)?;
    let kept = (parameter.as_detached_tensor() * (1.0 - learning_rate * weight_decay))?;
    parameter.set(&(kept - (update * (learning_rate / correct(beta1)))?)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    fn settings(step: u64) -> AdamW {
        AdamW {
            learning_rate: 1e-2,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.01,
            step,
            gradient_scale: 0.5,
        }
    }

    /// Twenty steps on the gradient 2·sin(p·i), from the same start in either dtype.
    fn trajectory(dtype: candle_core::DType) -> Vec<f64> {
        let start: Vec<f64> = (0..1001).map(|index| (index as f64 / 100.0).cos()).collect();
        let start = Tensor::from_vec(start, 1001, &Device::Cpu).unwrap().to_dtype(dtype).unwrap();
        let factors = Tensor::arange(0f64, 1001.0, &Device::Cpu).unwrap().to_dtype(dtype).unwrap();
        let parameter = Var::from_tensor(&start).unwrap();
        let mut moments = Moments::zeros(&parameter).unwrap();
        for step in 1..=20 {
            let gradient = (parameter.as_detached_tensor() * &factors).unwrap().sin().unwrap();
            adamw_update(&parameter, &(gradient * 2.0).unwrap(), &mut moments, &settings(step)).unwrap();
        }
        parameter.as_detached_tensor().to_dtype(candle_core::DType::F64).unwrap().to_vec1().unwrap()
    }

    #[test]
    fn the_first_step_moves_by_the_learning_rate() {
        // m/(1−β₁) = g and v/(1−β₂) = g², so the step is lr·sign(g) whatever g, after the decay.
        let parameter = Var::new(&[1f32, 1.0, 0.0], &Device::Cpu).unwrap();
        let gradient = Tensor::new(&[3f32, -0.2, 0.0], &Device::Cpu).unwrap();
        let mut moments = Moments::zeros(&parameter).unwrap();
        adamw_update(&parameter, &gradient, &mut moments, &settings(1)).unwrap();
        let moved = parameter.to_vec1::<f32>().unwrap();
        for (moved, expected) in moved.iter().zip([0.9999 - 0.01, 0.9999 + 0.01, 0.0]) {
            assert!((moved - expected).abs() < 1e-6, "{moved} {expected}");
        }
        assert_eq!(moments.first.to_vec1::<f32>().unwrap()[0], 0.15); // 0.1 · 3 · 0.5
    }

    #[test]
    fn a_card_takes_the_same_steps() {
        let start: Vec<f32> = (0..1003).map(|index| (index as f32 / 100.0).cos()).collect();
        let gradient: Vec<f32> = (0..1003).map(|index| (index as f32 / 10.0).sin()).collect();
        let steps = |device: &Device| -> Vec<Vec<f32>> {
            let parameter = Var::from_slice(&start, 1003, device).unwrap();
            let gradient = Tensor::from_slice(&gradient, 1003, device).unwrap();
            let mut moments = Moments::zeros(&parameter).unwrap();
            for step in 1..=5 {
                adamw_update(&parameter, &gradient, &mut moments, &settings(step)).unwrap();
            }
            let tensors = [parameter.as_detached_tensor(), moments.first, moments.second];
            tensors.iter().map(|tensor| tensor.to_vec1().unwrap()).collect()
        };
        let exact = steps(&Device::Cpu);
        gpu::with_card(|device| {
            for (found, exact) in steps(device).iter().zip(&exact) {
                let largest = exact.iter().fold(0f32, |most, value| most.max(value.abs()));
                for (found, exact) in found.iter().zip(exact) {
                    // Some roundings fewer, where products and sums are one instruction.
                    assert!((found - exact).abs() <= 1e-6 * largest, "{found} {exact}");
                }
            }
        });
    }

    #[test]
    fn the_fused_update_follows_the_composed_one() {
        let (fused, exact) = (trajectory(candle_core::DType::F32), trajectory(candle_core::DType::F64));
        // Where p·i is large the gradient turns with p's last digit, so compare the slow part.
        for (index, (fused, exact)) in fused.iter().zip(exact).enumerate().take(50) {
            assert!((fused - exact).abs() < 1e-5, "{index}: {fused} {exact}");
        }
    }
}
