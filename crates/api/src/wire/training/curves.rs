//! The curves of a run, drawn by the engine, with the places of their points.

use std::path::PathBuf;

use chart::Figure;
use serde::{Deserialize, Serialize};
use train::RunConfiguration;
use ts_rs::TS;

use super::follow::all;
use crate::Error;
use crate::wire::state::State;

/// Which curves, and how large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CurvesRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// The colours, where the page sets none (`--chart-ink` and the like).
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub theme: ChartTheme,
    /// The width in px; absent: as the report has it.
    pub width: Option<f64>,
    /// The height in px.
    pub height: Option<f64>,
}

/// The page that a figure stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ChartTheme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on near black.
    Dark,
}

impl From<ChartTheme> for chart::Theme {
    fn from(theme: ChartTheme) -> chart::Theme {
        match theme {
            ChartTheme::Light => chart::Theme::Light,
            ChartTheme::Dark => chart::Theme::Dark,
        }
    }
}

/// The curves of a run, as far as there is something to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Curves {
    /// `loss`, `validation` and `learning-rate`, in this order.
    pub figures: Vec<Curve>,
}

/// One figure of curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Curve {
    /// `loss`, `validation` or `learning-rate`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The words below it.
    pub caption: String,
    /// What the horizontal axis shows.
    pub x_label: String,
    /// What the vertical axis shows.
    pub y_label: String,
    /// An `<svg>` element, safe to stand in the page.
    pub svg: String,
    /// Its width in px, in which the places of the points are.
    pub width: f64,
    /// Its height in px.
    pub height: f64,
    /// The lines with their points: x, y, and the px from the left and from the top of the figure.
    pub series: Vec<CurveSeries>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CurveSeries {
    /// Its name.
    pub name: String,
    /// x, y, and the px from the left and from the top.
    pub points: Vec<(f64, f64, f64, f64)>,
}

/// Draws the curves of a run.
pub fn curves(_: &State, request: CurvesRequest) -> Result<Curves, Error> {
    let metric = RunConfiguration::read(&request.run)?.hyperparameters.metric;
    let history = train::history(&all(&request.run), metric);
    let size = request.width.zip(request.height);
    let mut figures = Vec::new();
    for named in train::report::training_figures(&history) {
        let Figure::Lines(mut lines) = named.figure else {
            continue;
        };
        lines.size = size;
        let places = lines.places()?;
        let (title, x_label, y_label) = (lines.title.clone(), lines.x.label.clone(), lines.y.label.clone());
        let (width, height) = lines.extent()?;
        let svg = Figure::Lines(lines).inline_svg_for(request.theme.into())?;
        let series =
            places.into_iter().map(|one| CurveSeries { name: one.name, points: one.points }).collect();
        let (name, caption) = (named.name, named.caption);
        figures.push(Curve { name, title, caption, x_label, y_label, svg, width, height, series });
    }
    Ok(Curves { figures })
}
