//! Layer normalisation (Ba, Kiros and Hinton 2016, arXiv 1607.06450).

pub(crate) mod card;

use crate::{
    Error, Result,
    cast::{cast, is_half},
    gpu,
    graph::{self, Kernel, Step},
    host::{self, Values},
    simd::{fma, sum, vectorised},
};
use candle_core::{D, DType, Tensor};
use std::sync::{Mutex, PoisonError};

/// (x − mean) / √(variance + ε) · weight + bias over each row of `x` (T, C); `weight` and `bias` (C).
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    let (rows, columns) = check(x, weight, bias)?;
    if gpu::runs([x, weight, bias]) {
        return card::layer_norm(x, weight, bias, epsilon as f32);
    }
    if is_half(x) {
        let [wide, weight, bias] = [x, weight, bias].map(|tensor| cast(tensor, DType::F32));
        return cast(&layer_norm(&wide?, &weight?, &bias?, epsilon)?, x.dtype());
    }
    if !host::is_fused([x, weight, bias]) {
        return graph::settled(composed(x, weight, bias, epsilon));
    }
    let y = {
        let (x, weight, bias) = (host::in_order(x)?, host::in_order(weight)?, host::in_order(bias)?);
        let (x, weight, bias) = (Values::of(&x)?, Values::of(&weight)?, Values::of(&bias)?);
        let (x, weight, bias): (&[f32], &[f32], &[f32]) = (&x, &weight, &bias);
        let chunk = host::rows_of_a_task(columns) * columns;
        host::filled(rows * columns, chunk, |index, out| {
            let start = index * chunk;
            forward(out, &x[start..start + out.len()], weight, bias, epsilon as f32);
        })
    };
    graph::record(y, (rows, columns), &[x, weight, bias], || Backward { epsilon: epsilon as f32 })
}

/// A row's mean and 1/√(variance + ε), in two passes: the second is free of the cancellation that Σx² − (Σx)² has.
#[inline(always)]
fn statistics(x: &[f32], epsilon: f32) -> (f32, f32) {
    let count = x.len() as f32;
    let mean = sum(x, x, |x, _| x) / count;
    let variance = sum(x, x, |x, _| (x - mean) * (x - mean)) / count;
    (mean, 1.0 / (variance + epsilon).sqrt())
}

vectorised! {
    fn forward(out: &mut [f32], x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32) {
        let columns = weight.len();
        for (out, x) in out.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
            let (mean, inverse) = statistics(x, epsilon);
            for (((out, x), weight), bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                *out = fma::<FMA>((x - mean) * inverse, *weight, *bias);
            }
        }
    }
}

vectorised! {
    /// With n = (x − mean)·inverse and g = dy·weight: dx = inverse·(g − mean(g) − n·mean(g·n)). `sums` takes up
    /// Σ dy·n and, after it, Σ dy of each column where it is not empty.
    fn backward(
        out: &mut [f32],
        sums: &mut [f32],
        x: &[f32],
        gradient: &[f32],
        weight: &[f32],
        normal: &mut [f32],
        epsilon: f32,
    ) {
        let columns = weight.len();
        let count = columns as f32;
        for ((out, x), gradient) in
            out.chunks_exact_mut(columns).zip(x.chunks_exact(columns)).zip(gradient.chunks_exact(columns))
        {
            let (mean, inverse) = statistics(x, epsilon);
            // `out` holds g, `normal` n, until the sums over the row are known.
            for ((((out, normal), x), gradient), weight) in
                out.iter_mut().zip(normal.iter_mut()).zip(x).zip(gradient).zip(weight)
            {
                *normal = (x - mean) * inverse;
                *out = gradient * weight;
            }
            let mean_gradient = sum(out, out, |gradient, _| gradient) / count;
            let mean_product = sum(out, normal, |gradient, normal| gradient * normal) / count;
            for (out, normal) in out.iter_mut().zip(normal.iter()) {
                *out = inverse * (*out - fma::<FMA>(*normal, mean_product, mean_gradient));
            }
            if !sums.is_empty() {
                let (scale, shift) = sums.split_at_mut(columns);
                for (((scale, shift), normal), gradient) in scale.iter_mut().zip(shift).zip(normal.iter()).zip(gradient) {
                    *scale = fma::<FMA>(*gradient, *normal, *scale);
                    *shift += gradient;
                }
            }
        }
    }
}

/// Keeps nothing but its inputs: a row's mean and variance are two additions an element away.
struct Backward {
    epsilon: f32,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "layer_norm"
    }

    fn reads(&self, index: usize, _: &[bool]) -> bool {
        index < 2 // the bias has gone in
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (x, weight) = (step.input(0)?, step.input(1)?);
        let gradient = host::in_order(step.gradient)?;
        let (rows, columns) = x.dims2()?;
        let (x_values, weight, gradient) = (Values::of(&x)?, Values::of(&weight)?, Values::of(&gradient)?);
        let (x_values, weight, gradient): (&[f32], &[f32], &[f32]) = (&x_values, &weight, &gradient);
        let trains = step.wanted[1] || step.wanted[2];
        // Each task sums its own rows' share of dweight and dbias; the shares are added in order.
        let chunk = host::rows_of_a_task(columns).max(if trains { 32 } else { 1 }) * columns;
        let share = if trains { 2 * columns } else { 0 };
        let shares = Mutex::new(vec![Vec::new(); (rows * columns).div_ceil(chunk)]);
        let dx = host::filled(rows * columns, chunk, |index, out| {
            let (start, end) = (index * chunk, index * chunk + out.len());
            let (mut normal, mut sums) = (vec![0.0; columns], vec![0.0; share]);
            let (x, gradient) = (&x_values[start..end], &gradient[start..end]);
            backward(out, &mut sums, x, gradient, weight, &mut normal, self.epsilon);
            shares.lock().unwrap_or_else(PoisonError::into_inner)[index] = sums;
        });
        let mut totals = vec![0.0; share];
        for share in shares.into_inner().unwrap_or_else(PoisonError::into_inner) {
            totals.iter_mut().zip(&share).for_each(|(total, share)| *total += share);
        }
        let device = x.device();
        let column = |wanted: bool, start: usize| -> Result<Option<Tensor>> {
            Ok(match wanted {
                true => Some(Tensor::from_slice(&totals[start..start + columns], columns, device)?),
                false => None,
            })
        };
        Ok(vec![
            if step.wanted[0] { Some(Tensor::from_vec(dx, (rows, columns), device)?) } else { None },
            column(step.wanted[1], 0)?,
            column(step.wanted[2], columns)?,
        ])
    }
}

fn check(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<(usize, usize)> {
    let shape = |argument, expected, tensor: &Tensor| Error::Shape {
        operation: "layer_norm",
        argument,
        expected,
        found: tensor.dims().to_vec(),
    };
    let (rows, columns) = x.dims2().map_err(|_| shape("x", "(T, C)".into(), x))?;
    for (name, tensor) in [("weight", weight), ("bias", bias)] {
        if tensor.dims() != [columns] {
            return Err(shape(name, format!("({columns})"), tensor));
        }
    }
    Ok((rows, columns))
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    let normal = centred.broadcast_div(&(variance + epsilon)?.sqrt()?)?;
    Ok(normal.broadcast_mul(weight)?.broadcast_add(bias)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn gradients_agree_for_rows_of_any_width() {
        for (rows, columns) in [(3, 1), (5, 7), (9, 40), (70, 300)] {
            for frozen in [&[][..], &[1, 2], &[0], &[0, 1]] {
                let inputs = [
                    check::random(&[rows, columns], 1),
                    check::random(&[columns], 2),
                    check::random(&[columns], 3),
                ];
                check::agrees(&inputs, frozen, |t| layer_norm(&t[0], &t[1], &t[2], 1e-5));
            }
        }
    }
}
