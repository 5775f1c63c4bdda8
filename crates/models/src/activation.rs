//! The nonlinearities of transformers' `ACT2FN` (activations.py).

use candle_core::Tensor;

use crate::Result;

/// A nonlinearity, by the names that configurations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))): `gelu_new`, `gelu_pytorch_tanh`, `gelu_fast`, `gelu_accurate`.
    GeluTanh,
    /// x·Φ(x): `gelu`, `gelu_python` (Hendrycks and Gimpel 2016, arXiv 1606.08415).
    Gelu,
    /// `gelu` held within ±10: `gelu_10`.
    Gelu10,
    /// x·σ(1.702x): `quick_gelu`.
    QuickGelu,
    /// max(x, 0).
    Relu,
    /// max(x, 0)²: `relu2`.
    Relu2,
    /// min(max(x, 0), 6): `relu6`.
    Relu6,
    /// x above 0, 0.01x below: `leaky_relu`.
    LeakyRelu,
    /// x·σ(x): `silu`, `swish`.
    Silu,
    /// x·tanh(ln(1 + eˣ)): `mish`.
    Mish,
    /// tanh.
    Tanh,
    /// 1/(1 + e⁻ˣ).
    Sigmoid,
    /// x·min(max(x + 3, 0), 6)/6: `hardswish`.
    HardSwish,
    /// x: `linear`.
    Linear,
}

impl Activation {
    /// The names that [`Activation::named`] knows, for messages.
    pub(crate) const NAMES: &str = "gelu_new, gelu, gelu_fast, gelu_pytorch_tanh, gelu_python, gelu_python_tanh, \
                                    gelu_accurate, gelu_10, quick_gelu, relu, relu2, relu6, leaky_relu, silu, swish, \
                                    mish, tanh, sigmoid, hardswish, linear";

    /// By the name in a configuration.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gelu_new" | "gelu_pytorch_tanh" | "gelu_python_tanh" | "gelu_fast" | "gelu_accurate" => {
                Self::GeluTanh
            }
            "gelu" | "gelu_python" => Self::Gelu,
            "gelu_10" => Self::Gelu10,
            "quick_gelu" => Self::QuickGelu,
            "relu" => Self::Relu,
            "relu2" => Self::Relu2,
            "relu6" => Self::Relu6,
            "leaky_relu" => Self::LeakyRelu,
            "silu" | "swish" => Self::Silu,
            "mish" => Self::Mish,
            "tanh" => Self::Tanh,
            "sigmoid" => Self::Sigmoid,
            "hardswish" => Self::HardSwish,
            "linear" => Self::Linear,
            _ => return None,
        })
    }

    /// (T, C) → (T, C).
    pub(crate) fn apply(self, x: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Self::GeluTanh => kernels::gelu_tanh(x)?,
            Self::Gelu => x.gelu_erf()?,
            Self::Gelu10 => x.gelu_erf()?.clamp(-10f64, 10f64)?,
            Self::QuickGelu => (x * sigmoid(&(x * 1.702)?)?)?,
            Self::Relu => x.relu()?,
            Self::Relu2 => x.relu()?.sqr()?,
            Self::Relu6 => x.clamp(0f64, 6f64)?,
            Self::LeakyRelu => (x.relu()? - (x.neg()?.relu()? * 0.01)?)?,
            Self::Silu => x.silu()?,
            Self::Mish => (x * softplus(x)?.tanh()?)?,
            Self::Tanh => x.tanh()?,
            Self::Sigmoid => sigmoid(x)?,
            Self::HardSwish => (x * ((x + 3.0)?.clamp(0f64, 6f64)? / 6.0)?)?,
            Self::Linear => x.clone(),
        })
    }
}

/// ½(1 + tanh(x/2)), which does not overflow.
fn sigmoid(x: &Tensor) -> Result<Tensor> {
    Ok((((x * 0.5)?.tanh()? + 1.0)? * 0.5)?)
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), which does not overflow.
fn softplus(x: &Tensor) -> Result<Tensor> {
    Ok((x.relu()? + (x.abs()?.neg()?.exp()? + 1.0)?.log()?)?)
}
