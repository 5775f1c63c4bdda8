//! The loss of a classifier or a language model.

pub(crate) mod card;

use crate::{
    Error, Result, gpu,
    graph::{self, Kernel, Step},
    host::{self, Values},
    simd::{exp, largest, sum, vectorised},
};
use candle_core::{D, DType, Tensor};
use rayon::prelude::*;

/// The mean over rows of −log softmax(logits) at the target: `logits` (N, K), `targets` u32 (N), gives a scalar.
///
/// Rows whose target is `ignore` count neither in the sum nor in the mean. A target outside the classes is an error, and so
/// is it where none counts; on a card, which nothing waits for, the loss is no number then.
pub fn cross_entropy(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<Tensor> {
    check(logits, targets)?;
    if gpu::runs([logits]) {
        return card::cross_entropy(logits, targets, ignore);
    }
    if !host::is_fused([logits]) {
        // Elsewhere one would wait for the device to look at the targets.
        if logits.device().is_cpu() {
            inside(logits, targets, ignore)?;
        }
        return graph::settled(composed(logits, targets, ignore));
    }
    let (classes, counted) = inside(logits, targets, ignore)?;
    let (rows, columns) = logits.dims2()?;
    let classes: Vec<Option<u32>> =
        classes.into_iter().map(|class| (Some(class) != ignore).then_some(class)).collect();
    let mut normalisers = vec![0.0; rows];
    let total: f64 = {
        let logits = host::in_order(logits)?;
        let logits = Values::of(&logits)?;
        let logits: &[f32] = &logits;
        let rows = logits.par_chunks_exact(columns).with_min_len(host::rows_of_a_task(columns));
        rows.zip(&mut normalisers).for_each(|(row, normaliser)| *normaliser = log_sum_exp(row));
        let losses = logits.chunks_exact(columns).zip(&normalisers).zip(&classes);
        losses
            .map(|((row, normaliser), class)| {
                class.map_or(0.0, |class| f64::from(normaliser - row[class as usize]))
            })
            .sum()
    };
    let loss = (total / counted as f64) as f32;
    graph::record(vec![loss], (), &[logits], || Backward { classes, counted, normalisers })
}

vectorised! {
    /// log Σ eˣ over a row.
    fn log_sum_exp(row: &[f32]) -> f32 {
        let most = largest(row);
        most + sum(row, row, |x, _| exp::<FMA>(x - most)).ln()
    }
}

vectorised! {
    /// softmax(row)·factor, the row given with its log Σ eˣ.
    fn softmax(out: &mut [f32], row: &[f32], normaliser: f32, factor: f32) {
        for (out, x) in out.iter_mut().zip(row) {
            *out = exp::<FMA>(x - normaliser) * factor;
        }
    }
}

/// dlogits = (softmax − one at the target)·dloss/counted. Keeps log Σ eˣ of each row, (N).
struct Backward {
    /// None where the row is ignored.
    classes: Vec<Option<u32>>,
    counted: usize,
    normalisers: Vec<f32>,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        true
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let logits = step.input(0)?;
        let (rows, columns) = logits.dims2()?;
        let factor = step.gradient.to_scalar::<f32>()? / self.counted as f32;
        let values = Values::of(&logits)?;
        let values: &[f32] = &values;
        let chunk = host::rows_of_a_task(columns);
        let gradient = host::filled(rows * columns, chunk * columns, |index, out| {
            for (offset, out) in out.chunks_exact_mut(columns).enumerate() {
                let row = index * chunk + offset;
                // An ignored row stays zero.
                if let Some(class) = self.classes[row] {
                    softmax(out, &values[row * columns..][..columns], self.normalisers[row], factor);
                    out[class as usize] -= factor;
                }
            }
        });
        Ok(vec![Some(Tensor::from_vec(gradient, (rows, columns), logits.device())?)])
    }
}

/// What does not fit.
fn check(logits: &Tensor, targets: &Tensor) -> Result<()> {
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation: "cross_entropy",
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, _) = logits.dims2().map_err(|_| shape("logits", "(N, K)".into(), logits))?;
    if targets.dims() != [rows] || targets.dtype() != DType::U32 {
        return Err(shape("targets", format!("u32 ({rows})"), targets));
    }
    Ok(())
}

/// The targets, each a class or ignored, and the number of those that count.
fn inside(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<(Vec<u32>, usize)> {
    let (rows, limit) = logits.dims2()?;
    let targets = targets.to_vec1::<u32>()?;
    let mut counted = 0;
    for (row, &found) in targets.iter().enumerate() {
        if Some(found) == ignore {
            continue;
        }
        counted += 1;
        if found as usize >= limit {
            return Err(Error::Index { operation: "cross_entropy", row, found, limit });
        }
    }
    if counted == 0 {
        return Err(Error::NoTarget { rows });
    }
    Ok((targets, counted))
}

/// The same by candle's operations. Where no target counts it is no number.
pub(crate) fn composed(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<Tensor> {
    let counts = match ignore {
        Some(ignore) => targets.ne(ignore)?,
        None => targets.ones_like()?,
    };
    let classes = (targets * counts.to_dtype(DType::U32)?)?.unsqueeze(1)?;
    let weights = counts.to_dtype(logits.dtype())?.unsqueeze(1)?;
    let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?;
    let normaliser = shifted.exp()?.sum_keepdim(D::Minus1)?.log()?;
    let losses = ((normaliser - shifted.gather(&classes, 1)?)? * &weights)?;
    Ok((losses.sum_all()? / weights.sum_all()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use candle_core::Device;

    #[test]
    fn gradients_agree_with_and_without_ignored_rows() {
        let targets = Tensor::new(&[3u32, 0, 2, 36, 3], &Device::Cpu).unwrap();
        for ignore in [None, Some(3)] {
            check::agrees(&[check::random(&[5, 37], 1)], &[], |t| cross_entropy(&t[0], &targets, ignore));
        }
    }

    #[test]
    fn large_logits_neither_overflow_nor_vanish() {
        let logits = Tensor::new(&[[1000f32, 0.0], [0.0, -1000.0]], &Device::Cpu).unwrap();
        let loss = cross_entropy(&logits, &Tensor::new(&[1u32, 0], &Device::Cpu).unwrap(), None).unwrap();
        assert_eq!(loss.to_scalar::<f32>().unwrap(), 500.0);
    }

    #[test]
    fn nan_stays_nan_and_no_target_is_an_error() {
        let logits = Tensor::new(&[[f32::NAN, 0.0]], &Device::Cpu).unwrap();
        let targets = Tensor::new(&[1u32], &Device::Cpu).unwrap();
        assert!(cross_entropy(&logits, &targets, None).unwrap().to_scalar::<f32>().unwrap().is_nan());
        assert!(matches!(cross_entropy(&logits, &targets, Some(1)), Err(Error::NoTarget { rows: 1 })));
        assert!(matches!(
            cross_entropy(&logits, &Tensor::new(&[2u32], &Device::Cpu).unwrap(), None),
            Err(Error::Index { found: 2, .. })
        ));
    }
}
