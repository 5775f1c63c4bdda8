//! The person's choices and drafts, and the state of the machine.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{Doctor, Error, Kind, doctor, private_paths};

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

/// Some of the choices, changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingsChange {
    /// The fields of [`Settings`] that change; the others stay as they are, whoever set them.
    #[ts(type = "Partial<Settings>")]
    pub changes: Map<String, Value>,
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
    /// What it was when it was read or written last; absent in a request: whatever it is now is written over.
    #[serde(default)]
    #[ts(optional)]
    pub revision: Option<String>,
}

/// A draft after it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftWritten {
    /// Whether it was: not where another window has written it since `revision`, whose draft then stays.
    pub written: bool,
    /// What it is now.
    pub revision: String,
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
        Command::new("settings.change", change),
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

fn change(state: &State, request: SettingsChange) -> Result<Settings, Error> {
    let folder = &state.places().configuration;
    let _alone = alone(folder)?;
    let known = serde_json::to_value(read(state)).map_err(|error| unwritable("settings.json", &error))?;
    let Value::Object(mut fields) = known else {
        return Err(Error::new(
            Kind::Internal,
            "settings.json could not be written as JSON: it is no object",
        ));
    };
    fields.extend(request.changes);
    let settings: Settings = serde_json::from_value(Value::Object(fields)).map_err(|error| {
        Error::new(Kind::Usage, format!("settings.change cannot be asked that: {error}"))
            .at("settings.change")
            .remedy("correct the field that the message names")
    })?;
    for folder in settings.projects.iter().chain(&settings.folders) {
        if !folder.is_absolute() {
            return Err(Error::new(Kind::Usage, format!("{} is not a whole path", folder.display()))
                .at(folder.display())
                .remedy("choose a folder with the button"));
        }
    }
    store(folder, "settings.json", &settings)?;
    Ok(settings)
}

/// Holds off every other window and program that wants to change what lies in `folder`, until it is dropped.
fn alone(folder: &Path) -> Result<File, Error> {
    let path = folder.join(".lock");
    let held = std::fs::create_dir_all(folder).and_then(|()| File::create(&path)).and_then(|file| {
        file.lock()?;
        Ok(file)
    });
    held.map_err(|error| Error::file("write", &path, &error))
}

fn unwritable(name: &str, error: &serde_json::Error) -> Error {
    Error::new(Kind::Internal, format!("{name} could not be written as JSON: {error}"))
}

/// Writes aside and renames, so that the file is whole whatever happens; the bytes.
fn store(folder: &Path, name: &str, value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let path = folder.join(name);
    let text = serde_json::to_vec_pretty(value).map_err(|error| unwritable(name, &error))?;
    // Two windows, or two pages of one program, may write at the same time; each has a name of its own.
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        let mut aside =
            tempfile::Builder::new().prefix(&format!(".{name}.")).suffix(".partial").tempfile_in(folder)?;
        aside.write_all(&text)?;
        aside.persist(&path)?;
        Ok(text)
    });
    written.map_err(|error| Error::file("write", &path, &error))
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
    let bytes = draft_bytes(&draft_folder(state).join(draft_file(&request.name)?))?;
    // One that cannot be understood is as good as none.
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Draft { name: request.name, value, revision: Some(revision(&bytes)) })
}

/// A draft as it lies there; nothing where there is none.
fn draft_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(|error| Error::file("read", path, &error)),
    }
}

/// What tells one state of a draft from another.
fn revision(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn write_draft(state: &State, draft: Draft) -> Result<DraftWritten, Error> {
    let file = draft_file(&draft.name)?;
    let folder = draft_folder(state);
    let path = folder.join(&file);
    let _alone = alone(&folder)?;
    let now = revision(&draft_bytes(&path)?);
    if draft.revision.is_some_and(|known| known != now) {
        return Ok(DraftWritten { written: false, revision: now });
    }
    let bytes = if draft.value.is_null() {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file("remove", &path, &error));
            }
            _ => Vec::new(),
        }
    } else {
        store(&folder, &file, &draft.value)?
    };
    Ok(DraftWritten { written: true, revision: revision(&bytes) })
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
        if worker.is_some() { "found" } else { "missing" },
    );
    for problem in &machine.problems {
        text += &format!("Problem: {problem}\n");
    }
    let own = [&machine.cache.path, &machine.hub_cache.path].into_iter().chain(&worker);
    let text = without_paths(&text, own);
    Ok(Diagnostics { machine, worker, text })
}

/// A text without the folders in which things lie: they name people and projects. `own` are those that are known, which
/// may hold blanks; any other path is found by its form.
fn without_paths<'p>(text: &str, own: impl Iterator<Item = &'p PathBuf>) -> String {
    let mut text = text.to_owned();
    for path in own {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        text = text.replace(&path.display().to_string(), &name);
    }
    private_paths::shorten(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_name_no_folder_of_a_person() {
        let text = "Problem: only 3 MB are free for the cache (/home/ada lovelace/.cache/episome): free some space\n\
                    Problem: The graphics card is not used: /home/ada/bin/episome-cuda is installed, but it said nothing\n";
        let clean = without_paths(text, [PathBuf::from("/home/ada lovelace/.cache/episome")].iter());
        assert!(!clean.contains("ada") && !clean.contains("/home"), "{clean}");
        assert!(
            clean.contains("the cache (episome)") && clean.contains("episome-cuda is installed"),
            "{clean}"
        );
    }
}
