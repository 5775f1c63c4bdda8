//! How a fused kernel is checked: its values against the composition in f64, its gradients against finite differences
//! of that.

use crate::{Result, add, backward, backward_from, cross_entropy, gpu};
use candle_core::{DType, Device, Tensor, Var, backprop::GradStore};

/// A tensor's shape and its values.
pub(crate) type Input = (Vec<usize>, Vec<f64>);

/// Values like those of activations: near normal, standard deviation 1, representable in f32.
pub(crate) fn random(shape: &[usize], seed: u64) -> Input {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut normal = || f64::from(((0..12).map(|_| uniform()).sum::<f64>() - 6.0) as f32);
    (shape.to_vec(), (0..shape.iter().product()).map(|_| normal()).collect())
}

pub(crate) fn tensor((shape, values): &Input, dtype: DType) -> Tensor {
    let tensor = Tensor::from_slice(values, shape.as_slice(), &Device::Cpu);
    tensor.unwrap().to_dtype(dtype).unwrap()
}

/// A scalar that depends on every element of the output in another way, made of kernels alone.
fn loss(output: &Tensor) -> Tensor {
    if output.rank() == 0 {
        return output.clone();
    }
    let (rows, columns) = output.dims2().unwrap();
    let noise = tensor(&random(&[rows, columns], 99), output.dtype());
    let targets: Vec<u32> = (0..rows).map(|row| (row * 7 % columns) as u32).collect();
    let targets = Tensor::from_vec(targets, rows, &Device::Cpu).unwrap();
    cross_entropy(&add(output, &noise).unwrap(), &targets, None).unwrap()
}

/// Checks `f` of these inputs, of which those at `frozen` ask for no gradient.
pub(crate) fn agrees(inputs: &[Input], frozen: &[usize], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let variables = |dtype| -> Vec<Var> {
        inputs.iter().map(|input| Var::from_tensor(&tensor(input, dtype)).unwrap()).collect()
    };
    let run = |variables: &[Var]| {
        let tensors = variables.iter().enumerate().map(|(index, variable)| match frozen.contains(&index) {
            true => variable.as_detached_tensor(),
            false => variable.as_tensor().clone(),
        });
        f(&tensors.collect::<Vec<_>>()).unwrap()
    };
    let (fused, exact) = (variables(DType::F32), variables(DType::F64));
    let (output, exact_output) = (run(&fused), run(&exact));
    close("the output", &flat(&output), &flat(&exact_output));

    let ours = backward(&loss(&output)).unwrap();
    let composed = loss(&exact_output).backward().unwrap();
    for (index, (variable, exact_variable)) in fused.iter().zip(&exact).enumerate() {
        let of = |store: &GradStore, variable: &Var| store.get(variable).map(flat);
        let ours = of(&ours, variable);
        if frozen.contains(&index) {
            assert!(ours.is_none(), "frozen input {index} has a gradient");
            continue;
        }
        let ours = ours.unwrap();
        close(&format!("the gradient of input {index}"), &ours, &of(&composed, exact_variable).unwrap());

        let count = ours.len();
        let sampled: Vec<usize> = (0..count.min(12)).map(|sample| sample * 7919 % count).collect();
        let differences: Vec<f64> = sampled
            .iter()
            .map(|&element| {
                let mut shifted = inputs.to_vec();
                let mut at = |shift: f64| {
                    shifted[index].1[element] = inputs[index].1[element] + shift;
                    exact_variable.set(&tensor(&shifted[index], DType::F64)).unwrap();
                    loss(&run(&exact)).to_scalar::<f64>().unwrap()
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                at(0.0);
                slope
            })
            .collect();
        let largest = ours.iter().fold(0f64, |most, value| most.max(value.abs()));
        for (element, difference) in sampled.into_iter().zip(differences) {
            let gradient = ours[element];
            assert!(
                (gradient - difference).abs() <= 2e-5 * largest + 1e-9,
                "input {index}, element {element}: gradient {gradient}, finite difference {difference}"
            );
        }
    }
}

/// Checks `f` of these inputs on a card, or its emulation, in each of a card's precisions: its values and gradients
/// against the composition in f64 of the same rounded inputs. In half precision a number may be off by `roundings`
/// roundings.
pub(crate) fn on_card(
    inputs: &[Input],
    frozen: &[usize],
    roundings: f64,
    f: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let run = |dtype: DType, wide: DType, device: &Device| {
        let variables: Vec<Var> = inputs
            .iter()
            .map(|input| {
                let rounded = tensor(input, dtype).to_dtype(wide).unwrap().to_device(device).unwrap();
                Var::from_tensor(&rounded).unwrap()
            })
            .collect();
        let tensors = variables.iter().enumerate().map(|(index, variable)| match frozen.contains(&index) {
            true => variable.as_detached_tensor(),
            false => variable.as_tensor().clone(),
        });
        let y = f(&tensors.collect::<Vec<_>>()).unwrap();
        (y, variables)
    };
    for dtype in [DType::F32, DType::BF16, DType::F16] {
        let (exact, exact_variables) = run(dtype, DType::F64, &Device::Cpu);
        let weights = tensor(&random(exact.dims(), 98), dtype);
        let wide = weights.to_dtype(DType::F64).unwrap();
        let exact_gradients = (&exact * wide).unwrap().sum_all().unwrap().backward().unwrap();
        // Half a unit in the last of 24, 8 or 11 bits. What f32 sums up is as exact as its largest term.
        let (unit, smallest) = match dtype {
            DType::BF16 => (2f64.powi(-8), 0.0),
            DType::F16 => (2f64.powi(-11), 2f64.powi(-25)),
            _ => (0.0, 0.0),
        };
        let close = |what: &str, found: &Tensor, exact: &Tensor, device: &Device| {
            assert!(found.dtype() == dtype && found.device().same_device(device), "{what}");
            assert_eq!(found.dims(), exact.dims(), "{what}");
            let (found, exact) = (flat(&found.to_device(&Device::Cpu).unwrap()), flat(exact));
            let largest = exact.iter().fold(0f64, |most, value| most.max(value.abs()));
            for (index, (found, exact)) in found.iter().zip(&exact).enumerate() {
                let more = if roundings > 1.0 { (roundings - 1.0) * unit * largest } else { 0.0 };
                let tolerance = 1e-5 * largest + 1.01 * unit * exact.abs() + smallest + more;
                assert!(
                    (found - exact).abs() <= tolerance,
                    "{what} in {dtype:?}: element {index} is {found}, not {exact} (largest {largest})"
                );
            }
        };
        gpu::with_card(|device| {
            let (y, variables) = run(dtype, dtype, device);
            close("the output", &y, &exact, device);
            let gradients = backward_from(&y, weights.to_device(device).unwrap()).unwrap();
            for (index, (variable, exact)) in variables.iter().zip(&exact_variables).enumerate() {
                let what = format!("the gradient of input {index}");
                match (gradients.get(variable), exact_gradients.get(exact)) {
                    (Some(found), Some(exact)) => close(&what, found, exact, device),
                    (found, exact) => {
                        assert!(found.is_none() && exact.is_none() && frozen.contains(&index), "{what}");
                    }
                }
            }
        });
    }
}

fn flat(tensor: &Tensor) -> Vec<f64> {
    let flat = tensor.detach().flatten_all().unwrap();
    flat.to_dtype(DType::F64).unwrap().to_vec1().unwrap()
}

/// Within f32's rounding of sums of some hundred terms, relative to the largest element.
fn close(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0f64, |most, value| most.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= 1e-5 * largest,
            "{what}: element {index} is {found}, not {expected} (largest {largest})"
        );
    }
}
