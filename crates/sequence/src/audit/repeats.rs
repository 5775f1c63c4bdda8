//! Sequences that come again: exactly, on the other strand, nearly; within a part, across parts, under other labels.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use serde::Serialize;

use super::Seen;
use super::sketch::{NEAR, pairs};
use crate::alphabet::reverse_complement;
use crate::record::Record;

/// How many records repeat others. A record counts once, under the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Repeats {
    /// Letter for letter.
    pub exact: u64,
    /// Letter for letter on the other strand.
    pub reverse_complement: u64,
    /// Sharing at least half of the 15-mers, on either strand.
    pub near: u64,
}

impl Repeats {
    /// All three.
    pub fn total(&self) -> u64 {
        self.exact + self.reverse_complement + self.near
    }
}

/// What one part has in common with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Across {
    /// The part whose records are counted: test before validation before train.
    pub part: String,
    /// The part in which they were found.
    pub other: String,
    /// The records of `part`.
    pub records: u64,
    /// Those of them that `other` holds, too.
    pub repeats: Repeats,
}

/// Different labels for one sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Contradictions {
    /// Sequences (either strand counted as one) that carry two labels or more.
    pub sequences: u64,
    /// The records that hold them.
    pub records: u64,
    /// Further records that nearly repeat a record of another label.
    pub near_records: u64,
}

/// Records of a class that have pieces in common (a tenth to a half of their 15-mers) with records of another class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relatives {
    /// The class.
    pub label: String,
    /// The class whose pieces they hold.
    pub other: String,
    /// How many records of the class do.
    pub records: u64,
    /// Their share of the class.
    pub fraction: f64,
    /// The share of the class that has pieces in common with other records of its own, for comparison.
    pub fraction_in_class: f64,
}

pub(crate) struct Found {
    pub within: Vec<Repeats>,
    pub across: Vec<FoundAcross>,
    pub contradictions: Contradictions,
    pub relatives: Vec<FoundRelatives>,
}

pub(crate) struct FoundAcross {
    pub part: usize,
    pub other: usize,
    pub repeats: Repeats,
}

pub(crate) struct FoundRelatives {
    pub class: usize,
    pub other: usize,
    pub records: u64,
    pub fraction: f64,
    pub fraction_in_class: f64,
}

/// For each sequence its group (equal sequences and their reverse complements) and whether it stands there as the other
/// strand.
fn groups(sequences: &[&str]) -> Vec<(u32, bool)> {
    let strands: Vec<(bool, Option<String>)> = sequences
        .par_iter()
        .map(|sequence| {
            let other = reverse_complement(sequence);
            if other.as_str() < *sequence { (true, Some(other)) } else { (false, None) }
        })
        .collect();
    let mut numbers: HashMap<&str, u32> = HashMap::with_capacity(sequences.len());
    sequences
        .iter()
        .zip(&strands)
        .map(|(sequence, (turned, other))| {
            let next = numbers.len() as u32;
            (*numbers.entry(other.as_deref().unwrap_or(sequence)).or_insert(next), *turned)
        })
        .collect()
}

pub(crate) fn find(seen: &[Seen<'_>], parts: usize, classes: usize) -> Found {
    let sequences: Vec<&str> = seen.iter().map(|one| one.record.sequence.as_str()).collect();
    let part_of: Vec<usize> = seen.iter().map(|one| one.part).collect();
    let groups = groups(&sequences);
    let near = pairs(&sequences, &part_of);

    // Which strands of a group each part holds so far.
    let mut strands: HashMap<(u32, usize), [bool; 2]> = HashMap::with_capacity(seen.len());
    let mut within = vec![Repeats::default(); parts];
    // Repeats inside the part, so that a record is not counted as a near duplicate once more.
    let mut repeated = vec![false; seen.len()];
    for (index, (one, (group, turned))) in seen.iter().zip(&groups).enumerate() {
        let held = strands.entry((*group, one.part)).or_default();
        if held[usize::from(*turned)] {
            within[one.part].exact += 1;
            repeated[index] = true;
        } else if held[usize::from(!*turned)] {
            within[one.part].reverse_complement += 1;
            repeated[index] = true;
        }
        held[usize::from(*turned)] = true;
    }
    let mut near_within = vec![false; seen.len()];
    // For each record, the other parts in which it has a near duplicate.
    let mut near_parts: Vec<u64> = vec![0; seen.len()];
    for pair in near.iter().filter(|pair| pair.shared >= NEAR) {
        let (first, second) = (pair.first as usize, pair.second as usize);
        if part_of[first] == part_of[second] {
            near_within[second] = true;
        } else {
            near_parts[first] |= 1 << (part_of[second] & 63);
            near_parts[second] |= 1 << (part_of[first] & 63);
        }
    }
    for (index, one) in seen.iter().enumerate() {
        within[one.part].near += u64::from(near_within[index] && !repeated[index]);
    }
    let mut across = Vec::new();
    for part in (1..parts).rev() {
        for other in 0..part {
            let mut repeats = Repeats::default();
            for index in (0..seen.len()).filter(|&index| part_of[index] == part) {
                let (group, turned) = groups[index];
                let held = strands.get(&(group, other)).copied().unwrap_or_default();
                if held[usize::from(turned)] {
                    repeats.exact += 1;
                } else if held[usize::from(!turned)] {
                    repeats.reverse_complement += 1;
                } else if near_parts[index] & (1 << (other & 63)) != 0 {
                    repeats.near += 1;
                }
            }
            across.push(FoundAcross { part, other, repeats });
        }
    }
    let contradictions = contradictions(seen, &groups, &near);
    let relatives = relatives(seen, &near, classes);
    Found { within, across, contradictions, relatives }
}

fn contradictions(seen: &[Seen<'_>], groups: &[(u32, bool)], near: &[super::sketch::Pair]) -> Contradictions {
    let mut label_of: HashMap<u32, usize> = HashMap::new();
    let mut torn: HashSet<u32> = HashSet::new();
    for (one, (group, _)) in seen.iter().zip(groups) {
        if let Some(class) = one.class
            && *label_of.entry(*group).or_insert(class) != class
        {
            torn.insert(*group);
        }
    }
    let records =
        seen.iter().zip(groups).filter(|(one, (group, _))| one.class.is_some() && torn.contains(group));
    let mut near_records = HashSet::new();
    for pair in near.iter().filter(|pair| pair.shared >= NEAR) {
        let (first, second) = (pair.first as usize, pair.second as usize);
        if let (Some(a), Some(b)) = (seen[first].class, seen[second].class)
            && a != b
        {
            near_records
                .extend([first, second].into_iter().filter(|&index| !torn.contains(&groups[index].0)));
        }
    }
    Contradictions {
        sequences: torn.len() as u64,
        records: records.count() as u64,
        near_records: near_records.len() as u64,
    }
}

fn relatives(seen: &[Seen<'_>], near: &[super::sketch::Pair], classes: usize) -> Vec<FoundRelatives> {
    let mut sizes = vec![0_u64; classes];
    for class in seen.iter().filter_map(|one| one.class) {
        sizes[class] += 1;
    }
    // (class, other) -> records of the class with pieces of the other.
    let mut sharing: BTreeMap<(usize, usize), HashSet<u32>> = BTreeMap::new();
    for pair in near.iter().filter(|pair| pair.shared < NEAR) {
        if let (Some(a), Some(b)) = (seen[pair.first as usize].class, seen[pair.second as usize].class) {
            sharing.entry((a, b)).or_default().insert(pair.first);
            sharing.entry((b, a)).or_default().insert(pair.second);
        }
    }
    let share = |class: usize, other: usize| -> (u64, f64) {
        let records = sharing.get(&(class, other)).map_or(0, HashSet::len) as u64;
        (records, records as f64 / sizes[class].max(1) as f64)
    };
    let mut found = Vec::new();
    for class in 0..classes {
        for other in (0..classes).filter(|&other| other != class) {
            let (records, fraction) = share(class, other);
            if records > 0 {
                let (_, fraction_in_class) = share(class, class);
                found.push(FoundRelatives { class, other, records, fraction, fraction_in_class });
            }
        }
    }
    found
}

/// Gives records that repeat each other (exactly, on the other strand, nearly) one number, for
/// [`split::grouped`](crate::split::grouped): a split by these numbers leaks nothing that the audit would find.
pub fn similarity_groups(records: &[&Record]) -> Vec<usize> {
    let sequences: Vec<&str> = records.iter().map(|record| record.sequence.as_str()).collect();
    let mut parents: Vec<usize> = (0..records.len()).collect();
    fn root(parents: &mut [usize], mut index: usize) -> usize {
        while parents[index] != index {
            parents[index] = parents[parents[index]];
            index = parents[index];
        }
        index
    }
    let mut join = |a: usize, b: usize| {
        let (a, b) = (root(&mut parents, a), root(&mut parents, b));
        parents[a.max(b)] = a.min(b);
    };
    let mut first_of: HashMap<u32, usize> = HashMap::new();
    for (index, (group, _)) in groups(&sequences).iter().enumerate() {
        join(*first_of.entry(*group).or_insert(index), index);
    }
    for pair in pairs(&sequences, &vec![0; records.len()]).iter().filter(|pair| pair.shared >= NEAR) {
        join(pair.first as usize, pair.second as usize);
    }
    (0..records.len()).map(|index| root(&mut parents, index)).collect()
}
