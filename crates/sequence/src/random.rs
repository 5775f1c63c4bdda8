//! Counter-based randomness: a value is a hash of a seed and a counter, so nothing has a state to save.

/// A 64-bit hash of a seed and a counter: two rounds of SplitMix64's finalizer (Steele, Lea and Flood, 2014).
pub(crate) fn mix(seed: u64, counter: u64) -> u64 {
    finalize(finalize(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ counter.wrapping_mul(0xd1b5_4a32_d192_ed03))
}

fn finalize(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Numbers drawn one after the other from a seed and the name of what they are for.
pub(crate) struct Draws {
    seed: u64,
    next: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64, purpose: u64) -> Draws {
        Draws { seed: mix(seed, purpose), next: 0 }
    }

    fn draw(&mut self) -> u64 {
        self.next += 1;
        mix(self.seed, self.next)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0..count; 0 where count is 0. The bias, below count / 2^64, is of no account here.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.draw()) * count as u128) >> 64) as usize
    }

    /// Puts a slice into random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform_and_repeatable() {
        let mut draws = Draws::new(1, 2);
        let mut counts = [0; 4];
        for _ in 0..40_000 {
            counts[draws.below(4)] += 1;
        }
        // 10,000 each, standard deviation 87.
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
        assert_eq!(Draws::new(1, 2).unit(), Draws::new(1, 2).unit());
        assert_ne!(Draws::new(1, 2).unit(), Draws::new(1, 3).unit());
        assert_eq!(Draws::new(1, 2).below(0), 0);
    }
}
