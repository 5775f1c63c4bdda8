//! The curves of a run, drawn by the engine, with the places of their points.

use std::path::PathBuf;

use chart::Figure;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    pub figures: Vec<DrawnFigure>,
}

/// A figure, drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DrawnFigure {
    /// Its name, by which it can be saved.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The words below it.
    pub caption: String,
    /// What the horizontal axis shows; empty where there are no lines.
    pub x_label: String,
    /// What the vertical axis shows; empty where there are no lines.
    pub y_label: String,
    /// An `<svg>` element, safe to stand in the page.
    pub svg: String,
    /// Its width in px, in which the places of the points are.
    pub width: f64,
    /// Its height in px.
    pub height: f64,
    /// The lines with their points, which a pointer over them is near to; none where there are no lines.
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

impl DrawnFigure {
    /// Draws a figure; its lines in `size` px, where that is given.
    pub fn of(
        named: train::report::Named,
        size: Option<(f64, f64)>,
        theme: ChartTheme,
    ) -> Result<DrawnFigure, Error> {
        let train::report::Named { name, mut figure, caption } = named;
        let (mut x_label, mut y_label, mut series) = (String::new(), String::new(), Vec::new());
        if let Figure::Lines(lines) = &mut figure {
            lines.size = size;
            (x_label, y_label) = (lines.x.label.clone(), lines.y.label.clone());
            let places = lines.places()?;
            series =
                places.into_iter().map(|one| CurveSeries { name: one.name, points: one.points }).collect();
        }
        let (width, height) = figure.extent()?;
        let svg = figure.inline_svg_for(theme.into())?;
        let title = figure.title().to_owned();
        Ok(DrawnFigure { name, title, caption, x_label, y_label, svg, width, height, series })
    }
}

/// Draws the curves of a run.
pub fn curves(state: &State, request: CurvesRequest) -> Result<Curves, Error> {
    let size = request.width.zip(request.height);
    let draw = |named| DrawnFigure::of(named, size, request.theme);
    let figures = state.courses().figures(&request.run)?.into_iter().map(draw).collect::<Result<_, _>>()?;
    Ok(Curves { figures })
}
