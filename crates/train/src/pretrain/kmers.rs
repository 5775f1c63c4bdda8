//! Sets of k-mers that know both strands: how sequences are kept apart from each other.

use std::ops::Range;

/// The longest k: two bits a base in a `u64`, with one value left to mean "empty".
pub const LONGEST: usize = 31;

/// The k-mers of some sequences, each standing for itself and for its reverse complement.
///
/// ```
/// use episome_train::pretrain::KmerSet;
///
/// let mut set = KmerSet::new(4, 16);
/// set.insert("AACCG");
/// assert!(set.shares("TTCGGTA")); // CGGT is ACCG on the other strand
/// assert_eq!(set.outside("AAAACCGTTTT", 2), [0..2, 7..11]);
/// ```
pub struct KmerSet {
    k: usize,
    /// Open addressing; `u64::MAX` is an empty slot. The length is a power of two, at least twice the content.
    slots: Vec<u64>,
    filled: usize,
}

impl KmerSet {
    /// An empty set of k-mers, `k` between 1 and [`LONGEST`], with room for about `expected` of them.
    #[must_use]
    pub fn new(k: usize, expected: usize) -> Self {
        Self {
            k: k.clamp(1, LONGEST),
            slots: vec![u64::MAX; (2 * expected).next_power_of_two().max(16)],
            filled: 0,
        }
    }

    /// Adds the k-mers of an upper-case sequence. Those with a letter other than A, C, G and T are left out.
    pub fn insert(&mut self, sequence: &str) {
        for (_, kmer) in canonical(sequence.as_bytes(), self.k) {
            if 2 * (self.filled + 1) > self.slots.len() {
                self.grow();
            }
            let slot = self.slot(kmer);
            if self.slots[slot] == u64::MAX {
                self.slots[slot] = kmer;
                self.filled += 1;
            }
        }
    }

    /// How many different k-mers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.filled
    }

    /// Whether nothing was inserted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Whether any k-mer of `sequence`, on either strand, is in the set.
    #[must_use]
    pub fn shares(&self, sequence: &str) -> bool {
        canonical(sequence.as_bytes(), self.k).any(|(_, kmer)| self.contains(kmer))
    }

    /// The stretches of `sequence`, at least `shortest` letters long, of which no letter is in a shared k-mer.
    #[must_use]
    pub fn outside(&self, sequence: &str, shortest: usize) -> Vec<Range<usize>> {
        let mut stretches = Vec::new();
        let mut start = 0;
        for (position, kmer) in canonical(sequence.as_bytes(), self.k) {
            if self.contains(kmer) {
                if position > start {
                    stretches.push(start..position);
                }
                start = start.max(position + self.k);
            }
        }
        stretches.push(start..sequence.len().max(start));
        stretches.retain(|stretch| stretch.len() >= shortest.max(1));
        stretches
    }

    fn contains(&self, kmer: u64) -> bool {
        self.slots[self.slot(kmer)] == kmer
    }

    /// The slot that holds `kmer`, or the empty one where it belongs.
    fn slot(&self, kmer: u64) -> usize {
        let mask = self.slots.len() - 1;
        // The high bits of Fibonacci hashing are the mixed ones.
        let mut slot = (kmer.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize & mask;
        while self.slots[slot] != u64::MAX && self.slots[slot] != kmer {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![u64::MAX; 2 * old.len()];
        for kmer in old {
            if kmer != u64::MAX {
                let slot = self.slot(kmer);
                self.slots[slot] = kmer;
            }
        }
    }
}

/// The two bits of a base; `None` for every other letter.
pub(super) fn code(letter: u8) -> Option<u64> {
    match letter {
        b'A' => Some(0),
        b'C' => Some(1),
        b'G' => Some(2),
        b'T' => Some(3),
        _ => None,
    }
}

/// Every k-mer of A, C, G and T with the position where it starts, as the smaller of its two strands' numbers.
fn canonical(sequence: &[u8], k: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
    let mask = (1_u64 << (2 * k)) - 1;
    let (mut forward, mut reverse, mut run) = (0_u64, 0_u64, 0_usize);
    sequence.iter().enumerate().filter_map(move |(position, &letter)| {
        let Some(code) = code(letter) else {
            run = 0;
            return None;
        };
        forward = ((forward << 2) | code) & mask;
        reverse = (reverse >> 2) | ((3 - code) << (2 * (k - 1)));
        run += 1;
        (run >= k).then(|| (position + 1 - k, forward.min(reverse)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_strands_are_one() {
        let mut set = KmerSet::new(5, 4);
        set.insert("ACGTTGCAAT");
        assert!(set.shares(&sequence::reverse_complement("ACGTTGCAAT")));
        assert!(!set.shares("GGGGGGGGGG"));
        assert!(set.outside(&sequence::reverse_complement("ACGTTGCAAT"), 1).is_empty());
    }

    #[test]
    fn a_stretch_shorter_than_k_cannot_be_shared() {
        let mut set = KmerSet::new(8, 4);
        set.insert("ACGTACG"); // seven letters
        assert!(set.is_empty());
        assert_eq!(set.outside("ACGTACG", 1), vec![0..7; 1]);
    }

    #[test]
    fn letters_around_a_shared_stretch_are_kept_when_long_enough() {
        let mut set = KmerSet::new(6, 4);
        set.insert("ACGTCA");
        assert_eq!(set.outside("TTTTTACGTCAGG", 2), [0..5, 11..13]);
        assert_eq!(set.outside("TTTTTACGTCAGG", 3), vec![0..5; 1]);
    }

    #[test]
    fn an_n_breaks_a_kmer() {
        let mut set = KmerSet::new(6, 4);
        set.insert("ACGNTCAACGTN");
        assert_eq!(set.len(), 2); // TCAACG and CAACGT
        assert!(!set.shares("ACGNTC"));
    }

    #[test]
    fn a_set_grows_beyond_what_was_expected() {
        let mut set = KmerSet::new(LONGEST, 1);
        let mut state = 7_u64;
        let long: String = (0..5000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ['A', 'C', 'G', 'T'][(state >> 62) as usize]
            })
            .collect();
        set.insert(&long);
        assert_eq!(set.len(), 5000 - LONGEST + 1);
        assert!(set.outside(&long, 1).is_empty());
    }
}
