//! run.json: all that is needed to repeat a run.

use crate::error::Error;
use crate::files;
use crate::hyperparameters::Group;
use crate::hyperparameters::{Hyperparameters, described, set_field};
use sequence::Mend;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a run is made of: its data, its base model and its settings. Saved as run.json.
///
/// A configuration for a new run leaves empty what [`crate::start`] finds out: hashes, labels, the version. A run.json read
/// back has them, and a new run started from it warns when a file is not the same any more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunConfiguration {
    /// The version of the program that made the run.
    pub version: String,
    /// When the run was made, UTC.
    pub created: String,
    /// The base model.
    pub base: BaseConfiguration,
    /// The records.
    pub data: DataConfiguration,
    /// Every setting.
    pub hyperparameters: Hyperparameters,
}

/// The base model of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BaseConfiguration {
    /// The name that finds it again: an embedded model's, a folder, or a Hub id. It becomes the adapter's
    /// `base_model_name_or_path`.
    pub name: String,
    /// The revision on the Hub, a commit.
    pub revision: Option<String>,
    /// SHA-256 over the weights, the configuration and the tokenizer; filled in by [`crate::start`].
    pub sha256: String,
}

/// The records of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataConfiguration {
    /// The Hub data set that the files come from, if they do.
    pub name: Option<String>,
    /// The revision of that data set, a commit.
    pub revision: Option<String>,
    /// Files with labelled records; what is held out is drawn from them unless the next two name files.
    pub train: Vec<PathBuf>,
    /// Files whose records choose the best checkpoint.
    pub validation: Vec<PathBuf>,
    /// Files whose records are scored once at the end.
    pub test: Vec<PathBuf>,
    /// The column with the sequences; `None`: guessed.
    pub sequence_column: Option<String>,
    /// The column with the labels; `None`: guessed.
    pub label_column: Option<String>,
    /// The column with the names of the records; `None`: guessed.
    pub id_column: Option<String>,
    /// The column that says train, validation or test; `None`: guessed.
    pub split_column: Option<String>,
    /// The column whose equal values stay in one split.
    pub group_column: Option<String>,
    /// How records that no file holds out are divided.
    pub split_by: SplitBy,
    /// Records that are left out because they would make the training or its judgement wrong.
    pub repair: Vec<Mend>,
    /// Share of the training files that becomes the validation split where no file and no column gives one.
    pub validation_fraction: f64,
    /// Share of the training files that becomes the test split where no file and no column gives one.
    pub test_fraction: f64,
    /// Leave out broken records instead of stopping.
    pub skip_invalid: bool,
    /// The labels in the order of the head's outputs; filled in by [`crate::start`].
    pub labels: Vec<String>,
    /// What was read from which column, guessed ones among them; filled in by [`crate::start`].
    pub columns: BTreeMap<String, String>,
    /// How records came to their splits, in a sentence; filled in by [`crate::start`].
    pub split: String,
    /// The files as they were read; filled in by [`crate::start`].
    pub files: Vec<DataFile>,
}

/// How records that no file holds out are divided into train, validation and test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SplitBy {
    /// As a column says, whole groups at a time where a column names groups, else at random within each class.
    #[default]
    Auto,
    /// At random within each class, whatever a column says.
    Random,
    /// Records that resemble each other stay together, whatever a column says.
    Similarity,
}

impl Default for DataConfiguration {
    fn default() -> Self {
        DataConfiguration {
            name: None,
            revision: None,
            train: Vec::new(),
            validation: Vec::new(),
            test: Vec::new(),
            sequence_column: None,
            label_column: None,
            id_column: None,
            split_column: None,
            group_column: None,
            split_by: SplitBy::Auto,
            repair: Vec::new(),
            validation_fraction: 0.1,
            test_fraction: 0.1,
            skip_invalid: false,
            labels: Vec::new(),
            columns: BTreeMap::new(),
            split: String::new(),
            files: Vec::new(),
        }
    }
}

/// A data file as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Where it lay.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
}

impl DataFile {
    /// The file in `path`, hashed.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let (sha256, bytes) = files::sha256(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::DataVanished { path: path.to_path_buf() },
            _ => Error::file("read", path)(source),
        })?;
        Ok(DataFile { path: path.to_path_buf(), bytes, sha256 })
    }
}

impl RunConfiguration {
    /// Reads the run.json of a run folder, or the file itself.
    ///
    /// # Errors
    /// When there is none, or it cannot be understood.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = if path.is_dir() { path.join("run.json") } else { path.to_path_buf() };
        let text = match std::fs::read_to_string(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::NotARun(path.to_path_buf()));
            }
            other => other.map_err(Error::file("read", &file))?,
        };
        let configuration: Self = serde_json::from_str(&text)
            .map_err(|error| Error::Broken { path: file, reason: error.to_string() })?;
        configuration.validate()?;
        Ok(configuration)
    }

    /// Sets a setting by its name in [`crate::HYPERPARAMETERS`], wherever it lives, from text.
    ///
    /// # Errors
    /// When there is no such setting, or it cannot be that.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
        match described(name) {
            Some(one) if one.group == Group::Data => self.data = set_field(&self.data, name, text)?,
            _ => self.hyperparameters.set(name, text)?,
        }
        Ok(())
    }

    /// Checks everything that can be checked without looking at the data.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn validate(&self) -> Result<(), Error> {
        self.hyperparameters.validate()?;
        let DataConfiguration { validation_fraction, test_fraction, .. } = self.data;
        for (flag, fraction, least) in
            [("--validation-fraction", validation_fraction, 0.01), ("--test-fraction", test_fraction, 0.0)]
        {
            if !(least..=0.5).contains(&fraction) {
                return Err(Error::Setting {
                    flag: flag.to_owned(),
                    value: fraction.to_string(),
                    reason: format!("it must lie between {least} and 0.5"),
                });
            }
        }
        Ok(())
    }

    /// All data files: training, validation, test.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.data.train.iter().chain(&self.data.validation).chain(&self.data.test)
    }
}
