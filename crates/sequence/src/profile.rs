//! What a set of sequences is like, in a few numbers, to tell whether another sequence is like them.
//!
//! A classifier answers for whatever it is given. A sequence whose words (4 letters, both strands) are as different from the
//! training records' as hardly any of these was is one on which its answer stands on nothing.

use serde::{Deserialize, Serialize};

/// Letters of a word.
const WORD: usize = 4;
/// Words there are.
const WORDS: usize = 1 << (2 * WORD);

/// What a set of sequences is like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Sequences that it was made of.
    pub records: usize,
    /// The shortest and the longest, in letters.
    pub lengths: [usize; 2],
    /// The share of each word of four letters, AAAA first, both strands counted.
    pub words: Vec<f64>,
    /// The distance that 999 of 1,000 of these sequences stay below.
    pub distance: f64,
}

/// How many sequences are looked at: more say nothing new.
const ENOUGH: usize = 20_000;

impl Profile {
    /// The profile of `sequences`; none where there are fewer than twenty, of which none can be told to be unusual.
    pub fn of<'a>(sequences: impl Iterator<Item = &'a str> + Clone) -> Option<Profile> {
        let records = sequences.clone().count();
        if records < 20 {
            return None;
        }
        let step = records.div_ceil(ENOUGH);
        let (mut sums, mut shortest, mut longest) = (vec![1.0; WORDS], usize::MAX, 0);
        for sequence in sequences.clone() {
            shortest = shortest.min(sequence.len());
            longest = longest.max(sequence.len());
        }
        for sequence in sequences.clone().step_by(step) {
            for (sum, count) in sums.iter_mut().zip(counts(sequence)) {
                *sum += count;
            }
        }
        let all: f64 = sums.iter().sum();
        let words = sums.into_iter().map(|sum| sum / all).collect();
        let mut profile = Profile { records, lengths: [shortest, longest], words, distance: 0.0 };
        let mut distances: Vec<f64> =
            sequences.step_by(step).filter_map(|sequence| profile.distance_of(sequence)).collect();
        distances.sort_by(f64::total_cmp);
        // A little beyond the last of them, so that a small set does not flag its own kind.
        profile.distance = distances.get(distances.len() * 999 / 1000).or(distances.last())? * 1.1;
        Some(profile)
    }

    /// Pearson's X² of the words against the profile's, by its degrees of freedom: about 1 for a random draw from it, and not
    /// growing with the length. None for a sequence without a whole word.
    fn distance_of(&self, sequence: &str) -> Option<f64> {
        let counts = counts(sequence);
        let all: f64 = counts.iter().sum();
        if all == 0.0 {
            return None;
        }
        let squares = counts.iter().zip(&self.words).map(|(count, share)| {
            let expected = all * share;
            (count - expected).powi(2) / expected.max(1e-9)
        });
        Some(squares.sum::<f64>() / (WORDS - 1) as f64)
    }

    /// Why `sequence` is unlike the set; none where it is like it.
    pub fn unlike(&self, sequence: &str) -> Option<String> {
        let [shortest, longest] = self.lengths;
        let length = sequence.len();
        if length * 2 < shortest || length > longest.saturating_mul(2) {
            return Some(format!("its length is {length}, and they have {shortest} to {longest} letters"));
        }
        let distance = self.distance_of(sequence)?;
        (distance > self.distance).then(|| "its words of four letters are others".to_owned())
    }
}

/// How often each word stands in a sequence or on its other strand. Words with other letters than ACGT are left out.
fn counts(sequence: &str) -> Vec<f64> {
    let mut counts = vec![0.0; WORDS];
    let (mut forward, mut backward, mut whole) = (0_usize, 0_usize, 0);
    for letter in sequence.bytes() {
        let code = match letter {
            b'A' => 0,
            b'C' => 1,
            b'G' => 2,
            b'T' => 3,
            _ => {
                whole = 0;
                continue;
            }
        };
        forward = (forward << 2 | code) & (WORDS - 1);
        backward = backward >> 2 | (3 - code) << (2 * (WORD - 1));
        whole += 1;
        if whole >= WORD {
            counts[forward] += 0.5;
            counts[backward] += 0.5;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random DNA of which `gc` of 10 letters are G or C.
    fn random(seed: u64, length: usize, gc: u64) -> String {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let letters = (0..length).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let strong = (state >> 33) % 10 < gc;
            ["A", "T", "C", "G"][usize::from(strong) * 2 + ((state >> 21) & 1) as usize]
        });
        letters.collect()
    }

    #[test]
    fn what_is_like_the_set_is_told_from_what_is_not() {
        let known: Vec<String> = (1..=500).map(|seed| random(seed, 200, 5)).collect();
        let profile = Profile::of(known.iter().map(String::as_str)).unwrap();
        let flagged = (1000..2000).filter(|seed| profile.unlike(&random(*seed, 200, 5)).is_some()).count();
        assert!(flagged < 10, "{flagged} of 1,000 of the same kind");
        let caught = (1000..1100).filter(|seed| profile.unlike(&random(*seed, 200, 9)).is_some()).count();
        assert!(caught > 95, "{caught} of 100 of another composition");
        assert!(profile.unlike(&"A".repeat(200)).is_some() && profile.unlike(&"CA".repeat(100)).is_some());
        assert!(profile.unlike(&random(7, 2000, 5)).unwrap().contains("200 to 200"));
        assert_eq!(Profile::of(known.iter().take(5).map(String::as_str)), None);
    }
}
