//! The library of adapters.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::results::Saved;
use super::state::State;
use crate::{
    AdapterCheck, Adapters, CardForm, Error, Exported, Imported, Merged, bring_back, check_adapter, export,
    import_adapter, merge, read_card, snippet, throw_away, write_card,
};

/// An adapter, and its base model where its own name for it does not lead there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct AdapterRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model.
    pub model: Option<String>,
}

/// Copying an adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The new folder; absent: one in the folder `exports` of the projects.
    #[ts(optional)]
    pub out: Option<PathBuf>,
    /// Whether to make `out`.zip, too.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub zip: bool,
}

/// Merging an adapter into its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct MergeRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model.
    pub model: Option<String>,
    /// The new folder.
    pub out: PathBuf,
}

/// An adapter from somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// A folder, or a zip archive.
    pub source: PathBuf,
}

/// A card to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WriteCardRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// What a person has filled in.
    pub card: CardForm,
}

/// A program to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// Python.
    pub code: String,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderRequest {
    /// Where it is, or was.
    pub folder: PathBuf,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("adapters.import", |state: &State, request: ImportRequest| -> Result<Imported, Error> {
            import_adapter(&state.engine(), &request.source, &state.projects().join("adapters"))
        }),
        Command::new("adapters.card", |_: &State, request: AdapterRequest| -> Result<CardForm, Error> {
            read_card(&request.adapter)
        }),
        Command::new("adapters.write_card", |_: &State, request: WriteCardRequest| -> Result<Saved, Error> {
            Ok(Saved { path: write_card(&request.adapter, &request.card)? })
        }),
        Command::new(
            "adapters.snippet",
            |state: &State, request: AdapterRequest| -> Result<Snippet, Error> {
                Ok(Snippet { code: snippet(&state.engine(), &request.adapter, request.model.as_deref())? })
            },
        ),
        Command::new("adapters.trash", |_: &State, request: FolderRequest| {
            throw_away(&request.folder).map(|()| Nothing {})
        }),
        Command::new("adapters.restore", |_: &State, request: FolderRequest| {
            bring_back(&request.folder).map(|()| Nothing {})
        }),
        Command::new("adapters.list", list),
        Command::new("adapters.check", check),
        Command::new("adapters.export", export_adapter),
        Command::new("adapters.merge", |state: &State, request: MergeRequest| -> Result<Merged, Error> {
            merge(&state.engine(), &request.adapter, request.model.as_deref(), &request.out, &mut |_| {})
        }),
    ]
}

fn list(state: &State, _: Nothing) -> Result<Adapters, Error> {
    // What was exported from the library and what was dropped as data are copies of it or none of it.
    let copies = ["exports", "data"].map(|name| state.projects().join(name));
    let mut listed = crate::adapters(&super::runs::folders(state))?;
    listed.adapters.retain(|one| !copies.iter().any(|folder| one.folder.starts_with(folder)));
    Ok(listed)
}

fn check(state: &State, request: AdapterRequest) -> Result<AdapterCheck, Error> {
    check_adapter(&state.engine(), &request.adapter, request.model.as_deref(), &mut |_| {})
}

fn export_adapter(state: &State, request: ExportRequest) -> Result<Exported, Error> {
    let out = match request.out {
        Some(out) => out,
        None => {
            // A run's adapter is called by the run's name.
            let named = request.adapter.file_name().filter(|name| *name != "adapter");
            let name = named.or(request.adapter.parent().and_then(std::path::Path::file_name));
            state.place_for_export(&name.unwrap_or_default().to_string_lossy())?
        }
    };
    export(&request.adapter, &out, request.zip)
}
