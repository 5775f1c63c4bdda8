//! What the first screen shows.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::settings::{self, Settings};
use super::state::State;
use crate::{EMBEDDED_MODEL, Error, Folder, Memory, Run, SimulationSettings, doctor, simulate};

/// The state of things at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Overview {
    /// The program's version.
    pub version: String,
    /// Where tensors are computed: `cpu`, `cuda` or `metal`.
    pub device: String,
    /// The processor's name.
    pub processor: String,
    /// Threads that the engine computes with.
    pub threads: usize,
    /// Main memory.
    pub memory: Memory,
    /// The folder of projects, with the free space on its disk.
    pub projects: Folder,
    /// What stands in the way, each with what to do.
    pub problems: Vec<String>,
    /// The runs in the folders of projects, the newest first.
    pub runs: Vec<Run>,
    /// The base model inside the program.
    pub embedded_model: String,
    /// The sample project that the program can make.
    pub sample: SampleProject,
    /// Whether a worker that trains was found.
    pub can_train: bool,
    /// The person's choices.
    pub settings: Settings,
}

/// The sample project: simulated sequences, which say nothing about biology.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SampleProject {
    /// Labelled sequences in it.
    pub records: usize,
    /// Letters of each.
    pub length: usize,
}

/// The sample project's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sample {
    /// What `data.inspect` and `training.start` take as data.
    pub data: Vec<PathBuf>,
    /// Sequences without labels, to predict.
    pub unlabelled: PathBuf,
    /// What it is, in words (Markdown).
    pub readme: PathBuf,
    /// Always true: no organism made these sequences.
    pub simulated: bool,
}

pub(super) fn commands() -> Vec<Command> {
    vec![Command::new("home.overview", overview), Command::new("home.sample", sample)]
}

fn overview(state: &State, _: Nothing) -> Result<Overview, Error> {
    let engine = state.engine();
    let machine = doctor(&engine);
    let sample = SimulationSettings::default();
    Ok(Overview {
        version: machine.version,
        device: machine.device,
        processor: machine.processor,
        threads: machine.threads,
        memory: machine.memory,
        projects: doctor::folder_of(&state.projects()),
        problems: machine.problems,
        runs: super::runs::newest_first(state)?,
        embedded_model: EMBEDDED_MODEL.to_owned(),
        sample: SampleProject { records: sample.sequences, length: sample.length },
        can_train: state.places().worker.is_some(),
        settings: settings::read(state),
    })
}

/// Makes the sample project where it is not there yet: the same bytes whenever it is made.
fn sample(state: &State, _: Nothing) -> Result<Sample, Error> {
    let folder = state.projects().join("sample project");
    let files = ["train.csv", "unlabelled.fasta", "README.md"].map(|name| folder.join(name));
    if !files.iter().all(|file| file.is_file()) {
        crate::folders::renew(&folder, |aside| simulate(aside, &SimulationSettings::default()).map(|_| ()))?;
    }
    let [train, unlabelled, readme] = files;
    Ok(Sample { data: vec![train], unlabelled, readme, simulated: true })
}
