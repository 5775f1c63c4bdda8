//! AdamW and the clipping of gradients, as torch does them.
//!
//! The update itself is `kernels::adamw_update`; here is the bookkeeping over all trainable tensors.
//! Loshchilov and Hutter 2019 (arXiv 1711.05101); the arithmetic and its order are those of `torch.optim.AdamW` and
//! `torch.nn.utils.clip_grad_norm_`, checked against values of torch 2.9.1 in the tests below.

use crate::Error;
use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};
use kernels::Moments;
use std::collections::HashMap;

/// A tensor that training changes.
#[derive(Clone, Debug)]
pub struct Trainable {
    /// Its name in files and messages.
    pub name: String,
    /// The tensor, f32.
    pub variable: Var,
    /// Whether weight decay pulls it towards zero: true for weights, false for biases and norms.
    pub decay: bool,
}

impl Trainable {
    /// What an adapter trains.
    #[must_use]
    pub fn of(parameter: &peft::Parameter) -> Self {
        let peft::Parameter { name, variable, decay } = parameter.clone();
        Trainable { name, variable, decay }
    }
}

/// The constants of AdamW. The defaults are torch's, but for the weight decay, which is transformers' (none).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamWOptions {
    /// Share of the old mean gradient that a step keeps.
    pub beta1: f64,
    /// Share of the old mean squared gradient that a step keeps.
    pub beta2: f64,
    /// Added to the root of the mean squared gradient before the division.
    pub epsilon: f64,
    /// Decoupled weight decay: a step shrinks a decaying weight by learning rate × weight decay.
    pub weight_decay: f64,
}

impl Default for AdamWOptions {
    fn default() -> Self {
        AdamWOptions { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.0 }
    }
}

/// AdamW over a list of trainable tensors.
#[derive(Debug)]
pub struct AdamW {
    slots: Vec<Slot>,
    options: AdamWOptions,
    steps: usize,
}

#[derive(Debug)]
struct Slot {
    trainable: Trainable,
    moments: Moments,
}

impl AdamW {
    /// An optimizer at its first step, its moments zero.
    ///
    /// # Errors
    /// When memory for the moments cannot be had.
    pub fn new(trainables: Vec<Trainable>, options: AdamWOptions) -> Result<Self, Error> {
        let slots = trainables
            .into_iter()
            .map(|trainable| Ok(Slot { moments: Moments::zeros(&trainable.variable)?, trainable }))
            .collect::<kernels::Result<Vec<_>>>()?;
        Ok(AdamW { slots, options, steps: 0 })
    }

    /// Steps taken so far.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The tensors that this optimizer changes.
    pub fn trainables(&self) -> impl Iterator<Item = &Trainable> {
        self.slots.iter().map(|slot| &slot.trainable)
    }

    /// Changes every tensor that has a gradient, and returns the norm of all gradients together before clipping.
    ///
    /// The gradients are `scale` times those that are meant; the norm is of those. With `clip`, gradients are scaled down so
    /// that their joint norm is at most that. If the norm is not a finite number,
    /// nothing is changed: the caller decides what to do.
    ///
    /// # Errors
    /// When the device refuses an operation.
    pub fn step(
        &mut self,
        gradients: &GradStore,
        learning_rate: f64,
        clip: Option<f64>,
        scale: f64,
    ) -> Result<f64, Error> {
        let found: Vec<Option<&Tensor>> =
            self.slots.iter().map(|slot| gradients.get(slot.trainable.variable.as_tensor())).collect();
        let norm = kernels::global_norm(found.iter().copied().flatten())? / scale;
        if !norm.is_finite() {
            return Ok(norm);
        }
        self.steps += 1;
        let AdamWOptions { beta1, beta2, epsilon, weight_decay } = self.options;
        let settings = kernels::AdamW {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            weight_decay: 0.0,
            step: self.steps as u64,
            gradient_scale: clip.map_or(1.0, |limit| kernels::clip_coefficient(norm, limit)) / scale,
        };
        for (slot, gradient) in self.slots.iter_mut().zip(found) {
            let Some(gradient) = gradient else { continue };
            let weight_decay = if slot.trainable.decay { weight_decay } else { 0.0 };
            let settings = kernels::AdamW { weight_decay, ..settings };
            kernels::adamw_update(&slot.trainable.variable, gradient, &mut slot.moments, &settings)?;
        }
        Ok(norm)
    }

    /// The moments by name, copied: `mean.<parameter>` and `square.<parameter>`.
    ///
    /// # Errors
    /// When memory for the copies cannot be had.
    pub fn state(&self) -> Result<Vec<(String, Tensor)>, Error> {
        let mut state = Vec::with_capacity(2 * self.slots.len());
        for slot in &self.slots {
            state.push((format!("mean.{}", slot.trainable.name), slot.moments.first.copy()?));
            state.push((format!("square.{}", slot.trainable.name), slot.moments.second.copy()?));
        }
        Ok(state)
    }

    /// Goes on where [`AdamW::state`] was taken after `steps` steps.
    ///
    /// # Errors
    /// When a moment is missing or has another shape.
    pub fn restore(&mut self, state: &HashMap<String, Tensor>, steps: usize) -> Result<(), Error> {
        for slot in &mut self.slots {
            let Moments { first, second } = &mut slot.moments;
            for (moment, tensor) in [("mean", first), ("square", second)] {
                let name = format!("{moment}.{}", slot.trainable.name);
                let saved = state.get(&name).filter(|saved| saved.shape() == tensor.shape());
                let saved = saved.ok_or(Error::CheckpointLacks { tensor: name })?;
                // A copy of its own: the update writes in place.
                *tensor = saved.to_device(tensor.device())?.copy()?;
            }
        }
        self.steps = steps;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    /// Three steps of torch 2.9.1, printed by `tests/golden/adamw.py`.
    #[derive(serde::Deserialize)]
    struct Recorded {
        weights: Vec<Vec<f32>>,
        biases: Vec<f32>,
        norms: Vec<f64>,
    }

    fn recorded() -> Recorded {
        serde_json::from_str(include_str!("../tests/golden/adamw.json")).unwrap()
    }

    fn problem() -> (Var, Var, AdamW) {
        let w = Var::new(&[0.5_f32, -1.0, 2.0], &Device::Cpu).unwrap();
        let b = Var::new(0.25_f32, &Device::Cpu).unwrap();
        let trainables = vec![
            Trainable { name: "w".into(), variable: w.clone(), decay: true },
            Trainable { name: "b".into(), variable: b.clone(), decay: false },
        ];
        let options = AdamWOptions { weight_decay: 0.05, ..AdamWOptions::default() };
        let optimizer = AdamW::new(trainables, options).unwrap();
        (w, b, optimizer)
    }

    fn step(w: &Var, b: &Var, optimizer: &mut AdamW) -> f64 {
        let x = Tensor::new(&[1.0_f32, 2.0, -0.5], &Device::Cpu).unwrap();
        let loss = ((w.as_tensor() * x).unwrap().sum_all().unwrap() + b.as_tensor()).unwrap().sqr().unwrap();
        optimizer.step(&loss.backward().unwrap(), 0.1, Some(1.0), 1.0).unwrap()
    }

    #[test]
    fn three_steps_are_torch_s() {
        let torch = recorded();
        let (w, b, mut optimizer) = problem();
        for index in 0..3 {
            let norm = step(&w, &b, &mut optimizer);
            // f32 keeps 7 digits; three steps of a few operations each lose less than one of them.
            assert!((norm - torch.norms[index]).abs() < 1e-5 * torch.norms[index], "{norm}");
            for (ours, theirs) in w.to_vec1::<f32>().unwrap().iter().zip(&torch.weights[index]) {
                assert!((ours - theirs).abs() < 1e-6, "{ours} {theirs}");
            }
            assert!((b.to_scalar::<f32>().unwrap() - torch.biases[index]).abs() < 1e-6);
        }
    }

    #[test]
    fn a_restored_optimizer_goes_on_with_the_same_bits() {
        let (w, b, mut optimizer) = problem();
        step(&w, &b, &mut optimizer);
        let state: HashMap<_, _> = optimizer.state().unwrap().into_iter().collect();
        let (w2, b2, mut other) = problem();
        w2.set(&w.as_tensor().copy().unwrap()).unwrap();
        b2.set(&b.as_tensor().copy().unwrap()).unwrap();
        other.restore(&state, 1).unwrap();
        step(&w, &b, &mut optimizer);
        step(&w2, &b2, &mut other);
        assert_eq!(w.to_vec1::<f32>().unwrap(), w2.to_vec1::<f32>().unwrap());
        assert_eq!(b.to_scalar::<f32>().unwrap(), b2.to_scalar::<f32>().unwrap());
    }

    #[test]
    fn a_gradient_that_is_no_number_changes_nothing() {
        let (w, _, mut optimizer) = problem();
        let before = w.to_vec1::<f32>().unwrap();
        let loss = (w.as_tensor() * f64::NAN).unwrap().sum_all().unwrap();
        let norm = optimizer.step(&loss.backward().unwrap(), 0.1, Some(1.0), 1.0).unwrap();
        assert!(norm.is_nan());
        assert_eq!(w.to_vec1::<f32>().unwrap(), before);
        assert_eq!(optimizer.steps(), 0);
    }
}
