//! From the loss back to the gradients.

use crate::{
    Result, add,
    graph::{self, Node, Source},
};
use candle_core::{Tensor, backprop::GradStore};
use std::{collections::BTreeMap, sync::Arc};

/// The gradients of the scalar `loss` for every variable that it depends on.
///
/// It goes from kernel to kernel without candle's zeros and additions. Where it meets another operation of candle's,
/// candle's own walk takes over until it reaches kernels' results again. By the chain rule's linearity the shares of a
/// gradient add up.
pub fn backward(loss: &Tensor) -> Result<GradStore> {
    backward_from(loss, loss.ones_like()?)
}

/// The same from the middle of a computation: `gradient` is what has reached `result`, of its shape.
pub fn backward_from(result: &Tensor, gradient: Tensor) -> Result<GradStore> {
    let mut walk = Walk::default();
    walk.deliver(&Source::of(result), gradient)?;
    loop {
        // The newest node has been served by all that came after it, so its gradient is complete.
        while let Some((_, (node, gradient))) = walk.pending.pop_last() {
            for (source, gradient) in node.backward(&gradient)? {
                walk.deliver(source, gradient)?;
            }
        }
        if walk.foreign.is_empty() {
            return Ok(walk.variables);
        }
        walk.by_candle()?;
    }
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
    fn deliver(&mut self, source: &Source, gradient: Tensor) -> Result<()> {
        match source {
            Source::Constant => {}
            Source::Variable(variable) => {
                let gradient = match self.variables.remove(variable) {
                    Some(other) => add::sum(&other, &gradient)?,
                    None => gradient,
                };
                self.variables.insert(variable, gradient);
            }
            Source::Kernel(node) => self.queue(node.clone(), gradient)?,
            Source::Candle(tensor) => {
                match self.foreign.iter_mut().find(|(other, _)| other.id() == tensor.id()) {
                    Some((_, other)) => *other = add::sum(other, &gradient)?,
                    None => self.foreign.push((tensor.clone(), gradient)),
                }
            }
        }
        Ok(())
    }

    fn queue(&mut self, node: Arc<Node>, gradient: Tensor) -> Result<()> {
        let gradient = match self.pending.remove(&node.number) {
            Some((_, other)) => add::sum(&other, &gradient)?,
            None => gradient,
        };
        self.pending.insert(node.number, (node, gradient));
        Ok(())
    }

    /// Lets candle go back from its own results, as far as kernels' results or variables.
    fn by_candle(&mut self) -> Result<()> {
        let mut total: Option<Tensor> = None;
        for (tensor, gradient) in self.foreign.drain(..) {
            let share = (tensor * gradient.detach())?.sum_all()?;
            total = Some(match total {
                Some(total) => (total + share)?,
                None => share,
            });
        }
        let Some(total) = total else {
            return Ok(());
        };
        let (gradients, reached) = graph::reached(|| total.backward());
        self.variables.extend(gradients?)?;
        for (node, gradient) in reached {
            self.queue(node, gradient)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, add, check, gelu_tanh, linear};
    use candle_core::{DType, Var};

    fn variable(shape: &[usize], seed: u64) -> Var {
        Var::from_tensor(&check::tensor(&check::random(shape, seed), DType::F32)).unwrap()
    }

    #[test]
    fn candles_operations_between_kernels_keep_their_gradients() {
        let shapes: [&[usize]; 3] = [&[6, 5], &[5, 5], &[5]];
        let inputs: Vec<_> = shapes.iter().zip(1..).map(|(shape, seed)| check::random(shape, seed)).collect();
        check::agrees(&inputs, &[], |t| {
            let [x, w, v] = [&t[0], &t[1], &t[2]];
            let y = linear(x, w, Layout::InOut, Some(v))?;
            let foreign = (y.tanh()?.broadcast_mul(v)? + x)?; // reached from two sides
            let z = add(&gelu_tanh(&foreign)?, &y)?;
            let z = add(&linear(&z, w, Layout::OutIn, None)?, &foreign)?;
            gelu_tanh(&z.sqr()?)
        });
    }

    #[test]
    fn candles_own_walk_is_told_whose_the_way_back_is() {
        let x = variable(&[2, 3], 1);
        let loss = gelu_tanh(&x).unwrap().sum_all().unwrap();
        let error = loss.backward().unwrap_err().to_string();
        assert!(error.contains("gelu_tanh: only episome_kernels::backward finds the way back"), "{error}");
        assert!(backward(&loss).unwrap().get(&x).is_some());
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
