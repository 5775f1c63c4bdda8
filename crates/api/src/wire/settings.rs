//! The person's choices and drafts, and the state of the machine.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{Doctor, Error, Kind, doctor};

/// What a person has chosen. Kept in settings.json.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// The language of the texts, `en` or `zh`; none: the system's.
    pub language: Option<String>,
    /// Light, dark, or the system's.
    pub theme: ThemeChoice,
    /// The folder of projects; none: `Episome` at home.
    pub projects: Option<PathBuf>,
    /// Further folders in which runs and adapters are looked for.
    pub folders: Vec<PathBuf>,
    /// Use what is on this machine and open no connection.
    pub offline: bool,
    /// Threads that training computes with; none: one for each core.
    pub threads: Option<u32>,
    /// Where training computes: `auto`, `cpu`, `cuda` or `metal`.
    pub device: Option<String>,
    /// Whether the tour of the first start was seen or skipped.
    pub tour_seen: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// What the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What the machine has, and a text about it to send to someone who helps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Diagnostics {
    /// What the engine finds.
    pub machine: Doctor,
    /// The program that trains; none: it was not found, and nothing can be trained.
    pub worker: Option<PathBuf>,
    /// The same in lines of text without the names of private folders.
    pub text: String,
}

/// A draft, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftRequest {
    /// Letters, digits, `-` and `_`.
    pub name: String,
}

/// A draft: what a person has filled in and not started yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Its name: letters, digits, `-` and `_`.
    pub name: String,
    /// Whatever the user interface wants to find again; `null` where there is none. Written as `null`, it is removed.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// The drafts that are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Drafts {
    /// Their names, in order.
    pub names: Vec<String>,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("settings.read", |state: &State, _: Nothing| Ok(read(state))),
        Command::new("settings.write", write),
        Command::new("settings.diagnostics", diagnostics),
        Command::new("drafts.list", |state: &State, _: Nothing| Ok(Drafts { names: draft_names(state) })),
        Command::new("drafts.read", read_draft),
        Command::new("drafts.write", write_draft),
    ]
}

/// The settings; those of a new user where there is no file or it cannot be understood.
pub(super) fn read(state: &State) -> Settings {
    std::fs::read(state.places().configuration.join("settings.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

fn write(state: &State, settings: Settings) -> Result<Settings, Error> {
    for folder in settings.projects.iter().chain(&settings.folders) {
        if !folder.is_absolute() {
            return Err(Error::new(Kind::Usage, format!("{} is not a whole path", folder.display()))
                .at(folder.display())
                .remedy("choose a folder with the button"));
        }
    }
    store(&state.places().configuration, "settings.json", &settings)?;
    Ok(settings)
}

/// Writes aside and renames, so that the file is whole whatever happens.
fn store(folder: &Path, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let path = folder.join(name);
    let text = serde_json::to_vec_pretty(value).map_err(|error| {
        Error::new(Kind::Internal, format!("{name} could not be written as JSON: {error}"))
    })?;
    // Two windows may write at the same time; each has a name of its own.
    let aside = folder.join(format!(".{name}.{}.partial", std::process::id()));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&aside, text))
        .and_then(|()| std::fs::rename(&aside, &path))
        .map_err(|error| {
            let _ = std::fs::remove_file(&aside);
            Error::file("write", &path, &error)
        })
}

fn draft_folder(state: &State) -> PathBuf {
    state.places().configuration.join("drafts")
}

pub(super) fn draft_names(state: &State) -> Vec<String> {
    let entries = std::fs::read_dir(draft_folder(state)).into_iter().flatten().flatten();
    let names =
        entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn draft_file(name: &str) -> Result<String, Error> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 100 || !name.chars().all(fine) {
        return Err(Error::new(Kind::Usage, format!("a draft cannot be named {name:?}"))
            .remedy("use letters, digits, - and _"));
    }
    Ok(format!("{name}.json"))
}

fn read_draft(state: &State, request: DraftRequest) -> Result<Draft, Error> {
    let path = draft_folder(state).join(draft_file(&request.name)?);
    let value = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Value::Null,
        Err(error) => return Err(Error::file("read", &path, &error)),
    };
    Ok(Draft { name: request.name, value })
}

fn write_draft(state: &State, draft: Draft) -> Result<Nothing, Error> {
    let file = draft_file(&draft.name)?;
    let folder = draft_folder(state);
    if !draft.value.is_null() {
        store(&folder, &file, &draft.value)?;
        return Ok(Nothing {});
    }
    match std::fs::remove_file(folder.join(&file)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove", &folder.join(file), &error))
        }
        _ => Ok(Nothing {}),
    }
}

fn diagnostics(state: &State, _: Nothing) -> Result<Diagnostics, Error> {
    let machine = doctor(&state.engine());
    let worker = state.places().worker.clone();
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let free = |folder: &crate::Folder| folder.free_bytes.map_or("unknown".to_owned(), gigabytes);
    let mut text = format!(
        "Episome {}\nSystem: {}\nProcessor: {} ({} cores, {})\nDevice: {}, {} threads\nMemory: {} of {} free\nCache disk: {} free\n\
         Hub cache disk: {} free\nHub: {}\nWorker: {}\n",
        machine.version,
        machine.build,
        machine.processor,
        machine.cores,
        machine.instructions.join(", "),
        machine.device,
        machine.threads,
        gigabytes(machine.memory.available_bytes),
        gigabytes(machine.memory.total_bytes),
        free(&machine.cache),
        free(&machine.hub_cache),
        if machine.hub.offline { "offline" } else { "online" },
        if worker.is_some() { "found" } else { "not found" },
    );
    for problem in &machine.problems {
        text += &format!("Problem: {}\n", without_folders(problem, &machine));
    }
    Ok(Diagnostics { machine, worker, text })
}

/// Folders name people.
fn without_folders(problem: &str, machine: &Doctor) -> String {
    let mut text = problem.to_owned();
    for (folder, name) in [(&machine.cache, "the cache"), (&machine.hub_cache, "the Hub cache")] {
        text = text.replace(&folder.path.display().to_string(), name);
    }
    text
}
