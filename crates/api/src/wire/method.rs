//! Methods and their settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::carry::carry;
use super::command::{Command, Nothing};
use super::state::State;
use crate::{Error, HYPERPARAMETERS, RECIPES, Recipe, RunConfiguration, matched};

/// Every setting of a training, once: forms are made from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MethodDescription {
    /// The methods that can be trained.
    pub methods: Vec<String>,
    /// The settings, in the order in which a form shows them.
    pub settings: Vec<Setting>,
    /// Settings that go well together.
    pub presets: Vec<MethodPreset>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Setting {
    /// Its name in run.json, and in the settings of a request.
    pub name: String,
    /// Its flag on the command line; errors name it as their place.
    pub flag: String,
    /// Its name for people.
    pub label: String,
    /// One line.
    pub help: String,
    /// A few sentences for someone who has never trained a model.
    pub explanation: String,
    /// What kind of value it takes.
    pub kind: ValueKind,
    /// What it is unless it is given; null: chosen from the data or the model.
    pub default: SettingValue,
    /// The smallest and the largest allowed number.
    pub limits: Option<(f64, f64)>,
    /// What nearly every training keeps to.
    pub usual: Option<(f64, f64)>,
    /// The allowed words; empty if any will do.
    pub choices: Vec<String>,
    /// Where a form shows it.
    pub group: SettingGroup,
    /// Whether a form hides it until it is asked for.
    pub advanced: bool,
}

/// The kind of value that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// On or off.
    Switch,
    /// A word.
    Text,
    /// Words or whole numbers.
    List,
}

/// Settings that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SettingGroup {
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

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum SettingValue {
    /// On or off.
    Switch(bool),
    /// A number.
    Number(f64),
    /// A word, or anything as a person types it.
    Text(String),
    /// Words or numbers.
    List(Vec<SettingValue>),
    /// Nothing: chosen from the data or the model.
    Nothing(()),
}

impl SettingValue {
    /// As a person types it.
    fn text(&self) -> String {
        match self {
            SettingValue::Switch(on) => on.to_string(),
            SettingValue::Number(number) => number.to_string(),
            SettingValue::Text(text) => text.clone(),
            SettingValue::List(values) => values.iter().map(SettingValue::text).collect::<Vec<_>>().join(","),
            SettingValue::Nothing(()) => String::new(),
        }
    }
}

/// Settings by their names; what is not named keeps its default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Configuration {
    /// A preset that goes before the settings.
    pub preset: Option<String>,
    /// The settings.
    #[ts(optional, as = "Option<_>")]
    pub settings: BTreeMap<String, SettingValue>,
}

impl Configuration {
    /// The configuration of a run with these settings.
    pub(super) fn run_configuration(&self) -> Result<RunConfiguration, Error> {
        let mut configuration = RunConfiguration::default();
        if let Some(preset) = &self.preset {
            Recipe::named(preset)?.apply(&mut configuration)?;
        }
        for (name, value) in &self.settings {
            configuration.set(name, &value.text())?;
        }
        configuration.validate()?;
        Ok(configuration)
    }
}

/// Settings that go well together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MethodPreset {
    /// Its name: `quick`, `balanced`, `thorough`.
    pub name: String,
    /// What it is for, in a sentence.
    pub about: String,
    /// What it sets.
    pub settings: BTreeMap<String, SettingValue>,
}

/// Which modules would be adapted?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct MatchRequest {
    /// The base model.
    pub model: String,
    /// The revision of a Hub model.
    pub revision: Option<String>,
    /// Classes of the head; absent: two.
    pub classes: Option<usize>,
    /// The settings.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub configuration: Configuration,
}

/// What would be trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Match {
    /// The full names of the modules that are adapted.
    pub matched_modules: Vec<String>,
    /// Parameters that are trained.
    pub trainable_parameters: u64,
    /// All parameters, as peft counts them.
    pub all_parameters: u64,
    /// The former in percent of the latter.
    pub trainable_percent: f64,
}

pub(super) fn commands() -> Vec<Command> {
    vec![Command::new("method.describe", describe), Command::new("method.match", match_modules)]
}

fn describe(_: &State, _: Nothing) -> Result<MethodDescription, Error> {
    let mut settings = Vec::new();
    for one in HYPERPARAMETERS {
        settings.push(Setting {
            name: one.name.to_owned(),
            flag: one.flag.to_owned(),
            label: one.label(),
            help: one.help.to_owned(),
            explanation: one.explanation.to_owned(),
            kind: carry(&one.kind)?,
            default: carry(&one.default)?,
            limits: one.limits.map(|[least, most]| (least, most)),
            usual: one.usual.map(|[least, most]| (least, most)),
            choices: one.choices.iter().map(|&choice| choice.to_owned()).collect(),
            group: carry(&one.group)?,
            advanced: one.is_advanced(),
        });
    }
    let method = HYPERPARAMETERS.iter().find(|one| one.name == "method");
    let mut presets = Vec::new();
    for recipe in RECIPES {
        let mut values = BTreeMap::new();
        for (name, text) in recipe.settings {
            let described = HYPERPARAMETERS.iter().find(|one| one.name == *name);
            let value = match described {
                Some(one) => one.parse(text)?,
                None => Value::Null,
            };
            values.insert((*name).to_owned(), carry(&value)?);
        }
        presets.push(MethodPreset {
            name: recipe.name.to_owned(),
            about: recipe.about.to_owned(),
            settings: values,
        });
    }
    Ok(MethodDescription {
        methods: method.map_or(&[][..], |one| one.choices).iter().map(|&name| name.to_owned()).collect(),
        settings,
        presets,
    })
}

fn match_modules(state: &State, request: MatchRequest) -> Result<Match, Error> {
    let configuration = request.configuration.run_configuration()?;
    let engine = super::model::here(state);
    let (revision, classes) = (request.revision.as_deref(), request.classes.unwrap_or(2).max(2));
    let count = matched(&engine, &request.model, revision, &configuration, classes, &mut |_| {})
        .map_err(|error| super::model::not_here(&request.model, error))?;
    Ok(Match {
        trainable_percent: count.percent(),
        matched_modules: count.matched_modules,
        trainable_parameters: count.trainable as u64,
        all_parameters: count.all as u64,
    })
}
