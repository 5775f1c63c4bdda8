//! Workbooks of Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods). They are read whole.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use super::delimited::Layout;
use super::json::number_text;
use super::{Entries, Entry, Problem};
use crate::error::Error;
use crate::reason::Reason;
use crate::source::Bytes;

/// The longest text that a cell of Excel can hold; one of just this length was cut.
const LONGEST_CELL: usize = 32_767;

/// The rows of a sheet as text, each with its number in the sheet, from 1.
pub(crate) type Rows = Arc<Vec<(u64, Vec<Vec<u8>>)>>;

/// Whether the bytes start a zip archive or an old compound document, which a workbook may be.
pub(crate) fn possible(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Reads a sheet: the named one, else the first.
pub(crate) fn read(path: &Path, head: Vec<u8>, mut rest: Bytes, sheet: Option<&str>) -> Result<Rows, Error> {
    let mut all = head;
    rest.read_to_end(&mut all).map_err(|source| Error::Read { path: path.to_path_buf(), line: 0, source })?;
    let refused = refusal(&all);
    let all: Arc<[u8]> = Arc::from(all);
    let unsupported = |what: String, advice: &str| Error::Unsupported {
        path: path.to_path_buf(),
        what,
        advice: advice.to_string(),
    };
    if let Some((what, advice)) = refused {
        return Err(unsupported(what.to_string(), advice));
    }
    let damaged = |said: String| {
        unsupported(
            format!("this workbook can't be read ({said})"),
            "Open it in a spreadsheet program and save it as CSV.",
        )
    };
    // A damaged workbook can make the parser panic: that, too, is an error that names the file.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut workbook = open_workbook_auto_from_rs(Cursor::new(all)).map_err(|error| error.to_string())?;
        let names = workbook.sheet_names();
        let name = match sheet {
            None => names.first().cloned().ok_or_else(|| "it has no sheet".to_string())?,
            Some(sheet) if names.iter().any(|name| name == sheet) => sheet.to_string(),
            Some(sheet) => return Ok(Err((sheet.to_string(), names))),
        };
        let range = workbook.worksheet_range(&name).map_err(|error| error.to_string())?;
        Ok::<_, String>(Ok(range))
    }));
    let range = match outcome {
        Err(_) => return Err(damaged("its parts contradict each other".to_string())),
        Ok(Err(said)) => return Err(damaged(said)),
        Ok(Ok(Err((sheet, names)))) => {
            return Err(Error::Column {
                path: path.to_path_buf(),
                what: format!("there is no sheet '{sheet}'"),
                advice: format!("The sheets are '{}'.", names.join("', '")),
            });
        }
        Ok(Ok(Ok(range))) => range,
    };
    let first = range.start().map_or(0, |(row, _)| u64::from(row));
    let rows = range
        .rows()
        .enumerate()
        .map(|(index, row)| {
            (first + index as u64 + 1, row.iter().map(|cell| cell_text(cell).into_bytes()).collect())
        })
        .filter(|(_, cells): &(u64, Vec<Vec<u8>>)| cells.iter().any(|cell| !cell.trim_ascii().is_empty()))
        .collect();
    Ok(Arc::new(rows))
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(date) => date.to_string(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
    }
}

/// What a zip archive or compound document is that is no workbook.
fn refusal(all: &[u8]) -> Option<(&'static str, &'static str)> {
    if !all.starts_with(b"PK") {
        let word = memchr::memmem::find(all, &b"WordDocument".map(|byte| [byte, 0]).concat()).is_some();
        return word
            .then_some(("this is a Word document", "Copy the sequences into a text file or a spreadsheet."));
    }
    let holds = |name: &[u8]| memchr::memmem::find(all, name).is_some();
    if holds(b"xl/workbook") || holds(b"opendocument.spreadsheet") {
        None
    } else if holds(b"word/document") || holds(b"opendocument.text") {
        Some(("this is a Word document", "Copy the sequences into a text file or a spreadsheet."))
    } else if holds(b"ppt/") || holds(b"opendocument.presentation") {
        Some(("this is a presentation", "Choose the file that holds the sequences."))
    } else {
        Some(("this is a zip archive", "Unpack it and choose the file inside that holds the sequences."))
    }
}

pub(crate) struct Spreadsheet {
    rows: Rows,
    next: usize,
    layout: Layout,
}

impl Spreadsheet {
    pub(crate) fn new(rows: Rows, layout: Layout) -> Spreadsheet {
        Spreadsheet { rows, next: usize::from(layout.header), layout }
    }
}

impl Entries for Spreadsheet {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        let (line, cells) = self.rows.get(self.next)?;
        self.next += 1;
        if cells.get(self.layout.chosen.sequence).is_some_and(|cell| cell.len() == LONGEST_CELL) {
            return Some(Err(Problem::Refused {
                line: *line,
                id: None,
                reason: Reason::Malformed(format!(
                    "the sequence has {LONGEST_CELL} letters, the most that a cell holds: it was cut; give it as FASTA"
                )),
            }));
        }
        Some(self.layout.entry(*line, cells))
    }
}
