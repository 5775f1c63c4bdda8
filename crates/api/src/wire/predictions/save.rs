//! Saving the rows of a prediction as a file of the person's choice.

use std::path::PathBuf;

use predict::RowWriter;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::table::{RowFilter, RowSort};
use crate::Error;
use crate::wire::results::Saved;
use crate::wire::state::State;

/// The kinds of file that rows are saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RowFormat {
    /// Commas.
    Csv,
    /// Tabs.
    Tsv,
    /// Excel and LibreOffice.
    Xlsx,
    /// The sequences, with labels in their headers.
    Fasta,
    /// A JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

impl RowFormat {
    fn ending(self) -> &'static str {
        match self {
            RowFormat::Csv => "csv",
            RowFormat::Tsv => "tsv",
            RowFormat::Xlsx => "xlsx",
            RowFormat::Fasta => "fasta",
            RowFormat::Jsonl => "jsonl",
            RowFormat::Parquet => "parquet",
        }
    }
}

/// Rows to save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SaveRowsRequest {
    /// The number of the prediction's job.
    pub job: String,
    /// The kind of file.
    pub format: RowFormat,
    /// The file as a person named it in the system's dialog, which asked before one is written over; a name that lacks its
    /// ending gets it, and then one that is not taken. Absent: a new one in the folder `predictions` of the projects.
    pub out: Option<PathBuf>,
    /// The order; absent: that of the input.
    pub sort: Option<RowSort>,
    /// Which rows; absent: all.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub filter: RowFilter,
}

/// Saves rows.
pub fn save(state: &State, request: SaveRowsRequest) -> Result<Saved, Error> {
    let table = super::table(state, &request.job)?;
    let ending = request.format.ending();
    let path = match request.out {
        Some(path) => {
            let fits = predict::Format::of(&path).is_ok();
            crate::folders::agreed(path, fits, ending)
        }
        None => {
            let folder = state.projects().join("predictions");
            std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
            crate::folders::vacant(&folder, &format!("predictions.{ending}"))
        }
    };
    let create = |labels: &[String]| Ok(RowWriter::create(&path, labels, true)?);
    let writer = table.each(request.sort.as_ref(), &request.filter, create)?;
    Ok(Saved { path: writer.finish()? })
}
