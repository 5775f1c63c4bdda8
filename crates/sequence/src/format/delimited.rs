//! Tables as text: cells set apart by a comma, tab, semicolon, bar or blanks, or one sequence a line.
//!
//! Quotes as in RFC 4180: a cell that starts with `"` ends with the next single `"`, holds `""` for one, and may run over
//! lines. Where separators are followed by blanks throughout ("comma and blanks"), these belong to the separator.

use std::io;

use super::{Entries, Entry, Problem, text};
use crate::clean::{Cleaner, join_kmers};
use crate::columns::Chosen;
use crate::reason::Reason;
use crate::repairs::Repairs;
use crate::source::Lines;

/// A quoted cell longer than this (64 MiB) is a quote that was never closed.
const LONGEST_QUOTED: usize = 1 << 26;

/// What sets the cells of a row apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// This byte.
    Byte(u8),
    /// One or more spaces or tabs.
    Blanks,
    /// Nothing: a row is one cell.
    Nothing,
}

/// What can be wrong with a row.
pub(crate) enum RowProblem {
    /// This row only.
    Row { line: u64, what: &'static str },
    /// A quote opened on this line is never closed.
    OpenQuote { line: u64 },
    /// The file can't be read any further.
    Read { line: u64, source: io::Error },
}

/// Cuts lines into rows of cells.
pub(crate) struct Rows {
    lines: Lines,
    delimiter: Delimiter,
    line: Vec<u8>,
}

impl Rows {
    pub(crate) fn new(lines: Lines, delimiter: Delimiter) -> Rows {
        Rows { lines, delimiter, line: Vec::new() }
    }

    /// Passes over a line.
    pub(crate) fn pass_over(&mut self) -> Result<(), Problem> {
        match self.lines.next(&mut self.line) {
            Ok(_) => Ok(()),
            Err(source) => Err(Problem::Read { line: self.lines.number(), source }),
        }
    }

    /// The next row that is not blank, with the number of the line it starts on.
    pub(crate) fn next(&mut self, cells: &mut Vec<Vec<u8>>) -> Result<Option<u64>, RowProblem> {
        cells.clear();
        loop {
            match self.lines.next(&mut self.line) {
                Err(source) => {
                    return Err(RowProblem::Read { line: self.lines.number(), source });
                }
                Ok(false) => return Ok(None),
                Ok(true) if self.line.iter().all(|byte| byte.is_ascii_whitespace()) => {}
                Ok(true) => break,
            }
        }
        let start = self.lines.number();
        match self.delimiter {
            Delimiter::Nothing => {
                let line = self.line.trim_ascii();
                let whole = line.len() >= 2 && line.starts_with(b"\"") && line.ends_with(b"\"");
                cells.push(if whole { line[1..line.len() - 1].to_vec() } else { line.to_vec() });
            }
            Delimiter::Blanks => {
                let words =
                    self.line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
                cells.extend(words.map(<[u8]>::to_vec));
            }
            Delimiter::Byte(delimiter) => self.cut(delimiter, start, cells)?,
        }
        Ok(Some(start))
    }

    fn cut(&mut self, delimiter: u8, start: u64, cells: &mut Vec<Vec<u8>>) -> Result<(), RowProblem> {
        let mut at = 0;
        loop {
            // Blanks before a quote are the separator's; a tab is no blank where it is the separator.
            let blank = |byte: u8| (byte == b' ' || byte == b'\t') && byte != delimiter;
            let blanks = self.line[at..].iter().take_while(|&&byte| blank(byte)).count();
            let mut cell = Vec::new();
            if self.line.get(at + blanks) == Some(&b'"') {
                at += blanks + 1;
                loop {
                    match memchr::memchr(b'"', &self.line[at..]) {
                        Some(length) => {
                            cell.extend_from_slice(&self.line[at..at + length]);
                            at += length + 1;
                            if self.line.get(at) == Some(&b'"') {
                                cell.push(b'"');
                                at += 1;
                            } else {
                                break;
                            }
                        }
                        None => {
                            cell.extend_from_slice(&self.line[at..]);
                            cell.push(b'\n');
                            at = 0;
                            match self.lines.next(&mut self.line) {
                                Err(source) => {
                                    return Err(RowProblem::Read { line: self.lines.number(), source });
                                }
                                Ok(true) if cell.len() <= LONGEST_QUOTED => {}
                                Ok(_) => return Err(RowProblem::OpenQuote { line: start }),
                            }
                        }
                    }
                }
                while self.line.get(at).is_some_and(|&byte| blank(byte)) {
                    at += 1;
                }
                if self.line.get(at).is_some_and(|&byte| byte != delimiter) {
                    return Err(RowProblem::Row {
                        line: start,
                        what: "text follows a closing quote; double the quotes inside a quoted cell",
                    });
                }
            } else {
                let rest = &self.line[at..];
                let length = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
                cell.extend_from_slice(&rest[..length]);
                at += length;
            }
            cells.push(cell);
            if at >= self.line.len() {
                return Ok(());
            }
            at += 1; // the delimiter
        }
    }
}

/// What a row must be: the columns that are read, how many there are, and their names for messages.
#[derive(Clone)]
pub(crate) struct Layout {
    pub chosen: Chosen,
    pub width: usize,
    pub header: bool,
    /// Blanks around cells belong to the separator; otherwise they are repairs, and counted.
    pub padded: bool,
    /// Lines above the table.
    pub preamble: u64,
}

pub(crate) struct Delimited {
    rows: Rows,
    layout: Layout,
    cells: Vec<Vec<u8>>,
    header_pending: bool,
    preamble: u64,
    ended: bool,
}

impl Delimited {
    pub(crate) fn new(lines: Lines, delimiter: Delimiter, layout: Layout) -> Delimited {
        let (header_pending, preamble) = (layout.header, layout.preamble);
        Delimited {
            rows: Rows::new(lines, delimiter),
            layout,
            cells: Vec::new(),
            header_pending,
            preamble,
            ended: false,
        }
    }
}

impl Entries for Delimited {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        while self.preamble > 0 && !self.ended {
            self.preamble -= 1;
            if let Err(problem) = self.rows.pass_over() {
                self.ended = true;
                return Some(Err(problem));
            }
        }
        while !self.ended {
            match self.rows.next(&mut self.cells) {
                Ok(None) => self.ended = true,
                Ok(Some(_)) if self.header_pending => self.header_pending = false,
                // A row of separators only is what spreadsheets leave behind below a table.
                Ok(Some(_))
                    if self.cells.iter().all(|cell| cell.trim_ascii().is_empty()) && self.cells.len() > 1 => {
                }
                Ok(Some(line)) => return Some(self.layout.entry(line, &self.cells)),
                Err(RowProblem::Row { line, what }) => {
                    return Some(Err(Problem::Refused {
                        line,
                        id: None,
                        reason: Reason::Malformed(what.to_string()),
                    }));
                }
                Err(RowProblem::OpenQuote { line }) => {
                    self.ended = true;
                    return Some(Err(Problem::Broken {
                        line,
                        what: "a quote is opened in the row that starts here and never closed".to_string(),
                        advice: "Close it, or double it if it is part of the cell.".to_string(),
                    }));
                }
                Err(RowProblem::Read { line, source }) => {
                    self.ended = true;
                    return Some(Err(Problem::Read { line, source }));
                }
            }
        }
        None
    }
}

impl Layout {
    pub(crate) fn entry(&self, line: u64, cells: &[Vec<u8>]) -> Result<Entry, Problem> {
        let chosen = &self.chosen;
        let cell =
            |index: Option<usize>| index.and_then(|index| cells.get(index)).map(|cell| cell.trim_ascii());
        let id = cell(chosen.id).map(|id| text(id, "name")).transpose();
        let (id, refused) = match id {
            Ok(id) => (id.filter(|id| !id.is_empty()), None),
            Err(reason) => (None, Some(reason)),
        };
        let refuse = |reason| Err(Problem::Refused { line, id: id.clone(), reason });
        if let Some(reason) = refused {
            return refuse(reason);
        }
        let surplus = cells.get(self.width..).unwrap_or_default();
        if cells.len() < self.width || surplus.iter().any(|cell| !cell.trim_ascii().is_empty()) {
            return refuse(Reason::Malformed(format!(
                "the row has {} cells where the table has {} columns; look for a missing or a stray separator or quote",
                cells.len(),
                self.width
            )));
        }
        let mut other = [None, None];
        for (slot, (index, what)) in other.iter_mut().zip([(chosen.split, "split"), (chosen.group, "group")])
        {
            match cell(index).map(|cell| text(cell, what)).transpose() {
                Ok(value) => *slot = value.filter(|value| !value.is_empty()),
                Err(reason) => return refuse(reason),
            }
        }
        let [split, group] = other;
        let raw = |index: Option<usize>| {
            let cell = index.and_then(|index| cells.get(index));
            cell.map(|cell| if self.padded { cell.trim_ascii() } else { cell.as_slice() })
        };
        let label = match raw(chosen.label).map(|cell| text(cell, "label")).transpose() {
            Ok(label) => label,
            Err(reason) => return refuse(reason),
        };
        let sequence = cleaned(raw(Some(chosen.sequence)).unwrap_or_default());
        Ok(Entry { line, id, sequence, label, split, group })
    }
}

/// A cell of a table, cleaned; overlapping k-mers joined.
pub(crate) fn cleaned(cell: &[u8]) -> Cleaner {
    let mut cleaner = Cleaner::default();
    match join_kmers(cell) {
        Some((joined, repairs)) => {
            cleaner.push(&joined);
            cleaner.count(repairs);
        }
        None => cleaner.push(cell),
    }
    cleaner
}

/// Repairs of a label: its surrounding blanks.
pub(crate) fn trimmed(label: Option<String>) -> (Option<String>, Repairs) {
    match label {
        None => (None, Repairs::default()),
        Some(label) => {
            let trimmed = label.trim();
            let labels = u64::from(trimmed.len() != label.len() && !trimmed.is_empty());
            let label = (!trimmed.is_empty()).then(|| trimmed.to_string());
            (label, Repairs { labels, ..Repairs::default() })
        }
    }
}
