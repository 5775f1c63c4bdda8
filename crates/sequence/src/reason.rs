//! Why a record is refused, in words that say what to do.

use std::fmt;

use crate::alphabet::Alphabet;

/// Why a record is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No letter is left of the sequence, or there was none.
    Empty,
    /// The letters are those of a protein.
    Protein {
        /// The first letter that no nucleotide code has.
        letter: char,
        /// Its place in the sequence as written, from 1.
        position: u64,
    },
    /// The text is prose.
    Prose {
        /// The first character that no nucleotide code has.
        letter: char,
        /// Its place in the sequence as written, from 1.
        position: u64,
    },
    /// There are digits in it, as in GenBank's numbered lines.
    Digits {
        /// The place of the first digit, from 1.
        position: u64,
    },
    /// An ambiguity code that the alphabet leaves out.
    Ambiguity {
        /// The code.
        letter: char,
        /// Its place in the sequence as written, from 1.
        position: u64,
        /// What may stand there.
        alphabet: Alphabet,
    },
    /// A character that is none of the above.
    Character {
        /// What stands there, in words.
        what: String,
        /// Its place in the sequence as written, from 1.
        position: u64,
    },
    /// The record needs a label and has none.
    MissingLabel,
    /// The record is not built as its format demands.
    Malformed(String),
}

impl Reason {
    /// A short name for counting: "empty", "protein", "prose", "digits", "ambiguity code", "character", "label", "format".
    pub fn kind(&self) -> &'static str {
        match self {
            Reason::Empty => "empty",
            Reason::Protein { .. } => "protein",
            Reason::Prose { .. } => "prose",
            Reason::Digits { .. } => "digits",
            Reason::Ambiguity { .. } => "ambiguity code",
            Reason::Character { .. } => "character",
            Reason::MissingLabel => "label",
            Reason::Malformed(_) => "format",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Empty => formatter.write_str("the sequence is empty; remove the record or complete it"),
            Reason::Protein { letter, position } => write!(
                formatter,
                "this looks like a protein (letter {letter} at position {position}); Episome reads DNA and RNA: \
                 take the coding sequence instead"
            ),
            Reason::Prose { letter, position } => write!(
                formatter,
                "this looks like prose, not DNA ('{letter}' at position {position}); if it is another column than \
                 you meant, name the column that holds the sequences"
            ),
            Reason::Digits { position } => write!(
                formatter,
                "there are digits in the sequence (the first at position {position}), as in GenBank's numbered \
                 lines; export the record as FASTA"
            ),
            Reason::Ambiguity { letter, position, alphabet } => write!(
                formatter,
                "the ambiguity code {letter} at position {position} is not among the letters allowed here \
                 ({alphabet}); replace it, leave the record out, or choose a base model that knows it"
            ),
            Reason::Character { what, position } => {
                write!(formatter, "{what} at position {position} of the sequence is no nucleotide code")
            }
            Reason::MissingLabel => {
                formatter.write_str("the record has no label; give it one or leave it out")
            }
            Reason::Malformed(what) => formatter.write_str(what),
        }
    }
}
