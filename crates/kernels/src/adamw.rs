//! AdamW, with the moments updated in place (Loshchilov and Hutter 2017, arXiv 1711.05101; steps as in torch.optim).

use crate::Result;
use candle_core::{Tensor, Var};

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
        Ok(Self {
            first: zeros()?,
            second: zeros()?,
        })
    }
}

/// One step: the parameter and its moments change in place.
pub fn adamw_update(
    parameter: &Var,
    gradient: &Tensor,
    moments: &mut Moments,
    settings: &AdamW,
) -> Result<()> {
    composed(parameter, gradient, moments, settings)
}

/// The same by candle's operations.
fn composed(parameter: &Var, gradient: &Tensor, moments: &mut Moments, settings: &AdamW) -> Result<()> {
    let AdamW {
        learning_rate,
        beta1,
        beta2,
        epsilon,
        weight_decay,
        step,
        gradient_scale,
    } = *settings;
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
