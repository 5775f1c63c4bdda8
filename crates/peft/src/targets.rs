//! Which modules a method adapts: peft's rules, and globs.
//!
//! The rules are those of peft 0.21, `tuners/tuners_utils.py`, `check_target_module_exists`; they decide what Python
//! rebuilds from the file, so they are followed to the letter. Globs are ours: they are expanded to full names here,
//! because peft's lists match no globs.

use fancy_regex::Regex;
use models::Module;
use serde_json::Value;

use crate::{Error, Result};

/// `target_modules` or `exclude_modules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Each entry is a module's full name, or a dotted suffix of it (`c_attn`), or a glob over full names
    /// (`transformer.h.*.attn.c_attn`; `*` is any text, `?` one character, `[0-3]` one of a set).
    List(Vec<String>),
    /// A regular expression that full names match from end to end.
    Regex(String),
    /// Every linear module but the head.
    AllLinear,
}

impl Targets {
    /// A list from anything that holds strings.
    pub fn list<S: Into<String>>(entries: impl IntoIterator<Item = S>) -> Self {
        Self::List(entries.into_iter().map(Into::into).collect())
    }

    /// From the strings of a command line: one `all-linear` is that; everything else is a list.
    #[must_use]
    pub fn from_entries(entries: &[String]) -> Self {
        match entries {
            [only] if only.eq_ignore_ascii_case("all-linear") => Self::AllLinear,
            entries => Self::List(entries.to_vec()),
        }
    }

    pub(crate) fn from_json(field: &str, value: &Value) -> Result<Self> {
        match value {
            Value::String(text) if text.eq_ignore_ascii_case("all-linear") => Ok(Self::AllLinear),
            Value::String(pattern) => Ok(Self::Regex(pattern.clone())),
            Value::Array(entries) => {
                let entries =
                    entries.iter().map(|entry| entry.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
                entries.map(Self::List).ok_or_else(|| Error::setting(field, "must hold names only"))
            }
            other => {
                Err(Error::setting(field, format!("is {other}, but it must be a list of names or a pattern")))
            }
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::List(entries) => entries.clone().into(),
            Self::Regex(pattern) => pattern.clone().into(),
            Self::AllLinear => "all-linear".into(),
        }
    }
}

/// Everything that decides which modules are adapted.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// What to take.
    pub targets: &'a Targets,
    /// What to leave out of it.
    pub exclude: Option<&'a Targets>,
    /// Only these layers; applies to dotted suffixes, not to full names.
    pub layers: Option<&'a [usize]>,
    /// The names of the lists of layers (`h`); empty: any name before a number.
    pub layers_pattern: &'a [String],
    /// `modules_to_save`: trained whole, so not adapted.
    pub saved: &'a [String],
}

/// The full names of the modules that a selection takes, in the order of the forward pass.
///
/// Every entry of a list must match something: a misspelt one is an error that names the nearest modules, where peft
/// is silent.
pub fn match_modules(selection: &Selection, modules: &[Module]) -> Result<Vec<String>> {
    if let Targets::List(entries) = selection.targets {
        if entries.is_empty() {
            return Err(Error::setting(
                "target_modules",
                "is empty: name at least one module, or all-linear",
            ));
        }
        for entry in entries {
            let pattern = Compiled::entry(entry)?;
            let mut matches = false;
            for module in modules {
                matches |= pattern.matches(&module.name)? != Hit::None;
            }
            if !matches {
                return Err(no_match(entry, "", modules));
            }
        }
    }
    select(selection, modules, compile(selection.targets)?)
}

/// As peft matches its own files: an entry that matches nothing is passed over as long as another one matches, and a
/// glob in a list is a name like any other.
pub(crate) fn match_as_peft(selection: &Selection, modules: &[Module]) -> Result<Vec<String>> {
    let targets = match selection.targets {
        Targets::List(entries) => entries.iter().cloned().map(Compiled::Name).collect(),
        other => compile(other)?,
    };
    select(selection, modules, targets)
}

fn select(selection: &Selection, modules: &[Module], targets: Vec<Compiled>) -> Result<Vec<String>> {
    if selection.layers.is_some() && !matches!(selection.targets, Targets::List(_)) {
        let reason = "applies to a list of target_modules only; put the layers into the pattern instead";
        return Err(Error::setting("layers_to_transform", reason));
    }
    let exclude = selection.exclude.map(compile).transpose()?.unwrap_or_default();
    let saved = selection
        .saved
        .iter()
        .map(|name| regex(name, &format!(r"\A(?:|.*\.)(?:{name})(?:\z|\.)")))
        .collect::<Result<Vec<_>>>()?;
    let layer_patterns: Vec<Regex> = if selection.layers_pattern.is_empty() {
        vec![regex("layers_pattern", r"\A.*?\.[^.]*\.(\d+)\.")?]
    } else {
        let patterns = selection.layers_pattern.iter();
        patterns.map(|name| regex(name, &format!(r"\A(?:|.*?\.){name}\.(\d+)\."))).collect::<Result<_>>()?
    };

    let (mut taken, mut excluded, mut in_other_layers) = (Vec::new(), 0, 0);
    for module in modules {
        let name = module.name.as_str();
        let mut best = Hit::None;
        for target in &targets {
            best = best.max(target.matches(name)?);
        }
        if matches!(selection.targets, Targets::AllLinear) && (!module.is_linear() || module.head) {
            best = Hit::None;
        }
        if best == Hit::None {
            continue;
        }
        let mut is_excluded = false;
        for pattern in &exclude {
            is_excluded |= pattern.matches(name)? != Hit::None;
        }
        for pattern in &saved {
            is_excluded |= matched(pattern, name)?;
        }
        if is_excluded {
            excluded += 1;
        } else if best == Hit::Suffix && !in_layers(selection.layers, &layer_patterns, name)? {
            in_other_layers += 1;
        } else {
            taken.push(name.to_owned());
        }
    }
    if !taken.is_empty() {
        return Ok(taken);
    }
    match (excluded, in_other_layers) {
        (0, 0) => {
            let (pattern, hint) = match selection.targets {
                Targets::List(entries) => (entries.join(", "), ""),
                Targets::Regex(pattern) => (pattern.clone(), " (a pattern must match the full name)"),
                Targets::AllLinear => ("all-linear".to_owned(), ""),
            };
            Err(no_match(&pattern, hint, modules))
        }
        (excluded, 0) => Err(Error::NothingLeft {
            reason: format!(
                "all {excluded} matching modules are excluded or trained whole (modules_to_save)"
            ),
        }),
        (_, elsewhere) => Err(Error::NothingLeft {
            reason: format!(
                "{elsewhere} modules match, none of them in the layers {:?}; layers are counted from 0",
                selection.layers.unwrap_or_default()
            ),
        }),
    }
}

/// How a name was matched: only suffixes are subject to `layers_to_transform`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    None,
    Suffix,
    Full,
}

enum Compiled {
    Name(String),
    Pattern(Regex),
}

impl Compiled {
    fn entry(entry: &str) -> Result<Self> {
        if !is_glob(entry) {
            return Ok(Self::Name(entry.to_owned()));
        }
        // Over a full name, or over a dotted suffix of one, as plain entries are.
        Ok(Self::Pattern(regex(entry, &format!(r"\A(?:.*\.)?{}\z", glob_to_regex(entry)))?))
    }

    fn matches(&self, name: &str) -> Result<Hit> {
        Ok(match self {
            Self::Name(entry) if name == entry => Hit::Full,
            Self::Name(entry)
                if name.strip_suffix(entry.as_str()).is_some_and(|rest| rest.ends_with('.')) =>
            {
                Hit::Suffix
            }
            Self::Pattern(pattern) if matched(pattern, name)? => Hit::Suffix,
            _ => Hit::None,
        })
    }
}

fn compile(targets: &Targets) -> Result<Vec<Compiled>> {
    match targets {
        Targets::List(entries) => entries.iter().map(|entry| Compiled::entry(entry)).collect(),
        Targets::Regex(pattern) => {
            Ok(vec![Compiled::Pattern(regex(pattern, &format!(r"\A(?:{pattern})\z"))?)])
        }
        Targets::AllLinear => Ok(vec![Compiled::Pattern(regex("all-linear", "")?)]),
    }
}

/// Whether an entry holds a glob's characters, none of which is part of a module's name.
pub(crate) fn is_glob(entry: &str) -> bool {
    entry.contains(['*', '?', '['])
}

fn glob_to_regex(glob: &str) -> String {
    let mut pattern = String::new();
    let mut in_set = false;
    for character in glob.chars() {
        match character {
            '*' if !in_set => pattern.push_str(".*"),
            '?' if !in_set => pattern.push('.'),
            '!' if in_set && pattern.ends_with('[') => pattern.push('^'),
            '[' | ']' | '-' => {
                in_set = (character == '[' || in_set) && character != ']';
                pattern.push(character);
            }
            other => pattern.push_str(&fancy_regex::escape(&other.to_string())),
        }
    }
    pattern
}

fn in_layers(layers: Option<&[usize]>, patterns: &[Regex], name: &str) -> Result<bool> {
    let Some(layers) = layers.filter(|layers| !layers.is_empty()) else {
        return Ok(true);
    };
    for pattern in patterns {
        let captures = pattern.captures(name).map_err(|error| unusable(pattern.as_str(), &error))?;
        if let Some(number) = captures.and_then(|captures| captures.get(1)) {
            return Ok(number.as_str().parse().is_ok_and(|layer: usize| layers.contains(&layer)));
        }
    }
    Ok(false)
}

pub(crate) fn regex(shown: &str, pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|error| unusable(shown, &error))
}

pub(crate) fn matched(pattern: &Regex, name: &str) -> Result<bool> {
    pattern.is_match(name).map_err(|error| unusable(pattern.as_str(), &error))
}

fn unusable(pattern: &str, error: &fancy_regex::Error) -> Error {
    Error::Pattern { pattern: pattern.to_owned(), reason: error.to_string() }
}

fn no_match(pattern: &str, hint: &'static str, modules: &[Module]) -> Error {
    Error::NoMatch { pattern: pattern.to_owned(), hint, nearest: nearest(pattern, modules) }
}

/// The endings of linear modules' names that are most like `pattern`, the most alike first.
pub(crate) fn nearest(pattern: &str, modules: &[Module]) -> Vec<String> {
    let mut candidates: Vec<(f64, String)> = Vec::new();
    for module in modules.iter().filter(|module| module.is_linear() && !module.head) {
        // The name below its layer: attn.c_attn of transformer.h.0.attn.c_attn.
        let ending = module
            .name
            .rsplit_once(|c: char| c.is_ascii_digit())
            .map_or(module.name.as_str(), |(_, end)| end);
        let ending = ending.trim_start_matches('.');
        if candidates.iter().all(|(_, known)| known != ending) {
            let last = ending.rsplit('.').next().unwrap_or(ending);
            let alike = |name: &str| strsim::jaro_winkler(pattern, name);
            let likeness = alike(last).max(alike(ending)).max(alike(&module.name));
            candidates.push((likeness, ending.to_owned()));
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    candidates.into_iter().take(4).map(|(_, name)| name).collect()
}
