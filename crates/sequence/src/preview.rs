//! The first rows of a file as they stand in it, for a person to say which column holds what.

use std::path::Path;

use serde::Serialize;

use crate::columns::Columns;
use crate::error::Error;
use crate::format::delimited::{RowProblem, Rows};
use crate::format::{json, parquet};
use crate::header_places::{self, HeaderPlace};
use crate::reader::{ReadOptions, Reader};
use crate::sniff::{Format, Plan, sniff};
use crate::source::{self, Lines};

/// The first rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// What the file is.
    pub format: Format,
    /// What is taken from which column.
    pub columns: Columns,
    /// The names of the columns; of a table without a header, their numbers.
    pub names: Vec<String>,
    /// The cells as text, before any cleaning, a row each.
    pub rows: Vec<Vec<String>>,
    /// Where in headers labels may stand; none in tables.
    pub header_places: Vec<HeaderPlace>,
}

/// The rows from number `offset` on, `limit` of them at most.
///
/// # Errors
/// When the file is none that can be read, or a row is broken.
pub fn preview(path: &Path, options: &ReadOptions, offset: usize, limit: usize) -> Result<Preview, Error> {
    let found = sniff(path, options)?;
    let mut names = found.columns.available.clone();
    let all = offset.saturating_add(limit);
    let lines = || -> Result<Lines, Error> {
        let bytes = source::utf8(source::decompressed(path)?);
        let bytes = bytes.map_err(|source| Error::Read { path: path.to_path_buf(), line: 0, source })?;
        Ok(Lines::new(bytes))
    };
    let rows: Vec<Vec<String>> = match &found.plan {
        Plan::Delimited(delimiter, layout) => {
            delimited(path, Rows::new(lines()?, *delimiter), layout.preamble, layout.header, all)?
        }
        Plan::Spreadsheet(rows, layout) => {
            rows.iter().skip(usize::from(layout.header)).take(all).map(|(_, cells)| texts(cells)).collect()
        }
        Plan::Parquet(..) => parquet::sample(path, &names, all)?,
        Plan::Json { by_line, .. } => json::sample(lines()?, *by_line, &names, all),
        Plan::Fasta(..) | Plan::Fastq(..) => {
            names = ["header", "sequence"].map(str::to_owned).into();
            let options = ReadOptions { skip_invalid: true, ..options.clone() };
            let records = Reader::open(&[path.to_path_buf()], &options)?.take(all);
            records
                .map(|record| record.map(|record| vec![record.id, record.sequence]))
                .collect::<Result<_, _>>()?
        }
    };
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    while names.len() < width {
        names.push((names.len() + 1).to_string());
    }
    let header_places = match &found.plan {
        Plan::Fasta(_, headers) | Plan::Fastq(_, headers) => header_places::places(headers),
        _ => Vec::new(),
    };
    let rows = rows.into_iter().skip(offset).collect();
    Ok(Preview { format: found.format, columns: found.columns, names, rows, header_places })
}

fn texts(cells: &[Vec<u8>]) -> Vec<String> {
    cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
}

fn delimited(
    path: &Path,
    mut rows: Rows,
    preamble: u64,
    header: bool,
    all: usize,
) -> Result<Vec<Vec<String>>, Error> {
    let unreadable = |line, source| Error::Read { path: path.to_path_buf(), line, source };
    for _ in 0..preamble {
        rows.pass_over().map_err(|_| unreadable(0, std::io::ErrorKind::InvalidData.into()))?;
    }
    let mut cells = Vec::new();
    let mut found = Vec::new();
    let mut pending = header;
    while found.len() < all {
        match rows.next(&mut cells) {
            Ok(None) => break,
            Ok(Some(_)) if pending => pending = false,
            Ok(Some(_)) => found.push(texts(&cells)),
            // A broken row is shown as far as it goes; reading for good names it.
            Err(RowProblem::Row { .. }) => found.push(texts(&cells)),
            Err(RowProblem::OpenQuote { .. }) => break,
            Err(RowProblem::Read { line, source }) => return Err(unreadable(line, source)),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shown_as_they_stand() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("a.csv");
        std::fs::write(&file, "name;dna;class\na;acgu ;x\nb;\"NN;T\";y\nc;ACGT;x\n").unwrap();
        let seen = preview(&file, &ReadOptions::default(), 0, 2).unwrap();
        assert_eq!(seen.names, ["name", "dna", "class"]);
        assert_eq!(seen.rows, [["a", "acgu ", "x"], ["b", "NN;T", "y"]]);
        let seen = preview(&file, &ReadOptions::default(), 2, 5).unwrap();
        assert_eq!(seen.rows, [["c", "ACGT", "x"]]);
        let file = scratch.path().join("a.jsonl");
        std::fs::write(&file, "{\"seq\":\"ACGTACGT\",\"label\":1}\n{\"seq\":\"ACGTACGA\",\"label\":0}\n")
            .unwrap();
        let seen = preview(&file, &ReadOptions::default(), 0, 9).unwrap();
        assert_eq!((seen.names, seen.rows.len()), (vec!["seq".to_owned(), "label".to_owned()], 2));
        let file = scratch.path().join("a.fa");
        std::fs::write(&file, ">a one\nACGT\nAC\n").unwrap();
        assert_eq!(preview(&file, &ReadOptions::default(), 0, 9).unwrap().rows, [["a", "ACGTAC"]]);
    }
}
