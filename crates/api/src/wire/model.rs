//! Base models.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::carry::carry;
use super::command::{Command, Nothing};
use super::data::DataRequest;
use super::jobs::Job;
use super::method::Configuration;
use super::state::State;
use crate::{
    EMBEDDED_MODEL, Engine, Error, Kind, RepositoryKind, TrainRequest, doctor, dry_run, hub_download,
    hub_outline, hub_search, inspect_model,
};

/// The models that can be chosen without a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelList {
    /// The embedded model, then the catalogue.
    pub models: Vec<ListedModel>,
}

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ListedModel {
    /// What `model.inspect` and `training.start` take.
    pub name: String,
    /// Where it comes from.
    pub source: ModelSource,
    /// Architecture.
    pub family: Option<String>,
    /// What turns a sequence into tokens, in words.
    pub tokenizer: Option<String>,
    /// Parameters, about.
    pub parameters: Option<u64>,
    /// Licence.
    pub licence: Option<String>,
    /// Whether it can be used.
    pub supported: bool,
    /// Why it cannot be used.
    pub reason: Option<String>,
    /// The supported model that comes nearest.
    pub nearest: Option<String>,
    /// A sentence for a biologist.
    pub about: Option<String>,
    /// Whether its weights are on this machine.
    pub downloaded: bool,
}

/// Where a listed model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelSource {
    /// The program itself.
    Embedded,
    /// The catalogue of models on the Hub.
    Catalogue,
}

/// A search of the Hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchRequest {
    /// Words.
    pub query: String,
    /// Models, or data sets.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub kind: SearchKind,
    /// How many at most.
    #[serde(default = "twenty")]
    #[ts(optional, as = "Option<_>")]
    pub limit: usize,
}

fn twenty() -> usize {
    20
}

/// What is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// Models.
    #[default]
    Model,
    /// Data sets.
    Dataset,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchResults {
    /// The most downloaded first.
    pub results: Vec<SearchResult>,
}

/// A repository that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchResult {
    /// `owner/name`.
    pub id: String,
    /// Downloads in the last thirty days.
    pub downloads: u64,
    /// Likes.
    pub likes: u64,
    /// The library that reads it.
    pub library: Option<String>,
    /// Licence.
    pub licence: Option<String>,
    /// Whether a person must ask for access first.
    pub gated: bool,
    /// Time of the last commit (RFC 3339).
    pub last_modified: Option<String>,
    /// Where a person reads about it.
    pub page: String,
}

/// A model, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ModelRequest {
    /// The embedded model's name, a folder, or a Hub id.
    pub model: String,
    /// The revision of a Hub model.
    pub revision: Option<String>,
}

/// What a base model is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelReport {
    /// The name that finds it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The commit on the Hub.
    pub revision: Option<String>,
    /// The architecture, as config.json names it.
    pub family: String,
    /// All its parameters, as a language model.
    pub parameters: u64,
    /// Blocks.
    pub layers: usize,
    /// Width of the hidden state.
    pub width: usize,
    /// Token ids.
    pub vocabulary: usize,
    /// The longest sequence, in tokens.
    pub longest_sequence: usize,
    /// Names of classes, where it has a classification head.
    pub labels: Vec<String>,
    /// Bytes of its weight files.
    pub weights_bytes: Option<u64>,
    /// Its tokenizer, where there is one.
    pub tokenizer: Option<ModelTokenizer>,
    /// The modules that LoRA usually takes.
    pub suggested_targets: Vec<String>,
    /// Every module that holds weights.
    pub modules: Vec<ModelModule>,
}

/// What a tokenizer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelTokenizer {
    /// Its tokens.
    pub tokens: usize,
    /// The letters that it knows, in words.
    pub letters: String,
}

/// One module that holds weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelModule {
    /// The full name: `transformer.h.0.attn.c_attn`.
    pub name: String,
    /// `Conv1D`, `Linear`, `LayerNorm` or `Embedding`.
    pub kind: String,
    /// The shape of its weight.
    pub shape: Vec<usize>,
    /// Whether it has a bias.
    pub bias: bool,
    /// Parameters that it adds to the model.
    pub parameters: u64,
    /// Whether it is the task's output layer.
    pub head: bool,
}

/// How a download gets on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DownloadProgress {
    /// The file in the works.
    pub file: String,
    /// Files that are complete.
    pub files_done: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes that are here.
    pub done: u64,
    /// Bytes of all files.
    pub size: u64,
}

impl From<&crate::DownloadProgress> for DownloadProgress {
    fn from(progress: &crate::DownloadProgress) -> DownloadProgress {
        DownloadProgress {
            file: progress.file.clone(),
            files_done: progress.files_done,
            files: progress.files,
            done: progress.done,
            size: progress.size,
        }
    }
}

/// What a download brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Downloaded {
    /// The repository's id.
    pub id: String,
    /// The commit.
    pub commit: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Something that the user should know.
    pub note: Option<String>,
}

/// Would this training fit this machine?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct FitRequest {
    /// The base model. Of one on the Hub, its small files are fetched where they are not here yet.
    pub model: String,
    /// The revision of a Hub model.
    pub revision: Option<String>,
    /// The data.
    pub data: DataRequest,
    /// The method and its settings.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub configuration: Configuration,
}

/// What a training would need here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Fit {
    /// Bytes of memory at the peak.
    pub bytes: u64,
    /// Bytes of memory that a program could have now; 0 where the system does not tell.
    pub available_bytes: u64,
    /// Seconds of training and evaluating, measured on this machine; null where no more than the number of the model's
    /// parameters is known: `bytes` are then those of its weights, the least that it needs.
    pub seconds: Option<f64>,
    /// The judgement.
    pub verdict: Verdict,
}

/// Whether a training fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// With room to spare.
    Fits,
    /// More than two thirds of the free memory: other programs may have to be closed.
    Tight,
    /// It needs more memory than is free.
    TooLarge,
}

fn fit(state: &State, request: FitRequest) -> Result<Fit, Error> {
    let mut asked = request.data.training(Some(request.model.clone()), &request.configuration)?;
    asked.revision = request.revision;
    let (bytes, seconds) = match estimate(state, &request.model, asked) {
        Ok(estimate) => (estimate.memory_bytes, Some(estimate.seconds)),
        Err(error) => match hub::catalogue().model(&request.model).and_then(|entry| entry.parameters) {
            Some(parameters) if error.kind == Kind::Model => (parameters * 4, None),
            _ => return Err(error),
        },
    };
    let available_bytes = doctor(&state.engine()).memory.available_bytes;
    let verdict = if available_bytes == 0 || bytes * 3 <= available_bytes * 2 {
        Verdict::Fits
    } else if bytes <= available_bytes {
        Verdict::Tight
    } else {
        Verdict::TooLarge
    };
    Ok(Fit { bytes, available_bytes, seconds, verdict })
}

/// What a training would take. Of a Hub's model that is not here its configuration and its tokenizer are fetched, which say
/// all that is needed and are small.
fn estimate(state: &State, model: &str, asked: TrainRequest) -> Result<train::Estimate, Error> {
    match dry_run(&here(state), asked.clone(), &mut |_| {}) {
        Err(error) if error.kind == Kind::Network => {
            let folder = hub_outline(&state.engine(), model, asked.revision.as_deref())
                .map_err(|_| not_here(model, error))?;
            let outline = Some(folder.to_string_lossy().into_owned());
            dry_run(&here(state), TrainRequest { model: outline, revision: None, ..asked }, &mut |_| {})
                .map_err(|error| by_name(error, &folder, model))
        }
        other => other,
    }
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("model.list", list),
        Command::new("model.search", search),
        Command::new("model.inspect", inspect),
        Command::new("model.fit", fit),
        Command::job("model.download", download),
    ]
}

/// The engine without a network: a question about a model must not bring gigabytes along.
pub(super) fn here(state: &State) -> Engine {
    let mut engine = state.engine();
    engine.hub.offline = true;
    engine
}

/// An error about a model's outline in the cache, as one about the model: a person knows it by its name.
fn by_name(error: Error, outline: &Path, model: &str) -> Error {
    let named = |text: String| text.replace(&outline.display().to_string(), model);
    let Error { kind, message, place, remedy, choices } = error;
    Error { kind, message: named(message), place: place.map(named), remedy: named(remedy), choices }
}

/// What to do about a model of the Hub that is not on this machine.
pub(super) fn not_here(model: &str, error: Error) -> Error {
    if error.kind != Kind::Network {
        return error;
    }
    Error::new(Kind::Model, format!("{model} is not on this machine yet"))
        .at(model)
        .remedy("download it first: only then can it be looked into")
}

fn inspect(state: &State, request: ModelRequest) -> Result<ModelReport, Error> {
    let revision = request.revision.as_deref();
    let report = inspect_model(&here(state), &request.model, revision, &mut |_| {});
    carry(&report.map_err(|error| not_here(&request.model, error))?)
}

fn list(state: &State, _: Nothing) -> Result<ModelList, Error> {
    let engine = state.engine();
    let embedded = inspect_model(&engine, EMBEDDED_MODEL, None, &mut |_| {})?;
    let mut models = vec![ListedModel {
        name: embedded.name,
        source: ModelSource::Embedded,
        family: Some(embedded.family),
        tokenizer: None,
        parameters: Some(embedded.parameters as u64),
        licence: None,
        supported: true,
        reason: None,
        nearest: None,
        about: None,
        downloaded: true,
    }];
    models.extend(hub::catalogue().models.iter().map(|model| ListedModel {
        name: model.id.clone(),
        source: ModelSource::Catalogue,
        family: Some(model.family.clone()),
        tokenizer: Some(model.tokenizer.clone()),
        parameters: model.parameters,
        licence: model.licence.clone(),
        supported: model.status == hub::Status::Supported,
        reason: model.reason.clone(),
        nearest: model.nearest.clone(),
        about: Some(model.about.clone()),
        downloaded: model.status == hub::Status::Supported && crate::is_downloaded(&engine, &model.id),
    }));
    Ok(ModelList { models })
}

fn search(state: &State, request: SearchRequest) -> Result<SearchResults, Error> {
    let kind = match request.kind {
        SearchKind::Model => RepositoryKind::Model,
        SearchKind::Dataset => RepositoryKind::Dataset,
    };
    let found = hub_search(&state.engine(), &request.query, kind, request.limit.clamp(1, 100))?;
    let result = |found: crate::HubResult| SearchResult {
        id: found.summary.id,
        downloads: found.summary.downloads,
        likes: found.summary.likes,
        library: found.summary.library,
        licence: found.summary.licence,
        gated: found.summary.gate != hub::Gate::Open,
        last_modified: found.summary.last_modified,
        page: found.summary.page,
    };
    Ok(SearchResults { results: found.results.into_iter().map(result).collect() })
}

fn download(_: &State, job: &Job<DownloadProgress>, request: ModelRequest) -> Result<Downloaded, Error> {
    let mut tell = |progress: &crate::DownloadProgress| job.tell(&progress.into());
    let revision = request.revision.as_deref();
    if request.model != EMBEDDED_MODEL {
        // Its small files tell whether it can be used, before gigabytes are fetched for nothing.
        let outline = hub_outline(job.engine(), &request.model, revision)?;
        inspect_model(job.engine(), &outline.to_string_lossy(), None, &mut |_| {})
            .map_err(|error| by_name(error, &outline, &request.model))?;
    }
    let found = hub_download(job.engine(), &request.model, RepositoryKind::Model, revision, None, &mut tell)?;
    Ok(Downloaded { id: found.id, commit: found.commit, folder: found.folder, note: found.note })
}
