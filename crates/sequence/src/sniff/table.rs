//! Tables: what sets cells apart, whether the first row names the columns, and which column holds what.

use std::io::Cursor;
use std::path::Path;

use super::{Format, Plan, SAMPLE, Sniffed};
use crate::columns::{self, looks_like_dna};
use crate::error::Error;
use crate::format::delimited::{Delimiter, Layout, RowProblem, Rows};
use crate::format::{parquet, spreadsheet};
use crate::reader::ReadOptions;
use crate::source::Lines;

fn sample(text: &[u8], delimiter: Delimiter) -> Vec<Vec<String>> {
    let mut rows = Rows::new(Lines::new(Box::new(Cursor::new(text.to_vec()))), delimiter);
    let (mut all, mut cells) = (Vec::new(), Vec::new());
    while all.len() < SAMPLE {
        match rows.next(&mut cells) {
            Ok(Some(_)) => {
                all.push(
                    cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>(),
                );
            }
            Err(RowProblem::Row { .. }) => {}
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
    let common = counts.into_iter().max_by_key(|&(_, count)| count).unwrap_or((1, 0));
    (common.0, common.1 as f64 / rows.len().max(1) as f64)
}

/// How many lines stand above the table, and the text without them: comments that start with `#` (all but one that names
/// the columns) and the line `sep=;` that some spreadsheet programs write.
fn preamble(text: &[u8]) -> (u64, &[u8]) {
    let mut lines = Lines::new(Box::new(Cursor::new(text.to_vec())));
    let (mut line, mut above, mut offset) = (Vec::new(), 0, 0);
    while matches!(lines.next(&mut line), Ok(true)) {
        let cells: Vec<String> = line
            .split(|byte| b"\t,;| ".contains(byte))
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect();
        let names = cells.len() > 1 && columns::names_columns(&cells[1..]);
        let separator = line.len() <= 7 && line.trim_ascii().starts_with(b"sep=");
        if !(separator || line.first() == Some(&b'#') && !names) {
            break;
        }
        above += 1;
        offset += line.len();
        // The line's end, one byte or two.
        offset += if text[offset..].starts_with(b"\r\n") { 2 } else { usize::from(offset < text.len()) };
    }
    (above, &text[offset..])
}

/// A separator that cuts rows into a table.
struct Candidate {
    /// Whether there is a column of DNA, then the number of columns.
    score: (bool, usize),
    delimiter: Delimiter,
    rows: Vec<Vec<String>>,
}

pub(super) fn table(path: &Path, text: &[u8], options: &ReadOptions) -> Result<Sniffed, Error> {
    let (preamble, text) = preamble(text);
    // A separator must cut nine rows in ten (half of them below a row of known names) into one number of cells, two or
    // more. Of those that do, one that leaves a column of DNA wins, then the one that cuts most.
    let candidates = [b'\t', b',', b';', b'|'].map(Delimiter::Byte);
    let mut best: Option<Candidate> = None;
    for delimiter in candidates.into_iter().chain([Delimiter::Blanks]) {
        let rows = sample(text, delimiter);
        let (width, share) = width(&rows);
        // Where the first row names columns, broken rows below it do not hide the table.
        let named = rows.first().is_some_and(|row| row.len() == width && columns::names_columns(row));
        if width < 2 || share < if named { 0.5 } else { 0.9 } {
            continue;
        }
        let dna: Vec<usize> = (0..width).filter(|&column| column_of_dna(&rows, column)).collect();
        // Blocks of ten letters are one sequence, not a table: blanks count only with one column of DNA among others.
        if delimiter == Delimiter::Blanks && (dna.len() != 1 || best.is_some()) {
            continue;
        }
        let score = (!dna.is_empty(), width);
        if best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(Candidate { score, delimiter, rows });
        }
    }
    let (delimiter, rows) = match best {
        Some(best) => (best.delimiter, best.rows),
        None => (Delimiter::Nothing, sample(text, Delimiter::Nothing)),
    };
    let (common, _) = width(&rows);
    let byte = matches!(delimiter, Delimiter::Byte(_));
    let (names, mut layout) = layout(path, &rows, common, byte, options)?;
    layout.preamble = preamble;
    let columns = layout.chosen.named(&names);
    let format = if delimiter == Delimiter::Nothing { Format::Text } else { Format::Delimited };
    Ok(Sniffed { format, plan: Plan::Delimited(delimiter, layout), columns })
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
    let inner = || body.iter().flat_map(|row| row.iter().skip(1)).filter(|cell| !cell.trim().is_empty());
    let blank = inner().filter(|cell| cell.starts_with([' ', '\t'])).count();
    let padded = by_byte && blank > 0 && blank * 10 >= inner().count() * 9;
    let chosen = columns::choose(path, &names, header, body, options)?;
    let width = names.len();
    Ok((names, Layout { chosen, width, header, padded, preamble: 0 }))
}

/// A sheet of a workbook: rows that are cells already.
pub(super) fn sheet(path: &Path, rows: spreadsheet::Rows, options: &ReadOptions) -> Result<Sniffed, Error> {
    let sample: Vec<Vec<String>> = rows
        .iter()
        .take(SAMPLE)
        .map(|(_, cells)| cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
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
    Ok(Sniffed { format: Format::Spreadsheet, plan: Plan::Spreadsheet(rows, layout), columns })
}

pub(super) fn parquet_table(path: &Path, options: &ReadOptions) -> Result<Sniffed, Error> {
    let names = parquet::names(path)?;
    let sample = parquet::sample(path, &names, 100)?;
    let chosen = columns::choose(path, &names, true, &sample, options)?;
    let columns = chosen.named(&names);
    Ok(Sniffed { format: Format::Parquet, plan: Plan::Parquet(chosen, names), columns })
}

fn column_of_dna(rows: &[Vec<String>], column: usize) -> bool {
    let cells: Vec<&String> = rows.iter().skip(1).filter_map(|row| row.get(column)).collect();
    let cells =
        if cells.is_empty() { rows.iter().filter_map(|row| row.get(column)).collect() } else { cells };
    let dna = cells.iter().filter(|cell| looks_like_dna(cell)).count();
    dna > 0 && dna * 10 >= cells.len() * 8
}

/// The first row holds names where one of them is asked for or usual, or where its cell in a column of DNA can be no
/// sequence.
fn has_header(rows: &[Vec<String>], width: usize, options: &ReadOptions) -> bool {
    let Some(first) = rows.first() else { return false };
    let usual = |cell: &String| columns::names_columns(std::slice::from_ref(cell));
    let dna: Vec<usize> = (0..width).filter(|&column| column_of_dna(rows, column)).collect();
    let cells_of_dna = || dna.iter().filter_map(|&column| first.get(column));
    if cells_of_dna().any(|cell| could_be_sequence(cell) && !usual(cell)) {
        return false;
    }
    let wanted = [
        &options.sequence_column,
        &options.label_column,
        &options.id_column,
        &options.split_column,
        &options.group_column,
    ];
    let asked = wanted.iter().filter_map(|wanted| wanted.as_deref()).any(|wanted| {
        wanted.parse::<usize>().is_err() && first.iter().any(|cell| cell.trim().eq_ignore_ascii_case(wanted))
    });
    asked || first.iter().any(usual) || (rows.len() > 1 && cells_of_dna().next().is_some())
}

/// Whether a cell holds three letters or more and none that sequences seldom have; shorter than what counts as DNA
/// elsewhere, since a short first sequence must not be taken for the name of its column.
fn could_be_sequence(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() >= 3 && cell.bytes().all(|byte| b"ACGTUN-.* ".contains(&byte.to_ascii_uppercase()))
}
