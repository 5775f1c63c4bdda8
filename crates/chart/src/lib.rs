//! Figures from plain series, as SVG, PNG and PDF, for a light and a dark page.
//!
//! Give names and numbers, get a finished figure: axes with units and round ticks, a legend that covers nothing, colours that
//! colour-blind readers can tell apart, one accent for what the figure is about. The same input gives the same bytes. The
//! face is embedded, so a figure needs no fonts on the machine but for letters that the face lacks. What the numbers mean
//! is left to the caller; drawing is plotters', which makes an SVG, and a PNG and a PDF are made from that.
//!
//! ```
//! use episome_chart::{Axis, Figure, Lines, Role, Series, Stroke, Theme};
//!
//! let figure = Figure::Lines(Lines {
//!     title: "Validation loss".to_owned(),
//!     x: Axis { label: "Epoch".to_owned(), ..Axis::default() },
//!     y: Axis { label: "Cross-entropy (nats a record)".to_owned(), ..Axis::default() },
//!     series: vec![Series {
//!         name: "Validation".to_owned(),
//!         points: vec![(1.0, 0.61), (2.0, 0.44), (3.0, 0.41)],
//!         role: Role::Accent,
//!         stroke: Stroke::Dotted,
//!     }],
//!     ..Lines::default()
//! });
//! let svg = figure.svg(Theme::Light)?;
//! assert!(svg.contains(">Validation loss</text>"));
//! let png = figure.png(Theme::Dark)?;
//! assert_eq!(&png[1..4], b"PNG");
//! assert!(figure.pdf(Theme::Light)?.starts_with(b"%PDF-"));
//! # Ok::<(), episome_chart::Error>(())
//! ```

mod bars;
mod canvas;
mod convert;
mod frame;
mod histogram;
mod lines;
mod matrix;
mod render;
mod scale;
mod text;
mod theme;

use serde::{Deserialize, Serialize};

pub use bars::{Bars, Estimate, Estimates};
pub use histogram::Histogram;
pub use lines::{Axis, Lines, Places, Series, Stroke};
pub use matrix::ConfusionMatrix;
pub use theme::{Role, Theme};

/// Why a figure can't be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No number to draw, or a matrix that is not square.
    #[error("the figure {0:?} has nothing to draw: give it at least one finite number")]
    NoPoints(String),
    /// A backend refused, or the drawing could not be turned into a bitmap or a page.
    #[error("the figure can't be drawn: {0}")]
    Draw(String),
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "figure", rename_all = "snake_case")]
// There are a dozen figures at a time, not millions.
#[allow(clippy::large_enum_variant)]
pub enum Figure {
    /// Lines over an axis.
    Lines(Lines),
    /// A confusion matrix.
    ConfusionMatrix(ConfusionMatrix),
    /// A histogram.
    Histogram(Histogram),
    /// Bars.
    Bars(Bars),
    /// Values with intervals.
    Estimates(Estimates),
}

impl Figure {
    /// An SVG document with its page, text as text.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        render::svg(&self.canvas()?, theme)
    }

    /// A PNG, two pixels a px, with its page.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn png(&self, theme: Theme) -> Result<Vec<u8>, Error> {
        convert::png(&self.svg(theme)?)
    }

    /// A PDF of one page, its text as text and its fonts in it. A px is 0.75 points, so that a report's figure of 680 px is
    /// 18 cm wide: two columns of a journal.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn pdf(&self, theme: Theme) -> Result<Vec<u8>, Error> {
        convert::pdf(&self.svg(theme)?, self.title())
    }

    /// An `<svg>` element to stand in HTML: no page of its own, colours from custom properties ([`Theme::properties`]) that
    /// the style sheet sets for light and dark.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn inline_svg(&self) -> Result<String, Error> {
        self.inline_svg_for(Theme::Light)
    }

    /// The same, with the colours of `theme` where the style sheet sets none.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn inline_svg_for(&self, theme: Theme) -> Result<String, Error> {
        render::inline_svg(&self.canvas()?, theme)
    }

    /// Width and height in px.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn extent(&self) -> Result<(f64, f64), Error> {
        let canvas = self.canvas()?;
        Ok((canvas.width, canvas.height))
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Lines(figure) => &figure.title,
            Self::ConfusionMatrix(figure) => &figure.title,
            Self::Histogram(figure) => &figure.title,
            Self::Bars(figure) => &figure.title,
            Self::Estimates(figure) => &figure.title,
        }
    }

    fn canvas(&self) -> Result<canvas::Canvas, Error> {
        match self {
            Self::Lines(figure) => figure.canvas(),
            Self::ConfusionMatrix(figure) => figure.canvas(),
            Self::Histogram(figure) => figure.canvas(),
            Self::Bars(figure) => figure.canvas(),
            Self::Estimates(figure) => figure.canvas(),
        }
    }
}

#[cfg(test)]
mod tests;
