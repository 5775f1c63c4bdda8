//! How a quantity is distributed, a series beside the other.

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    canvas::Canvas,
    frame::{self, Entry, Key, MARGIN},
    scale::Scale,
    theme::Role,
};

/// Counts of values in bins of equal width.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Title.
    pub title: String,
    /// A sentence below the title.
    pub note: String,
    /// What is counted along the horizontal axis, with its unit: "Length (bp)".
    pub x_label: String,
    /// What is counted up the vertical axis: "Records".
    pub y_label: String,
    /// Named values, stacked in this order from the axis up.
    pub series: Vec<(String, Role, Vec<f64>)>,
}

impl Histogram {
    pub(crate) fn canvas(&self) -> Result<Canvas, Error> {
        let values = || {
            self.series.iter().flat_map(|series| series.2.iter().copied()).filter(|value| value.is_finite())
        };
        let (low, high) = values()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Err(Error::NoPoints(self.title.clone()));
        }
        let (width, plot_height) = (680.0, 220.0);
        let entries: Vec<Entry> = self
            .series
            .iter()
            .filter(|series| !series.2.is_empty())
            .map(|(name, role, _)| Entry { name: name.clone(), role: *role, opacity: 0.85, key: Key::Block })
            .collect();
        let entries = if entries.len() > 1 { entries } else { Vec::new() };
        let above = MARGIN
            + frame::TITLE * 0.8
            + frame::note_lines(&self.note, width) as f64 * 17.0
            + 8.0
            + frame::legend_height(&entries, width)
            + 34.0;
        let bottom = above + plot_height;

        let bins = Bins::of(low, high, values().count());
        let counts: Vec<Vec<u64>> = self.series.iter().map(|series| bins.count(&series.2)).collect();
        let tallest = (0..bins.number).map(|bin| counts.iter().map(|series| series[bin]).sum::<u64>()).max();
        let y = Scale::new((0.0, tallest.unwrap_or(1).max(1) as f64), (bottom, above), 52.0, true, true);
        let left = frame::tick_room(&y);
        let x = Scale::new((bins.low, bins.high()), (left, width - MARGIN - 4.0), 84.0, false, true);

        let description = format!("{} by {}, from {low} to {high}.", self.y_label, self.x_label);
        let mut canvas = Canvas::new(width, (bottom + 53.0).round(), &self.title, description);
        let top = frame::heading(&mut canvas, &self.title, &self.note);
        frame::legend(&mut canvas, top, &entries);
        frame::axes(&mut canvas, (&x, &self.x_label), (&y, &self.y_label));
        for bin in 0..bins.number {
            let (from, to) = (bins.low + bin as f64 * bins.width, bins.low + (bin + 1) as f64 * bins.width);
            // A hair between bars, but never a bar thinner than a px.
            let gap = if x.place(to) - x.place(from) > 4.0 { 1.0 } else { 0.0 };
            let mut floor = 0;
            for (series, counts) in self.series.iter().zip(&counts) {
                let ceiling = floor + counts[bin];
                if counts[bin] > 0 {
                    let (upper, lower) = (y.place(ceiling as f64), y.place(floor as f64));
                    let place = (x.place(from) + gap / 2.0, upper);
                    canvas.fill(place, (x.place(to) - x.place(from) - gap, lower - upper), series.1, 0.85);
                }
                floor = ceiling;
            }
        }
        canvas.line((left, bottom), (x.to, bottom), 1.2, Role::Axis);
        Ok(canvas)
    }
}

struct Bins {
    low: f64,
    width: f64,
    number: usize,
}

impl Bins {
    /// About √N bins, 10 to 60, of a whole and round width; values of one size stand in the middle of eleven.
    fn of(low: f64, high: f64, count: usize) -> Self {
        if low == high {
            return Self { low: low - 5.5, width: 1.0, number: 11 };
        }
        let wanted = (count as f64).sqrt().clamp(10.0, 60.0);
        let rough = (high - low + 1.0) / wanted;
        let power = 10_f64.powf(rough.log10().floor());
        let round =
            [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|step| rough <= step * power + 1e-9).unwrap_or(10.0);
        let width = (round * power).max(1.0).round();
        let start = (low / width).floor() * width;
        let number = ((high - start) / width).floor() as usize + 1;
        Self { low: start, width, number }
    }

    fn high(&self) -> f64 {
        self.low + self.number as f64 * self.width
    }

    fn count(&self, values: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; self.number];
        for value in values.iter().filter(|value| value.is_finite()) {
            let bin = ((value - self.low) / self.width).floor().max(0.0) as usize;
            counts[bin.min(self.number - 1)] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bin_once() {
        for values in [vec![300.0; 50], vec![100.0, 19_000.0, 250.0], (20..2_000).map(f64::from).collect()] {
            let (low, high) =
                (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(0.0, f64::max));
            let bins = Bins::of(low, high, values.len());
            assert_eq!(bins.count(&values).iter().sum::<u64>(), values.len() as u64);
            assert!(bins.low <= low && bins.high() > high && bins.number <= 130, "{}", bins.number);
        }
    }
}
