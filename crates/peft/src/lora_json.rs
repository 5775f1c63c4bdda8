//! LoRA's fields of adapter_config.json, as peft's `LoraConfig` has them.

use std::path::Path;

use models::{Module, ModuleKind};
use serde_json::{Map, Value, json};

use crate::plan::MethodPlan;
use crate::targets::{Targets, is_glob};
use crate::{Bias, Error, LoraConfig, Result};

/// Variants of LoRA that compute something else. A value that is null, false or empty means that they are off.
const VARIANTS: &[(&str, &str)] = &[
    ("use_dora", "DoRA (use_dora)"),
    ("use_qalora", "QALoRA (use_qalora)"),
    ("use_bdlora", "block-diagonal LoRA (use_bdlora)"),
    ("lora_bias", "a bias in lora_B (lora_bias)"),
    ("layer_replication", "repeated layers (layer_replication)"),
    ("target_parameters", "adapted parameters (target_parameters)"),
    ("trainable_token_indices", "trained tokens (trainable_token_indices)"),
    ("alora_invocation_tokens", "activated LoRA (alora_invocation_tokens)"),
    ("megatron_config", "Megatron layers (megatron_config)"),
    ("loftq_config", "LoftQ (loftq_config)"),
    ("arrow_config", "Arrow routing (arrow_config)"),
    ("kasa_config", "KaSA (kasa_config)"),
    ("monteclora_config", "MonteCLoRA (monteclora_config)"),
    ("velora_config", "VeLoRA (velora_config)"),
];

impl LoraConfig {
    /// From the object in the adapter_config.json at `path`.
    pub(crate) fn from_json(object: &Map<String, Value>, path: &Path) -> Result<Self> {
        refuse_variants(object, path)?;
        let field = |name: &str| object.get(name).filter(|value| !value.is_null());
        let default = Self::default();
        let bias = match field("bias").map(|value| (value, value.as_str())) {
            None | Some((_, Some("none"))) => Bias::None,
            Some((_, Some("all"))) => Bias::All,
            Some((_, Some("lora_only"))) => Bias::LoraOnly,
            Some((value, _)) => return Err(wrong("bias", value, "none, all or lora_only")),
        };
        let exclude = field("exclude_modules").filter(|value| !is_off(value));
        let layers_pattern = match field("layers_pattern") {
            Some(Value::String(name)) if name.is_empty() => Vec::new(),
            Some(Value::String(name)) => vec![name.clone()],
            other => names("layers_pattern", other)?,
        };
        let layers = match field("layers_to_transform") {
            None => None,
            Some(Value::Array(values)) => Some(
                values.iter().map(|value| whole("layers_to_transform", value)).collect::<Result<Vec<_>>>()?,
            ),
            Some(value) => Some(vec![whole("layers_to_transform", value)?]),
        };
        Ok(Self {
            r: field("r").map_or(Ok(default.r), |value| whole("r", value))?,
            lora_alpha: field("lora_alpha")
                .map_or(Ok(default.lora_alpha), |value| number("lora_alpha", value))?,
            lora_dropout: field("lora_dropout").map_or(Ok(0.0), |value| number("lora_dropout", value))?,
            use_rslora: field("use_rslora").map_or(Ok(false), |value| flag("use_rslora", value))?,
            bias,
            target_modules: field("target_modules")
                .map(|value| Targets::from_json("target_modules", value))
                .transpose()?,
            exclude_modules: exclude.map(|value| Targets::from_json("exclude_modules", value)).transpose()?,
            layers_to_transform: layers.filter(|layers| !layers.is_empty()),
            layers_pattern,
            rank_pattern: pattern("rank_pattern", field("rank_pattern"), whole)?,
            alpha_pattern: pattern("alpha_pattern", field("alpha_pattern"), number)?,
            modules_to_save: names("modules_to_save", field("modules_to_save"))?,
        })
    }

    /// LoRA's own fields. What older versions of peft do not know is written only where it is used, and exclusions and
    /// globs, which they do not know or do not expand, never: the modules that are left are written by their names.
    pub(crate) fn json(&self, plan: &MethodPlan, modules: &[Module]) -> Map<String, Value> {
        let globs = matches!(&self.target_modules, Some(Targets::List(entries)) if entries.iter().any(|e| is_glob(e)));
        let expand =
            globs || self.exclude_modules.is_some() || self.target_modules == Some(Targets::AllLinear);
        let targets: Value = match &self.target_modules {
            Some(targets) if !expand => targets.to_json(),
            None if !expand => json!(["c_attn"]),
            _ => plan.matched.clone().into(),
        };
        let conv1d = modules
            .iter()
            .any(|module| module.kind == ModuleKind::Conv1D && plan.matched.contains(&module.name));
        let bias = match self.bias {
            Bias::None => "none",
            Bias::All => "all",
            Bias::LoraOnly => "lora_only",
        };
        let mut object = Map::new();
        object.insert("r".into(), self.r.into());
        object.insert("lora_alpha".into(), shortest(self.lora_alpha));
        object.insert("lora_dropout".into(), self.lora_dropout.into());
        object.insert("target_modules".into(), targets);
        object.insert("bias".into(), bias.into());
        object.insert("fan_in_fan_out".into(), conv1d.into());
        object.insert("init_lora_weights".into(), true.into());
        // Full names are not subject to layers_to_transform, so they may stay.
        if let Some(layers) = self.layers_to_transform.as_ref().filter(|_| !expand) {
            object.insert("layers_to_transform".into(), layers.clone().into());
            if !self.layers_pattern.is_empty() {
                object.insert("layers_pattern".into(), self.layers_pattern.clone().into());
            }
        }
        if !self.rank_pattern.is_empty() {
            let ranks = self.rank_pattern.iter().map(|(key, rank)| (key.clone(), (*rank).into()));
            object.insert("rank_pattern".into(), Value::Object(ranks.collect()));
        }
        if !self.alpha_pattern.is_empty() {
            let alphas = self.alpha_pattern.iter().map(|(key, alpha)| (key.clone(), shortest(*alpha)));
            object.insert("alpha_pattern".into(), Value::Object(alphas.collect()));
        }
        if self.use_rslora {
            object.insert("use_rslora".into(), true.into());
        }
        object
    }
}

/// Refuses what would be computed differently, by name.
fn refuse_variants(object: &Map<String, Value>, path: &Path) -> Result<()> {
    let unsupported = |what: String| {
        let reason = "this version computes plain LoRA and rsLoRA, so its predictions would be wrong. Use it in Python \
                      with peft, or merge it there"
            .to_owned();
        Err(Error::Unsupported { path: path.to_owned(), what, reason })
    };
    for (field, what) in VARIANTS {
        if object.get(*field).is_some_and(|value| !is_off(value)) {
            return unsupported((*what).to_owned());
        }
    }
    // Some starts change the base model's weights whenever the adapter is loaded.
    let start = object.get("init_lora_weights").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    if ["pissa", "olora", "corda", "loftq", "lora_ga"].iter().any(|changing| start.starts_with(changing)) {
        return unsupported(format!("a start that changes the base model (init_lora_weights: {start})"));
    }
    let known: Vec<&str> = VARIANTS.iter().map(|(field, _)| *field).chain(["use_rslora"]).collect();
    let unknown = object.iter().find(|(field, value)| {
        field.starts_with("use_") && !known.contains(&field.as_str()) && !is_off(value)
    });
    match unknown {
        Some((field, _)) => unsupported(format!("a variant of LoRA that is unknown here ({field})")),
        None => Ok(()),
    }
}

fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Whole numbers without a decimal point, as peft's integers.
fn shortest(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { (number as i64).into() } else { number.into() }
}

fn wrong(field: &str, value: &Value, expected: &str) -> Error {
    Error::setting(field, format!("is {value}, but it must be {expected}"))
}

fn whole(field: &str, value: &Value) -> Result<usize> {
    let number = value.as_u64().filter(|&number| number <= 0x0fff_ffff);
    number.map(|number| number as usize).ok_or_else(|| wrong(field, value, "a whole number, 0 or above"))
}

fn number(field: &str, value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| wrong(field, value, "a number"))
}

fn flag(field: &str, value: &Value) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong(field, value, "true or false"))
}

fn names(field: &str, value: Option<&Value>) -> Result<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let names = value.as_array().and_then(|values| {
        values.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    names.ok_or_else(|| wrong(field, value, "a list of names"))
}

fn pattern<T>(
    field: &str,
    value: Option<&Value>,
    read: impl Fn(&str, &Value) -> Result<T>,
) -> Result<Vec<(String, T)>> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Object(entries)) => {
            entries.iter().map(|(key, value)| Ok((key.clone(), read(field, value)?))).collect()
        }
        Some(other) => Err(wrong(field, other, "an object from patterns to numbers")),
    }
}
