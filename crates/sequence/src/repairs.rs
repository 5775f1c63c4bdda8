//! What cleaning changed, counted.

use std::fmt;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// What cleaning changed, in letters (labels in labels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repairs {
    /// Lower-case letters made upper case.
    pub upper_cased: u64,
    /// U turned into T.
    pub uracil: u64,
    /// Blanks inside a sequence removed (not the line ends of a wrapped FASTA record).
    pub blanks: u64,
    /// Gap characters (`-`, `.`, `*`) removed.
    pub gaps: u64,
    /// Letters left over when overlapping k-mers were joined.
    pub kmers: u64,
    /// Labels whose surrounding blanks were removed.
    pub labels: u64,
}

impl Repairs {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Repairs::default()
    }
}

impl AddAssign for Repairs {
    fn add_assign(&mut self, other: Repairs) {
        self.upper_cased += other.upper_cased;
        self.uracil += other.uracil;
        self.blanks += other.blanks;
        self.gaps += other.gaps;
        self.kmers += other.kmers;
        self.labels += other.labels;
    }
}

impl fmt::Display for Repairs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return formatter.write_str("nothing had to be repaired");
        }
        let said = [
            (self.upper_cased, "letter made upper case", "letters made upper case"),
            (self.uracil, "U turned into T", "U turned into T"),
            (self.blanks, "blank removed", "blanks removed"),
            (self.gaps, "gap removed", "gaps removed"),
            (self.kmers, "letter of overlapping k-mers joined", "letters of overlapping k-mers joined"),
            (self.labels, "label trimmed of blanks", "labels trimmed of blanks"),
        ];
        let parts: Vec<String> = said
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        formatter.write_str(&parts.join(", "))
    }
}
