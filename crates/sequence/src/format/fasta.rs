//! FASTA: a header line that starts with `>`, then the sequence on any number of lines.
//!
//! Blank lines and comment lines that start with `;` (Pearson's original format) are passed over. The name is the
//! header's first word. A label may stand in the header; see [`HeaderLabel`].

use super::{Entries, Entry, Problem, header_text};
use crate::clean::Cleaner;
use crate::header_label::HeaderLabel;
use crate::reason::Reason;
use crate::source::Lines;

pub(crate) struct Fasta {
    lines: Lines,
    line: Vec<u8>,
    /// The header that has been read and whose sequence comes next.
    header: Option<(u64, Vec<u8>)>,
    label: HeaderLabel,
    ended: bool,
}

impl Fasta {
    pub(crate) fn new(lines: Lines, label: HeaderLabel) -> Fasta {
        Fasta { lines, line: Vec::new(), header: None, label, ended: false }
    }

    /// The first header, or what stands before it.
    fn start(&mut self) -> Option<Result<(), Problem>> {
        let mut stray: Option<u64> = None;
        loop {
            match self.lines.next(&mut self.line) {
                Err(source) => {
                    self.ended = true;
                    return Some(Err(Problem::Read { line: self.lines.number(), source }));
                }
                Ok(false) => {
                    self.ended = true;
                    return stray.map(|line| Err(before_header(line)));
                }
                Ok(true) if self.line.first() == Some(&b'>') => {
                    self.header = Some((self.lines.number(), self.line[1..].to_vec()));
                    return Some(stray.map_or(Ok(()), |line| Err(before_header(line))));
                }
                Ok(true) if self.line.trim_ascii().is_empty() || self.line[0] == b';' => {}
                Ok(true) => {
                    stray.get_or_insert(self.lines.number());
                }
            }
        }
    }
}

fn before_header(line: u64) -> Problem {
    Problem::Refused {
        line,
        id: None,
        reason: Reason::Malformed(
            "text stands before the first header line; a FASTA record starts with '>' and a name".to_string(),
        ),
    }
}

impl Entries for Fasta {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        if self.header.is_none() {
            if self.ended {
                return None;
            }
            if let Err(problem) = self.start()? {
                return Some(Err(problem));
            }
        }
        let (line, header) = self.header.take()?;
        let mut sequence = Cleaner::default();
        loop {
            match self.lines.next(&mut self.line) {
                Err(source) => {
                    self.ended = true;
                    return Some(Err(Problem::Read { line: self.lines.number(), source }));
                }
                Ok(false) => {
                    self.ended = true;
                    break;
                }
                Ok(true) => match self.line.first() {
                    Some(b'>') => {
                        self.header = Some((self.lines.number(), self.line[1..].to_vec()));
                        break;
                    }
                    Some(b';') | None => {}
                    Some(_) => sequence.push(self.line.trim_ascii_end()),
                },
            }
        }
        let header = match header_text(&header) {
            Ok(header) => header,
            Err(reason) => {
                return Some(Err(Problem::Refused { line, id: None, reason }));
            }
        };
        let id = header.split_whitespace().next().map(str::to_string);
        let label = self.label.of(&header);
        Some(Ok(Entry { line, id, sequence, label, split: None, group: None }))
    }
}
