//! Where sequences that are packed end to end begin and end.

use crate::Result;
use candle_core::{Device, DeviceLocation, Tensor};
use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

/// The boundaries of sequences packed end to end: row `t` of a packed tensor belongs to the sequence whose range
/// holds `t`. Packing leaves no row for padding; attention stays inside each range.
///
/// ```
/// let segments = episome_kernels::Segments::from_lengths(&[3, 2]);
/// assert_eq!(segments.iter().collect::<Vec<_>>(), [0..3, 3..5]);
/// assert_eq!((segments.count(), segments.total(), segments.longest()), (2, 5, 3));
/// ```
#[derive(Clone, Debug)]
pub struct Segments {
    ends: Arc<[usize]>,
    /// What attention on a card has asked for, so that all layers of a model ask once.
    places: Arc<Mutex<Vec<(Tiling, Tensor)>>>,
}

/// How segments are cut, and for which device.
type Tiling = (usize, bool, DeviceLocation);

impl PartialEq for Segments {
    fn eq(&self, other: &Self) -> bool {
        self.ends == other.ends
    }
}

impl Eq for Segments {}

impl Segments {
    /// The boundaries of sequences of these lengths, in this order. A length of 0 is an empty sequence.
    pub fn from_lengths(lengths: &[usize]) -> Self {
        let ends = lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        });
        Self { ends: ends.collect(), places: Arc::default() }
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

    /// The tiles of `rows` rows, each with its first row and the first and last of its segment: u32 (tiles, 3), the
    /// last exclusive. Those with most to do come first, so that none is left to the end: where `causal`, the later
    /// rows of a segment see more.
    pub(crate) fn places(&self, rows: usize, causal: bool, device: &Device) -> Result<Tensor> {
        let tiling = (rows, causal, device.location());
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tensor)) = places.iter().find(|(other, _)| *other == tiling) {
            return Ok(tensor.clone());
        }
        let mut tiles: Vec<[usize; 3]> = self
            .iter()
            .flat_map(|range| range.clone().step_by(rows).map(move |row| [row, range.start, range.end]))
            .collect();
        let seen = |[row, start, end]: [usize; 3]| if causal { row + rows - start } else { end - start };
        tiles.sort_by_key(|tile| std::cmp::Reverse(seen(*tile)));
        let numbers: Vec<u32> = tiles.iter().flatten().map(|number| *number as u32).collect();
        let tensor = Tensor::from_vec(numbers, (tiles.len(), 3), device)?;
        places.push((tiling, tensor.clone()));
        Ok(tensor)
    }

    /// The rows of each sequence, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        (0..self.ends.len()).map(|index| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            start..self.ends[index]
        })
    }
}
