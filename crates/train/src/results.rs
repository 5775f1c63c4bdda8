//! What a finished run found, read from its report: the numbers, the mistakes, the thresholds, runs side by side.
//!
//! All of it comes from the files that the report consists of, so it cannot differ from report.html.

mod compare;
mod mistakes;
mod scored;
mod thresholds;

use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::folder::RunFolder;
use crate::report::{Metrics, Sheet};

pub use compare::{Compared, Comparison, DifferentSetting, MetricRow, compare};
pub use mistakes::{Mistake, Mistakes, mistakes};
pub use thresholds::{ThresholdPoint, Thresholds, thresholds};

/// The numbers of a run's report.
///
/// # Errors
/// When the run has no report yet, or it cannot be understood.
pub fn metrics(run: &Path) -> Result<Metrics, Error> {
    read(run, "metrics.json")
}

/// The words and figures of a run's report.
///
/// # Errors
/// When the run has no report yet, or it cannot be understood.
pub fn sheet(run: &Path) -> Result<Sheet, Error> {
    read(run, "report.json")
}

fn read<T: for<'de> Deserialize<'de>>(run: &Path, name: &str) -> Result<T, Error> {
    // A folder that is no run is told as that.
    RunFolder::at(run.to_owned()).configuration()?;
    let path = RunFolder::at(run.to_owned()).report().join(name);
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let written = path.with_file_name("report.html").is_file();
            let (run, file) = (run.to_owned(), name.to_owned());
            return Err(if written { Error::ReportLacks { run, file } } else { Error::NoReport(run) });
        }
        other => other.map_err(Error::file("read", &path))?,
    };
    serde_json::from_slice(&bytes).map_err(|error| Error::Broken { path, reason: error.to_string() })
}
