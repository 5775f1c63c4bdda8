//! A project of simulated sequences.

use std::path::{Path, PathBuf};

use sequence::simulate::{Settings, write_project};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Kind};

/// What a simulation wrote. The sequences are made up: they say nothing about biology.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Simulated {
    /// The folder.
    pub folder: PathBuf,
    /// Labelled sequences, with a column for the split.
    pub train: PathBuf,
    /// Sequences without labels, to predict.
    pub unlabelled: PathBuf,
    /// The truth about every sequence.
    pub truth: PathBuf,
    /// The settings, the seed among them.
    pub settings: PathBuf,
    /// What this is, in words.
    pub readme: PathBuf,
    /// The seed: the same one gives the same bytes.
    #[ts(type = "number")]
    pub seed: u64,
}

/// Writes a project of simulated sequences into the new folder `out`.
pub fn simulate(out: &Path, settings: &Settings) -> Result<Simulated, Error> {
    if std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) || out.is_file() {
        return Err(Error::new(
            Kind::File,
            format!("{} is there already, and is not written over", out.display()),
        )
        .at(out.display())
        .remedy("choose another --out"));
    }
    let project = write_project(out, settings)?;
    Ok(Simulated {
        folder: out.to_owned(),
        train: project.train,
        unlabelled: project.unlabelled,
        truth: project.truth,
        settings: project.settings,
        readme: project.readme,
        seed: settings.seed,
    })
}
