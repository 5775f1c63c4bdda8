//! What a file is, found out from its first bytes: format, separator, header, columns.

use std::io::Cursor;
use std::path::Path;

use crate::columns::{self, Chosen, Columns, HeaderLabel, looks_like_dna};
use crate::error::Error;
use crate::format::delimited::{Delimiter, Layout, Rows};
use crate::format::json::{Element, Fields, Objects};
use crate::format::{json, parquet, spreadsheet};
use crate::reader::ReadOptions;
use crate::refuse;
use crate::source::{self, Lines};

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
    Fasta(HeaderLabel),
    Fastq(HeaderLabel),
    Delimited(Delimiter, Layout),
    Json { by_line: bool, fields: Fields },
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
    let unreadable = |source| Error::Read {
        path: path.to_path_buf(),
        line: 0,
        source,
    };
    let mut bytes = source::decompressed(path)?;
    let mut head = Vec::new();
    source::fill(&mut bytes, &mut head, HEAD).map_err(unreadable)?;
    if let Some((what, advice)) = refuse::binary(&head) {
        return Err(Error::Unsupported {
            path: path.to_path_buf(),
            what,
            advice,
        });
    }
    if head.starts_with(b"PAR1") {
        return parquet_table(path, options);
    }
    if spreadsheet::possible(&head) {
        let rows = spreadsheet::read(path, head, bytes, options.sheet.as_deref())?;
        return sheet(path, rows, options);
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
        return Err(Error::Unsupported {
            path: path.to_path_buf(),
            what,
            advice,
        });
    }
    let first = text.trim_ascii_start();
    match first.first() {
        None => Err(Error::Nothing {
            what: format!("{}: the file is empty", path.display()),
            advice: "Choose a file that holds sequences.".to_string(),
        }),
        Some(b'@') => Ok(headers(path, &text, b'@', options)),
        Some(b'{') => json_table(path, &text, options),
        Some(b'[') if json_array(first) => json_table(path, &text, options),
        _ if starts_a_line(&text, b'>') => Ok(headers(path, &text, b'>', options)),
        _ => table(path, &text, options),
    }
}

fn starts_a_line(text: &[u8], mark: u8) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n' || byte == b'\r').take(SAMPLE);
    lines.any(|line| line.first() == Some(&mark))
}

fn headers(path: &Path, text: &[u8], mark: u8, options: &ReadOptions) -> Sniffed {
    let label = match &options.label_column {
        Some(wanted) => HeaderLabel::asked(wanted, path),
        None => {
            let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n' || byte == b'\r').collect();
            let lines: Vec<&[u8]> = lines
                .into_iter()
                .filter(|line| !line.trim_ascii().is_empty())
                .collect();
            let step = if mark == b'@' { 4 } else { 1 };
            let headers: Vec<String> = lines
                .iter()
                .step_by(step)
                .filter(|line| line.first() == Some(&mark))
                .take(SAMPLE)
                .map(|line| String::from_utf8_lossy(line[1..].trim_ascii()).into_owned())
                .collect();
            HeaderLabel::guess(&headers)
        }
    };
    let columns = Columns {
        id: Some("header".to_string()),
        sequence: Some("sequence".to_string()),
        label: label.described(),
        ..Columns::default()
    };
    match mark {
        b'@' => Sniffed {
            format: Format::Fastq,
            plan: Plan::Fastq(label),
            columns,
        },
        _ => Sniffed {
            format: Format::Fasta,
            plan: Plan::Fasta(label),
            columns,
        },
    }
}

fn sample(text: &[u8], delimiter: Delimiter) -> Vec<Vec<String>> {
    let mut rows = Rows::new(Lines::new(Box::new(Cursor::new(text.to_vec()))), delimiter);
    let (mut all, mut cells) = (Vec::new(), Vec::new());
    while all.len() < SAMPLE {
        match rows.next(&mut cells) {
            Ok(Some(_)) => {
                all.push(
                    cells
                        .iter()
                        .map(|cell| String::from_utf8_lossy(cell).into_owned())
                        .collect::<Vec<_>>(),
                );
            }
            Err(crate::format::delimited::RowProblem::Row { .. }) => {}
            Ok(None) | Err(_) => break,
        }
    }
    all
}

/// The number of cells that most rows have, and the share of rows that have it.
fn width(rows: &[Vec<String>]) -> (usize, f64) {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for row in rows {
        *counts.entry(row.len()).or_default() += 1;
    }
    let common = counts
        .into_iter()
        .max_by_key(|&(_, count)| count)
        .unwrap_or((1, 0));
    (common.0, common.1 as f64 / rows.len().max(1) as f64)
}

fn table(path: &Path, text: &[u8], options: &ReadOptions) -> Result<Sniffed, Error> {
    // A separator must cut nine rows in ten (half of them below a row of known names) into one number of cells, two or
    // more. Of those that do, one that leaves a
    // column of DNA wins, then the one that cuts most.
    let candidates = [b'\t', b',', b';', b'|'].map(Delimiter::Byte);
    let mut best: Option<((bool, usize), Delimiter, Vec<Vec<String>>)> = None;
    for delimiter in candidates.into_iter().chain([Delimiter::Blanks]) {
        let rows = sample(text, delimiter);
        let (width, share) = width(&rows);
        // Where the first row names columns, broken rows below it do not hide the table.
        let named = rows
            .first()
            .is_some_and(|row| row.len() == width && columns::names_columns(row));
        if width < 2 || share < if named { 0.5 } else { 0.9 } {
            continue;
        }
        let dna: Vec<usize> = (0..width)
            .filter(|&column| column_of_dna(&rows, column))
            .collect();
        // Blocks of ten letters are one sequence, not a table: blanks count only with one column of DNA among others.
        if delimiter == Delimiter::Blanks && (dna.len() != 1 || best.is_some()) {
            continue;
        }
        let score = (!dna.is_empty(), width);
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            best = Some((score, delimiter, rows));
        }
    }
    let (delimiter, rows) = match best {
        Some((_, delimiter, rows)) => (delimiter, rows),
        None => (Delimiter::Nothing, sample(text, Delimiter::Nothing)),
    };
    let (common, _) = width(&rows);
    let byte = matches!(delimiter, Delimiter::Byte(_));
    let (names, layout) = layout(path, &rows, common, byte, options)?;
    let columns = layout.chosen.named(&names);
    let format = if delimiter == Delimiter::Nothing {
        Format::Text
    } else {
        Format::Delimited
    };
    Ok(Sniffed {
        format,
        plan: Plan::Delimited(delimiter, layout),
        columns,
    })
}

/// Header, names and columns of rows of which most have `common` cells. Where a separator is one byte (`by_byte`), blanks
/// after nearly every one of them belong to it.
fn layout(
    path: &Path,
    rows: &[Vec<String>],
    common: usize,
    by_byte: bool,
    options: &ReadOptions,
) -> Result<(Vec<String>, Layout), Error> {
    let header = has_header(rows, common, options);
    let names: Vec<String> = match (header, rows.first()) {
        (true, Some(first)) => first.iter().map(|name| name.trim().to_string()).collect(),
        _ => (1..=common).map(|number| number.to_string()).collect(),
    };
    let body = &rows[usize::from(header).min(rows.len())..];
    let inner = || {
        body.iter()
            .flat_map(|row| row.iter().skip(1))
            .filter(|cell| !cell.trim().is_empty())
    };
    let blank = inner().filter(|cell| cell.starts_with([' ', '\t'])).count();
    let padded = by_byte && blank > 0 && blank * 10 >= inner().count() * 9;
    let chosen = columns::choose(path, &names, header, body, options)?;
    let width = names.len();
    Ok((
        names,
        Layout {
            chosen,
            width,
            header,
            padded,
        },
    ))
}

/// A sheet of a workbook: rows that are cells already.
fn sheet(path: &Path, rows: spreadsheet::Rows, options: &ReadOptions) -> Result<Sniffed, Error> {
    let sample: Vec<Vec<String>> = rows
        .iter()
        .take(SAMPLE)
        .map(|(_, cells)| {
            cells
                .iter()
                .map(|cell| String::from_utf8_lossy(cell).into_owned())
                .collect()
        })
        .collect();
    if sample.is_empty() {
        return Err(Error::Nothing {
            what: format!("{}: the sheet is empty", path.display()),
            advice: "Name the sheet that holds the sequences.".to_string(),
        });
    }
    let (common, _) = width(&sample);
    let (names, layout) = layout(path, &sample, common, false, options)?;
    let columns = layout.chosen.named(&names);
    Ok(Sniffed {
        format: Format::Spreadsheet,
        plan: Plan::Spreadsheet(rows, layout),
        columns,
    })
}

fn parquet_table(path: &Path, options: &ReadOptions) -> Result<Sniffed, Error> {
    let names = parquet::names(path)?;
    let sample = parquet::sample(path, &names, 100)?;
    let chosen = columns::choose(path, &names, true, &sample, options)?;
    let columns = chosen.named(&names);
    Ok(Sniffed {
        format: Format::Parquet,
        plan: Plan::Parquet(chosen, names),
        columns,
    })
}

/// Whether what starts with a bracket is JSON and no table whose first cell does.
fn json_array(first: &[u8]) -> bool {
    first[1..]
        .trim_ascii_start()
        .first()
        .is_none_or(|&byte| byte == b'{' || byte == b']')
}

fn json_table(path: &Path, text: &[u8], options: &ReadOptions) -> Result<Sniffed, Error> {
    let first = text.trim_ascii_start();
    let first_line = first
        .split(|&byte| byte == b'\n' || byte == b'\r')
        .next()
        .unwrap_or_default();
    let array = first.first() == Some(&b'[');
    // One object a line, unless the first line shows that an object goes on below.
    let by_line = !array && first_line.trim_ascii_end().last() == Some(&b'}');
    let mut objects = Objects::new(Lines::new(Box::new(Cursor::new(text.to_vec()))), by_line);
    let mut sample = Vec::new();
    let mut problem = None;
    while sample.len() < SAMPLE {
        match objects.next() {
            Some(Element::Object(_, object)) => sample.push(object),
            Some(Element::Refused(line, what)) | Some(Element::Broken(line, what)) => {
                problem.get_or_insert((line, what));
            }
            Some(Element::Failed(..)) | None => break,
        }
    }
    let mut names: Vec<String> = Vec::new();
    for object in &sample {
        for name in object.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    if names.is_empty() {
        let (line, said) = problem.unwrap_or((1, "there is no object in it".to_string()));
        return Err(Error::Structure {
            path: path.to_path_buf(),
            line,
            what: format!("this looks like JSON, but no record can be read from it: {said}"),
            advice: "Write one object a line, {\"sequence\": \"ACGT\", \"label\": 1}, or an array of such objects."
                .to_string(),
        });
    }
    let rows: Vec<Vec<String>> = sample
        .iter()
        .map(|object| {
            let cell = |name: &String| {
                object
                    .get(name)
                    .and_then(|value| json::scalar(value).ok().flatten())
            };
            names.iter().map(|name| cell(name).unwrap_or_default()).collect()
        })
        .collect();
    let chosen = columns::choose(path, &names, true, &rows, options)?;
    let columns = chosen.named(&names);
    let fields = Fields::new(&chosen, &names);
    let format = if array {
        Format::JsonArray
    } else {
        Format::JsonLines
    };
    Ok(Sniffed {
        format,
        plan: Plan::Json { by_line, fields },
        columns,
    })
}

fn column_of_dna(rows: &[Vec<String>], column: usize) -> bool {
    let cells: Vec<&String> = rows.iter().skip(1).filter_map(|row| row.get(column)).collect();
    let cells = if cells.is_empty() {
        rows.iter().filter_map(|row| row.get(column)).collect()
    } else {
        cells
    };
    let dna = cells.iter().filter(|cell| looks_like_dna(cell)).count();
    dna > 0 && dna * 10 >= cells.len() * 8
}

/// The first row holds names where one of them is a usual name, or is asked for, or where it alone has no DNA in a
/// column of DNA.
fn has_header(rows: &[Vec<String>], width: usize, options: &ReadOptions) -> bool {
    let Some(first) = rows.first() else { return false };
    if first
        .iter()
        .any(|cell| looks_like_dna(cell) && cell.trim().len() >= 8)
    {
        return false;
    }
    let wanted = [
        &options.sequence_column,
        &options.label_column,
        &options.id_column,
        &options.split_column,
        &options.group_column,
    ];
    let asked = wanted
        .iter()
        .filter_map(|wanted| wanted.as_deref())
        .any(|wanted| wanted.parse::<usize>().is_err() && first.iter().any(|cell| cell.trim() == wanted));
    if asked || columns::names_columns(first) {
        return true;
    }
    rows.len() > 1
        && (0..width).any(|column| {
            column_of_dna(rows, column) && first.get(column).is_some_and(|cell| !looks_like_dna(cell))
        })
}
