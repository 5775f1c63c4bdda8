//! How a number is distributed: quantiles and a histogram.

use serde::Serialize;

/// Quantiles (linear between neighbours, as numpy's default) and a histogram.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    /// How many values.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The smallest.
    pub minimum: f64,
    /// A twentieth lies below.
    pub quantile_05: f64,
    /// A quarter lies below.
    pub quantile_25: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub quantile_75: f64,
    /// All but a twentieth lies below.
    pub quantile_95: f64,
    /// The largest.
    pub maximum: f64,
    /// Up to twenty bins of one width.
    pub histogram: Histogram,
}

/// Bins of one width. A value belongs to the bin that starts at or below it; the last bin includes its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Where the first bin starts.
    pub start: f64,
    /// How wide each bin is.
    pub width: f64,
    /// Values in each bin.
    pub counts: Vec<u64>,
}

const BINS: usize = 20;

impl Distribution {
    /// Of lengths: bins of whole letters from the shortest on.
    pub(crate) fn of_lengths(lengths: Vec<usize>) -> Option<Distribution> {
        let (shortest, longest) = (lengths.iter().min().copied()?, lengths.iter().max().copied()?);
        let width = (longest - shortest + 1).div_ceil(BINS).max(1);
        let bins = (longest - shortest) / width + 1;
        let values = lengths.into_iter().map(|length| length as f64).collect();
        Distribution::of(values, shortest as f64, width as f64, bins)
    }

    /// Of fractions: twenty bins from 0 to 1.
    pub(crate) fn of_fractions(fractions: Vec<f64>) -> Option<Distribution> {
        Distribution::of(fractions, 0.0, 1.0 / BINS as f64, BINS)
    }

    fn of(mut values: Vec<f64>, start: f64, width: f64, bins: usize) -> Option<Distribution> {
        values.sort_by(f64::total_cmp);
        let (minimum, maximum) = (*values.first()?, *values.last()?);
        let mut counts = vec![0; bins];
        for value in &values {
            let bin = ((value - start) / width + 1e-9).floor().max(0.0) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        let quantile = |share: f64| -> f64 {
            let place = share * (values.len() - 1) as f64;
            let below = values[place.floor() as usize];
            below + (values[place.ceil() as usize] - below) * place.fract()
        };
        Some(Distribution {
            count: values.len() as u64,
            mean: values.iter().sum::<f64>() / values.len() as f64,
            minimum,
            quantile_05: quantile(0.05),
            quantile_25: quantile(0.25),
            median: quantile(0.5),
            quantile_75: quantile(0.75),
            quantile_95: quantile(0.95),
            maximum,
            histogram: Histogram { start, width, counts },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_bins_are_numpys() {
        // numpy.quantile([1, 2, 4, 8], [.05, .25, .5, .75, .95]) == [1.15, 1.75, 3, 5, 7.4]
        let lengths = Distribution::of_lengths(vec![8, 1, 4, 2]).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(lengths.quantile_05, 1.15);
        near(lengths.quantile_25, 1.75);
        near(lengths.median, 3.0);
        near(lengths.quantile_75, 5.0);
        near(lengths.quantile_95, 7.4);
        near(lengths.mean, 3.75);
        assert_eq!(lengths.histogram.counts, [1, 1, 0, 1, 0, 0, 0, 1]);
        let fractions = Distribution::of_fractions(vec![0.0, 0.5, 1.0]).unwrap();
        assert_eq!(fractions.histogram.counts.iter().sum::<u64>(), 3);
        assert_eq!(
            (fractions.histogram.counts[0], fractions.histogram.counts[10], fractions.histogram.counts[19]),
            (1, 1, 1)
        );
        assert!(Distribution::of_lengths(vec![]).is_none());
        assert_eq!(Distribution::of_lengths(vec![300; 5]).unwrap().histogram.counts, [5]);
    }
}
