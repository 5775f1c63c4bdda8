//! GELU in the tanh form that GPT-2 uses (Hendrycks and Gimpel 2016, arXiv 1606.08415).

use crate::{
    Result,
    cast::{cast, is_half},
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host::{self, Values},
    simd::{exp, fma, vectorised},
};
use candle_core::{DType, Tensor};

pub(crate) const PROGRAM: Program =
    Program { name: "gelu", source: include_str!("gelu.cu"), kernels: &["gelu_forward", "gelu_backward"] };

/// √(2/π).
const ROOT: f32 = 0.797_884_6;
const CUBIC: f32 = 0.044_715;

/// x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) of each element: `gelu_new` in transformers.
pub fn gelu_tanh(x: &Tensor) -> Result<Tensor> {
    if gpu::runs([x]) {
        return on_card(x);
    }
    if is_half(x) {
        return cast(&gelu_tanh(&cast(x, DType::F32)?)?, x.dtype());
    }
    if !host::is_fused([x]) {
        return graph::settled(composed(x));
    }
    let y = {
        let x = host::in_order(x)?;
        let x = Values::of(&x)?;
        let x: &[f32] = &x;
        host::mapped(x.len(), |start, out| forward(out, &x[start..start + out.len()]))
    };
    graph::record(y, x.shape(), &[x], || Backward)
}

fn on_card(x: &Tensor) -> Result<Tensor> {
    let count = x.elem_count();
    let mut y = gpu::fresh(x.device(), x.dtype(), count)?;
    {
        let x = host::in_order(x)?;
        let arguments = &mut [Argument::Read(&x), Argument::Write(&mut y), Argument::U64(count as u64)];
        gpu::launch(x.device(), (&PROGRAM, "gelu_forward"), x.dtype(), Grid::of_elements(count), arguments)?;
    }
    graph::record_storage(y, x.shape(), &[x], || Backward)
}

/// g = (1 + tanh u)/2 = 1/(1 + e⁻²ᵘ) for u = √(2/π)·(x + 0.044715·x³), and 1 − g: without the cancellation that
/// 1 + tanh and the difference have.
#[inline(always)]
fn gate<const FMA: bool>(x: f32, square: f32) -> (f32, f32) {
    let power = exp::<FMA>(x * fma::<FMA>(square, -2.0 * ROOT * CUBIC, -2.0 * ROOT));
    let gate = 1.0 / (1.0 + power);
    (gate, power * gate)
}

vectorised! {
    fn forward(out: &mut [f32], x: &[f32]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = x * gate::<FMA>(x, x * x).0;
        }
    }
}

vectorised! {
    /// y = x·g(2u), so dy/dx = g + x·g·(1 − g)·2·du/dx.
    fn backward(out: &mut [f32], x: &[f32], gradient: &[f32]) {
        for ((out, &x), &gradient) in out.iter_mut().zip(x).zip(gradient) {
            let square = x * x;
            let (gate, rest) = gate::<FMA>(x, square);
            let slope = fma::<FMA>(square, 6.0 * ROOT * CUBIC, 2.0 * ROOT);
            *out = gradient * fma::<FMA>(x * gate * rest, slope, gate);
        }
    }
}

/// Keeps nothing but x and computes the gate again.
struct Backward;

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "gelu_tanh"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        true
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (x, gradient) = (step.input(0)?, host::in_order(step.gradient)?);
        if gpu::runs([&x, &gradient]) {
            return Ok(vec![Some(backward_on_card(&x, &gradient)?)]);
        }
        let (x_values, gradient) = (Values::of(&x)?, Values::of(&gradient)?);
        let (x_values, gradient): (&[f32], &[f32]) = (&x_values, &gradient);
        let dx = host::mapped(x_values.len(), |start, out| {
            let end = start + out.len();
            backward(out, &x_values[start..end], &gradient[start..end]);
        });
        Ok(vec![Some(Tensor::from_vec(dx, x.shape(), x.device())?)])
    }
}

fn backward_on_card(x: &Tensor, gradient: &Tensor) -> Result<Tensor> {
    let count = x.elem_count();
    let mut dx = gpu::fresh(x.device(), x.dtype(), count)?;
    let arguments = &mut [
        Argument::Read(x),
        Argument::Read(gradient),
        Argument::Write(&mut dx),
        Argument::U64(count as u64),
    ];
    gpu::launch(x.device(), (&PROGRAM, "gelu_backward"), x.dtype(), Grid::of_elements(count), arguments)?;
    Ok(gpu::tensor(dx, x.shape()))
}

/// The same by candle's operations. Not `Tensor::gelu`: its gradient has constants of six digits.
pub(crate) fn composed(x: &Tensor) -> Result<Tensor> {
    let inner = ((x + (x * x.sqr()?)?.affine(0.044715, 0.0)?)? * (2.0 / std::f64::consts::PI).sqrt())?;
    Ok((x * inner.tanh()?.affine(0.5, 0.5)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use candle_core::{Device, Var};

    #[test]
    fn gradients_agree() {
        check::agrees(&[check::random(&[50, 401], 1)], &[], |t| gelu_tanh(&t[0]));
    }

    #[test]
    fn a_card_gives_the_same() {
        for shape in [[1, 1], [3, 7], [50, 401]] {
            check::on_card(&[check::random(&shape, 1)], &[], 1.0, |t| gelu_tanh(&t[0]));
        }
    }

    #[test]
    fn a_card_keeps_the_tails_and_what_is_no_number() {
        gpu::with_card(|device| {
            let x = Var::new(&[-1e30f32, -100.0, -9.0, 100.0, 1e30, f32::NAN], device).unwrap();
            let y = gelu_tanh(&x).unwrap();
            let slopes = crate::backward(&y.sum_all().unwrap()).unwrap();
            let (y, slopes) =
                (y.to_vec1::<f32>().unwrap(), slopes.get(&x).unwrap().to_vec1::<f32>().unwrap());
            assert!(y[5].is_nan() && slopes[5].is_nan());
            assert!(y[0] == 0.0 && y[1] == 0.0 && y[2] <= 0.0 && y[2] > -1e-15 && y[3..5] == [100.0, 1e30]);
            assert!(slopes[1] == 0.0 && slopes[2].abs() < 1e-13 && slopes[3] == 1.0, "{slopes:?}");
        });
    }

    #[test]
    fn value_and_slope_are_accurate_from_tail_to_tail() {
        let inputs: Vec<f32> = (-1200..=1200).map(|i| i as f32 / 100.0).collect();
        let x = Var::new(&inputs[..], &Device::Cpu).unwrap();
        let y = gelu_tanh(&x).unwrap();
        let slopes =
            crate::backward(&y.sum_all().unwrap()).unwrap().get(&x).unwrap().to_vec1::<f32>().unwrap();
        for ((x, y), slope) in inputs.iter().zip(y.to_vec1::<f32>().unwrap()).zip(slopes) {
            let x = f64::from(*x);
            let root = (2.0 / std::f64::consts::PI).sqrt();
            let gate = 1.0 / (1.0 + (-2.0 * root * (x + 0.044715 * x.powi(3))).exp());
            let exact = x * gate;
            let exact_slope = gate + exact * (1.0 - gate) * 2.0 * root * (1.0 + 3.0 * 0.044715 * x * x);
            // e^u carries u's own rounding, up to |u| ulp; GELU in the far tail is as small as e^u.
            let tolerance = 4.0 * f64::from(f32::EPSILON) * (1.0 + x * x);
            assert!((f64::from(y) - exact).abs() <= tolerance * exact.abs() + 1e-37, "{x}: {y} {exact}");
            assert!((f64::from(slope) - exact_slope).abs() <= 1e-6, "{x}: {slope} {exact_slope}");
        }
    }

    #[test]
    fn nan_stays_nan() {
        let x = Tensor::new(&[f32::NAN], &Device::Cpu).unwrap();
        assert!(gelu_tanh(&x).unwrap().to_vec1::<f32>().unwrap()[0].is_nan());
    }
}
