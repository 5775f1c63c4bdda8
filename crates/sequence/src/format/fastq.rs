//! FASTQ: `@name`, the sequence, `+`, the quality; sequence and quality on one line each or on several.
//!
//! Since `@` and `+` are quality letters too, quality ends when it is as long as the sequence (Cock et al., 2010,
//! doi:10.1093/nar/gkp1137). Qualities are checked (letters from `!` to `~`, one per base) and not kept. After a broken
//! record reading goes on at the next line that starts with `@` and is not followed by another such line.

use super::{Entries, Entry, Problem, header_text};
use crate::clean::Cleaner;
use crate::header_label::HeaderLabel;
use crate::reason::Reason;
use crate::source::Lines;

pub(crate) struct Fastq {
    lines: Lines,
    line: Vec<u8>,
    label: HeaderLabel,
    ended: bool,
    /// What stopped reading while the next record was looked for.
    failed: Option<std::io::Error>,
}

/// A record as far as it could be read.
#[derive(Default)]
struct Read {
    title: Vec<u8>,
    sequence: Cleaner,
    length: usize,
}

/// Why reading a record stopped short.
enum Stop {
    Broken(String),
    Failed(std::io::Error),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Stop {
        Stop::Failed(error)
    }
}

fn broken<T>(what: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Broken(what.into()))
}

impl Fastq {
    pub(crate) fn new(lines: Lines, label: HeaderLabel) -> Fastq {
        Fastq { lines, line: Vec::new(), label, ended: false, failed: None }
    }

    /// Passes over lines until one can start a record, which is then the next line; says how many were passed over.
    fn find(&mut self) -> std::io::Result<u64> {
        let mut passed = 0;
        let mut below = Vec::new();
        while self.lines.next(&mut self.line)? {
            if self.line.first() == Some(&b'@') {
                let last = !self.lines.next(&mut below)?;
                if !last {
                    self.lines.keep(&below);
                }
                // A quality line may start with '@', too; then the line below is the next title.
                if last || below.first() != Some(&b'@') {
                    self.lines.keep(&self.line);
                    return Ok(passed);
                }
            }
            passed += u64::from(!self.line.trim_ascii().is_empty());
        }
        Ok(passed)
    }

    /// Reads one record whose title line is in `self.line`.
    fn read(&mut self, read: &mut Read) -> Result<(), Stop> {
        if self.line.first() != Some(&b'@') {
            let shown: String = String::from_utf8_lossy(&self.line).chars().take(30).collect();
            return broken(format!("a record starts with '@' and a name; here stands '{shown}'"));
        }
        read.title = self.line[1..].trim_ascii().to_vec();
        let mut blanks = false;
        loop {
            if !self.lines.next(&mut self.line)? {
                return broken("the file ends in the middle of this record, before its '+' line");
            }
            match self.line.first() {
                Some(b'+') => break,
                Some(b'@') => {
                    self.lines.keep(&self.line);
                    return broken(
                        "the record has no '+' line and no quality: the next record starts too early",
                    );
                }
                _ => {
                    let letters = self.line.trim_ascii_end();
                    blanks |= letters.iter().any(u8::is_ascii_whitespace);
                    read.sequence.push(letters);
                    read.length += letters.len();
                }
            }
        }
        let repeated = self.line[1..].trim_ascii().to_vec();
        let plus = self.lines.number();
        self.quality(read.length)?;
        if blanks {
            return broken(
                "there are blanks inside the sequence, so bases and qualities can't be told to match",
            );
        }
        let first = read.title.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        if !repeated.is_empty() && repeated != read.title && repeated != first {
            return broken(format!(
                "the '+' line (line {plus}) repeats another name, '{}'",
                String::from_utf8_lossy(&repeated).chars().take(60).collect::<String>()
            ));
        }
        Ok(())
    }

    fn quality(&mut self, length: usize) -> Result<(), Stop> {
        let mut seen = 0;
        let mut foreign = None;
        while seen < length {
            if !self.lines.next(&mut self.line)? {
                return broken(format!(
                    "the file ends in the middle of this record: {seen} qualities for {length} bases"
                ));
            }
            let letters = self.line.trim_ascii_end();
            if letters.is_empty() {
                return broken(format!("the quality has {seen} letters where the sequence has {length}"));
            }
            if let Some(offset) = letters.iter().position(|byte| !(b'!'..=b'~').contains(byte)) {
                foreign.get_or_insert((letters[offset], seen + offset + 1));
            }
            if seen > 0 && seen + letters.len() > length && letters[0] == b'@' {
                // Rather the next record's title than the end of this one's quality.
                self.lines.keep(&self.line);
                return broken(format!("the quality has {seen} letters where the sequence has {length}"));
            }
            seen += letters.len();
        }
        if let Some((byte, position)) = foreign {
            return broken(format!(
                "the byte 0x{byte:02X} at position {position} of the quality is no quality letter ('!' to '~')"
            ));
        }
        if seen > length {
            return broken(format!("the quality has {seen} letters where the sequence has {length}"));
        }
        Ok(())
    }
}

impl Entries for Fastq {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        if self.ended {
            return None;
        }
        if let Some(source) = self.failed.take() {
            self.ended = true;
            return Some(Err(Problem::Read { line: self.lines.number(), source }));
        }
        loop {
            match self.lines.next(&mut self.line) {
                Ok(true) if self.line.trim_ascii().is_empty() => {}
                Ok(true) => break,
                Ok(false) => {
                    self.ended = true;
                    return None;
                }
                Err(source) => {
                    self.ended = true;
                    return Some(Err(Problem::Read { line: self.lines.number(), source }));
                }
            }
        }
        let line = self.lines.number();
        let mut read = Read::default();
        let outcome = self.read(&mut read);
        let header = header_text(&read.title);
        let id = header.as_ref().ok().and_then(|header| header.split_whitespace().next()).map(str::to_string);
        match (outcome, header) {
            (Err(Stop::Failed(source)), _) => {
                self.ended = true;
                Some(Err(Problem::Read { line: self.lines.number(), source }))
            }
            (Err(Stop::Broken(mut what)), _) => {
                match self.find() {
                    Ok(0) => {}
                    Ok(1) => what.push_str("; the line after it was passed over"),
                    Ok(passed) => what.push_str(&format!("; {passed} lines after it were passed over")),
                    Err(source) => self.failed = Some(source),
                }
                Some(Err(Problem::Refused { line, id, reason: Reason::Malformed(what) }))
            }
            (Ok(()), Err(reason)) => Some(Err(Problem::Refused { line, id, reason })),
            (Ok(()), Ok(header)) => {
                let label = self.label.of(&header);
                Some(Ok(Entry { line, id, sequence: read.sequence, label, split: None, group: None }))
            }
        }
    }
}
