//! The one cleaning policy. Every sequence passes here once, on entry; every later stage relies on it.

use crate::alphabet::Alphabet;
use crate::reason::Reason;
use crate::repairs::Repairs;

/// The policy in words, for help texts and reports.
pub const CLEANING_POLICY: &str = "\
Every sequence is cleaned once, when it is read:
- letters are made upper case, and U becomes T;
- blanks (spaces, tabs, line ends) and gaps (- . *) are removed; overlapping k-mers set apart by blanks, as DNABERT's
  files hold them, are joined into the sequence they came from;
- A, C, G and T are kept. N and the other IUPAC ambiguity codes (R Y S W K M B D H V) are kept where the base model's
  tokenizer knows them, and refused where it does not; they are never replaced by a guess;
- proteins, prose, digits, control characters and anything else are refused, and so is a record without letters.
Every repair is counted and reported. Nothing is dropped in silence: a refused record is an error that names file, line
and record, or, if you ask for invalid records to be skipped, a counted entry in a list.";

/// What a byte is to the cleaner.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Base,
    Code,
    Uracil,
    Blank,
    Gap,
    Other,
}

const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    let mut index = 0;
    let bases = b"ACGTacgt";
    while index < bases.len() {
        table[bases[index] as usize] = Class::Base;
        index += 1;
    }
    let codes = b"NRYSWKMBDHVnryswkmbdhv";
    index = 0;
    while index < codes.len() {
        table[codes[index] as usize] = Class::Code;
        index += 1;
    }
    table[b'U' as usize] = Class::Uracil;
    table[b'u' as usize] = Class::Uracil;
    table[b' ' as usize] = Class::Blank;
    table[b'\t' as usize] = Class::Blank;
    table[b'\n' as usize] = Class::Blank;
    table[b'\r' as usize] = Class::Blank;
    table[b'-' as usize] = Class::Gap;
    table[b'.' as usize] = Class::Gap;
    table[b'*' as usize] = Class::Gap;
    table
}

static CLASSES: [Class; 256] = classes();

/// Cleans one sequence that comes from no file: typed in, or sent by another program.
///
/// ```
/// use episome_sequence::{Alphabet, clean};
/// let (sequence, repairs) = clean("acg uN", Alphabet::Iupac)?;
/// assert_eq!(sequence, "ACGTN");
/// assert_eq!((repairs.upper_cased, repairs.uracil, repairs.blanks), (4, 1, 1));
/// assert!(clean("MKVLA", Alphabet::Iupac).is_err());
/// # Ok::<(), episome_sequence::Reason>(())
/// ```
pub fn clean(sequence: &str, alphabet: Alphabet) -> Result<(String, Repairs), Reason> {
    let mut cleaner = Cleaner::default();
    cleaner.push(sequence.as_bytes());
    cleaner.finish(alphabet)
}

/// Cleans one sequence, piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Cleaner {
    letters: Vec<u8>,
    repairs: Repairs,
    /// Characters seen, for positions in messages.
    seen: u64,
    /// The first character that is no nucleotide code, with its position.
    foreign: Option<(Vec<u8>, u64)>,
    /// The first ambiguity code other than N, and the first N, with their positions.
    code: Option<(u8, u64)>,
    any: Option<u64>,
    codes: u64,
    alphabetic_others: u64,
    /// X among them: masked bases, in the output of some programs.
    masked: u64,
    other_characters: u64,
    first_digit: Option<u64>,
}

impl Cleaner {
    /// Takes the next piece of the sequence: a line of FASTA, a cell of a table.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.letters.reserve(piece.len());
        for (offset, &byte) in piece.iter().enumerate() {
            match CLASSES[byte as usize] {
                Class::Base => {
                    self.repairs.upper_cased += u64::from(byte & 0x20 != 0);
                    self.letters.push(byte & !0x20);
                }
                Class::Code => {
                    let position = self.seen + offset as u64 + 1;
                    if byte & !0x20 == b'N' {
                        self.any.get_or_insert(position);
                    } else {
                        self.code.get_or_insert((byte & !0x20, position));
                        self.codes += 1;
                    }
                    self.repairs.upper_cased += u64::from(byte & 0x20 != 0);
                    self.letters.push(byte & !0x20);
                }
                Class::Uracil => {
                    self.repairs.upper_cased += u64::from(byte & 0x20 != 0);
                    self.repairs.uracil += 1;
                    self.letters.push(b'T');
                }
                Class::Blank => self.repairs.blanks += 1,
                Class::Gap => self.repairs.gaps += 1,
                Class::Other => self.foreign(piece, offset),
            }
        }
        self.seen += piece.len() as u64;
    }

    fn foreign(&mut self, piece: &[u8], offset: usize) {
        let byte = piece[offset];
        let position = self.seen + offset as u64 + 1;
        if self.foreign.is_none() {
            self.foreign = Some((piece[offset..piece.len().min(offset + 4)].to_vec(), position));
        }
        if byte.is_ascii_alphabetic() {
            self.alphabetic_others += 1;
            self.masked += u64::from(byte.eq_ignore_ascii_case(&b'X'));
        } else {
            self.other_characters += 1;
        }
        if byte.is_ascii_digit() {
            self.first_digit.get_or_insert(position);
        }
    }

    /// Counts repairs made before the pieces came here.
    pub(crate) fn count(&mut self, repairs: Repairs) {
        self.repairs += repairs;
    }

    /// The cleaned sequence and what was changed, or why it is refused.
    pub(crate) fn finish(self, alphabet: Alphabet) -> Result<(String, Repairs), Reason> {
        if let Some((bytes, position)) = &self.foreign {
            return Err(self.why(bytes, *position));
        }
        if self.letters.is_empty() {
            return Err(Reason::Empty);
        }
        if let (Some((letter, position)), true) = (self.code, self.mostly_codes()) {
            return Err(Reason::Protein { letter: letter as char, position });
        }
        match (alphabet, self.code, self.any) {
            (Alphabet::Acgt | Alphabet::AcgtN, Some((letter, position)), _) => {
                return Err(Reason::Ambiguity { letter: letter as char, position, alphabet });
            }
            (Alphabet::Acgt, None, Some(position)) => {
                return Err(Reason::Ambiguity { letter: 'N', position, alphabet });
            }
            _ => {}
        }
        // Only ASCII letters were pushed.
        Ok((String::from_utf8_lossy(&self.letters).into_owned(), self.repairs))
    }

    /// A sequence of 20 letters or more in which ambiguity codes other than N outnumber the rest is a protein whose
    /// letters happen to be nucleotide codes (M, K, V, S, …), not DNA.
    fn mostly_codes(&self) -> bool {
        self.letters.len() >= 20 && self.codes * 2 > self.letters.len() as u64
    }

    fn why(&self, bytes: &[u8], position: u64) -> Reason {
        let byte = bytes[0];
        let letters = self.letters.len() as u64 + self.alphabetic_others;
        let blanks = self.repairs.blanks;
        let foreign = self.alphabetic_others + self.codes;
        if byte < 0x20 || byte == 0x7f {
            let what = if byte == 0 {
                "a NUL byte".to_string()
            } else {
                format!("the control character 0x{byte:02X}")
            };
            return Reason::Character { what, position };
        }
        if byte == b'>' {
            return Reason::Character {
                what: "a '>' that does not start its line (a line end is missing before it?)".to_string(),
                position,
            };
        }
        if self.masked > 0 && self.masked == self.alphabetic_others && self.other_characters == 0 {
            let what = "'X' (write N for masked bases)".to_string();
            return Reason::Character { what, position };
        }
        // Prose has blanks, about one in six characters; foreign letters in plenty; perhaps punctuation.
        if self.alphabetic_others > 0 && letters >= 8 && blanks * 15 >= letters && foreign * 5 >= letters {
            return Reason::Prose { letter: printable(bytes), position };
        }
        if let Some(position) = self.first_digit {
            return Reason::Digits { position };
        }
        // E, F, I, L, P, Q and X among the letters, and foreign letters and codes at least a fifth: in a real protein
        // they are about two thirds, in DNA with a typing error a few per cent.
        if byte.is_ascii_alphabetic() && self.other_characters == 0 && foreign * 5 >= letters && letters >= 5
        {
            return Reason::Protein { letter: byte.to_ascii_uppercase() as char, position };
        }
        let what = if byte.is_ascii() {
            format!("'{}'", byte as char)
        } else {
            match printable(bytes) {
                '\u{fffd}' => format!("the byte 0x{byte:02X}, which is not UTF-8,"),
                letter => format!("'{letter}'"),
            }
        };
        Reason::Character { what, position }
    }
}

/// The first character of some bytes that are perhaps cut short; U+FFFD if they are not UTF-8.
fn printable(bytes: &[u8]) -> char {
    String::from_utf8_lossy(bytes).chars().next().unwrap_or('\u{fffd}')
}

/// Joins the overlapping k-mers of a cell ("ACG CGT GTA" is ACGTA) if that is what it holds: three or more words of one
/// length from 3 to 12, each of which repeats all but the first letter of the one before.
pub(crate) fn join_kmers(cell: &[u8]) -> Option<(Vec<u8>, Repairs)> {
    let mut words = cell.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let first = words.next()?;
    let length = first.len();
    if !(3..=12).contains(&length) {
        return None;
    }
    let mut joined = first.to_vec();
    let mut count = 1_u64;
    for word in words {
        if word.len() != length
            || !word[..length - 1].eq_ignore_ascii_case(&joined[joined.len() + 1 - length..])
        {
            return None;
        }
        joined.push(word[length - 1]);
        count += 1;
    }
    // A long run of one letter in blocks ("AAA AAA AAA") is a sequence in blocks as well as a row of k-mers: leave it.
    if count < 3 || joined.iter().all(|letter| letter == &joined[0]) {
        return None;
    }
    let kmers = (count - 1) * (length as u64 - 1);
    Some((joined, Repairs { kmers, blanks: count - 1, ..Repairs::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str, alphabet: Alphabet) -> Result<(String, Repairs), Reason> {
        let mut cleaner = Cleaner::default();
        cleaner.push(text.as_bytes());
        cleaner.finish(alphabet)
    }

    #[test]
    fn repairs_are_made_and_counted() {
        let (sequence, repairs) = clean("acgU u-A.*c\tN", Alphabet::AcgtN).unwrap();
        assert_eq!(sequence, "ACGTTACN");
        assert_eq!(repairs, Repairs { upper_cased: 5, uracil: 2, blanks: 2, gaps: 3, ..Repairs::default() });
    }

    #[test]
    fn codes_are_kept_or_refused_by_the_alphabet() {
        assert!(clean("ACGTRN", Alphabet::Iupac).is_ok());
        let refused = clean("ACGTRN", Alphabet::AcgtN).unwrap_err();
        assert_eq!(refused, Reason::Ambiguity { letter: 'R', position: 5, alphabet: Alphabet::AcgtN });
        let refused = clean("ACnGT", Alphabet::Acgt).unwrap_err();
        assert_eq!(refused, Reason::Ambiguity { letter: 'N', position: 3, alphabet: Alphabet::Acgt });
    }

    #[test]
    fn what_is_not_dna_is_refused_by_name() {
        let kind = |text: &str| clean(text, Alphabet::Iupac).unwrap_err().kind();
        assert_eq!(kind("MKTAYIAKQRQISFVKSHFSRQ"), "protein");
        assert_eq!(kind("MVHSTYKRWDMVHSTYKRWDMVHSTYKRWD"), "protein"); // nucleotide codes only, yet no DNA
        assert_eq!(kind("The quick brown fox jumps over the lazy dog"), "prose");
        assert_eq!(kind("1 gatcctccat atacaacggt 61 atctccacct"), "digits");
        assert_eq!(kind("ACGTACGTACGTXACGTACGT"), "character");
        assert_eq!(kind("ACGTXXXXXXXXXXXXXXGT"), "character");
        assert_eq!(kind("ACGT\0ACGT"), "character");
        assert_eq!(kind("ACGé"), "character");
        assert_eq!(kind("  -.*"), "empty");
        assert_eq!(kind(""), "empty");
    }

    #[test]
    fn overlapping_kmers_are_joined_and_blocks_are_not() {
        let (joined, repairs) = join_kmers(b"ACG CGT GTA TAC").unwrap();
        assert_eq!(joined, b"ACGTAC");
        assert_eq!(repairs.kmers, 6);
        assert!(join_kmers(b"ACGTACGTAC GATTACAGAT TACAGATTAC").is_none());
        assert!(join_kmers(b"AAA AAA AAA").is_none());
        assert!(join_kmers(b"ACG CGT").is_none());
    }
}
