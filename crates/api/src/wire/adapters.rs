//! The library of adapters.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::jobs::Job;
use super::results::Saved;
use super::state::State;
use crate::{
    AdapterCheck, AdapterProgress, Adapters, CardForm, Error, Exported, Imported, Merged, UploadPlan,
    UploadRequest, UploadTarget, UploadedAdapter, bring_back, check_adapter, export, import_adapter, merge,
    pack, plan_upload, read_card, snippet, throw_away, upload, write_card,
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
}

/// An adapter as one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The zip archive as a person named it in the system's dialog, which asked before one is written over; a name without
    /// `.zip` gets it, and then one that is not taken. Absent: one in the folder `exports` of the projects.
    #[ts(optional)]
    pub out: Option<PathBuf>,
}

/// Merging an adapter into its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct MergeRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model.
    pub model: Option<String>,
    /// The new folder; absent: one in the folder `models` of the projects, named after the adapter.
    pub out: Option<PathBuf>,
}

/// An adapter from somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// A folder, a zip archive, or the id of a repository on the Hub.
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
        Command::job("adapters.import", import),
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
        Command::job("adapters.check", check),
        Command::new("adapters.export", export_adapter),
        Command::new("adapters.pack", pack_adapter),
        Command::job("adapters.merge", merge_adapter),
        Command::new(
            "adapters.upload_plan",
            |_: &State, request: UploadRequest| -> Result<UploadPlan, Error> { plan_upload(&request) },
        ),
        Command::job("adapters.upload", upload_adapter),
    ]
}

fn list(state: &State, _: Nothing) -> Result<Adapters, Error> {
    // What was exported from the library and what was dropped as data are copies of it or none of it.
    let copies = ["exports", "data"].map(|name| state.projects().join(name));
    let mut listed = crate::adapters(&super::runs::folders(state))?;
    listed.adapters.retain(|one| !copies.iter().any(|folder| one.folder.starts_with(folder)));
    Ok(listed)
}

fn import(state: &State, job: &Job<AdapterProgress>, request: ImportRequest) -> Result<Imported, Error> {
    let library = state.projects().join("adapters");
    import_adapter(job.engine(), &request.source, &library, &mut |progress| job.tell(progress))
}

fn check(_: &State, job: &Job<AdapterProgress>, request: AdapterRequest) -> Result<AdapterCheck, Error> {
    check_adapter(job.engine(), &request.adapter, request.model.as_deref(), &mut |progress| {
        job.tell(progress)
    })
}

fn merge_adapter(state: &State, job: &Job<AdapterProgress>, request: MergeRequest) -> Result<Merged, Error> {
    let out = match request.out {
        Some(out) => out,
        None => state.place_for_model(&format!("{}-merged", name_of(&request.adapter)))?,
    };
    merge(job.engine(), &request.adapter, request.model.as_deref(), &out, &mut |progress| job.tell(progress))
}

/// An adapter that is to be sent, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UploadAdapterRequest {
    /// What is to be sent.
    #[serde(flatten)]
    pub adapter: UploadRequest,
    /// Where to.
    #[serde(flatten)]
    pub target: UploadTarget,
}

fn upload_adapter(
    _: &State,
    job: &Job<UploadStep>,
    request: UploadAdapterRequest,
) -> Result<UploadedAdapter, Error> {
    upload(job.engine(), &request.adapter, &request.target, &mut |progress| job.tell(&progress.into()))
}

/// How an upload gets on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UploadStep {
    /// What it is at.
    pub phase: UploadStage,
    /// The file in the works; empty between files.
    pub file: String,
    /// Files that are there.
    pub files_done: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes that were sent or are there already.
    pub done: u64,
    /// Bytes of all files.
    pub size: u64,
}

/// What an upload is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UploadStage {
    /// Reading the files and looking at the repository.
    Preparing,
    /// Sending.
    Sending,
    /// Everything is there; the Hub makes the commit.
    Committing,
}

impl From<&crate::UploadProgress> for UploadStep {
    fn from(progress: &crate::UploadProgress) -> UploadStep {
        UploadStep {
            phase: match progress.phase {
                crate::UploadPhase::Preparing => UploadStage::Preparing,
                crate::UploadPhase::Sending => UploadStage::Sending,
                crate::UploadPhase::Committing => UploadStage::Committing,
            },
            file: progress.file.clone(),
            files_done: progress.files_done,
            files: progress.files,
            done: progress.done,
            size: progress.size,
        }
    }
}

/// What an adapter is called: a run's adapter by the run's name.
fn name_of(adapter: &Path) -> String {
    let named = adapter.file_name().filter(|name| *name != "adapter");
    let name = named.or(adapter.parent().and_then(Path::file_name));
    name.unwrap_or_default().to_string_lossy().into_owned()
}

fn export_adapter(state: &State, request: ExportRequest) -> Result<Exported, Error> {
    let out = match request.out {
        Some(out) => out,
        None => state.place_for_export(&name_of(&request.adapter))?,
    };
    export(&request.adapter, &out, false)
}

fn pack_adapter(state: &State, request: PackRequest) -> Result<Saved, Error> {
    let path = match request.out {
        Some(path) => {
            let fits = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
            crate::folders::agreed(path, fits, "zip")
        }
        None => state.place_for_export(&format!("{}.zip", name_of(&request.adapter)))?,
    };
    pack(&request.adapter, &path)?;
    Ok(Saved { path })
}
