//! Which sequences each optimizer step sees.
//!
//! Sequences travel packed end to end, without padding. The order is a function of (seed, epoch) alone: nothing has to be
//! saved to go on in the middle of an epoch but the number of the batch.

use crate::random::{Site, shuffle};
use serde::{Deserialize, Serialize};

/// How the sequences of an epoch are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Shuffled, then sorted by length within windows of [`WINDOW`] batches; the batches of an epoch are shuffled again.
    #[default]
    Length,
    /// Shuffled.
    Shuffled,
    /// As given, the same in every epoch.
    Given,
}

/// Batches in one window of [`Order::Length`]: enough for neighbours of nearly equal length, few enough that a batch remains
/// a mixture of the classes when length and class go together.
pub const WINDOW: usize = 8;

/// The batches of `epoch`, counted from 0: indices into `lengths`, `batch_size` in each but the last of the epoch.
///
/// `lengths` are in tokens. Every index occurs exactly once. The shorter batch, if there is one, comes last.
///
/// ```
/// use episome_train::batching::{batches, Order};
/// let lengths = [52, 48, 50, 12, 11];
/// let epoch = batches(&lengths, 2, Order::Length, 42, 0);
/// assert_eq!(epoch, batches(&lengths, 2, Order::Length, 42, 0));
/// assert_eq!(epoch.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
/// ```
#[must_use]
pub fn batches(lengths: &[usize], batch_size: usize, order: Order, seed: u64, epoch: u64) -> Vec<Vec<usize>> {
    let batch_size = batch_size.max(1);
    let mut indices: Vec<usize> = (0..lengths.len()).collect();
    if order != Order::Given {
        shuffle(&mut indices, seed, Site::Records, epoch);
    }
    if order != Order::Length {
        return indices.chunks(batch_size).map(<[usize]>::to_vec).collect();
    }
    // The rest that fills no batch is set aside first, so that it stays a random draw and not always the longest.
    let rest = indices.split_off(indices.len() / batch_size * batch_size);
    let mut batches = Vec::with_capacity(indices.len() / batch_size + 1);
    for window in indices.chunks_mut(WINDOW * batch_size) {
        window.sort_by_key(|&index| lengths[index]); // stable: ties keep the shuffled order
        batches.extend(window.chunks(batch_size).map(<[usize]>::to_vec));
    }
    shuffle(&mut batches, seed, Site::Batches, epoch);
    if !rest.is_empty() {
        batches.push(rest);
    }
    batches
}

/// Batches for scoring: longest first, so that memory peaks at the start; indices into `lengths`.
#[must_use]
pub fn by_length(lengths: &[usize], batch_size: usize) -> Vec<Vec<usize>> {
    let mut indices: Vec<usize> = (0..lengths.len()).collect();
    indices.sort_by_key(|&index| std::cmp::Reverse(lengths[index]));
    indices.chunks(batch_size.max(1)).map(<[usize]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths() -> Vec<usize> {
        (0..1003).map(|index| 20 + (index * 7919) % 480).collect()
    }

    #[test]
    fn every_sequence_is_seen_once_in_an_epoch() {
        for order in [Order::Length, Order::Shuffled, Order::Given] {
            let mut seen: Vec<usize> = batches(&lengths(), 8, order, 1, 3).concat();
            seen.sort_unstable();
            assert_eq!(seen, (0..1003).collect::<Vec<_>>());
        }
    }

    #[test]
    fn epochs_and_seeds_differ_and_repeat() {
        let of = |seed, epoch| batches(&lengths(), 8, Order::Length, seed, epoch);
        assert_eq!(of(1, 0), of(1, 0));
        assert_ne!(of(1, 0), of(1, 1));
        assert_ne!(of(1, 0), of(2, 0));
    }

    #[test]
    fn sequences_of_a_batch_are_of_similar_length() {
        let lengths = lengths();
        let spread = |order| -> usize {
            let spread_of = |batch: &Vec<usize>| {
                let of = || batch.iter().map(|&index| lengths[index]);
                of().max().unwrap() - of().min().unwrap()
            };
            batches(&lengths, 8, order, 1, 0).iter().map(spread_of).sum()
        };
        assert!(spread(Order::Length) * 3 < spread(Order::Shuffled));
    }

    #[test]
    fn a_given_order_is_kept() {
        assert_eq!(batches(&[5, 9, 1], 2, Order::Given, 7, 4), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(batches(&[], 8, Order::Length, 1, 0).is_empty());
    }
}
