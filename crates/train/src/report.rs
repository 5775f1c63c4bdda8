//! The report of a run: numbers with their intervals, beside the baseline's, in files that open anywhere.
//!
//! [`write()`] turns a [`ReportInput`] into a folder:
//!
//! | file | content |
//! |---|---|
//! | `metrics.json` | every number of the report, full precision ([`Metrics`]) |
//! | `report.json` | the words and figures of the page, to be shown and drawn elsewhere ([`Sheet`]) |
//! | `predictions.csv` | the scored records: truth, prediction, probability and logit of each class, the baseline's beside them |
//! | `figures/*.svg`, `*.png` | every figure, light, and dark as `*-dark.*` |
//! | `figures/*.pdf` | every figure for print |
//! | `report.html` | one file without scripts or links to others, light and dark, made to be printed too |
//!
//! Numbers on the page are those of `metrics.json`, rounded by one function ([`format::score`]) wherever they stand.

mod dome;
mod figures;
pub mod format;
mod html;
mod input;
mod numbers;
mod predictions;
mod simulated;
mod words;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

pub use dome::DomeItem;
pub use figures::{Named, training_figures};
pub use input::{
    BaseModel, BaselineScored, DataFile, DataSummary, Environment, EvaluationPoint, History, PartSummary,
    ReportInput, Scored, Setting, StepPoint,
};
pub use numbers::{ClassCurves, Comparison, Metrics, ModelMetrics};
pub use simulated::simulated;

/// Why a report can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The scored records can't be evaluated.
    #[error("the {split} split can't be scored: {source}")]
    Metrics {
        /// Which split.
        split: String,
        /// Why.
        source: crate::metrics::Error,
    },
    /// Ids, lengths and labels are not of the same records.
    #[error("the report got {ids} ids and {lengths} lengths for {records} scored records")]
    Records {
        /// Ids that came.
        ids: usize,
        /// Lengths that came.
        lengths: usize,
        /// Labels that came.
        records: usize,
    },
    /// A figure can't be drawn.
    #[error("the figure {name} can't be drawn: {source}")]
    Figure {
        /// Which.
        name: String,
        /// Why.
        source: chart::Error,
    },
    /// A number is not one that JSON can hold.
    #[error("metrics.json can't be written: {0}")]
    Json(#[from] serde_json::Error),
    /// A file can't be written.
    #[error("{path}: can't be written ({source}); check the folder's permissions and the free space")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// What `report.json` holds: the words and figures of the page.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sheet {
    /// The run in a paragraph for a paper.
    pub methods: String,
    /// The items of the DOME recommendations.
    pub dome: Vec<DomeItem>,
    /// Every figure, as data.
    pub figures: Vec<Named>,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Report {
    /// `report.html`.
    pub page: PathBuf,
    /// All numbers, as in `metrics.json`.
    pub metrics: Metrics,
    /// What the language model adds to the baseline, in a sentence; or that there was no baseline.
    pub sentence: String,
    /// Every file that was written.
    pub files: Vec<PathBuf>,
}

/// Writes the report into `folder`, which is made when missing. Each file is written aside and renamed.
///
/// # Errors
/// When the records can't be scored, or a file can't be written.
pub fn write(folder: &Path, input: &ReportInput) -> Result<Report, Error> {
    let metrics = Metrics::of(input)?;
    let sheet = Sheet {
        methods: html::paragraph(input, &metrics),
        dome: dome::items(input, &metrics),
        figures: figures::all(input, &metrics)?,
    };
    let mut files = Vec::new();
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), Error> {
        let path = folder.join(name);
        store(&path, bytes)?;
        files.push(path);
        Ok(())
    };
    let mut json = serde_json::to_vec_pretty(&metrics)?;
    json.push(b'\n');
    put("metrics.json", &json)?;
    put("predictions.csv", predictions::table(input).as_bytes())?;
    let mut json = serde_json::to_vec(&sheet)?;
    json.push(b'\n');
    put("report.json", &json)?;
    for Named { name, figure, .. } in &sheet.figures {
        let failed = |source| Error::Figure { name: name.clone(), source };
        for (suffix, theme) in [("", chart::Theme::Light), ("-dark", chart::Theme::Dark)] {
            put(&format!("figures/{name}{suffix}.svg"), figure.svg(theme).map_err(failed)?.as_bytes())?;
            put(&format!("figures/{name}{suffix}.png"), &figure.png(theme).map_err(failed)?)?;
        }
        put(&format!("figures/{name}.pdf"), &figure.pdf(chart::Theme::Light).map_err(failed)?)?;
    }
    put("report.html", html::page(input, &metrics, &sheet)?.as_bytes())?;
    Ok(Report { page: folder.join("report.html"), sentence: metrics.sentence.clone(), metrics, files })
}

/// Writes aside, then renames.
fn store(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(".partial");
    let aside = PathBuf::from(aside);
    let written = fs::File::create(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if written.is_err() {
        // What little was written would only keep a full disk full.
        let _ = fs::remove_file(&aside);
    }
    written.map_err(failed)?;
    fs::rename(&aside, path).map_err(failed)
}

#[cfg(test)]
mod tests;
