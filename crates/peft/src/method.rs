//! What a method is: its settings, what it adds to a model, and what it computes there.
//!
//! A new method is a file that implements [`Method`] for its settings and [`Attached`] for its tensors, and one line in
//! [`from_json`].

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Tensor;
use models::{Hook, Module, Weights};
use serde_json::{Map, Value};

use crate::plan::MethodPlan;
use crate::{Error, LoraConfig, Result};

/// The settings of a method.
pub trait Method: Send + Sync {
    /// The method's name in `peft_type`.
    fn peft_type(&self) -> &'static str;

    /// Modules that are trained whole beside the method.
    fn modules_to_save(&self) -> &[String];

    /// What the method does to a model with these modules. `saved` are the names that are trained whole, with the
    /// task's head among them; `strict` asks that every entry of a list of targets match something.
    fn plan(&self, modules: &[Module], saved: &[String], strict: bool) -> Result<MethodPlan>;

    /// The method at work, with its tensors by [`NewTensor::key`](crate::NewTensor::key).
    fn attach(&self, plan: &MethodPlan, tensors: &BTreeMap<String, Tensor>) -> Result<Box<dyn Attached>>;

    /// The method's fields for adapter_config.json: long-standing keys only, what is default left out where peft reads
    /// it so. Older versions of peft refuse files with keys that they do not know.
    fn to_json(&self, plan: &MethodPlan, modules: &[Module]) -> Map<String, Value>;

    /// A copy.
    fn boxed(&self) -> Box<dyn Method>;
}

/// A method at work on a model.
pub trait Attached: Hook {
    /// Adds what the method computes to the weights, in f32, so that the model alone gives the same logits.
    fn merge(&self, modules: &[Module], weights: &mut Weights) -> Result<()>;
}

/// peft's other methods, to name them in refusals.
const KNOWN: &[&str] = &[
    "ADALORA",
    "IA3",
    "VERA",
    "LOHA",
    "LOKR",
    "OFT",
    "BOFT",
    "LN_TUNING",
    "FOURIERFT",
    "HIRA",
    "HRA",
    "MISS",
    "BONE",
    "PREFIX_TUNING",
    "PROMPT_TUNING",
    "P_TUNING",
    "MULTITASK_PROMPT_TUNING",
    "ADAPTION_PROMPT",
    "CPT",
    "POLY",
    "TRAINABLE_TOKENS",
    "VBLORA",
    "RANDLORA",
    "SHIRA",
    "C3A",
    "ROAD",
    "XLORA",
    "DELORA",
    "GRALORA",
    "OSF",
    "WAVEFT",
];

/// The method of an adapter_config.json at `path`.
pub(crate) fn from_json(object: &Map<String, Value>, path: &Path) -> Result<Box<dyn Method>> {
    let Some(peft_type) = object.get("peft_type").and_then(Value::as_str) else {
        let reason = match object.get("config").or_else(|| object.get("version")) {
            Some(_) => {
                "it was made by the `adapters` library, whose format this version does not read".to_owned()
            }
            None => "`peft_type` is missing, so the file was not written by peft".to_owned(),
        };
        return Err(Error::Config { path: path.to_owned(), reason });
    };
    match peft_type.to_uppercase().as_str() {
        "LORA" => Ok(Box::new(LoraConfig::from_json(object, path)?)),
        name => {
            let known = KNOWN.contains(&name);
            let reason = if known {
                "this version reads and trains LORA adapters. Train a LoRA adapter, or use this one in Python with peft"
            } else {
                "the name is unknown. This version reads and trains LORA adapters"
            };
            Err(Error::Unsupported {
                path: path.to_owned(),
                what: format!("the method {name}"),
                reason: reason.into(),
            })
        }
    }
}
