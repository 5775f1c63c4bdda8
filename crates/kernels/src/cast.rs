//! Conversion between precisions: what is trained is kept in f32, what is computed may be in half of it.

use crate::{
    Result, gpu,
    graph::{self, Kernel, Step},
};
use candle_core::{DType, Storage, Tensor, backend::BackendStorage};

/// `x` in another precision; itself where it is in that already. The gradient comes back in that of `x`.
pub fn cast(x: &Tensor, dtype: DType) -> Result<Tensor> {
    if x.dtype() == dtype {
        return Ok(x.clone());
    }
    let value = {
        let (storage, layout) = x.storage_and_layout();
        match &*storage {
            Storage::Cpu(storage) => Storage::Cpu(storage.to_dtype(layout, dtype)?),
            Storage::Cuda(storage) if gpu::is_card(x.device()) => {
                Storage::Cuda(storage.to_dtype(layout, dtype)?)
            }
            // All that is computed there is candle's, and one walk of its own goes through all of it.
            _ => return graph::settled(Ok(x.to_dtype(dtype)?)),
        }
    };
    graph::record_storage(value, x.shape(), &[x], || Backward { dtype: x.dtype() })
}

/// Whether an element has 16 bits. Where no kernel computes with such, an operation runs in f32 between two
/// conversions: its result is rounded once, as a kernel that accumulates in f32 rounds it.
pub(crate) fn is_half(x: &Tensor) -> bool {
    matches!(x.dtype(), DType::BF16 | DType::F16)
}

struct Backward {
    dtype: DType,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "cast"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        false
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(step.gradient.to_dtype(self.dtype)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dropout, Layout, LoraTerm, Segments, add, backward, check};
    use candle_core::{Device, Var};

    #[test]
    fn the_gradient_comes_back_in_the_precision_of_what_was_converted() {
        let x = Var::new(&[1.0f32, 2.0, -3.5], &Device::Cpu).unwrap();
        let y = cast(&x, DType::BF16).unwrap();
        assert_eq!(y.dtype(), DType::BF16);
        let gradients = backward(&cast(&y, DType::F32).unwrap().sum_all().unwrap()).unwrap();
        assert_eq!(gradients.get(&x).unwrap().to_vec1::<f32>().unwrap(), [1.0; 3]);
        assert_eq!(cast(&x, DType::F32).unwrap().id(), x.id());
    }

    /// What an operation gives in half precision, and its gradients, beside the same in f32 of the same rounded inputs.
    fn rounds_once(inputs: &[check::Input], dtype: DType, f: impl Fn(&[Tensor]) -> Result<Tensor>) {
        let variables = |precision| -> Vec<Var> {
            let rounded = |input| check::tensor(input, dtype).to_dtype(precision).unwrap();
            inputs.iter().map(|input| Var::from_tensor(&rounded(input)).unwrap()).collect()
        };
        let run = |variables: &[Var]| {
            let tensors: Vec<Tensor> =
                variables.iter().map(|variable| variable.as_tensor().clone()).collect();
            f(&tensors).unwrap()
        };
        let (half, full) = (variables(dtype), variables(DType::F32));
        let (y, exact) = (run(&half), run(&full));
        assert_eq!(y.dtype(), dtype);
        let close = |found: &Tensor, exact: &Tensor| {
            assert_eq!(found.dtype(), dtype);
            let flat = |tensor: &Tensor| {
                let tensor = tensor.detach().to_dtype(DType::F32).unwrap();
                tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap()
            };
            // Half a unit in the last of 8 or 11 bits, and the smallest that f16 holds.
            let unit = if dtype == DType::BF16 { 1.0 / 256.0 } else { 1.0 / 2048.0 };
            for (found, exact) in flat(found).into_iter().zip(flat(exact)) {
                assert!((found - exact).abs() <= unit * exact.abs() + 6e-8, "{found} {exact}");
            }
        };
        close(&y, &exact);
        let weights = check::tensor(&check::random(y.dims(), 9), dtype);
        let (ours, theirs) = (
            crate::backward_from(&y, weights.clone()).unwrap(),
            crate::backward_from(&exact, weights.to_dtype(DType::F32).unwrap()).unwrap(),
        );
        for (half, full) in half.iter().zip(&full) {
            close(ours.get(half).unwrap(), theirs.get(full).unwrap());
        }
    }

    #[test]
    fn every_operation_rounds_its_result_once() {
        for dtype in [DType::BF16, DType::F16] {
            let x = check::random(&[9, 24], 1);
            let (row, other) = (check::random(&[24], 2), check::random(&[24], 3));
            rounds_once(&[x.clone(), row, other], dtype, |t| crate::layer_norm(&t[0], &t[1], &t[2], 1e-5));
            rounds_once(std::slice::from_ref(&x), dtype, |t| crate::gelu_tanh(&t[0]));
            rounds_once(&[x.clone(), check::random(&[9, 24], 4)], dtype, |t| add(&t[0], &t[1]));
            let dropout = Dropout { probability: 0.3, seed: 5 };
            rounds_once(std::slice::from_ref(&x), dtype, |t| crate::dropout(&t[0], &dropout));
            let segments = Segments::from_lengths(&[4, 5]);
            rounds_once(std::slice::from_ref(&x), dtype, |t| {
                crate::attention(&t[0], 2, &segments, 0.5, true, Some(dropout))
            });
            let (a, b) = (check::random(&[4, 24], 6), check::random(&[7, 4], 7));
            rounds_once(&[x.clone(), a, b], dtype, |t| {
                let weight = check::tensor(&check::random(&[24, 7], 8), dtype).to_dtype(t[0].dtype())?;
                let term = LoraTerm { a: &t[1], b: &t[2], scale: 0.7, dropout: Some(dropout) };
                crate::lora_linear(&t[0], &weight, Layout::InOut, None, &term)
            });
            let ids = Tensor::new(&[3u32, 0, 3], &Device::Cpu).unwrap();
            rounds_once(&[x], dtype, |t| crate::embedding(&t[0], &ids));
        }
    }
}
