//! The named modules of a model: what an adapter can be attached to, and how many parameters there are.

use serde::Serialize;

/// What a module computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ModuleKind {
    /// A linear layer whose weight is stored (in, out), as OpenAI's GPT-2 does.
    Conv1D,
    /// A linear layer whose weight is stored (out, in).
    Linear,
    /// A layer normalisation; its weight is (features).
    LayerNorm,
    /// A table of vectors; its weight is (entries, features).
    Embedding,
}

/// One module that holds weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Module {
    /// The full name, as transformers has it: `transformer.h.0.attn.c_attn`.
    pub name: String,
    /// What it computes.
    pub kind: ModuleKind,
    /// The shape of `weight` as it is stored.
    pub shape: Vec<usize>,
    /// Whether it has a `bias`.
    pub bias: bool,
    /// Parameters that it adds to the model: 0 for an output layer tied to the embedding.
    pub parameters: usize,
    /// Whether it is the task's output layer (`score`, `lm_head`), which "all-linear" leaves out.
    pub head: bool,
}

impl Module {
    pub(crate) fn new(name: impl Into<String>, kind: ModuleKind, shape: &[usize], bias: bool) -> Self {
        let mut module =
            Self { name: name.into(), kind, shape: shape.to_vec(), bias, parameters: 0, head: false };
        module.parameters = shape.iter().product::<usize>() + if bias { module.outputs() } else { 0 };
        module
    }

    /// Whether it is a linear layer, however stored.
    #[must_use]
    pub fn is_linear(&self) -> bool {
        matches!(self.kind, ModuleKind::Conv1D | ModuleKind::Linear)
    }

    /// Features in, of a linear layer; entries of an embedding; features of a norm.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match self.kind {
            ModuleKind::Linear => self.shape[1],
            ModuleKind::Conv1D | ModuleKind::LayerNorm | ModuleKind::Embedding => self.shape[0],
        }
    }

    /// Features out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        match self.kind {
            ModuleKind::Linear | ModuleKind::LayerNorm => self.shape[0],
            ModuleKind::Conv1D | ModuleKind::Embedding => self.shape[1],
        }
    }

    /// The names and shapes of its tensors: `weight`, and `bias` where it has one.
    pub fn tensors(&self) -> impl Iterator<Item = (String, Vec<usize>)> + use<> {
        let weight = (format!("{}.weight", self.name), self.shape.clone());
        let bias = self.bias.then(|| (format!("{}.bias", self.name), vec![self.outputs()]));
        std::iter::once(weight).chain(bias)
    }
}

/// What a model is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Task {
    /// One row of logits for a sequence.
    SequenceClassification {
        /// The number of classes.
        labels: usize,
    },
    /// One row of logits, over the vocabulary, for every token: the next one.
    CausalLanguageModelling,
}
