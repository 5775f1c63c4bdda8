//! Gradient checkpointing: only what stands between the blocks is kept for the backward pass, which computes the inside of
//! each block again. One more forward pass, for the memory of one block instead of all. (Chen et al. 2016, "Training Deep
//! Nets with Sublinear Memory Cost", arXiv 1604.06174.)

use crate::accumulate::Gradients;
use crate::error::Error;
use candle_core::{Tensor, Var};
use models::{Batch, Context, Model};

/// The loss and its gradients where it is finite: the same numbers as with everything kept.
///
/// `hidden` (T, C) is what block `start` reads; `first` is the first block with something to train in it or before it;
/// `loss` makes the scalar from the logits, and says what the gradients are multiplied with.
pub(crate) fn gradients(
    model: &dyn Model,
    (start, hidden): (usize, Tensor),
    first: usize,
    batch: &Batch,
    context: &Context<'_>,
    loss: impl Fn(&Tensor) -> kernels::Result<(Tensor, f64)>,
) -> Result<Gradients, Error> {
    let block = |index: usize, hidden: &Tensor| model.block(index, hidden, batch, context);
    let mut hidden = hidden;
    for index in start..first {
        hidden = kernels::without_gradients(|| block(index, &hidden))?;
    }
    // What each block reads. Where the way back is cut, a variable takes up the gradient.
    let first = first.max(start);
    let mut between = vec![hidden];
    for index in first..model.blocks() {
        let output = kernels::without_gradients(|| block(index, &between[index - first]))?;
        between.push(Var::from_tensor(&output)?.into_inner());
    }
    let last = between.len() - 1;
    let (loss, scale) = loss(&model.head(&between[last], context)?)?;
    let mut gradients = kernels::backward_from(&loss, (loss.ones_like()? * scale)?)?;
    // Without its way back: what it stood on is free for the blocks.
    let loss = loss.detach();
    for index in (first..model.blocks()).rev() {
        let Some(gradient) = between.pop().and_then(|output| gradients.remove(&output)) else {
            break;
        };
        let output = block(index, &between[index - first])?;
        gradients.extend(kernels::backward_from(&output, gradient)?)?;
    }
    let value = f64::from(loss.to_scalar::<f32>()?);
    Ok((value, value.is_finite().then_some(gradients)))
}
