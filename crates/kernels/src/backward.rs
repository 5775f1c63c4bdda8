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
    walk.deliver(&Source::root(result), gradient)?;
    loop {
        // A result of candle's whose readers are all newer than what is pending has its whole gradient. It goes first: what
        // it stands on may be pending, and would be gone through once more for each time that it is served late.
        if walk.by_candle()? {
            continue;
        }
        // The newest node has been served by all that came after it, so its gradient is complete.
        let Some((_, (node, gradient))) = walk.pending.pop_last() else {
            return Ok(walk.variables);
        };
        for (source, gradient) in node.backward(&gradient)? {
            walk.deliver(source, gradient)?;
        }
    }
}

#[derive(Default)]
struct Walk {
    /// Nodes whose gradient has begun to come in, by number.
    pending: BTreeMap<u64, (Arc<Node>, Tensor)>,
    variables: GradStore,
    /// Results of candle's operations, with the number of their first reader and the gradient that reached them.
    foreign: Vec<(Tensor, u64, Tensor)>,
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
            Source::Candle(tensor, first) => {
                match self.foreign.iter_mut().find(|(other, ..)| other.id() == tensor.id()) {
                    Some((.., other)) => *other = add::sum(other, &gradient)?,
                    None => self.foreign.push((tensor.clone(), *first, gradient)),
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

    /// Lets candle go back from those of its own results whose gradient is complete, as far as kernels' results or
    /// variables. False where there is none.
    fn by_candle(&mut self) -> Result<bool> {
        let newest = self.pending.last_key_value().map(|(number, _)| *number);
        let complete = |(_, first, _): &mut (_, u64, _)| newest.is_none_or(|newest| newest < *first);
        let mut total: Option<Tensor> = None;
        for (tensor, _, gradient) in self.foreign.extract_if(.., complete) {
            let share = (tensor * gradient.detach())?.sum_all()?;
            total = Some(match total {
                Some(total) => (total + share)?,
                None => share,
            });
        }
        let Some(total) = total else {
            return Ok(false);
        };
        let (gradients, reached) = graph::reached(|| total.backward());
        self.variables.extend(gradients?)?;
        for (node, gradient) in reached {
            self.queue(node, gradient)?;
        }
        Ok(true)
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
    fn every_block_is_gone_through_once_whatever_lies_in_it() {
        let (x, w) = (variable(&[3, 4], 1), variable(&[4, 4], 2));
        let small = (w.as_tensor() * 0.1).unwrap().detach();
        let mut y = x.as_tensor().clone();
        // Gone through twice at each of these additions, it would take 2⁶⁰ steps.
        for _ in 0..60 {
            let branch = linear(&y, &small, Layout::InOut, None).unwrap().silu().unwrap();
            y = add(&y, &linear(&branch, &small, Layout::InOut, None).unwrap()).unwrap();
        }
        assert!(backward(&y.sum_all().unwrap()).unwrap().get(&x).is_some());
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
