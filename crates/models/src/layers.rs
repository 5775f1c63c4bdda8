//! The layers that architectures are made of: a name, its weights, and the question to the adapter.
//!
//! A layer works in the dtype of its input. What is trained is kept in f32, so in a model of half precision it is
//! converted on the way; where the dtypes are equal that costs nothing.

use candle_core::Tensor;
use kernels::Layout;

use crate::{Context, Result, Weights};

/// A linear layer, y = x·W + b.
#[derive(Clone, Debug)]
pub struct Linear {
    name: String,
    weight: Tensor,
    bias: Option<Tensor>,
    layout: Layout,
}

impl Linear {
    pub(crate) fn new(weights: &Weights, name: String, layout: Layout, bias: bool) -> Result<Self> {
        let weight = weights.get(&format!("{name}.weight"))?.clone();
        let bias = if bias { Some(weights.get(&format!("{name}.bias"))?.clone()) } else { None };
        Ok(Self { name, weight, bias, layout })
    }

    /// The output layer whose weight (V, C) is the embedding's.
    pub(crate) fn tied(name: &str, embedding: &Embedding) -> Self {
        Self { name: name.to_owned(), weight: embedding.table.clone(), bias: None, layout: Layout::OutIn }
    }

    /// The full name of the module, as transformers has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The weight, (out, in) or (in, out) as [`layout`](Self::layout) says.
    #[must_use]
    pub fn weight(&self) -> &Tensor {
        &self.weight
    }

    /// The bias, (out).
    #[must_use]
    pub fn bias(&self) -> Option<&Tensor> {
        self.bias.as_ref()
    }

    /// How the weight is stored.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// (T, in) → (T, out), with the adapter's answer where it has one.
    pub fn forward(&self, input: &Tensor, context: &Context) -> Result<Tensor> {
        match context.hook.linear(self, input, context)? {
            Some(output) => Ok(output),
            None => self.plain(input),
        }
    }

    /// (T, in) → (T, out), without an adapter.
    pub fn plain(&self, input: &Tensor) -> Result<Tensor> {
        let dtype = input.dtype();
        let bias = self.bias.as_ref().map(|bias| kernels::cast(bias, dtype)).transpose()?;
        Ok(kernels::linear(input, &kernels::cast(&self.weight, dtype)?, self.layout, bias.as_ref())?)
    }
}

/// Layer normalisation (Ba, Kiros and Hinton 2016, arXiv 1607.06450).
#[derive(Clone, Debug)]
pub struct LayerNorm {
    name: String,
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
}

impl LayerNorm {
    pub(crate) fn new(weights: &Weights, name: String, epsilon: f64) -> Result<Self> {
        let weight = weights.get(&format!("{name}.weight"))?.clone();
        let bias = weights.get(&format!("{name}.bias"))?.clone();
        Ok(Self { name, weight, bias, epsilon })
    }

    /// The full name of the module, as transformers has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The weight, (C).
    #[must_use]
    pub fn weight(&self) -> &Tensor {
        &self.weight
    }

    /// The bias, (C).
    #[must_use]
    pub fn bias(&self) -> &Tensor {
        &self.bias
    }

    /// (T, C) → (T, C), with the adapter's answer where it has one.
    pub fn forward(&self, input: &Tensor, context: &Context) -> Result<Tensor> {
        match context.hook.norm(self, input, context)? {
            Some(output) => Ok(output),
            None => {
                let (weight, bias) =
                    (kernels::cast(&self.weight, input.dtype())?, kernels::cast(&self.bias, input.dtype())?);
                Ok(kernels::layer_norm(input, &weight, &bias, self.epsilon)?)
            }
        }
    }
}

/// A table of vectors.
#[derive(Clone, Debug)]
pub(crate) struct Embedding {
    table: Tensor,
}

impl Embedding {
    pub(crate) fn new(weights: &Weights, name: &str) -> Result<Self> {
        Ok(Self { table: weights.get(&format!("{name}.weight"))?.clone() })
    }

    /// (T) u32 → (T, C).
    pub(crate) fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        Ok(kernels::embedding(&self.table, ids)?)
    }
}
