//! Leaving records out that would make a training or its judgement wrong. The files stay as they are.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::alphabet::reverse_complement;
use crate::record::{Part, Record};

/// What is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Records without a label, of which a classifier can neither learn nor be judged by.
    Unlabelled,
    /// Every record whose sequence stands under two labels or more, on either strand: which one is right nobody can tell.
    Contradictions,
    /// Training records that validation or test hold too, and validation records that test holds, on either strand.
    Leaks,
    /// Records that repeat an earlier one of the same part, on either strand.
    Duplicates,
}

impl Mend {
    /// All, in the order in which they are done.
    pub const ALL: [Mend; 4] = [Mend::Unlabelled, Mend::Contradictions, Mend::Leaks, Mend::Duplicates];

    /// Its name for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Mend::Unlabelled => "unlabelled",
            Mend::Contradictions => "contradictions",
            Mend::Leaks => "leaks",
            Mend::Duplicates => "duplicates",
        }
    }
}

impl fmt::Display for Mend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Mend {
    type Err = String;

    fn from_str(name: &str) -> Result<Mend, String> {
        Mend::ALL.into_iter().find(|mend| mend.name() == name).ok_or_else(|| {
            format!("there is no mend {name}; it is one of {}", Mend::ALL.map(Mend::name).join(", "))
        })
    }
}

/// Which records stay, and how many each mend left out.
///
/// ```
/// use episome_sequence::{Mend, Part, Record, mend};
/// let records: Vec<Record> = ["ACGG", "CCGT", "TTTT"].map(|letters| Record::new("r", letters).with_label("a")).into();
/// let (stays, left_out) = mend(&records, &[Part::Train; 3], &[Mend::Duplicates]);
/// assert_eq!(stays, [true, false, true], "CCGT is ACGG on the other strand");
/// assert_eq!(left_out, [(Mend::Duplicates, 1)]);
/// ```
pub fn mend(records: &[Record], parts: &[Part], mends: &[Mend]) -> (Vec<bool>, Vec<(Mend, u64)>) {
    let mut stays = vec![true; records.len()];
    let mut left_out = Vec::new();
    if mends.is_empty() {
        return (stays, left_out);
    }
    // Both strands of a sequence have one key: the one that comes first in the alphabet.
    let keys: Vec<String> = records
        .iter()
        .map(|record| {
            let other = reverse_complement(&record.sequence);
            if other < record.sequence { other } else { record.sequence.clone() }
        })
        .collect();
    for mend in Mend::ALL.into_iter().filter(|mend| mends.contains(mend)) {
        let before = stays.iter().filter(|stays| **stays).count();
        match mend {
            Mend::Unlabelled => {
                stays.iter_mut().zip(records).for_each(|(stays, record)| *stays &= record.label.is_some());
            }
            Mend::Contradictions => contradictions(records, &keys, &mut stays),
            Mend::Leaks => leaks(parts, &keys, &mut stays),
            Mend::Duplicates => duplicates(parts, &keys, &mut stays),
        }
        let after = stays.iter().filter(|stays| **stays).count();
        left_out.push((mend, (before - after) as u64));
    }
    (stays, left_out)
}

fn contradictions(records: &[Record], keys: &[String], stays: &mut [bool]) {
    let mut labels: HashMap<&str, &str> = HashMap::new();
    let mut contradicting: HashSet<&str> = HashSet::new();
    for (record, key) in records.iter().zip(keys) {
        // No label contradicts none.
        let Some(label) = record.label.as_deref() else { continue };
        if *labels.entry(key).or_insert(label) != label {
            contradicting.insert(key);
        }
    }
    for (key, stays) in keys.iter().zip(stays) {
        *stays &= !contradicting.contains(key.as_str());
    }
}

fn leaks(parts: &[Part], keys: &[String], stays: &mut [bool]) {
    let of = |part: Part| -> HashSet<&str> {
        keys.iter().zip(parts).filter(|(_, found)| **found == part).map(|(key, _)| key.as_str()).collect()
    };
    let (validation, test) = (of(Part::Validation), of(Part::Test));
    for ((key, part), stays) in keys.iter().zip(parts).zip(stays) {
        let leaked = match part {
            Part::Train => validation.contains(key.as_str()) || test.contains(key.as_str()),
            Part::Validation => test.contains(key.as_str()),
            Part::Test => false,
        };
        *stays &= !leaked;
    }
}

fn duplicates(parts: &[Part], keys: &[String], stays: &mut [bool]) {
    let mut seen: HashSet<(Part, &str)> = HashSet::new();
    for ((key, part), stays) in keys.iter().zip(parts).zip(stays) {
        *stays = *stays && seen.insert((*part, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_and_what_leaks_is_left_out() {
        let record = |letters: &str, label: &str| Record::new("r", letters).with_label(label);
        let records = [
            record("AAAC", "x"),
            record("GTTT", "y"),
            record("CCCA", "x"),
            record("CCCA", "x"),
            record("AGAG", "y"),
        ];
        let parts = [Part::Train, Part::Train, Part::Train, Part::Test, Part::Train];
        let (stays, left_out) = mend(&records, &parts, &[Mend::Leaks, Mend::Contradictions]);
        assert_eq!(stays, [false, false, false, true, true]);
        assert_eq!(left_out, [(Mend::Contradictions, 2), (Mend::Leaks, 1)]);
    }

    #[test]
    fn records_without_a_label_are_left_out_and_contradict_nothing() {
        let records =
            [Record::new("a", "AAAC").with_label("x"), Record::new("b", "AAAC"), Record::new("c", "GGGA")];
        let (stays, left_out) = mend(&records, &[Part::Train; 3], &[Mend::Unlabelled, Mend::Contradictions]);
        assert_eq!(stays, [true, false, false]);
        assert_eq!(left_out, [(Mend::Unlabelled, 2), (Mend::Contradictions, 0)]);
    }
}
