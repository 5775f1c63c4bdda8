//! What all figures share: the heading, the legend, the axes.

use crate::{
    canvas::{Anchor, Canvas, Type},
    scale::Scale,
    text,
    theme::Role,
};

/// px around everything.
pub(crate) const MARGIN: f64 = 20.0;
pub(crate) const TITLE: f64 = 15.0;
pub(crate) const BODY: f64 = 12.0;
const LEADING: f64 = 17.0;

/// How a series is drawn in the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Key {
    Line { width: f64, dash: Option<(f64, f64)> },
    Ring,
    Dot,
    Hollow,
    Block,
}

/// One entry of a legend.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) opacity: f64,
    pub(crate) key: Key,
}

/// Writes title and note from the top; gives the y below them.
pub(crate) fn heading(canvas: &mut Canvas, title: &str, note: &str) -> f64 {
    let room = canvas.width - 2.0 * MARGIN;
    let mut y = MARGIN + TITLE * 0.8;
    let title = text::fit(title, TITLE, true, room);
    canvas.text((MARGIN, y), &title, Type::plain(TITLE, Role::Ink).bold());
    for line in text::wrap(note, BODY, room) {
        y += LEADING;
        canvas.text((MARGIN, y), &line, Type::plain(BODY, Role::Muted));
    }
    y + 8.0
}

/// Lines that [`heading`] would give a note in a figure of `width` px.
pub(crate) fn note_lines(note: &str, width: f64) -> usize {
    text::wrap(note, BODY, width - 2.0 * MARGIN).len()
}

const KEY: f64 = 20.0;
const GAP: f64 = 18.0;
/// A reader of an SVG may set the names in a wider face than the embedded one.
const SPARE: f64 = 1.1;

/// Rows into which the entries fall.
fn rows(entries: &[Entry], room: f64) -> Vec<Vec<(f64, usize)>> {
    let mut rows: Vec<Vec<(f64, usize)>> = Vec::new();
    let mut x = 0.0;
    for (position, entry) in entries.iter().enumerate() {
        let width = KEY + 6.0 + (text::width(&entry.name, BODY, false) * SPARE).min(room - KEY - 6.0);
        if rows.is_empty() || x + width > room {
            rows.push(Vec::new());
            x = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, position));
        }
        x += width + GAP;
    }
    rows
}

/// Height of a legend in a figure of `width` px.
pub(crate) fn legend_height(entries: &[Entry], width: f64) -> f64 {
    let count = rows(entries, width - 2.0 * MARGIN).len();
    if count == 0 { 0.0 } else { count as f64 * 18.0 + 6.0 }
}

/// Draws a legend from `top` on, above the plot, where it covers nothing; gives the y below it.
pub(crate) fn legend(canvas: &mut Canvas, top: f64, entries: &[Entry]) -> f64 {
    let room = canvas.width - 2.0 * MARGIN;
    let rows = rows(entries, room);
    for (row, places) in rows.iter().enumerate() {
        let y = top + row as f64 * 18.0 + 13.0;
        for &(x, position) in places {
            let entry = &entries[position];
            key(canvas, (MARGIN + x, y - 4.0), entry);
            let name = text::fit(&entry.name, BODY, false, room - KEY - 6.0);
            canvas.text((MARGIN + x + KEY + 6.0, y), &name, Type::plain(BODY, Role::Ink));
        }
    }
    top + if rows.is_empty() { 0.0 } else { rows.len() as f64 * 18.0 + 6.0 }
}

fn key(canvas: &mut Canvas, (x, y): (f64, f64), entry: &Entry) {
    let middle = (x + KEY / 2.0, y);
    match entry.key {
        Key::Line { width, dash: None } => {
            canvas.path(vec![(x, y), (x + KEY, y)], width, entry.role, entry.opacity)
        }
        Key::Line { width, dash: Some(dash) } => {
            canvas.dashed(&[(x, y), (x + KEY, y)], width, entry.role, dash)
        }
        Key::Ring => canvas.ring(middle, 5.0, entry.role),
        Key::Dot => canvas.dot(middle, 4.5, entry.role),
        Key::Hollow => canvas.ring(middle, 4.5, entry.role),
        Key::Block => canvas.fill((x + 4.0, y - 6.0), (12.0, 12.0), entry.role, entry.opacity),
    }
}

/// Grid, axes, ticks and their labels. `x` runs along the bottom of the plot and `y` up its left side; `y_label` stands above
/// the axis, upright, as people read.
pub(crate) fn axes(canvas: &mut Canvas, (x, x_label): (&Scale, &str), (y, y_label): (&Scale, &str)) {
    let (left, right, bottom, top) = (x.from, x.to, y.from, y.to);
    let muted = Type::plain(BODY, Role::Muted);
    for &tick in &y.ticks {
        let place = y.place(tick);
        canvas.line((left, place), (right, place), 1.0, Role::Grid);
        canvas.text((left - 8.0, place + 4.2), &y.label(tick), muted.at(Anchor::End));
    }
    canvas.line((left, bottom), (right, bottom), 1.2, Role::Axis);
    for &tick in &x.ticks {
        let place = x.place(tick);
        canvas.line((place, bottom), (place, bottom + 5.0), 1.2, Role::Axis);
        canvas.text((place, bottom + 19.0), &x.label(tick), muted.at(Anchor::Middle));
    }
    canvas.text(
        ((left + right) / 2.0, bottom + 39.0),
        &format!("{x_label}{}", x.factor()),
        muted.at(Anchor::Middle),
    );
    canvas.text((MARGIN, top - 13.0), &format!("{y_label}{}", y.factor()), muted);
}

/// Room that the y ticks take left of the plot.
pub(crate) fn tick_room(scale: &Scale) -> f64 {
    let widest =
        scale.ticks.iter().map(|&tick| text::width(&scale.label(tick), BODY, false)).fold(0.0, f64::max);
    MARGIN + widest + 8.0
}
