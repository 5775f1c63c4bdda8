//! The letters of DNA: which of them a reader keeps, their complements, the share of G and C.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The letters that survive cleaning. What a base model's tokenizer knows decides it; a letter outside is refused
/// with an error that names the record and the letter, and never replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    /// A, C, G and T only.
    Acgt,
    /// A, C, G, T and N (any base).
    AcgtN,
    /// A, C, G, T and every ambiguity code of IUPAC: R, Y, S, W, K, M, B, D, H, V, N
    /// (Nomenclature Committee of the International Union of Biochemistry, 1984).
    #[default]
    Iupac,
}

impl Alphabet {
    /// The letters, in the order A, C, G, T, N, then the other codes.
    pub fn letters(self) -> &'static str {
        match self {
            Alphabet::Acgt => "ACGT",
            Alphabet::AcgtN => "ACGTN",
            Alphabet::Iupac => "ACGTNRYSWKMBDHV",
        }
    }

    /// Whether an upper-case letter belongs to the alphabet.
    pub fn contains(self, letter: u8) -> bool {
        self.letters().as_bytes().contains(&letter)
    }
}

impl fmt::Display for Alphabet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Alphabet::Acgt => "A, C, G, T",
            Alphabet::AcgtN => "A, C, G, T, N",
            Alphabet::Iupac => "A, C, G, T and the IUPAC ambiguity codes",
        })
    }
}

/// The complement of one upper-case letter, IUPAC codes included. A letter without one is its own complement.
pub(crate) fn complement(letter: u8) -> u8 {
    match letter {
        b'A' => b'T',
        b'C' => b'G',
        b'G' => b'C',
        b'T' => b'A',
        b'R' => b'Y',
        b'Y' => b'R',
        b'K' => b'M',
        b'M' => b'K',
        b'B' => b'V',
        b'V' => b'B',
        b'D' => b'H',
        b'H' => b'D',
        other => other, // N, S and W stand for themselves on either strand
    }
}

/// The other strand of a cleaned sequence, read in its own direction.
///
/// ```
/// assert_eq!(episome_sequence::reverse_complement("AACGR"), "YCGTT");
/// ```
pub fn reverse_complement(sequence: &str) -> String {
    // Cleaned sequences are ASCII; anything else is turned round letter by letter all the same.
    sequence
        .chars()
        .rev()
        .map(|letter| if letter.is_ascii() { complement(letter as u8) as char } else { letter })
        .collect()
}

/// G and C (and S, which is either) among the letters that say which of the two pairs they are (A, C, G, T, S, W);
/// `None` where no letter does.
pub fn gc_fraction(sequence: &str) -> Option<f64> {
    let (mut strong, mut weak) = (0_u64, 0_u64);
    for letter in sequence.bytes() {
        match letter {
            b'G' | b'C' | b'S' => strong += 1,
            b'A' | b'T' | b'W' => weak += 1,
            _ => {}
        }
    }
    let known = strong + weak;
    (known > 0).then(|| strong as f64 / known as f64)
}
