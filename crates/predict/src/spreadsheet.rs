//! Predictions as a sheet of Excel's format (ECMA-376), with a header that stays in sight and a filter on every column.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::Error;
use crate::rows::{Row, column_names};

/// The rows that a sheet takes, its header among them.
const ROWS: u32 = 1_048_576;

/// Rows on their way into a sheet.
pub(crate) struct Sheet {
    workbook: Workbook,
    next: u32,
    columns: u16,
}

impl Sheet {
    pub(crate) fn new(labels: &[String]) -> Result<Sheet, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("predictions")?;
        let bold = Format::new().set_bold();
        let names = column_names(labels);
        for (column, name) in (0_u16..).zip(&names) {
            sheet.write_with_format(0, column, name, &bold)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_column_width(0, 24)?;
        Ok(Sheet { workbook, next: 1, columns: names.len() as u16 })
    }

    pub(crate) fn write(&mut self, row: &Row, labels: &[String], path: &Path) -> Result<(), Error> {
        if self.next >= ROWS {
            return Err(Error::TooManyRows { path: path.to_owned(), rows: u64::from(ROWS) - 1 });
        }
        self.put(row, labels).map_err(|source| Error::Spreadsheet { path: path.to_owned(), source })
    }

    fn put(&mut self, row: &Row, labels: &[String]) -> Result<(), XlsxError> {
        let line = self.next;
        self.next += 1;
        let columns = self.columns;
        let sheet = self.workbook.worksheet_from_index(0)?;
        // Text is text: an id such as =1+1 is no formula.
        sheet.write_string(line, 0, &row.id)?;
        if let Some(length) = row.length {
            sheet.write_number(line, 1, length as f64)?;
        }
        if let Some(scores) = &row.scores {
            sheet.write_string(line, 2, &labels[scores.best])?;
            let confidence = scores.probabilities[scores.best];
            let numbers = std::iter::once(&confidence).chain(&scores.probabilities).chain(&scores.logits);
            for (column, number) in (3_u16..).zip(numbers) {
                // The shortest decimal that reads back as the same number, not the f64 nearest to it.
                let number: f64 = number.to_string().parse().unwrap_or(f64::from(*number));
                if number.is_finite() {
                    sheet.write_number(line, column, number)?;
                }
            }
        }
        if !row.note.is_empty() {
            sheet.write_string(line, columns - 1, &row.note)?;
        }
        Ok(())
    }

    /// Writes the file.
    pub(crate) fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        let (last, columns) = (self.next.saturating_sub(1), self.columns);
        self.workbook.worksheet_from_index(0)?.autofilter(0, 0, last, columns - 1)?;
        self.workbook.save(path)
    }
}
