//! The points where an adapter can reach into a model.
//!
//! The architectures know no method: at seven points they ask a [`Hook`], and go on as if it were not there where it
//! answers `None`. So a new method is one file in `peft`, a new architecture one file here, and every pair works.

use candle_core::Tensor;

use crate::layers::{LayerNorm, Linear};
use crate::random::{mix, name_hash};
use crate::{Batch, Result};

/// What an adapter may do at each of the seven points. Every answer but the default replaces the model's own value.
pub trait Hook: Send + Sync {
    /// In place of `layer` on `input` (T, in) → (T, out).
    fn linear(&self, layer: &Linear, input: &Tensor, context: &Context) -> Result<Option<Tensor>> {
        let _ = (layer, input, context);
        Ok(None)
    }

    /// In place of `layer` on `input` (T, C) → (T, C).
    fn norm(&self, layer: &LayerNorm, input: &Tensor, context: &Context) -> Result<Option<Tensor>> {
        let _ = (layer, input, context);
        Ok(None)
    }

    /// In place of the embedded tokens (T, C), before positions are added; virtual tokens come in here, with a batch
    /// whose segments, positions and pooled rows count them.
    fn embedded(&self, tokens: &Tensor, batch: &Batch, context: &Context) -> Result<Option<(Tensor, Batch)>> {
        let _ = (tokens, batch, context);
        Ok(None)
    }

    /// In place of the embedding's output (T, C), with positions and after dropout.
    fn embedding(&self, output: &Tensor, context: &Context) -> Result<Option<Tensor>> {
        let _ = (output, context);
        Ok(None)
    }

    /// Keys and values, (n, C) each, heads side by side, that every token of layer `layer` sees before its own.
    fn keys_values(&self, layer: usize, context: &Context) -> Result<Option<(Tensor, Tensor)>> {
        let _ = (layer, context);
        Ok(None)
    }

    /// In place of the output (T, C) of the sublayer `module`, before `residual` (T, C), its input, is added.
    fn sublayer(
        &self,
        module: &str,
        output: &Tensor,
        residual: &Tensor,
        context: &Context,
    ) -> Result<Option<Tensor>> {
        let _ = (module, output, residual, context);
        Ok(None)
    }

    /// In place of the head on `hidden` (rows, C) → logits (rows, K), after the last norm.
    fn head(&self, hidden: &Tensor, context: &Context) -> Result<Option<Tensor>> {
        let _ = (hidden, context);
        Ok(None)
    }
}

/// No adapter: the base model as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHook;

impl Hook for NoHook {}

/// How a model is run: with which adapter, and whether it is training.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The adapter.
    pub hook: &'a dyn Hook,
    /// `Some` in training: the seed of this step's dropout masks. `None`: no dropout.
    pub dropout_seed: Option<u64>,
}

impl Context<'_> {
    /// The base model without an adapter and without dropout.
    #[must_use]
    pub fn inference() -> Context<'static> {
        Context { hook: &NoHook, dropout_seed: None }
    }

    /// The dropout at a named site: `None` at inference and where `probability` is 0. Two sites never share a mask.
    #[must_use]
    pub fn dropout(&self, site: &str, probability: f64) -> Option<kernels::Dropout> {
        let seed = self.dropout_seed.filter(|_| probability > 0.0)?;
        Some(kernels::Dropout { probability, seed: mix(seed, name_hash(site)) })
    }

    pub(crate) fn drop(&self, input: Tensor, site: &str, probability: f64) -> Result<Tensor> {
        match self.dropout(site, probability) {
            Some(dropout) => Ok(kernels::dropout(&input, &dropout)?),
            None => Ok(input),
        }
    }
}
