//! Bars from the left, one for each name; and numbers with their intervals, which want the same rows.

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    canvas::{Anchor, Canvas, Type},
    frame::{self, BODY, Entry, Key, MARGIN},
    lines::{muted, shorten},
    scale::{Scale, number},
    text,
    theme::Role,
};

/// Bars of one series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bars {
    /// Title.
    pub title: String,
    /// A sentence below the title.
    pub note: String,
    /// What the bars measure, with its unit.
    pub x_label: String,
    /// Name and value of each bar, from the top; a value that is not finite has no bar.
    pub bars: Vec<(String, f64)>,
    /// Decimals of the numbers beside the bars.
    pub decimals: usize,
}

/// A value and the ends of its interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Values with their intervals, of one or two series, a row for each name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// Title.
    pub title: String,
    /// A sentence below the title.
    pub note: String,
    /// What is measured, with its unit.
    pub x_label: String,
    /// Names of the series: first the one that matters, then what it is compared with.
    pub series: Vec<String>,
    /// Name of each row with the estimates of the series.
    pub rows: Vec<(String, Vec<Option<Estimate>>)>,
}

const WIDTH: f64 = 680.0;

fn names(labels: impl Iterator<Item = String>) -> f64 {
    MARGIN + labels.map(|label| text::width(&label, BODY, false)).fold(0.0, f64::max) + 12.0
}

/// The horizontal axis at the bottom with upright grid lines.
fn axis(canvas: &mut Canvas, x: &Scale, label: &str, (top, bottom): (f64, f64)) {
    for &tick in &x.ticks {
        let place = x.place(tick);
        canvas.line((place, top), (place, bottom), 1.0, Role::Grid);
        canvas.text((place, bottom + 17.0), &x.label(tick), muted().at(Anchor::Middle));
    }
    canvas.text(
        ((x.from + x.to) / 2.0, bottom + 37.0),
        &format!("{label}{}", x.factor()),
        muted().at(Anchor::Middle),
    );
}

impl Bars {
    pub(crate) fn canvas(&self) -> Result<Canvas, Error> {
        let finite = self.bars.iter().map(|bar| bar.1).filter(|value| value.is_finite());
        let (low, high) =
            finite.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if self.bars.iter().all(|bar| !bar.1.is_finite()) {
            return Err(Error::NoPoints(self.title.clone()));
        }
        let top = MARGIN + frame::TITLE * 0.8 + frame::note_lines(&self.note, WIDTH) as f64 * 17.0 + 20.0;
        let bottom = top + self.bars.len() as f64 * 26.0 + 4.0;
        let beside = self.bars.iter().map(|bar| text::width(&number(bar.1, self.decimals), BODY, false));
        let room = beside.fold(0.0, f64::max) + 8.0;
        let left = names(self.bars.iter().map(|bar| shorten(&bar.0)));
        let x = Scale::new((low, high), (left, WIDTH - MARGIN - room), 90.0, false, false);
        let description = format!("{} of {} rows.", self.x_label, self.bars.len());
        let mut canvas = Canvas::new(WIDTH, (bottom + 50.0).round(), &self.title, description);
        frame::heading(&mut canvas, &self.title, &self.note);
        axis(&mut canvas, &x, &self.x_label, (top, bottom));
        for (row, (name, value)) in self.bars.iter().enumerate() {
            let y = top + row as f64 * 26.0 + 4.0;
            canvas.text(
                (left - 10.0, y + 13.2),
                &shorten(name),
                Type::plain(BODY, Role::Ink).at(Anchor::End),
            );
            if value.is_finite() {
                let (from, to) = (x.place(0.0).min(x.place(*value)), x.place(0.0).max(x.place(*value)));
                canvas.fill((from, y), (to - from, 18.0), Role::Accent, 0.9);
                canvas.text(
                    (to + 6.0, y + 13.2),
                    &number(*value, self.decimals),
                    Type::plain(BODY, Role::Ink),
                );
            }
        }
        canvas.line((x.place(0.0), top), (x.place(0.0), bottom), 1.2, Role::Axis);
        Ok(canvas)
    }
}

impl Estimates {
    pub(crate) fn canvas(&self) -> Result<Canvas, Error> {
        let all = || self.rows.iter().flat_map(|row| row.1.iter().flatten());
        let (low, high) = all()
            .flat_map(|estimate| [estimate.low, estimate.value, estimate.high])
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Err(Error::NoPoints(self.title.clone()));
        }
        let entries: Vec<Entry> = self
            .series
            .iter()
            .enumerate()
            .map(|(position, name)| {
                let (role, key) = Self::look(position);
                Entry { name: name.clone(), role, opacity: 1.0, key }
            })
            .collect();
        let entries = if entries.len() > 1 { entries } else { Vec::new() };
        let height = if self.series.len() > 1 { 40.0 } else { 28.0 };
        let head = MARGIN + frame::TITLE * 0.8 + frame::note_lines(&self.note, WIDTH) as f64 * 17.0 + 8.0;
        let top = head + frame::legend_height(&entries, WIDTH) + 12.0;
        let bottom = top + self.rows.len() as f64 * height;
        let left = names(self.rows.iter().map(|row| shorten(&row.0)));
        let words = |estimate: &Estimate| {
            let [value, low, high] =
                [estimate.value, estimate.low, estimate.high].map(|value| number(value, 3));
            format!("{value}  ({low} to {high})")
        };
        let room =
            all().map(|estimate| text::width(&words(estimate), BODY, false)).fold(0.0, f64::max) + 16.0;
        let x = Scale::new((low, high), (left, WIDTH - MARGIN - room), 90.0, true, false);
        let description = format!("{} with intervals, {} rows.", self.x_label, self.rows.len());
        let mut canvas = Canvas::new(WIDTH, (bottom + 50.0).round(), &self.title, description);
        frame::heading(&mut canvas, &self.title, &self.note);
        frame::legend(&mut canvas, head, &entries);
        axis(&mut canvas, &x, &self.x_label, (top, bottom));
        for (row, (name, estimates)) in self.rows.iter().enumerate() {
            let middle = top + (row as f64 + 0.5) * height;
            canvas.text(
                (left - 12.0, middle + 4.2),
                &shorten(name),
                Type::plain(BODY, Role::Ink).at(Anchor::End),
            );
            for (position, estimate) in estimates.iter().enumerate() {
                let Some(estimate) = estimate else { continue };
                let y = middle + (position as f64 - (estimates.len() as f64 - 1.0) / 2.0) * 16.0;
                let (role, key) = Self::look(position);
                canvas.line((x.place(estimate.low), y), (x.place(estimate.high), y), 2.2, role);
                let at = (x.place(estimate.value), y);
                if key == Key::Hollow {
                    canvas.ring(at, 4.5, role)
                } else {
                    canvas.dot(at, 4.5, role)
                }
                let look = Type::plain(BODY, if position == 0 { Role::Ink } else { Role::Muted });
                canvas.text((WIDTH - MARGIN, y + 4.2), &words(estimate), look.at(Anchor::End));
            }
        }
        Ok(canvas)
    }

    const fn look(position: usize) -> (Role, Key) {
        match position {
            0 => (Role::Accent, Key::Dot),
            _ => (Role::Neutral, Key::Hollow),
        }
    }
}
