//! Randomness by counter: a number is a hash of the seed and of where it is used, so there is no state to save.

/// What a random number is for. Two sites never share their numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Site {
    /// The order of the records of an epoch.
    Records = 1,
    /// The order of the batches of an epoch.
    Batches = 2,
    /// The dropout masks of a step.
    Dropout = 3,
    /// The made-up tokens of a calibration.
    Calibration = 4,
    /// Which sequences pretraining holds out.
    HeldOut = 5,
    /// Which pieces of the corpus a tokenizer is learned from.
    TokenizerSample = 6,
    /// Where the windows of an epoch of pretraining start, how long they are and on which strand.
    Windows = 7,
    /// The order of those windows.
    WindowOrder = 8,
    /// Where letters of a window are replaced by N.
    Unknowns = 9,
    /// The strands on which held-out sequences are scored.
    Scoring = 10,
    /// Which records a look for shortcuts draws.
    Shortcut = 11,
    /// The dropout masks of the second part of a batch and those after it.
    Parts = 12,
}

/// The output function of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits that mixes them well.
const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A number of 64 random bits for (`seed`, `site`, `counter`).
pub(crate) const fn number(seed: u64, site: Site, counter: u64) -> u64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let seeded = mix(seed.wrapping_add(GOLDEN));
    let sited = mix(seeded ^ (site as u64).wrapping_mul(GOLDEN));
    mix(sited.wrapping_add(counter.wrapping_add(1).wrapping_mul(GOLDEN)))
}

/// Fisher and Yates' shuffle; the same for the same (`seed`, `site`, `round`).
pub(crate) fn shuffle<T>(items: &mut [T], seed: u64, site: Site, round: u64) {
    let round_seed = number(seed, site, round);
    for last in (1..items.len()).rev() {
        // 64 bits times a length far below 2^32: the bias of the multiplication is below 2^-32.
        let draw = u128::from(number(round_seed, site, last as u64));
        items.swap(last, ((draw * (last as u128 + 1)) >> 64) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_is_uniform_enough() {
        // 6 orders of 3 items over 6,000 rounds: a count beyond 5 standard deviations (29 each) of 1,000 is a broken shuffle.
        let mut counts = std::collections::BTreeMap::new();
        for round in 0..6000 {
            let mut items = [0, 1, 2];
            shuffle(&mut items, 9, Site::Records, round);
            *counts.entry(items).or_insert(0_i64) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (count - 1000).abs() < 150), "{counts:?}");
    }
}
