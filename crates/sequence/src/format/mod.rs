//! The file formats, one file each. Each turns a text or a binary file into entries; the reader cleans and names them.

pub(crate) mod delimited;
pub(crate) mod fasta;
pub(crate) mod fastq;
pub(crate) mod json;
pub(crate) mod parquet;
pub(crate) mod spreadsheet;

use std::io;

use crate::clean::Cleaner;
use crate::reason::Reason;

/// What a format reads for one record, before cleaning is finished.
pub(crate) struct Entry {
    /// Where it starts.
    pub line: u64,
    pub id: Option<String>,
    pub sequence: Cleaner,
    pub label: Option<String>,
    pub split: Option<String>,
    pub group: Option<String>,
}

/// Why there is no entry.
pub(crate) enum Problem {
    /// This record is refused; the next one can be read.
    Refused { line: u64, id: Option<String>, reason: Reason },
    /// The file can't be read any further.
    Read { line: u64, source: io::Error },
    /// The rest of the file is in doubt.
    Broken { line: u64, what: String, advice: String },
}

/// A file as entries, in order, in memory that does not grow with the file.
pub(crate) trait Entries: Send {
    fn next(&mut self) -> Option<Result<Entry, Problem>>;
}

/// The text of a name or a label, or why it is none.
pub(crate) fn text(bytes: &[u8], what: &str) -> Result<String, Reason> {
    match std::str::from_utf8(bytes) {
        Err(_) => Err(Reason::Malformed(format!(
            "the {what} is not UTF-8 text ('{}'); save the file as UTF-8",
            String::from_utf8_lossy(bytes).chars().take(40).collect::<String>()
        ))),
        Ok(text) => match text.chars().find(|letter| letter.is_control() && *letter != '\t') {
            Some(letter) => Err(Reason::Malformed(format!(
                "the {what} holds the control character 0x{:02X}; remove it",
                letter as u32
            ))),
            None => Ok(text.to_string()),
        },
    }
}

/// A header without its mark. NCBI's merged headers set their parts apart by the control character 0x01; it counts as a
/// blank.
pub(crate) fn header_text(header: &[u8]) -> Result<String, Reason> {
    let header: Vec<u8> =
        header.trim_ascii().iter().map(|&byte| if byte == 1 { b' ' } else { byte }).collect();
    text(&header, "header")
}
