//! The confusion matrix.

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    canvas::{Anchor, Canvas, Type},
    frame::{self, BODY, MARGIN},
    scale::number,
    text,
    theme::Role,
};

/// Records by true class (rows) and predicted class (columns).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfusionMatrix {
    /// Title.
    pub title: String,
    /// A sentence below the title.
    pub note: String,
    /// Class names.
    pub labels: Vec<String>,
    /// Records, (K, K).
    pub counts: Vec<Vec<u64>>,
}

impl ConfusionMatrix {
    pub(crate) fn canvas(&self) -> Result<Canvas, Error> {
        let classes = self.labels.len();
        if classes == 0 || self.counts.len() != classes || self.counts.iter().any(|row| row.len() != classes)
        {
            return Err(Error::NoPoints(self.title.clone()));
        }
        let cell = match classes {
            1..=2 => 120.0,
            3 => 96.0,
            4..=5 => 78.0,
            6..=8 => 62.0,
            9..=14 => 46.0,
            _ => 34.0,
        };
        let widest = |room: f64| {
            self.labels.iter().map(|label| text::width(label, BODY, false)).fold(0.0, f64::max).min(room)
        };
        let names = widest(150.0).max(text::width("True class", BODY, false) + 6.0);
        let upwards = widest(f64::INFINITY) > cell - 8.0;
        let sums = 74.0;
        let side = cell * classes as f64;
        let left = MARGIN + names + 14.0;
        let width = (left + side + sums + MARGIN).max(360.0).ceil();
        let heading = MARGIN + frame::TITLE * 0.8 + frame::note_lines(&self.note, width) as f64 * 17.0 + 8.0;
        let top = heading + 30.0 + if upwards { widest(110.0) + 6.0 } else { 18.0 };
        let height = (top + side + MARGIN).ceil();

        let mut canvas = Canvas::new(width, height, &self.title, self.describe());
        frame::heading(&mut canvas, &self.title, &self.note);
        let muted = Type::plain(BODY, Role::Muted);
        let ink = Type::plain(BODY, Role::Ink);
        canvas.text((left + side / 2.0, heading + 16.0), "Predicted class", muted.at(Anchor::Middle));
        canvas.text((MARGIN, top - 10.0), "True class", muted);
        canvas.text((left + side + 12.0, top - 10.0), "Records", muted);
        for (column, label) in self.labels.iter().enumerate() {
            let middle = left + (column as f64 + 0.5) * cell;
            if upwards {
                canvas.text_upwards((middle + 4.0, top - 8.0), &text::fit(label, BODY, false, 110.0), ink);
            } else {
                canvas.text((middle, top - 10.0), label, ink.at(Anchor::Middle));
            }
        }
        for (row, counts) in self.counts.iter().enumerate() {
            let y = top + row as f64 * cell;
            let middle = y + cell / 2.0;
            let total: u64 = counts.iter().sum();
            let name = text::fit(&self.labels[row], BODY, false, 150.0);
            canvas.text((left - 12.0, middle + 4.2), &name, ink.at(Anchor::End));
            canvas.text((left + side + 12.0, middle + 4.2), &number(total as f64, 0), muted);
            for (column, &count) in counts.iter().enumerate() {
                let share = if total == 0 { 0.0 } else { count as f64 / total as f64 };
                let x = left + column as f64 * cell;
                canvas.fill((x + 1.0, y + 1.0), (cell - 2.0, cell - 2.0), Role::Grid, 0.45);
                if share > 0.0 {
                    canvas.fill((x + 1.0, y + 1.0), (cell - 2.0, cell - 2.0), Role::Heat, share.max(0.03));
                }
                let centre = x + cell / 2.0;
                let size = if cell < 40.0 { 10.0 } else { 13.0 };
                let look = Type::plain(size, Role::Ink).at(Anchor::Middle);
                let count = number(count as f64, 0);
                if cell >= 60.0 && total > 0 {
                    canvas.text((centre, middle - 1.0), &count, Type { bold: row == column, ..look });
                    let percent = format!("{:.1} %", 100.0 * share);
                    canvas.text((centre, middle + 15.0), &percent, Type { size: 11.0, ..look });
                } else {
                    canvas.text((centre, middle + 4.5), &count, Type { bold: row == column, ..look });
                }
            }
        }
        Ok(canvas)
    }

    fn describe(&self) -> String {
        let rows: Vec<String> = self
            .labels
            .iter()
            .zip(&self.counts)
            .map(|(label, row)| {
                let right = self.labels.iter().position(|other| other == label).map_or(0, |class| row[class]);
                format!("{label}: {right} of {} called rightly", row.iter().sum::<u64>())
            })
            .collect();
        format!("Records by true and predicted class. {}.", rows.join("; "))
    }
}
