//! A list of marks in px, each with the part it plays; renderers give it pixels and colours.

use crate::theme::Role;

/// Where a text's position lies in it, horizontally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One mark. Coordinates in px, x to the right, y down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    Path { points: Vec<(f64, f64)>, width: f64 },
    Box { x: f64, y: f64, width: f64, height: f64 },
    Dot { x: f64, y: f64, radius: f64 },
    Text { x: f64, y: f64, content: String, size: f64, bold: bool, anchor: Anchor, upwards: bool },
}

/// A drawing of `width` × `height` px.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Canvas {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) marks: Vec<(Mark, Role, f64)>,
    /// For readers who do not see it.
    pub(crate) title: String,
    pub(crate) description: String,
}

/// A text's look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) role: Role,
    pub(crate) anchor: Anchor,
}

impl Type {
    pub(crate) const fn plain(size: f64, role: Role) -> Self {
        Self { size, bold: false, role, anchor: Anchor::Start }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

impl Canvas {
    pub(crate) fn new(width: f64, height: f64, title: &str, description: String) -> Self {
        Self { width, height, marks: Vec::new(), title: title.to_owned(), description }
    }

    pub(crate) fn path(&mut self, points: Vec<(f64, f64)>, width: f64, role: Role, opacity: f64) {
        if points.len() > 1 {
            self.marks.push((Mark::Path { points, width }, role, opacity));
        }
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), width: f64, role: Role) {
        self.path(vec![from, to], width, role, 1.0);
    }

    /// A path cut into dashes of `on` px with gaps of `off` px.
    pub(crate) fn dashed(&mut self, points: &[(f64, f64)], width: f64, role: Role, (on, off): (f64, f64)) {
        let mut drawing = true;
        let mut left = on;
        let mut dash: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
            loop {
                let length = (to_x - x).hypot(to_y - y);
                if length <= left {
                    left -= length;
                    if drawing {
                        dash.push((to_x, to_y));
                    }
                    break;
                }
                (x, y) = (x + (to_x - x) * left / length, y + (to_y - y) * left / length);
                dash.push((x, y));
                if drawing {
                    self.path(std::mem::take(&mut dash), width, role, 1.0);
                } else {
                    dash = vec![(x, y)];
                }
                drawing = !drawing;
                left = if drawing { on } else { off };
            }
        }
        if drawing {
            self.path(dash, width, role, 1.0);
        }
    }

    pub(crate) fn fill(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), role: Role, opacity: f64) {
        self.marks.push((Mark::Box { x, y, width, height }, role, opacity));
    }

    pub(crate) fn dot(&mut self, (x, y): (f64, f64), radius: f64, role: Role) {
        self.marks.push((Mark::Dot { x, y, radius }, role, 1.0));
    }

    /// A ring: a dot with a hole that shows the page.
    pub(crate) fn ring(&mut self, at: (f64, f64), radius: f64, role: Role) {
        self.dot(at, radius, role);
        self.dot(at, radius - 2.0, Role::Page);
    }

    /// Text with its base line at `y`.
    pub(crate) fn text(&mut self, (x, y): (f64, f64), content: &str, look: Type) {
        self.write((x, y), content, look, false);
    }

    /// Text that reads upwards, its base line at `x`.
    pub(crate) fn text_upwards(&mut self, (x, y): (f64, f64), content: &str, look: Type) {
        self.write((x, y), content, look, true);
    }

    fn write(&mut self, (x, y): (f64, f64), content: &str, look: Type, upwards: bool) {
        if !content.is_empty() {
            let Type { size, bold, role, anchor } = look;
            let content = content.to_owned();
            self.marks.push((Mark::Text { x, y, content, size, bold, anchor, upwards }, role, 1.0));
        }
    }
}
