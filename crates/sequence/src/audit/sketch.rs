//! Sequences as sets of k-mers, and the pairs of sequences that share many.
//!
//! FracMinHash: a k-mer is kept where its hash falls below a threshold, the same for all sequences, so that the shared
//! share of two sketches estimates that of the sequences. K-mers are canonical (the smaller of the two strands'), so the
//! strand makes no difference.

use std::collections::BTreeMap;

use rayon::prelude::*;

/// The length of the words that are compared. A 15-mer is expected by chance about once in 540 million (4^15 / 2, for
/// either strand), so chance matches stay rare in data sets of some ten million letters.
pub const KMER: usize = 15;
/// From this shared share of the shorter one's k-mers on, two sequences are near duplicates.
pub const NEAR: f64 = 0.5;
/// From this share on they have pieces in common.
pub const RELATED: f64 = 0.1;

/// The most k-mers kept of a data set.
const KEPT: u64 = 8_000_000;
/// A sketch of fewer k-mers than this says too little.
const FEWEST: u32 = 8;
/// K-mers that more sequences than this share link each of them only to the first few ones.
const CROWD: usize = 8;
/// These first few, per part.
const ANCHORS: usize = 4;

/// Two sequences that share k-mers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair {
    /// The index of the earlier one.
    pub first: u32,
    /// The index of the later one.
    pub second: u32,
    /// The estimated share of the smaller one's k-mers that the other has too.
    pub shared: f64,
}

/// All pairs that share at least [`RELATED`] of their k-mers, in order of their indices. `part_of` gives each sequence's
/// part: in crowded k-mers each part keeps anchors of its own, so that a part's link to another is not lost.
///
/// K-mers that more than 8 sequences share do not link all with all, which would take quadratic time: pairs inside
/// large families of relatives are found through the family's first members.
pub(crate) fn pairs(sequences: &[&str], part_of: &[usize]) -> Vec<Pair> {
    let all: u64 = sequences.iter().map(|sequence| sequence.len() as u64).sum();
    let threshold =
        if all <= KEPT { u64::MAX } else { ((KEPT as f64 / all as f64) * u64::MAX as f64) as u64 };
    let sketches: Vec<Vec<u64>> = sequences.par_iter().map(|sequence| sketch(sequence, threshold)).collect();
    let mut entries: Vec<(u64, u32)> = Vec::with_capacity(sketches.iter().map(Vec::len).sum());
    for (index, sketch) in sketches.iter().enumerate() {
        entries.extend(sketch.iter().map(|&hash| (hash, index as u32)));
    }
    entries.par_sort_unstable();
    // Cut into pieces at the ends of runs, work on the pieces beside each other.
    let mut cuts = vec![0];
    let step = entries.len() / 64 + 1;
    while let Some(&last) = cuts.last()
        && last < entries.len()
    {
        let mut next = (last + step).min(entries.len());
        while next < entries.len() && entries[next].0 == entries[next - 1].0 {
            next += 1;
        }
        cuts.push(next);
    }
    let pieces: Vec<Vec<u64>> = cuts
        .par_windows(2)
        .map(|cut| {
            let mut links = Vec::new();
            for run in entries[cut[0]..cut[1]].chunk_by(|a, b| a.0 == b.0) {
                link(run, part_of, &mut links);
            }
            links
        })
        .collect();
    drop(entries);
    let mut links: Vec<u64> = pieces.concat();
    links.par_sort_unstable();
    links
        .chunk_by(|a, b| a == b)
        .filter_map(|same| {
            let (first, second) = ((same[0] >> 32) as u32, same[0] as u32);
            let smaller = sketches[first as usize].len().min(sketches[second as usize].len()) as u32;
            let shared = same.len() as f64 / f64::from(smaller.max(1));
            (smaller >= FEWEST && shared >= RELATED).then_some(Pair { first, second, shared })
        })
        .collect()
}

/// Links the sequences of a run of entries with one hash.
fn link(run: &[(u64, u32)], part_of: &[usize], links: &mut Vec<u64>) {
    let pair = |a: u32, b: u32| (u64::from(a.min(b)) << 32) | u64::from(a.max(b));
    if run.len() <= CROWD {
        for (place, &(_, second)) in run.iter().enumerate() {
            links.extend(run[..place].iter().map(|&(_, first)| pair(first, second)));
        }
        return;
    }
    // Entries stand in order of their indices, so each sequence is linked to anchors of its own part and of earlier ones,
    // which is the direction in which leaks are counted (test in train).
    let mut anchors: Vec<u32> = Vec::new();
    let mut of_part = BTreeMap::<usize, usize>::new();
    for &(_, index) in run {
        links.extend(anchors.iter().map(|&anchor| pair(anchor, index)));
        let count = of_part.entry(part_of[index as usize]).or_default();
        if *count < ANCHORS {
            *count += 1;
            anchors.push(index);
        }
    }
}

/// The distinct kept hashes of a sequence's canonical k-mers; k-mers with a letter other than A, C, G, T are left out.
fn sketch(sequence: &str, threshold: u64) -> Vec<u64> {
    const MASK: u64 = (1 << (2 * KMER)) - 1;
    let mut hashes = Vec::with_capacity(sequence.len());
    let (mut forward, mut backward, mut known) = (0_u64, 0_u64, 0_usize);
    for letter in sequence.bytes() {
        let code = match letter {
            b'A' => 0,
            b'C' => 1,
            b'G' => 2,
            b'T' => 3,
            _ => {
                known = 0;
                continue;
            }
        };
        forward = ((forward << 2) | code) & MASK;
        backward = (backward >> 2) | ((3 - code) << (2 * (KMER - 1)));
        known += 1;
        if known >= KMER {
            let hash = crate::random::mix(KMER as u64, forward.min(backward));
            if hash <= threshold {
                hashes.push(hash);
            }
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Draws;
    use crate::reverse_complement;

    fn random(draws: &mut Draws, length: usize) -> String {
        (0..length).map(|_| b"ACGT"[draws.below(4)] as char).collect()
    }

    #[test]
    fn relatives_are_paired_on_either_strand_and_strangers_are_not() {
        let mut draws = Draws::new(5, 0);
        let mut sequences: Vec<String> = (0..2_000).map(|_| random(&mut draws, 300)).collect();
        let half = format!("{}{}", &sequences[7][..210], random(&mut draws, 90));
        sequences.push(reverse_complement(&half)); // 196 of 286 k-mers of number 7
        let views: Vec<&str> = sequences.iter().map(String::as_str).collect();
        let found = pairs(&views, &vec![0; views.len()]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].first, found[0].second), (7, 2_000));
        assert!((found[0].shared - 196.0 / 286.0).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn a_crowd_is_linked_through_its_first_members() {
        let mut draws = Draws::new(6, 0);
        let family = random(&mut draws, 200);
        let sequences: Vec<&str> = vec![family.as_str(); 1_000];
        let parts: Vec<usize> = (0..1_000).map(|index| index / 900).collect();
        let found = pairs(&sequences, &parts);
        let linked: std::collections::HashSet<u32> = found.iter().map(|pair| pair.second).collect();
        assert_eq!(linked.len(), 999);
        assert!(found.iter().all(|pair| pair.shared > 0.99));
        assert!(found.len() < 10_000);
    }
}
