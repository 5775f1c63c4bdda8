//! GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
//!
//! Reference implementation: transformers 5.23, `models/gpt2/modeling_gpt2.py`; names and formulas follow it.
//!
//! Shapes: T tokens of all sequences packed end to end, C = `n_embd`, V = `vocab_size`, B sequences, K classes. A
//! sequence sees only itself (the batch's segments) and only what is left of each token (the causal mask), so packing
//! gives the same numbers as padding.

use candle_core::{DType, Tensor};
use kernels::{Layout, Segments};

use crate::layers::{Embedding, LayerNorm, Linear};
use crate::{Activation, Batch, Context, Embedded, Gpt2Config, Model, Module, Result, Task, Weights};

pub(crate) struct Gpt2 {
    tokens: Embedding,
    positions: Embedding,
    blocks: Vec<Block>,
    norm: LayerNorm,
    head: Linear,
    task: Task,
    modules: Vec<Module>,
    embedding_dropout: f64,
    vocabulary: usize,
    longest: usize,
}

impl Gpt2 {
    pub(crate) fn new(config: &Gpt2Config, weights: &Weights, task: Task) -> Result<Self> {
        let modules = config.modules(task);
        weights.check(&modules)?;
        let tokens = Embedding::new(weights, "transformer.wte")?;
        let head = match task {
            Task::SequenceClassification { .. } => {
                Linear::new(weights, "score".into(), Layout::OutIn, false)?
            }
            Task::CausalLanguageModelling if config.tie_word_embeddings => Linear::tied("lm_head", &tokens),
            Task::CausalLanguageModelling => Linear::new(weights, "lm_head".into(), Layout::OutIn, false)?,
        };
        Ok(Self {
            positions: Embedding::new(weights, "transformer.wpe")?,
            blocks: (0..config.n_layer)
                .map(|layer| Block::new(config, weights, layer))
                .collect::<Result<_>>()?,
            norm: LayerNorm::new(weights, "transformer.ln_f".into(), config.layer_norm_epsilon)?,
            tokens,
            head,
            task,
            modules,
            embedding_dropout: config.embd_pdrop,
            vocabulary: config.vocab_size,
            longest: config.n_positions,
        })
    }
}

impl Model for Gpt2 {
    fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Token and position embeddings.
    fn embed(&self, batch: &Batch, context: &Context) -> Result<Embedded> {
        batch.limits.check(self.vocabulary, self.longest)?;
        let tokens = self.tokens.forward(&batch.tokens)?; // (T, C)
        let (tokens, replaced) = match context.hook.embedded(&tokens, batch, context)? {
            Some((tokens, batch)) => (tokens, Some(batch)),
            None => (tokens, None),
        };
        let positions = &replaced.as_ref().unwrap_or(batch).positions;
        let positions = kernels::cast(&self.positions.forward(positions)?, tokens.dtype())?;
        let hidden =
            context.drop(kernels::add(&tokens, &positions)?, "transformer.drop", self.embedding_dropout)?;
        let hidden = context.hook.embedding(&hidden, context)?.unwrap_or(hidden);
        Ok(Embedded { hidden, replaced })
    }

    /// A classification head reads one row of each sequence. The last block's attention needs the keys and values of all
    /// rows, but what comes after it is computed on those rows only.
    fn block(&self, index: usize, hidden: &Tensor, batch: &Batch, context: &Context) -> Result<Tensor> {
        let last = index + 1 == self.blocks.len();
        let rows = match self.task {
            Task::SequenceClassification { .. } if last => Some(&batch.pooled),
            _ => None,
        };
        self.blocks[index].forward(hidden, &batch.segments, rows, context)
    }

    /// The last norm and the head: (B, K), or (T, V) for a language model.
    fn head(&self, hidden: &Tensor, context: &Context) -> Result<Tensor> {
        let hidden = self.norm.forward(hidden, context)?;
        let logits = match context.hook.head(&hidden, context)? {
            Some(logits) => logits,
            None => self.head.forward(&hidden, context)?,
        };
        Ok(kernels::cast(&logits, DType::F32)?)
    }

    fn modules(&self) -> &[Module] {
        &self.modules
    }
}

/// x + attention(norm(x)), then x + mlp(norm(x)): `GPT2Block`.
struct Block {
    norm_1: LayerNorm,
    attention: Attention,
    norm_2: LayerNorm,
    mlp: Mlp,
}

impl Block {
    fn new(config: &Gpt2Config, weights: &Weights, layer: usize) -> Result<Self> {
        let name = |module: &str| format!("transformer.h.{layer}.{module}");
        Ok(Self {
            norm_1: LayerNorm::new(weights, name("ln_1"), config.layer_norm_epsilon)?,
            attention: Attention::new(config, weights, layer)?,
            norm_2: LayerNorm::new(weights, name("ln_2"), config.layer_norm_epsilon)?,
            mlp: Mlp::new(config, weights, layer)?,
        })
    }

    /// (T, C) → (T, C), or with `rows` (B) → (B, C): only those rows.
    fn forward(
        &self,
        x: &Tensor,
        segments: &Segments,
        rows: Option<&Tensor>,
        context: &Context,
    ) -> Result<Tensor> {
        let heads = self.attention.heads(&self.norm_1.forward(x, context)?, segments, context)?; // (T, C)
        let (residual, heads) = match rows {
            Some(rows) => (&kernels::embedding(x, rows)?, kernels::embedding(&heads, rows)?),
            None => (x, heads),
        };
        let x = kernels::add(residual, &self.attention.project(&heads, residual, context)?)?;
        let normed = self.norm_2.forward(&x, context)?;
        Ok(kernels::add(&x, &self.mlp.forward(&normed, &x, context)?)?)
    }
}

/// Causal multi-head attention: `GPT2Attention`.
struct Attention {
    name: String,
    layer: usize,
    c_attn: Linear,
    c_proj: Linear,
    head_count: usize,
    scale: f64,
    upcast: bool,
    attention_dropout: f64,
    residual_dropout: f64,
}

impl Attention {
    fn new(config: &Gpt2Config, weights: &Weights, layer: usize) -> Result<Self> {
        let name = format!("transformer.h.{layer}.attn");
        Ok(Self {
            c_attn: Linear::new(weights, format!("{name}.c_attn"), Layout::InOut, true)?,
            c_proj: Linear::new(weights, format!("{name}.c_proj"), Layout::InOut, true)?,
            name,
            layer,
            head_count: config.n_head,
            scale: config.attention_scale(layer),
            upcast: config.reorder_and_upcast_attn,
            attention_dropout: config.attn_pdrop,
            residual_dropout: config.resid_pdrop,
        })
    }

    /// softmax(s·Q·Kᵀ + causal mask)·V of every head, heads side by side: (T, C) → (T, C).
    fn heads(&self, x: &Tensor, segments: &Segments, context: &Context) -> Result<Tensor> {
        let qkv = self.c_attn.forward(x, context)?; // (T, 3C): q, k and v side by side
        let dropout = context.dropout(&format!("{}.attn_dropout", self.name), self.attention_dropout);
        let dtype = qkv.dtype();
        let qkv = if self.upcast { kernels::cast(&qkv, DType::F32)? } else { qkv };
        let attend = |qkv: &Tensor, segments: &Segments| {
            kernels::attention(qkv, self.head_count, segments, self.scale, true, dropout)
        };
        let heads = match context.hook.keys_values(self.layer, context)? {
            None => attend(&qkv, segments)?,
            Some((keys, values)) => {
                let prefixed = Prefixed::new(&qkv, &keys, &values, segments)?;
                prefixed.without_prefix(&attend(&prefixed.qkv, &prefixed.segments)?)?
            }
        };
        Ok(if self.upcast { kernels::cast(&heads, dtype)? } else { heads })
    }

    /// The output projection: (rows, C) → (rows, C).
    fn project(&self, heads: &Tensor, residual: &Tensor, context: &Context) -> Result<Tensor> {
        let output = self.c_proj.forward(heads, context)?;
        let output = context.drop(output, &format!("{}.resid_dropout", self.name), self.residual_dropout)?;
        Ok(context.hook.sublayer(&self.name, &output, residual, context)?.unwrap_or(output))
    }
}

/// Two linear layers with a nonlinearity between them: `GPT2MLP`.
struct Mlp {
    name: String,
    c_fc: Linear,
    c_proj: Linear,
    activation: Activation,
    dropout: f64,
}

impl Mlp {
    fn new(config: &Gpt2Config, weights: &Weights, layer: usize) -> Result<Self> {
        let name = format!("transformer.h.{layer}.mlp");
        Ok(Self {
            c_fc: Linear::new(weights, format!("{name}.c_fc"), Layout::InOut, true)?,
            c_proj: Linear::new(weights, format!("{name}.c_proj"), Layout::InOut, true)?,
            name,
            activation: config.activation()?,
            dropout: config.resid_pdrop,
        })
    }

    /// (rows, C) → (rows, C).
    fn forward(&self, x: &Tensor, residual: &Tensor, context: &Context) -> Result<Tensor> {
        let inner = self.activation.apply(&self.c_fc.forward(x, context)?)?; // (rows, 4C)
        let output = self.c_proj.forward(&inner, context)?;
        let output = context.drop(output, &format!("{}.dropout", self.name), self.dropout)?;
        Ok(context.hook.sublayer(&self.name, &output, residual, context)?.unwrap_or(output))
    }
}

/// Keys and values that an adapter puts before every sequence, as rows of qkv whose queries nobody asks for.
struct Prefixed {
    qkv: Tensor,
    segments: Segments,
    own: Tensor,
}

impl Prefixed {
    /// `qkv` (T, 3C), `keys` and `values` (n, C) → qkv (T + B·n, 3C).
    fn new(qkv: &Tensor, keys: &Tensor, values: &Tensor, segments: &Segments) -> Result<Self> {
        let (total, prefix) = (qkv.dim(0)?, keys.dim(0)?);
        let rows = Tensor::cat(&[&keys.zeros_like()?, keys, values], 1)?.to_dtype(qkv.dtype())?; // (n, 3C)
        let (mut source, mut own, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        for range in segments.iter() {
            source.extend((total..total + prefix).map(|row| row as u32));
            own.extend((0..range.len()).map(|offset| (source.len() + offset) as u32));
            lengths.push(prefix + range.len());
            source.extend(range.map(|row| row as u32));
        }
        let rows = Tensor::cat(&[qkv, &rows], 0)?;
        let qkv = kernels::embedding(&rows, &Tensor::new(source, qkv.device())?)?;
        Ok(Self { own: Tensor::new(own, qkv.device())?, qkv, segments: Segments::from_lengths(&lengths) })
    }

    /// (T + B·n, C) → (T, C).
    fn without_prefix(&self, heads: &Tensor) -> Result<Tensor> {
        Ok(kernels::embedding(heads, &self.own)?)
    }
}
