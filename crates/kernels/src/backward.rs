//! From the loss back to the gradients.

use crate::{
    Result, add,
    graph::{self, Node},
};
use candle_core::{Tensor, backprop::GradStore};
use std::{collections::BTreeMap, sync::Arc};

/// The gradients of the scalar `loss` for every variable that it depends on.
///
/// It goes from kernel to kernel without candle's zeros and additions; where it meets another operation of candle's,
/// candle's own walk takes over for what lies below. By the chain rule's linearity the two shares of a variable's
/// gradient add up.
pub fn backward(loss: &Tensor) -> Result<GradStore> {
    backward_from(loss, loss.ones_like()?)
}

/// The same from the middle of a computation: `gradient` is what has reached `result`, of its shape.
pub fn backward_from(result: &Tensor, gradient: Tensor) -> Result<GradStore> {
    let mut walk = Walk::default();
    walk.deliver(result, gradient)?;
    // The newest node has been served by all that came after it, so its gradient is complete.
    while let Some((_, (node, gradient))) = walk.pending.pop_last() {
        let gradients = node.backward(&gradient)?;
        drop(gradient);
        for (input, gradient) in node.inputs.iter().zip(gradients) {
            if let Some(gradient) = gradient {
                walk.deliver(input, gradient)?;
            }
        }
    }
    walk.finish()
}

#[derive(Default)]
struct Walk {
    /// Nodes whose gradient has begun to come in, by number.
    pending: BTreeMap<u64, (Arc<Node>, Tensor)>,
    variables: GradStore,
    /// Results of candle's operations, with the gradient that reached them.
    foreign: Vec<(Tensor, Tensor)>,
}

impl Walk {
    fn deliver(&mut self, tensor: &Tensor, gradient: Tensor) -> Result<()> {
        if tensor.is_variable() {
            let gradient = match self.variables.remove(tensor) {
                Some(other) => add::sum(&other, &gradient)?,
                None => gradient,
            };
            self.variables.insert(tensor, gradient);
        } else if let Some(node) = graph::node(tensor) {
            let gradient = match self.pending.remove(&node.number) {
                Some((_, other)) => add::sum(&other, &gradient)?,
                None => gradient,
            };
            self.pending.insert(node.number, (node, gradient));
        } else if tensor.track_op() {
            match self.foreign.iter_mut().find(|(other, _)| other.id() == tensor.id()) {
                Some((_, other)) => *other = add::sum(other, &gradient)?,
                None => self.foreign.push((tensor.clone(), gradient)),
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<GradStore> {
        let mut rest: Option<Tensor> = None;
        for (tensor, gradient) in self.foreign {
            let share = (tensor * gradient.detach())?.sum_all()?;
            rest = Some(match rest {
                Some(rest) => (rest + share)?,
                None => share,
            });
        }
        if let Some(rest) = rest {
            self.variables.extend(rest.backward()?)?;
        }
        Ok(self.variables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, add, check, cross_entropy, gelu_tanh, linear};
    use candle_core::{DType, Device, Var};

    fn variable(shape: &[usize], seed: u64) -> Var {
        Var::from_tensor(&check::tensor(&check::random(shape, seed), DType::F32)).unwrap()
    }

    #[test]
    fn candles_operations_between_kernels_keep_their_gradients() {
        let (x, w, v) = (variable(&[6, 5], 1), variable(&[5, 5], 2), variable(&[5], 3));
        let targets = Tensor::new(&[0u32, 1, 2, 3, 4, 0], &Device::Cpu).unwrap();
        let loss = || {
            let y = linear(&x, &w, Layout::InOut, Some(&v))?;
            let foreign = (y.tanh()?.broadcast_mul(&v)? + x.as_tensor())?; // reached from two sides
            let z = add(&gelu_tanh(&foreign)?, &y)?;
            cross_entropy(&add(&linear(&z, &w, Layout::OutIn, None)?, &foreign)?, &targets, None)
        };
        let (ours, candles) = (backward(&loss().unwrap()).unwrap(), loss().unwrap().backward().unwrap());
        for variable in [&x, &w, &v] {
            let flat = |store: &GradStore| {
                store.get(variable).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()
            };
            for (ours, candles) in flat(&ours).into_iter().zip(flat(&candles)) {
                assert!((ours - candles).abs() < 1e-6, "{ours} {candles}");
            }
        }
    }

    #[test]
    fn a_variable_that_the_loss_does_not_reach_has_no_gradient() {
        let (x, y) = (variable(&[2, 3], 1), variable(&[2, 3], 2));
        let gradients = backward(&gelu_tanh(&x).unwrap()).unwrap();
        assert!(gradients.get(&x).is_some() && gradients.get(&y).is_none());
    }

    #[test]
    fn nothing_is_remembered_of_a_dropped_graph() {
        let x = variable(&[2, 3], 1);
        let y = gelu_tanh(&x).unwrap();
        let node = Arc::downgrade(&graph::node(&y).unwrap());
        let z = gelu_tanh(&y).unwrap();
        drop(y);
        assert!(node.upgrade().is_some(), "z still needs it");
        drop(z);
        assert!(node.upgrade().is_none());
    }
}
