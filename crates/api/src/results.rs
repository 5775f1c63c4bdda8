//! What a finished run found: its numbers, figures, mistakes and thresholds, and runs side by side.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use train::report::{Metrics, Named, Sheet};
pub use train::results::{Comparison, Mistakes, Thresholds};
use ts_rs::TS;

use crate::{Error, Kind};

/// The kinds of file that a figure can be saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum FigureFormat {
    /// Lines and text, for every size.
    Svg,
    /// Dots, two a px.
    Png,
    /// A page for papers and slides.
    Pdf,
}

impl FigureFormat {
    /// All of them.
    pub const ALL: [FigureFormat; 3] = [FigureFormat::Svg, FigureFormat::Png, FigureFormat::Pdf];

    /// The ending of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            FigureFormat::Svg => "svg",
            FigureFormat::Png => "png",
            FigureFormat::Pdf => "pdf",
        }
    }

    /// The kind that a file's name asks for, by its ending.
    pub fn of(file: &Path) -> Result<FigureFormat, Error> {
        let ending = file.extension().unwrap_or_default();
        let format =
            FigureFormat::ALL.into_iter().find(|format| ending.eq_ignore_ascii_case(format.ending()));
        format.ok_or_else(|| {
            Error::new(Kind::Usage, format!("{} is no kind of figure", file.display()))
                .at("--out")
                .remedy("let the file's name end in .svg, .png or .pdf")
        })
    }
}

/// The numbers of a run's report. See [`train::results::metrics`].
pub fn metrics(run: &Path) -> Result<Metrics, Error> {
    Ok(train::results::metrics(run)?)
}

/// The words and figures of a run's report. See [`train::results::sheet`].
pub fn sheet(run: &Path) -> Result<Sheet, Error> {
    Ok(train::results::sheet(run)?)
}

/// The most confident mistakes of a run. See [`train::results::mistakes`].
pub fn mistakes(run: &Path, limit: usize) -> Result<Mistakes, Error> {
    Ok(train::results::mistakes(run, limit)?)
}

/// The counts of a run's scored records at other thresholds. See [`train::results::thresholds`].
pub fn thresholds(run: &Path, class: Option<&str>, threshold: Option<f64>) -> Result<Thresholds, Error> {
    Ok(train::results::thresholds(run, class, threshold)?)
}

/// Sets runs side by side. See [`train::results::compare`].
pub fn compare(runs: &[PathBuf]) -> Result<Comparison, Error> {
    if runs.len() < 2 {
        return Err(
            Error::new(Kind::Usage, "a comparison needs at least two runs").remedy("name another run")
        );
    }
    Ok(train::results::compare(runs)?)
}

/// A figure of a run's report, as data.
pub fn figure(run: &Path, name: &str) -> Result<Named, Error> {
    let figures = sheet(run)?.figures;
    let names: Vec<String> = figures.iter().map(|figure| figure.name.clone()).collect();
    figures.into_iter().find(|figure| figure.name == name).ok_or_else(|| {
        Error::new(Kind::Usage, format!("the report of {} has no figure {name}", run.display()))
            .remedy(format!("its figures are {}", names.join(", ")))
    })
}

/// Saves a figure of a run's report, drawn for a light or a dark page.
pub fn save_figure(
    run: &Path,
    name: &str,
    format: FigureFormat,
    theme: chart::Theme,
    out: &Path,
) -> Result<(), Error> {
    let figure = figure(run, name)?.figure;
    let bytes = match format {
        FigureFormat::Svg => figure.svg(theme)?.into_bytes(),
        FigureFormat::Png => figure.png(theme)?,
        FigureFormat::Pdf => figure.pdf(theme)?,
    };
    std::fs::write(out, bytes).map_err(|error| Error::file("write", out, &error))
}
