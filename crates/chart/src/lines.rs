//! Lines over an axis: losses, metrics, learning rates, ROC and precision–recall curves.

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    canvas::{Canvas, Type},
    frame::{self, BODY, Entry, Key, MARGIN},
    scale::Scale,
    text,
    theme::Role,
};

/// How strongly a line speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stroke {
    /// A full line.
    #[default]
    Solid,
    /// Dashes.
    Dashed,
    /// A thin pale line: raw values behind their average.
    Faint,
    /// Points joined by a line: few values, each measured.
    Dotted,
}

/// A named line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its name in the legend or beside its end.
    pub name: String,
    /// (x, y); a value that is not finite is a gap.
    pub points: Vec<(f64, f64)>,
    /// Its part.
    pub role: Role,
    /// Its stroke.
    pub stroke: Stroke,
}

/// An axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What it shows, with its unit: "Length (bp)".
    pub label: String,
    /// Its ends; found from the points where there are none.
    pub range: Option<(f64, f64)>,
    /// Whether only whole numbers make sense.
    pub whole: bool,
    /// Whether it must begin at zero.
    pub from_zero: bool,
}

/// Lines over an axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    /// Title.
    pub title: String,
    /// A sentence below the title.
    pub note: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The lines; the first matters most and lies on top.
    pub series: Vec<Series>,
    /// A line to compare with, from one point to another: chance, a baseline.
    pub reference: Option<Series>,
    /// One point to point out, with its name.
    pub marked: Option<(String, (f64, f64))>,
    /// Whether both axes are equally long, as for rates from 0 to 1.
    pub square: bool,
    /// Width and height in px, for a figure that fills a given room; none: as a report shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(f64, f64)>,
}

/// The points of a line with the places where they are drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Places {
    /// The line's name.
    pub name: String,
    /// x, y, and the px from the left and from the top.
    pub points: Vec<(f64, f64, f64, f64)>,
}

/// The smallest figure whose axes still have room.
const SMALLEST: (f64, f64) = (240.0, 180.0);

/// Where everything stands.
struct Layout {
    width: f64,
    height: f64,
    entries: Vec<Entry>,
    x: Scale,
    y: Scale,
}

impl Lines {
    /// The points of every line that has a name, with their places in the figure: what a pointer over it is near to. Those that
    /// are not finite are left out.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn places(&self) -> Result<Vec<Places>, Error> {
        let Layout { x, y, .. } = self.layout()?;
        let named = self.series.iter().filter(|series| !series.name.is_empty() || self.series.len() == 1);
        let place = |series: &Series| Places {
            name: series.name.clone(),
            points: series
                .points
                .iter()
                .filter(|(at_x, at_y)| at_x.is_finite() && at_y.is_finite())
                .map(|&(at_x, at_y)| {
                    (at_x, at_y, x.place(at_x.clamp(x.low, x.high)), y.place(at_y.clamp(y.low, y.high)))
                })
                .collect(),
        };
        Ok(named.map(place).collect())
    }

    fn layout(&self) -> Result<Layout, Error> {
        let lines = || self.series.iter().chain(&self.reference);
        let points = || {
            let all = lines().flat_map(|series| series.points.iter().copied());
            all.filter(|(x, y)| x.is_finite() && y.is_finite())
        };
        if points().next().is_none() {
            return Err(Error::NoPoints(self.title.clone()));
        }
        let ends = |axis: &Axis, pick: fn((f64, f64)) -> f64| {
            let (low, high) =
                points().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                });
            axis.range.unwrap_or((if axis.from_zero { low.min(0.0) } else { low }, high))
        };
        let (x_ends, y_ends) = (ends(&self.x, |point| point.0), ends(&self.y, |point| point.1));

        let entries = self.entries();
        let asked = self.size.map(|(width, height)| (width.max(SMALLEST.0), height.max(SMALLEST.1)));
        let width = asked.map_or(if self.square { 440.0 } else { 680.0 }, |(width, _)| width.round());
        let above = MARGIN
            + frame::TITLE * 0.8
            + frame::note_lines(&self.note, width) as f64 * 17.0
            + 8.0
            + frame::legend_height(&entries, width)
            + 34.0;
        let below = 39.0 + 14.0;
        let plot_height: f64 = match asked {
            Some((_, height)) => (height - above - below).max(40.0),
            None if self.square => 0.0,
            None => 250.0,
        };
        // The scale of y is needed to know the room of its labels, and that to know the width of a square.
        let trial =
            Scale::new(y_ends, (plot_height.max(340.0), 0.0), 52.0, self.y.range.is_none(), self.y.whole);
        let left = frame::tick_room(&trial);
        let right = width - MARGIN - 4.0;
        let plot_height = if self.square && asked.is_none() { right - left } else { plot_height };
        let bottom = above + plot_height;
        let height = (bottom + below).round();
        let spacing = if self.square { 52.0 } else { 84.0 };
        Ok(Layout {
            width,
            height,
            entries,
            x: Scale::new(x_ends, (left, right), spacing, false, self.x.whole),
            y: Scale::new(y_ends, (bottom, above), 52.0, self.y.range.is_none(), self.y.whole),
        })
    }

    pub(crate) fn canvas(&self) -> Result<Canvas, Error> {
        let Layout { width, height, entries, x, y } = self.layout()?;
        let (left, right, bottom, above) = (x.from, x.to, y.from, y.to);
        let mut canvas = Canvas::new(width, height, &self.title, self.describe());
        let top = frame::heading(&mut canvas, &self.title, &self.note);
        frame::legend(&mut canvas, top, &entries);
        frame::axes(&mut canvas, (&x, &self.x.label), (&y, &self.y.label));
        if self.square {
            for &tick in &x.ticks {
                canvas.line((x.place(tick), bottom), (x.place(tick), above), 1.0, Role::Grid);
            }
            canvas.line((left, bottom), (right, bottom), 1.2, Role::Axis);
        }
        for series in self.reference.iter().chain(self.series.iter().rev()) {
            draw(&mut canvas, series, &x, &y);
        }
        if let Some((_, (at_x, at_y))) = self.marked
            && x.holds(at_x)
            && y.holds(at_y)
        {
            canvas.ring((x.place(at_x), y.place(at_y)), 5.5, Role::Ink);
        }
        Ok(canvas)
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self
            .series
            .iter()
            .chain(&self.reference)
            .filter(|series| !series.name.is_empty())
            .map(|series| {
                let (width, dash, opacity) = look(series.stroke);
                Entry {
                    name: series.name.clone(),
                    role: series.role,
                    opacity,
                    key: Key::Line { width, dash },
                }
            })
            .collect();
        if entries.len() == 1 && self.marked.is_none() {
            // A single line is what the title says.
            entries.clear();
        }
        if let Some((name, _)) = &self.marked {
            entries.push(Entry { name: name.clone(), role: Role::Ink, opacity: 1.0, key: Key::Ring });
        }
        entries
    }

    fn describe(&self) -> String {
        let names: Vec<&str> =
            self.series.iter().map(|series| series.name.as_str()).filter(|name| !name.is_empty()).collect();
        format!("{} over {}. Lines: {}.", self.y.label, self.x.label, names.join(", "))
    }
}

/// Width, dashes, opacity.
const fn look(stroke: Stroke) -> (f64, Option<(f64, f64)>, f64) {
    match stroke {
        Stroke::Solid => (2.2, None, 1.0),
        Stroke::Dotted => (2.0, None, 1.0),
        Stroke::Dashed => (1.8, Some((6.0, 4.0)), 1.0),
        Stroke::Faint => (1.0, None, 0.35),
    }
}

fn draw(canvas: &mut Canvas, series: &Series, x: &Scale, y: &Scale) {
    let (width, dash, opacity) = look(series.stroke);
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut runs = Vec::new();
    for &(at_x, at_y) in &series.points {
        if at_x.is_finite() && at_y.is_finite() {
            // Beyond a given range the line runs along the edge.
            run.push((x.place(at_x.clamp(x.low, x.high)), y.place(at_y.clamp(y.low, y.high))));
        } else {
            runs.push(std::mem::take(&mut run));
        }
    }
    runs.push(run);
    for run in runs {
        let alone = run.len() == 1;
        if alone || series.stroke == Stroke::Dotted && run.len() <= 40 {
            for &place in &run {
                canvas.dot(place, 3.2, series.role);
            }
        }
        match dash {
            Some(dash) => canvas.dashed(&run, width, series.role, dash),
            None => canvas.path(run, width, series.role, opacity),
        }
    }
}

/// Room beside a figure is dear: names longer than this are cut in legends.
pub(crate) fn shorten(name: &str) -> String {
    text::fit(name, BODY, false, 220.0)
}

/// A look that other figures share.
pub(crate) const fn muted() -> Type {
    Type::plain(BODY, Role::Muted)
}
