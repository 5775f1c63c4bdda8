//! The settings of a training, and the one description of each that feeds the command line, the forms and the documentation.

use crate::batching::Order;
use crate::error::Error;
use crate::hyperparameter_table::HYPERPARAMETERS;
use crate::metrics::Metric;
use crate::schedule::{Scheduler, Warmup};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One setting: what it is called, what it means, what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hyperparameter {
    /// Its name in run.json.
    pub name: &'static str,
    /// Its flag on the command line, with the dashes.
    pub flag: &'static str,
    /// One line.
    pub help: &'static str,
    /// A few sentences for someone who has never trained a model.
    pub explanation: &'static str,
    /// What kind of value it takes.
    pub kind: Kind,
    /// What it is unless it is given.
    pub default: Preset,
    /// The smallest and the largest allowed number.
    pub limits: Option<[f64; 2]>,
    /// What nearly every training keeps to; beyond it a form warns, gently.
    pub usual: Option<[f64; 2]>,
    /// The allowed words; empty if any will do.
    pub choices: &'static [&'static str],
    /// Where a form shows it.
    pub group: Group,
}

/// The kind of value that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// On or off; on the command line the flag alone means on.
    Switch,
    /// A word.
    Text,
    /// Words; on the command line the flag is repeated.
    List,
}

/// What a setting is unless it is given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Preset {
    /// Nothing: chosen from the data or the model, as the help says.
    Nothing,
    /// On or off.
    Switch(bool),
    /// A whole number.
    Integer(u64),
    /// A number.
    Number(f64),
    /// A word.
    Text(&'static str),
    /// Words.
    List(&'static [&'static str]),
}

/// Settings that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Which columns and records.
    Data,
    /// The method and where it sits in the model.
    Method,
    /// How long and how fast.
    Training,
    /// Which checkpoint is kept, and when to stop.
    Evaluation,
    /// Device, precision and safety.
    Machine,
}

/// The methods that can be trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Low-rank adaptation, Hu et al. 2021 (arXiv 2106.09685).
    #[default]
    Lora,
}

/// Which biases are trained beside the LoRA matrices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BiasChoice {
    /// None.
    #[default]
    None,
    /// Every bias of the model.
    All,
    /// Those of the modules with a LoRA matrix.
    LoraOnly,
}

/// Where tensors are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A graphics card if this build can use one and one is there, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA graphics card.
    Cuda,
    /// An Apple graphics processor.
    Metal,
}

/// The precision of the base model's weights, and of what is computed from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DTypeChoice {
    /// bf16 on a graphics card that has it, f32 elsewhere.
    #[default]
    Auto,
    /// 32 bits.
    F32,
    /// 16 bits with the range of 32.
    Bf16,
    /// 16 bits.
    F16,
}

/// Whether the results of frozen blocks are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FrozenChoice {
    /// Where it changes no number and takes little room.
    #[default]
    Auto,
    /// Yes.
    On,
    /// No.
    Off,
}

/// Every setting of a training. [`HYPERPARAMETERS`] describes each by the field's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hyperparameters {
    /// The fine-tuning method.
    pub method: Method,
    /// r, the rank of the LoRA matrices.
    pub rank: usize,
    /// The LoRA matrices' product is scaled by alpha / rank.
    pub alpha: f64,
    /// Share of inputs of the LoRA matrices that a training step blanks.
    pub dropout: f64,
    /// Which modules get a LoRA matrix.
    pub target: Vec<String>,
    /// Which modules do not, though `target` names them.
    pub exclude: Vec<String>,
    /// Which layers, counted from 0; empty: all.
    pub layers: Vec<usize>,
    /// Which biases are trained.
    pub bias: BiasChoice,
    /// Scale by alpha / √rank instead.
    pub rslora: bool,
    /// Modules that are trained in full and saved with the adapter, beside the head.
    pub modules_to_save: Vec<String>,
    /// How often every training sequence is seen.
    pub epochs: usize,
    /// Optimizer steps after which the training ends, whatever `epochs` says.
    pub steps: Option<usize>,
    /// Sequences a step.
    pub batch_size: usize,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// The course of the learning rate.
    pub scheduler: Scheduler,
    /// Steps, or the share of all steps, over which the learning rate rises.
    pub warmup: Warmup,
    /// The largest joint norm of the gradients; 0: no limit.
    pub clip: f64,
    /// The most tokens of a sequence; what is beyond is cut off. `None`: what the model can take.
    pub max_length: Option<usize>,
    /// The order of the sequences.
    pub order: Order,
    /// The metric on the validation split by which the best checkpoint is chosen.
    pub metric: Metric,
    /// Evaluations without improvement after which the training ends. `None`: never.
    pub early_stopping: Option<usize>,
    /// Optimizer steps between two evaluations. `None`: one at the end of each epoch.
    pub evaluation_steps: Option<usize>,
    /// Whether the k-mer baseline is trained too.
    pub baseline: bool,
    /// Every random choice follows from it.
    pub seed: u64,
    /// Where tensors are computed.
    pub device: DeviceChoice,
    /// The precision of the base model's weights.
    pub dtype: DTypeChoice,
    /// Whether the results of the frozen blocks below the first adapted one are computed once and kept.
    pub frozen_cache: FrozenChoice,
    /// Whether the insides of blocks are computed again in the backward pass instead of kept.
    pub gradient_checkpointing: bool,
    /// Optimizer steps between two checkpoints; `None`: only by time.
    pub checkpoint_steps: Option<usize>,
    /// Seconds between two checkpoints; there is one at each evaluation anyway.
    pub checkpoint_seconds: f64,
}

impl Default for Hyperparameters {
    fn default() -> Self {
        Hyperparameters {
            method: Method::Lora,
            rank: 8,
            alpha: 16.0,
            dropout: 0.1,
            target: vec!["all-linear".to_owned()],
            exclude: Vec::new(),
            layers: Vec::new(),
            bias: BiasChoice::None,
            rslora: false,
            modules_to_save: Vec::new(),
            epochs: 3,
            steps: None,
            batch_size: 16,
            learning_rate: 1e-3,
            weight_decay: 0.01,
            scheduler: Scheduler::Linear,
            warmup: Warmup::Ratio(0.06),
            clip: 1.0,
            max_length: None,
            order: Order::Length,
            metric: Metric::Mcc,
            early_stopping: None,
            evaluation_steps: None,
            baseline: true,
            seed: 42,
            device: DeviceChoice::Auto,
            dtype: DTypeChoice::Auto,
            frozen_cache: FrozenChoice::Auto,
            gradient_checkpointing: false,
            checkpoint_steps: None,
            checkpoint_seconds: 60.0,
        }
    }
}

/// The description of the setting `name`, if there is one.
#[must_use]
pub fn described(name: &str) -> Option<&'static Hyperparameter> {
    HYPERPARAMETERS.iter().find(|one| one.name == name)
}

impl Hyperparameters {
    /// Sets the field `name` from the text of a command line or a form; a list is split at commas, an empty text is the
    /// setting's "nothing".
    ///
    /// # Errors
    /// When there is no such setting, or it cannot be that.
    ///
    /// ```
    /// use episome_train::Hyperparameters;
    /// let mut settings = Hyperparameters::default();
    /// settings.set("learning_rate", "5e-4")?;
    /// assert_eq!(settings.learning_rate, 5e-4);
    /// assert!(settings.set("rank", "many").is_err());
    /// # Ok::<(), episome_train::Error>(())
    /// ```
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let changed = set_field(self, name, text)?;
        changed.validate()?;
        *self = changed;
        Ok(())
    }

    /// Checks every field against its description.
    ///
    /// # Errors
    /// The first field that is outside its limits.
    pub fn validate(&self) -> Result<(), Error> {
        let fields = serde_json::to_value(self)?;
        for one in HYPERPARAMETERS {
            if let (Some([least, most]), Some(number)) =
                (one.limits, fields.get(one.name).and_then(Value::as_f64))
                && !(least..=most).contains(&number)
            {
                return Err(one.refuse(number, format!("it must lie between {least} and {most}")));
            }
        }
        if self.target.is_empty() {
            return Err(Error::Setting {
                flag: "--target".to_owned(),
                value: "empty".to_owned(),
                reason: "name at least one module, or all-linear".to_owned(),
            });
        }
        Ok(())
    }
}

/// `settings` with the field `name` read from `text` as its description says.
pub(crate) fn set_field<T: Serialize + for<'de> Deserialize<'de>>(
    settings: &T,
    name: &str,
    text: &str,
) -> Result<T, Error> {
    let one = described(name).ok_or_else(|| Error::Setting {
        flag: name.to_owned(),
        value: text.to_owned(),
        reason: "there is no such setting".to_owned(),
    })?;
    let value = one.parse(text)?;
    let mut fields = serde_json::to_value(settings)?;
    fields[name] = value;
    serde_json::from_value(fields).map_err(|error| one.refuse(text, error.to_string()))
}

/// What a form shows first; all else is for those who look for it.
const FIRST: &[&str] = &[
    "label_column",
    "group_column",
    "validation_fraction",
    "test_fraction",
    "rank",
    "target",
    "epochs",
    "batch_size",
    "learning_rate",
    "max_length",
    "metric",
    "early_stopping",
];

impl Hyperparameter {
    /// Its name for people: `Learning rate`.
    #[must_use]
    pub fn label(&self) -> String {
        if self.name == "rslora" {
            return "Rank-stabilized scaling (rsLoRA)".to_owned();
        }
        let mut label = self.name.replace('_', " ");
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        label
    }

    /// Whether a form hides it until it is asked for.
    #[must_use]
    pub fn is_advanced(&self) -> bool {
        !FIRST.contains(&self.name)
    }

    fn refuse(&self, value: impl ToString, reason: String) -> Error {
        Error::Setting { flag: self.flag.to_owned(), value: value.to_string(), reason }
    }

    /// Reads a value of this setting from text: the JSON that run.json would hold.
    ///
    /// # Errors
    /// When the text is of another kind, none of the choices or outside the limits.
    pub fn parse(&self, text: &str) -> Result<Value, Error> {
        let text = text.trim();
        if text.is_empty() {
            return match self.default {
                Preset::Nothing => Ok(Value::Null),
                Preset::List(_) => Ok(Value::Array(Vec::new())),
                _ => Err(self.refuse("empty", "give a value".to_owned())),
            };
        }
        let words = || text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let allowed = |word: &str| self.choices.is_empty() || self.choices.contains(&word);
        if !(if self.kind == Kind::List { words().all(allowed) } else { allowed(text) }) {
            return Err(self.refuse(text, format!("it is one of {}", self.choices.join(", "))));
        }
        let value = match self.kind {
            Kind::Integer => text.parse::<u64>().ok().map(Value::from),
            Kind::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
            Kind::Switch => text.parse::<bool>().ok().map(Value::from),
            Kind::Text => Some(Value::from(text)),
            Kind::List => {
                // Layers are numbers, the other lists are words.
                Some(
                    words()
                        .map(|word| word.parse::<u64>().map_or_else(|_| Value::from(word), Value::from))
                        .collect(),
                )
            }
        };
        let value = value.ok_or_else(|| {
            let wanted = match self.kind {
                Kind::Integer => "it is a whole number",
                Kind::Switch => "it is true or false",
                _ => "it is a number",
            };
            self.refuse(text, wanted.to_owned())
        })?;
        if let (Some([least, most]), Some(number)) = (self.limits, value.as_f64())
            && !(least..=most).contains(&number)
        {
            return Err(self.refuse(text, format!("it must lie between {least} and {most}")));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::DataConfiguration;

    #[test]
    fn the_table_describes_every_field_and_nothing_else() {
        let settings = serde_json::to_value(Hyperparameters::default()).unwrap();
        let data = serde_json::to_value(DataConfiguration::default()).unwrap();
        for one in HYPERPARAMETERS {
            let fields = if one.group == Group::Data { &data } else { &settings };
            let default = fields.get(one.name).unwrap_or_else(|| panic!("{} is no field", one.name));
            // 1 and 1.0 are the same number.
            let table = serde_json::to_value(one.default).unwrap();
            let same = match (default.as_f64(), table.as_f64()) {
                (Some(field), Some(table)) => field == table,
                _ => *default == table,
            };
            assert!(same, "{}: {default} in the struct, {table} in the table", one.name);
        }
        for name in settings.as_object().unwrap().keys() {
            assert!(described(name).is_some(), "{name} is not described");
        }
    }

    #[test]
    fn help_is_for_people() {
        for one in HYPERPARAMETERS {
            assert!(one.flag.starts_with("--"), "{}", one.name);
            assert!(one.help.len() > 10 && one.help.len() < 120, "{}", one.name);
            assert!(one.explanation.len() > 60 && one.explanation.ends_with('.'), "{}", one.name);
        }
    }

    #[test]
    fn texts_become_settings() {
        let mut settings = Hyperparameters::default();
        for (name, text) in
            [("target", "c_attn, c_proj"), ("layers", "0,3"), ("max_length", "128"), ("rslora", "true")]
        {
            settings.set(name, text).unwrap();
        }
        assert_eq!(settings.target, ["c_attn", "c_proj"]);
        assert_eq!(settings.layers, [0, 3]);
        assert_eq!(settings.max_length, Some(128));
        assert!(settings.rslora);
        settings.set("max_length", "").unwrap();
        assert_eq!(settings.max_length, None);
        settings.set("warmup", "0.1").unwrap();
        assert_eq!(settings.warmup, Warmup::Ratio(0.1));
    }

    #[test]
    fn refusals_name_the_flag_and_what_is_allowed() {
        let mut settings = Hyperparameters::default();
        let message = settings.set("dropout", "1.5").unwrap_err().to_string();
        assert_eq!(message, "--dropout cannot be 1.5: it must lie between 0 and 0.9");
        let message = settings.set("scheduler", "step").unwrap_err().to_string();
        assert_eq!(message, "--scheduler cannot be step: it is one of linear, cosine, constant");
        assert!(settings.set("metric", "auroc").is_ok());
        assert!(settings.set("nonsense", "1").is_err());
    }
}
