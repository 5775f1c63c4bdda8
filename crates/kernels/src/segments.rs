//! Where sequences that are packed end to end begin and end.

use std::{ops::Range, sync::Arc};

/// The boundaries of sequences packed end to end: row `t` of a packed tensor belongs to the sequence whose range
/// holds `t`. Packing leaves no row for padding; attention stays inside each range.
///
/// ```
/// let segments = episome_kernels::Segments::from_lengths(&[3, 2]);
/// assert_eq!(segments.iter().collect::<Vec<_>>(), [0..3, 3..5]);
/// assert_eq!((segments.count(), segments.total(), segments.longest()), (2, 5, 3));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segments {
    ends: Arc<[usize]>,
}

impl Segments {
    /// The boundaries of sequences of these lengths, in this order. A length of 0 is an empty sequence.
    pub fn from_lengths(lengths: &[usize]) -> Self {
        let ends = lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        });
        Self { ends: ends.collect() }
    }

    /// The number of sequences.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The number of rows of all sequences together: T of a packed tensor.
    pub fn total(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The number of rows of the longest sequence.
    pub fn longest(&self) -> usize {
        self.iter().map(|range| range.len()).max().unwrap_or(0)
    }

    /// The rows of each sequence, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        (0..self.ends.len()).map(|index| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            start..self.ends[index]
        })
    }
}
