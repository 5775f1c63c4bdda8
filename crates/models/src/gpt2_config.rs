//! The configuration of GPT-2, field by field as transformers' `configuration_gpt2.py` has it.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::config::Fields;
use crate::module::{Module, ModuleKind};
use crate::{Activation, Error, Result, Task};

/// A GPT-2 model's shape and settings. The names are those of config.json.
#[derive(Clone, Debug, PartialEq)]
pub struct Gpt2Config {
    /// V, the number of token ids.
    pub vocab_size: usize,
    /// The longest sequence, in tokens.
    pub n_positions: usize,
    /// C, the width of the residual stream.
    pub n_embd: usize,
    /// The number of blocks.
    pub n_layer: usize,
    /// The number of attention heads; it divides `n_embd`.
    pub n_head: usize,
    /// The width inside the MLP; null is 4 × `n_embd`.
    pub n_inner: Option<usize>,
    /// The MLP's nonlinearity, by its name in transformers.
    pub activation_function: String,
    /// Dropout of each sublayer's output.
    pub resid_pdrop: f64,
    /// Dropout of the embedding.
    pub embd_pdrop: f64,
    /// Dropout of the attention's weights.
    pub attn_pdrop: f64,
    /// ε of every layer norm.
    pub layer_norm_epsilon: f64,
    /// Standard deviation of new weights.
    pub initializer_range: f64,
    /// Attention scores are divided by √(head width).
    pub scale_attn_weights: bool,
    /// Attention scores of block i are divided by i + 1 too.
    pub scale_attn_by_inverse_layer_idx: bool,
    /// Attention is computed in f32 whatever the dtype of the weights.
    pub reorder_and_upcast_attn: bool,
    /// The language model's head is the token embedding.
    pub tie_word_embeddings: bool,
    /// The id that a classification head passes over from the right.
    pub pad_token_id: Option<u32>,
    /// The names of the classes, by index (`id2label`); empty for a model without a classification head.
    pub labels: Vec<String>,
    /// The fields of config.json that do not change what is computed, kept to be written back.
    pub other: Map<String, Value>,
}

impl Gpt2Config {
    /// The shape of OpenAI's smallest GPT-2 (12 × 768, 12 heads, 1,024 positions) with a vocabulary of its own.
    #[must_use]
    pub fn small(vocab_size: usize) -> Self {
        Self {
            vocab_size,
            n_positions: 1024,
            n_embd: 768,
            n_layer: 12,
            n_head: 12,
            n_inner: None,
            activation_function: "gelu_new".into(),
            resid_pdrop: 0.1,
            embd_pdrop: 0.1,
            attn_pdrop: 0.1,
            layer_norm_epsilon: 1e-5,
            initializer_range: 0.02,
            scale_attn_weights: true,
            scale_attn_by_inverse_layer_idx: false,
            reorder_and_upcast_attn: false,
            tie_word_embeddings: true,
            pad_token_id: None,
            labels: Vec::new(),
            other: Map::new(),
        }
    }

    /// From the object in config.json at `path` (for messages).
    pub(crate) fn from_json(object: Map<String, Value>, path: &Path) -> Result<Self> {
        let mut fields = Fields::new(object, path);
        let default = Self::small(50257);
        let config = Self {
            vocab_size: fields.size(&["vocab_size"], default.vocab_size)?,
            n_positions: fields.size(&["n_positions", "max_position_embeddings"], default.n_positions)?,
            n_embd: fields.size(&["n_embd", "hidden_size"], default.n_embd)?,
            n_layer: fields.size(&["n_layer", "num_hidden_layers"], default.n_layer)?,
            n_head: fields.size(&["n_head", "num_attention_heads"], default.n_head)?,
            n_inner: fields.optional_size("n_inner")?,
            activation_function: fields.text("activation_function", &default.activation_function)?,
            resid_pdrop: fields.probability("resid_pdrop", default.resid_pdrop)?,
            embd_pdrop: fields.probability("embd_pdrop", default.embd_pdrop)?,
            attn_pdrop: fields.probability("attn_pdrop", default.attn_pdrop)?,
            layer_norm_epsilon: fields.positive("layer_norm_epsilon", default.layer_norm_epsilon)?,
            initializer_range: fields.positive("initializer_range", default.initializer_range)?,
            scale_attn_weights: fields.flag("scale_attn_weights", default.scale_attn_weights)?,
            scale_attn_by_inverse_layer_idx: fields
                .flag("scale_attn_by_inverse_layer_idx", default.scale_attn_by_inverse_layer_idx)?,
            reorder_and_upcast_attn: fields
                .flag("reorder_and_upcast_attn", default.reorder_and_upcast_attn)?,
            tie_word_embeddings: fields.flag("tie_word_embeddings", default.tie_word_embeddings)?,
            pad_token_id: fields.token("pad_token_id")?,
            labels: fields.labels()?,
            other: Map::new(),
        };
        let refuse = |field: &str, reason: String| {
            Err(Error::Config { path: path.to_owned(), field: field.to_owned(), reason })
        };
        if !config.n_embd.is_multiple_of(config.n_head) {
            let reason = format!("is {}, which does not divide n_embd, {}", config.n_head, config.n_embd);
            return refuse("n_head", reason);
        }
        if Activation::named(&config.activation_function).is_none() {
            let reason = format!("is {:?}; supported are {}", config.activation_function, Activation::NAMES);
            return refuse("activation_function", reason);
        }
        if fields.flag("add_cross_attention", false)? {
            return refuse(
                "add_cross_attention",
                "is true: a decoder that reads an encoder is not supported".into(),
            );
        }
        Ok(Self { other: fields.rest(), ..config })
    }

    /// The object for config.json of a model that does `task`.
    pub(crate) fn to_json(&self, task: Task) -> Map<String, Value> {
        let mut object = Map::new();
        let architecture = match task {
            Task::SequenceClassification { .. } => "GPT2ForSequenceClassification",
            Task::CausalLanguageModelling => "GPT2LMHeadModel",
        };
        object.insert("architectures".into(), json!([architecture]));
        object.insert("model_type".into(), "gpt2".into());
        let fields = json!({
            "vocab_size": self.vocab_size,
            "n_positions": self.n_positions,
            "n_embd": self.n_embd,
            "n_layer": self.n_layer,
            "n_head": self.n_head,
            "n_inner": self.n_inner,
            "activation_function": self.activation_function,
            "resid_pdrop": self.resid_pdrop,
            "embd_pdrop": self.embd_pdrop,
            "attn_pdrop": self.attn_pdrop,
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "initializer_range": self.initializer_range,
            "scale_attn_weights": self.scale_attn_weights,
            "scale_attn_by_inverse_layer_idx": self.scale_attn_by_inverse_layer_idx,
            "reorder_and_upcast_attn": self.reorder_and_upcast_attn,
            "tie_word_embeddings": self.tie_word_embeddings,
            "pad_token_id": self.pad_token_id,
        });
        if let Value::Object(fields) = fields {
            object.extend(fields);
        }
        if let Task::SequenceClassification { labels } = task {
            let name =
                |index: usize| self.labels.get(index).cloned().unwrap_or_else(|| format!("LABEL_{index}"));
            let id2label: Map<_, _> =
                (0..labels).map(|index| (index.to_string(), name(index).into())).collect();
            let label2id: Map<_, _> = (0..labels).map(|index| (name(index), index.into())).collect();
            object.insert("id2label".into(), id2label.into());
            object.insert("label2id".into(), label2id.into());
        }
        for (field, value) in &self.other {
            object.entry(field.clone()).or_insert_with(|| value.clone());
        }
        object
    }

    /// Features of one attention head.
    #[must_use]
    pub fn head_width(&self) -> usize {
        self.n_embd / self.n_head
    }

    /// The width inside the MLP.
    #[must_use]
    pub fn inner_width(&self) -> usize {
        self.n_inner.unwrap_or(4 * self.n_embd)
    }

    pub(crate) fn activation(&self) -> Result<Activation> {
        Activation::named(&self.activation_function).ok_or_else(|| Error::Config {
            path: "config.json".into(),
            field: "activation_function".into(),
            reason: format!("is {:?}; supported are {}", self.activation_function, Activation::NAMES),
        })
    }

    /// What attention scores of block `layer` are multiplied by.
    pub(crate) fn attention_scale(&self, layer: usize) -> f64 {
        let scale = if self.scale_attn_weights { (self.head_width() as f64).powf(-0.5) } else { 1.0 };
        if self.scale_attn_by_inverse_layer_idx { scale / (layer + 1) as f64 } else { scale }
    }

    /// Every module that holds weights, in the order of the forward pass.
    pub(crate) fn modules(&self, task: Task) -> Vec<Module> {
        use ModuleKind::{Conv1D, Embedding, LayerNorm, Linear};
        let (width, inner) = (self.n_embd, self.inner_width());
        let mut modules = vec![
            Module::new("transformer.wte", Embedding, &[self.vocab_size, width], false),
            Module::new("transformer.wpe", Embedding, &[self.n_positions, width], false),
        ];
        for layer in 0..self.n_layer {
            let name = |module: &str| format!("transformer.h.{layer}.{module}");
            modules.extend([
                Module::new(name("ln_1"), LayerNorm, &[width], true),
                Module::new(name("attn.c_attn"), Conv1D, &[width, 3 * width], true),
                Module::new(name("attn.c_proj"), Conv1D, &[width, width], true),
                Module::new(name("ln_2"), LayerNorm, &[width], true),
                Module::new(name("mlp.c_fc"), Conv1D, &[width, inner], true),
                Module::new(name("mlp.c_proj"), Conv1D, &[inner, width], true),
            ]);
        }
        modules.push(Module::new("transformer.ln_f", LayerNorm, &[width], true));
        let mut head = match task {
            Task::SequenceClassification { labels } => Module::new("score", Linear, &[labels, width], false),
            Task::CausalLanguageModelling => Module::new("lm_head", Linear, &[self.vocab_size, width], false),
        };
        head.head = true;
        if task == Task::CausalLanguageModelling && self.tie_word_embeddings {
            head.parameters = 0;
        }
        modules.push(head);
        modules
    }
}
