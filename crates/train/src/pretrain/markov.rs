//! A Markov model of DNA: each base from the few before it. What a language model must beat to have learned anything.

use super::kmers::code;

/// Base counts after every context of up to `order` bases, on both strands.
///
/// P(base | context) = (count + 1) / (total + 4), Laplace's rule. Where fewer than `order` known bases stand before a
/// base, the context is as long as they are.
///
/// ```
/// use episome_train::pretrain::Markov;
///
/// let mut model = Markov::new(1);
/// model.count("ACACACAC");
/// assert!(model.bits(b"ACAC", 1..4).0 < 3.0); // C after A and A after C are expected
/// assert!(model.bits(b"AAAA", 1..4).0 > 6.0); // A after A is not
/// ```
pub struct Markov {
    order: usize,
    /// `counts[length][context * 4 + base]`
    counts: Vec<Vec<u64>>,
}

impl Markov {
    /// A model of the given order that has seen nothing, and expects every base with probability ¼. At most 11.
    #[must_use]
    pub fn new(order: usize) -> Self {
        let order = order.min(11);
        Self { order, counts: (0..=order).map(|length| vec![0; 4 << (2 * length)]).collect() }
    }

    /// The most bases that a context has.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// Learns from both strands of an upper-case sequence.
    pub fn count(&mut self, sequence: &str) {
        let reverse = sequence::reverse_complement(sequence);
        for strand in [sequence.as_bytes(), reverse.as_bytes()] {
            for (_, context, length, base) in contexts(strand, self.order) {
                for shorter in 0..=length {
                    let context = context & ((1 << (2 * shorter)) - 1);
                    self.counts[shorter][4 * context + base] += 1;
                }
            }
        }
    }

    /// The bits that the bases of `sequence` in `range` cost, and how many bases that is. Bases before `range` are
    /// context and cost nothing; letters other than A, C, G and T neither cost nor count.
    #[must_use]
    pub fn bits(&self, sequence: &[u8], range: std::ops::Range<usize>) -> (f64, usize) {
        let (mut bits, mut bases) = (0.0, 0);
        for (position, context, length, base) in contexts(sequence, self.order) {
            if range.contains(&position) {
                let counts = &self.counts[length][4 * context..4 * context + 4];
                let total: u64 = counts.iter().sum();
                bits -= ((counts[base] + 1) as f64 / (total + 4) as f64).log2();
                bases += 1;
            }
        }
        (bits, bases)
    }
}

/// For every A, C, G and T: its position, the up to `order` bases before it as a number, how many they are, its code.
fn contexts(sequence: &[u8], order: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> + '_ {
    let mask = (1_usize << (2 * order)) - 1;
    let (mut context, mut length) = (0, 0);
    sequence.iter().enumerate().filter_map(move |(position, &letter)| {
        let Some(base) = code(letter) else {
            (context, length) = (0, 0);
            return None;
        };
        let base = base as usize;
        let found = (position, context, length, base);
        context = ((context << 2) | base) & mask;
        length = (length + 1).min(order);
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_laplace_s() {
        let mut model = Markov::new(2);
        model.count("AACAA"); // and TTGTT
        // After AA: C once, nothing else. (1 + 1) / (1 + 4), then 1 / 5 for the others.
        assert_eq!(model.bits(b"AAC", 2..3), (-(2.0_f64 / 5.0).log2(), 1));
        assert_eq!(model.bits(b"AAG", 2..3), (-(1.0_f64 / 5.0).log2(), 1));
        // After the first A alone: A twice, C once, of 3. After TT: G once.
        assert_eq!(model.bits(b"AA", 1..2), (-(3.0_f64 / 7.0).log2(), 1));
        assert_eq!(model.bits(b"TTG", 2..3), (-(2.0_f64 / 5.0).log2(), 1));
    }

    #[test]
    fn an_unknown_letter_costs_nothing_and_ends_the_context() {
        let mut model = Markov::new(3);
        model.count("ACGTACGTACGT");
        let (_, bases) = model.bits(b"ACNGT", 0..5);
        assert_eq!(bases, 4);
        assert_eq!(model.bits(b"ACNGT", 3..5), model.bits(b"GT", 0..2));
    }

    #[test]
    fn nothing_seen_means_two_bits_a_base() {
        let (bits, bases) = Markov::new(5).bits(b"ACGTTGCA", 0..8);
        assert_eq!((bits, bases), (16.0, 8));
    }

    #[test]
    fn a_strand_costs_about_what_its_complement_does() {
        let mut model = Markov::new(2);
        model.count("ACGGTTCAGGCATTAGCCATGGCATTACGATCG");
        let text = "GGCATTACG";
        let reverse = sequence::reverse_complement(text);
        let forward = model.bits(text.as_bytes(), 0..9).0;
        let backward = model.bits(reverse.as_bytes(), 0..9).0;
        // The first bases have short contexts at different ends, so the sums differ a little.
        assert!((forward - backward).abs() < 2.0, "{forward} {backward}");
    }
}
