//! The loss of a classifier or a language model.

use crate::{Error, Result};
use candle_core::{D, DType, Tensor};

/// The mean over rows of −log softmax(logits)[target]: `logits` (N, K), `targets` u32 (N), gives a scalar.
///
/// Rows whose target is `ignore` count neither in the sum nor in the mean.
pub fn cross_entropy(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<Tensor> {
    check(logits, targets, ignore)?;
    composed(logits, targets, ignore)
}

/// The targets, each a class or ignored, and the number of those that count.
fn check(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<(Vec<u32>, usize)> {
    let operation = "cross_entropy";
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation,
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, limit) = logits
        .dims2()
        .map_err(|_| shape("logits", "(N, K)".into(), logits))?;
    if targets.dims() != [rows] || targets.dtype() != DType::U32 {
        return Err(shape("targets", format!("u32 ({rows})"), targets));
    }
    let targets = targets.to_vec1::<u32>()?;
    let mut counted = 0;
    for (row, &found) in targets.iter().enumerate() {
        if Some(found) == ignore {
            continue;
        }
        counted += 1;
        if found as usize >= limit {
            return Err(Error::Index {
                operation,
                row,
                found,
                limit,
            });
        }
    }
    if counted == 0 {
        return Err(Error::NoTarget { rows });
    }
    Ok((targets, counted))
}

/// The same by candle's operations.
pub(crate) fn composed(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<Tensor> {
    let (targets, counted) = check(logits, targets, ignore)?;
    let counts = |target: &u32| Some(*target) != ignore;
    let weights: Vec<f32> = targets.iter().map(|target| f32::from(counts(target))).collect();
    let classes: Vec<u32> = targets
        .iter()
        .map(|target| if counts(target) { *target } else { 0 })
        .collect();
    let rows = targets.len();
    let classes = Tensor::from_vec(classes, (rows, 1), logits.device())?;
    let weights = Tensor::from_vec(weights, (rows, 1), logits.device())?.to_dtype(logits.dtype())?;
    let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?;
    let normaliser = shifted.exp()?.sum_keepdim(D::Minus1)?.log()?;
    let losses = ((normaliser - shifted.gather(&classes, 1)?)? * weights)?;
    Ok((losses.sum_all()? / counted as f64)?)
}
