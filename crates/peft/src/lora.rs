//! LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685.
//!
//! Reference implementation: peft 0.21, `tuners/lora`. y = x·W + b + s·B·A·drop(x) with A (r, in) and B (out, r), in this
//! orientation even where W is stored (in, out); s = alpha/r, or alpha/√r for rank-stabilised LoRA (Kalajdzievski 2023,
//! arXiv 2312.03732). A starts uniform in ±1/√in, B at 0, so an adapter changes nothing before it is trained.

use std::collections::{BTreeMap, HashMap};

use candle_core::{DType, Tensor};
use kernels::LoraTerm;
use models::{Context, Hook, Linear, Module, ModuleKind, Weights};

use crate::method::{Attached, Method};
use crate::plan::{BaseTensor, Initial, MethodPlan, NewTensor};
use crate::targets::{self, Selection, Targets};
use crate::{Error, Result};

/// Which biases of the base model are trained along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bias {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those of the adapted modules.
    LoraOnly,
}

/// The settings of LoRA, by peft's names and with its defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct LoraConfig {
    /// The rank.
    pub r: usize,
    /// The scaling is alpha/r, or alpha/√r with `use_rslora`.
    pub lora_alpha: f64,
    /// Dropout of the adapter's input, in training.
    pub lora_dropout: f64,
    /// Rank-stabilised scaling.
    pub use_rslora: bool,
    /// Which biases of the base model are trained along.
    pub bias: Bias,
    /// Which modules are adapted; `None`: the architecture's usual ones.
    pub target_modules: Option<Targets>,
    /// Which of them are left out.
    pub exclude_modules: Option<Targets>,
    /// Only modules in these layers, counted from 0.
    pub layers_to_transform: Option<Vec<usize>>,
    /// The names of the lists of layers (`h`); empty: any.
    pub layers_pattern: Vec<String>,
    /// Ranks of modules whose names end with a match of the expression; the first hit wins.
    pub rank_pattern: Vec<(String, usize)>,
    /// Alphas, likewise.
    pub alpha_pattern: Vec<(String, f64)>,
    /// Modules that are trained whole, beside the head.
    pub modules_to_save: Vec<String>,
}

impl Default for LoraConfig {
    fn default() -> Self {
        Self {
            r: 8,
            lora_alpha: 8.0,
            lora_dropout: 0.0,
            use_rslora: false,
            bias: Bias::None,
            target_modules: None,
            exclude_modules: None,
            layers_to_transform: None,
            layers_pattern: Vec::new(),
            rank_pattern: Vec::new(),
            alpha_pattern: Vec::new(),
            modules_to_save: Vec::new(),
        }
    }
}

impl LoraConfig {
    /// Refuses settings that mean nothing.
    fn check(&self) -> Result<()> {
        if self.r == 0 || self.rank_pattern.iter().any(|&(_, rank)| rank == 0) {
            return Err(Error::setting("r", "is 0, but a rank must be at least 1"));
        }
        if !(0.0..1.0).contains(&self.lora_dropout) {
            let reason = format!("is {}, but it must be from 0 to below 1", self.lora_dropout);
            return Err(Error::setting("lora_dropout", reason));
        }
        let alphas = self.alpha_pattern.iter().map(|&(_, alpha)| alpha).chain([self.lora_alpha]);
        match alphas.into_iter().find(|alpha| !alpha.is_finite() || *alpha <= 0.0) {
            Some(alpha) => Err(Error::setting("lora_alpha", format!("is {alpha}, but it must be above 0"))),
            None => Ok(()),
        }
    }

    /// The rank of a module.
    fn rank(&self, module: &str) -> Result<usize> {
        Ok(first_hit(&self.rank_pattern, module)?.unwrap_or(self.r))
    }

    /// s of a module.
    fn scale(&self, module: &str) -> Result<f64> {
        let rank = self.rank(module)? as f64;
        let alpha = first_hit(&self.alpha_pattern, module)?.unwrap_or(self.lora_alpha);
        Ok(if self.use_rslora { alpha / rank.sqrt() } else { alpha / rank })
    }
}

/// peft's `get_pattern_key`: `re.match(rf"(.*\.)?({key})$", name)`, the first that matches.
fn first_hit<T: Copy>(patterns: &[(String, T)], module: &str) -> Result<Option<T>> {
    for (pattern, value) in patterns {
        let anchored = targets::regex(pattern, &format!(r"\A(?:.*\.)?(?:{pattern})\z"))?;
        if targets::matched(&anchored, module)? {
            return Ok(Some(*value));
        }
    }
    Ok(None)
}

impl Method for LoraConfig {
    fn peft_type(&self) -> &'static str {
        "LORA"
    }

    fn modules_to_save(&self) -> &[String] {
        &self.modules_to_save
    }

    fn plan(&self, modules: &[Module], saved: &[String], strict: bool) -> Result<MethodPlan> {
        self.check()?;
        // peft's default for GPT-2 (`TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING`).
        let usual = Targets::list(["c_attn"]);
        let selection = Selection {
            targets: self.target_modules.as_ref().unwrap_or(&usual),
            exclude: self.exclude_modules.as_ref(),
            layers: self.layers_to_transform.as_deref(),
            layers_pattern: &self.layers_pattern,
            saved,
        };
        let matched = if strict {
            targets::match_modules(&selection, modules)?
        } else {
            targets::match_as_peft(&selection, modules)?
        };
        let mut plan = MethodPlan::default();
        for module in modules {
            let adapted = matched.contains(&module.name);
            if adapted {
                check_adaptable(module, modules)?;
                let rank = self.rank(&module.name)?;
                let bound = (module.inputs() as f64).powf(-0.5);
                plan.tensors.push(NewTensor {
                    key: format!("{}.lora_A.weight", module.name),
                    shape: vec![rank, module.inputs()],
                    initial: Initial::Uniform { bound },
                });
                plan.tensors.push(NewTensor {
                    key: format!("{}.lora_B.weight", module.name),
                    shape: vec![module.outputs(), rank],
                    initial: Initial::Zeros,
                });
            }
            let trained = match self.bias {
                Bias::None => false,
                Bias::All => true,
                Bias::LoraOnly => adapted,
            };
            if module.bias && trained {
                // peft wraps an adapted module, which moves its own tensors one step down.
                let wrapped = if adapted { ".base_layer" } else { "" };
                plan.biases.push(BaseTensor {
                    name: format!("{}.bias", module.name),
                    key: format!("{}{wrapped}.bias", module.name),
                    shape: vec![module.outputs()],
                });
            }
        }
        plan.matched = matched;
        Ok(plan)
    }

    fn attach(&self, plan: &MethodPlan, tensors: &BTreeMap<String, Tensor>) -> Result<Box<dyn Attached>> {
        let mut terms = HashMap::new();
        for module in &plan.matched {
            let tensor = |part: &str| {
                let key = format!("{module}.{part}.weight");
                tensors.get(&key).cloned().ok_or_else(|| Error::Snapshot(format!("it lacks `{key}`")))
            };
            let term = Term { a: tensor("lora_A")?, b: tensor("lora_B")?, scale: self.scale(module)? };
            terms.insert(module.clone(), term);
        }
        Ok(Box::new(Lora { terms, dropout: self.lora_dropout }))
    }

    fn to_json(&self, plan: &MethodPlan, modules: &[Module]) -> serde_json::Map<String, serde_json::Value> {
        self.json(plan, modules)
    }

    fn boxed(&self) -> Box<dyn Method> {
        Box::new(self.clone())
    }
}

fn check_adaptable(module: &Module, modules: &[Module]) -> Result<()> {
    let kind = match module.kind {
        ModuleKind::LayerNorm => "a layer norm",
        ModuleKind::Embedding => "an embedding",
        ModuleKind::Conv1D | ModuleKind::Linear if module.parameters == 0 => "tied to the token embedding",
        ModuleKind::Conv1D | ModuleKind::Linear => return Ok(()),
    };
    let nearest = targets::nearest(&module.name, modules);
    Err(Error::NotAdaptable { module: module.name.clone(), kind, method: "LoRA", nearest })
}

/// LoRA at work.
struct Lora {
    terms: HashMap<String, Term>,
    dropout: f64,
}

/// s·B·A of one module: A (r, in), B (out, r).
struct Term {
    a: Tensor,
    b: Tensor,
    scale: f64,
}

impl Hook for Lora {
    fn linear(&self, layer: &Linear, input: &Tensor, context: &Context) -> models::Result<Option<Tensor>> {
        let Some(term) = self.terms.get(layer.name()) else {
            return Ok(None);
        };
        // What is trained is kept in f32 whatever the base model's dtype is.
        let dtype = input.dtype();
        let [a, b, weight] = [&term.a, &term.b, layer.weight()].map(|tensor| kernels::cast(tensor, dtype));
        let (a, b, weight) = (a?, b?, weight?);
        let bias = layer.bias().map(|bias| kernels::cast(bias, dtype)).transpose()?;
        let dropout = context.dropout(&format!("{}.lora_dropout", layer.name()), self.dropout);
        let term = LoraTerm { a: &a, b: &b, scale: term.scale, dropout };
        Ok(Some(kernels::lora_linear(input, &weight, layer.layout(), bias.as_ref(), &term)?))
    }
}

impl Attached for Lora {
    fn merge(&self, modules: &[Module], weights: &mut Weights) -> Result<()> {
        for module in modules {
            let Some(term) = self.terms.get(&module.name) else {
                continue;
            };
            let name = format!("{}.weight", module.name);
            let weight = weights.get(&name)?.detach();
            let delta = (term.b.detach().matmul(&term.a.detach())? * term.scale)?; // (out, in)
            let delta = if module.kind == ModuleKind::Conv1D { delta.t()? } else { delta };
            let merged = (weight.to_dtype(DType::F32)? + delta)?.to_dtype(weight.dtype())?;
            weights.insert(name, merged);
        }
        Ok(())
    }
}
