//! What a file is, found out from its first bytes: format, separator, header, columns.

mod json;
mod table;

use std::io::Cursor;
use std::path::Path;

use crate::columns::{Chosen, Columns};
use crate::error::Error;
use crate::format::delimited::{Delimiter, Layout};
use crate::format::json::Fields;
use crate::format::spreadsheet;
use crate::header_label::HeaderLabel;
use crate::reader::ReadOptions;
use crate::refuse;
use crate::source;

/// How much of a file is looked at, in bytes after decompression.
const HEAD: usize = 1 << 20;
/// How many rows or headers of that.
const SAMPLE: usize = 500;

/// What a file is, as `Table::files` reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// FASTA.
    Fasta,
    /// FASTQ.
    Fastq,
    /// A table as text, cells set apart by a separator.
    Delimited,
    /// One sequence a line.
    Text,
    /// One JSON object a line.
    JsonLines,
    /// A JSON array of objects.
    JsonArray,
    /// Apache Parquet.
    Parquet,
    /// Excel (.xlsx, .xls, .xlsb) or OpenDocument (.ods).
    Spreadsheet,
}

impl Format {
    /// The format's usual name.
    pub fn name(self) -> &'static str {
        match self {
            Format::Fasta => "FASTA",
            Format::Fastq => "FASTQ",
            Format::Delimited => "table as text",
            Format::Text => "one sequence a line",
            Format::JsonLines => "JSON lines",
            Format::JsonArray => "JSON array",
            Format::Parquet => "Parquet",
            Format::Spreadsheet => "spreadsheet",
        }
    }
}

/// How a file is to be read.
#[derive(Clone)]
pub(crate) enum Plan {
    /// With the first headers.
    Fasta(HeaderLabel, Vec<String>),
    /// With the first headers.
    Fastq(HeaderLabel, Vec<String>),
    Delimited(Delimiter, Layout),
    Json {
        by_line: bool,
        fields: Fields,
    },
    Parquet(Chosen, Vec<String>),
    Spreadsheet(spreadsheet::Rows, Layout),
}

/// A file with its plan.
#[derive(Clone)]
pub(crate) struct Sniffed {
    pub format: Format,
    pub plan: Plan,
    pub columns: Columns,
}

/// Looks at the start of a file.
pub(crate) fn sniff(path: &Path, options: &ReadOptions) -> Result<Sniffed, Error> {
    let unreadable = |source| Error::Read { path: path.to_path_buf(), line: 0, source };
    let mut bytes = source::decompressed(path)?;
    let mut head = Vec::new();
    source::fill(&mut bytes, &mut head, HEAD).map_err(unreadable)?;
    if let Some((what, advice)) = refuse::binary(&head) {
        return Err(Error::Unsupported { path: path.to_path_buf(), what, advice });
    }
    if head.starts_with(b"PAR1") {
        return table::parquet_table(path, options);
    }
    if spreadsheet::possible(&head) {
        let rows = spreadsheet::read(path, head, bytes, options.sheet.as_deref())?;
        return table::sheet(path, rows, options);
    }
    let whole = head.len() < HEAD;
    let mut text = Vec::new();
    let mut decoded = source::utf8(Box::new(Cursor::new(head))).map_err(unreadable)?;
    if let Err(source) = source::fill(&mut decoded, &mut text, HEAD)
        && whole
    {
        return Err(unreadable(source));
    }
    if !whole {
        // The last line is cut; leave it out unless it is all there is.
        if let Some(end) = memchr::memrchr2(b'\n', b'\r', &text) {
            text.truncate(end + 1);
        }
    }
    if let Some((what, advice)) = refuse::text(&text) {
        return Err(Error::Unsupported { path: path.to_path_buf(), what, advice });
    }
    let first = text.trim_ascii_start();
    match first.first() {
        None => Err(Error::Nothing {
            what: format!("{}: the file is empty", path.display()),
            advice: "Choose a file that holds sequences.".to_string(),
        }),
        Some(b'@') => Ok(headers(path, &text, b'@', options)),
        Some(b'{') => json::table(path, &text, options),
        Some(b'[') if json::is_array(first) => json::table(path, &text, options),
        _ if starts_a_line(&text, b'>') => Ok(headers(path, &text, b'>', options)),
        _ => table::table(path, &text, options),
    }
}

fn starts_a_line(text: &[u8], mark: u8) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n' || byte == b'\r').take(SAMPLE);
    lines.any(|line| line.first() == Some(&mark))
}

fn headers(path: &Path, text: &[u8], mark: u8, options: &ReadOptions) -> Sniffed {
    let lines = text.split(|&byte| byte == b'\n' || byte == b'\r');
    let lines = lines.filter(|line| !line.trim_ascii().is_empty());
    let step = if mark == b'@' { 4 } else { 1 };
    let headers: Vec<String> = lines
        .step_by(step)
        .filter(|line| line.first() == Some(&mark))
        .take(SAMPLE)
        .map(|line| String::from_utf8_lossy(line[1..].trim_ascii()).into_owned())
        .collect();
    let label = match &options.label_column {
        Some(wanted) => HeaderLabel::asked(wanted, path),
        None => HeaderLabel::guess(&headers),
    };
    let columns = Columns {
        id: Some("header".to_string()),
        sequence: Some("sequence".to_string()),
        label: label.described(),
        ..Columns::default()
    };
    match mark {
        b'@' => Sniffed { format: Format::Fastq, plan: Plan::Fastq(label, headers), columns },
        _ => Sniffed { format: Format::Fasta, plan: Plan::Fasta(label, headers), columns },
    }
}
