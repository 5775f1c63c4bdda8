//! Rows of predictions, and the kinds of file that they are written to.
//!
//! Columns: `id`, `length`, `predicted_label`, `confidence`, `prob_<label>` for each label, `logit_<label>` for each
//! label, `note`. A record without a prediction keeps its row: its numbers are empty (null) and the note says why.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use crate::spreadsheet::Sheet;
use crate::{Error, fasta};

/// Rows that a parquet row group holds, and so the rows kept in memory before they are written.
const ROW_GROUP: usize = 8192;

/// The kind of file that predictions are written to, told by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.csv`: commas, a header, RFC 4180 quotes.
    Csv,
    /// `.tsv`: the same with tabs.
    Tsv,
    /// `.jsonl`: a JSON object a line, keys named as the columns.
    JsonLines,
    /// `.parquet`: one flat table, compressed with Snappy.
    Parquet,
    /// `.xlsx`: a sheet for Excel and LibreOffice.
    Spreadsheet,
    /// `.fasta`, `.fa`: the sequences, what was predicted in their headers.
    Fasta,
}

impl Format {
    /// The format that the ending of `path` names.
    pub fn of(path: &Path) -> Result<Format, Error> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Ok(Format::Csv),
            "tsv" | "tab" => Ok(Format::Tsv),
            "jsonl" | "ndjson" => Ok(Format::JsonLines),
            "parquet" => Ok(Format::Parquet),
            "xlsx" => Ok(Format::Spreadsheet),
            "fasta" | "fa" | "fna" => Ok(Format::Fasta),
            _ => Err(Error::UnknownFormat { path: path.to_owned() }),
        }
    }
}

/// What a model says of one sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Raw outputs of the head, one a label.
    pub logits: Vec<f32>,
    /// Softmax of the logits: between 0 and 1, their sum is 1.
    pub probabilities: Vec<f32>,
    /// Index of the greatest logit (the first of equals).
    pub best: usize,
}

impl Scores {
    /// Softmax in f64 over `logits`, one a label.
    pub fn of(logits: &[f32]) -> Scores {
        let mut best = 0;
        for (index, logit) in logits.iter().enumerate() {
            if *logit > logits[best] {
                best = index;
            }
        }
        let greatest = logits.get(best).copied().unwrap_or(0.0);
        let powers: Vec<f64> = logits.iter().map(|logit| f64::from(logit - greatest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        let probabilities = powers.iter().map(|power| (power / sum) as f32).collect();
        Scores { logits: logits.to_vec(), probabilities, best }
    }
}

/// One row of the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The record's name.
    pub id: String,
    /// Letters of the cleaned sequence; none where the record could not be read.
    pub length: Option<u64>,
    /// The prediction; none where there is none, and then `note` says why.
    pub scores: Option<Scores>,
    /// What the reader of this row should know, else empty.
    pub note: String,
    /// The cleaned sequence, where it is wanted: FASTA is made of it, and JSON lines have it as `sequence`.
    pub sequence: Option<String>,
}

/// Writes rows beside the wanted path and gives the file its name when all rows are in.
pub struct RowWriter {
    out: PathBuf,
    partial: PathBuf,
    labels: Vec<String>,
    sink: Sink,
    rows: u64,
}

enum Sink {
    Delimited(Box<csv::Writer<BufWriter<File>>>),
    JsonLines(BufWriter<File>),
    Fasta(BufWriter<File>),
    Spreadsheet(Box<Sheet>),
    Parquet { writer: Box<SerializedFileWriter<BufWriter<File>>>, pending: Vec<Row> },
}

impl RowWriter {
    /// Opens `out` for rows with these labels. The rows go to [`partial_path`] until [`RowWriter::finish`].
    pub fn create(out: &Path, labels: &[String], overwrite: bool) -> Result<RowWriter, Error> {
        let format = Format::of(out)?;
        if out.exists() && !overwrite {
            return Err(Error::Exists { path: out.to_owned() });
        }
        let partial = partial_path(out);
        let wrap = |source| Error::Write { path: partial.clone(), source };
        if let Some(parent) = partial.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(wrap)?;
        }
        let file = BufWriter::with_capacity(1 << 16, File::create(&partial).map_err(wrap)?);
        let sink = match format {
            Format::Csv | Format::Tsv => {
                let delimiter = if format == Format::Csv { b',' } else { b'\t' };
                let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(file);
                writer.write_record(column_names(labels)).map_err(|e| delimited(&partial, e))?;
                Sink::Delimited(Box::new(writer))
            }
            Format::JsonLines => Sink::JsonLines(file),
            Format::Fasta => Sink::Fasta(file),
            Format::Spreadsheet => {
                let sheet = Sheet::new(labels)
                    .map_err(|source| Error::Spreadsheet { path: partial.clone(), source })?;
                Sink::Spreadsheet(Box::new(sheet))
            }
            Format::Parquet => {
                let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
                let writer = schema(labels)
                    .and_then(|schema| {
                        SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
                    })
                    .map_err(|source| Error::Parquet { path: partial.clone(), source })?;
                Sink::Parquet { writer: Box::new(writer), pending: Vec::new() }
            }
        };
        Ok(RowWriter { out: out.to_owned(), partial, labels: labels.to_vec(), sink, rows: 0 })
    }

    /// Adds a row after those already written.
    pub fn write(&mut self, row: Row) -> Result<(), Error> {
        self.rows += 1;
        match &mut self.sink {
            Sink::Delimited(writer) => {
                writer.write_record(fields(&row, &self.labels)).map_err(|e| delimited(&self.partial, e))
            }
            Sink::JsonLines(writer) => {
                let mut line = object(&row, &self.labels).to_string();
                line.push('\n');
                writer
                    .write_all(line.as_bytes())
                    .map_err(|source| Error::Write { path: self.partial.clone(), source })
            }
            Sink::Fasta(file) => fasta::write(file, &row, &self.labels)
                .map_err(|source| Error::Write { path: self.partial.clone(), source }),
            Sink::Spreadsheet(sheet) => sheet.write(&row, &self.labels, &self.partial),
            Sink::Parquet { writer, pending } => {
                pending.push(row);
                if pending.len() < ROW_GROUP {
                    return Ok(());
                }
                row_group(writer, &std::mem::take(pending), &self.labels)
                    .map_err(|source| Error::Parquet { path: self.partial.clone(), source })
            }
        }
    }

    /// Hands what was written so far to the system, so that who reads along sees it. Formats that are whole only at their end
    /// have nothing to show before.
    pub fn flush(&mut self) -> Result<(), Error> {
        let flushed = match &mut self.sink {
            Sink::Delimited(writer) => writer.flush(),
            Sink::JsonLines(writer) | Sink::Fasta(writer) => writer.flush(),
            Sink::Spreadsheet(_) | Sink::Parquet { .. } => Ok(()),
        };
        flushed.map_err(|source| Error::Write { path: self.partial.clone(), source })
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Closes the file and gives it its name.
    pub fn finish(self) -> Result<PathBuf, Error> {
        let out = self.out.clone();
        let partial = self.close()?;
        std::fs::rename(&partial, &out).map_err(|source| Error::Write { path: out.clone(), source })?;
        Ok(out)
    }

    /// Closes the file under its partial name: every row in it is whole, but not all rows are there.
    pub fn keep_partial(self) -> Result<PathBuf, Error> {
        self.close()
    }

    /// Removes what was written.
    pub fn discard(self) {
        let partial = self.partial.clone();
        drop(self);
        // Nothing to report: the caller is about to report why it gave up.
        let _ = std::fs::remove_file(partial);
    }

    fn close(self) -> Result<PathBuf, Error> {
        let RowWriter { partial, labels, sink, .. } = self;
        let wrap = |source| Error::Write { path: partial.clone(), source };
        let buffer = match sink {
            Sink::Delimited(writer) => {
                writer.into_inner().map_err(|e| wrap(std::io::Error::new(e.error().kind(), e.to_string())))?
            }
            Sink::JsonLines(writer) | Sink::Fasta(writer) => writer,
            Sink::Spreadsheet(sheet) => {
                return match sheet.save(&partial) {
                    Ok(()) => Ok(partial),
                    Err(source) => Err(Error::Spreadsheet { path: partial, source }),
                };
            }
            Sink::Parquet { mut writer, pending } => {
                let wrap = |source| Error::Parquet { path: partial.clone(), source };
                if !pending.is_empty() {
                    row_group(&mut writer, &pending, &labels).map_err(wrap)?;
                }
                writer.into_inner().map_err(wrap)?
            }
        };
        let file = buffer.into_inner().map_err(|e| wrap(e.into_error()))?;
        file.sync_all().map_err(wrap)?;
        Ok(partial)
    }
}

/// Where the rows of `out` stand until all are there: `peaks.csv` is written as `peaks.partial.csv`.
pub fn partial_path(out: &Path) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let extension = out.extension().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{stem}.partial.{extension}"))
}

/// The columns, in order.
pub fn column_names(labels: &[String]) -> Vec<String> {
    let mut names = vec!["id".into(), "length".into(), "predicted_label".into(), "confidence".into()];
    names.extend(labels.iter().map(|label| format!("prob_{label}")));
    names.extend(labels.iter().map(|label| format!("logit_{label}")));
    names.push("note".into());
    names
}

fn delimited(path: &Path, error: csv::Error) -> Error {
    let source = match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => std::io::Error::other(format!("{other:?}")),
    };
    Error::Write { path: path.to_owned(), source }
}

/// A row as text, columns in order.
fn fields(row: &Row, labels: &[String]) -> Vec<String> {
    let mut fields = Vec::with_capacity(5 + 2 * labels.len());
    fields.push(row.id.clone());
    fields.push(row.length.map(|length| length.to_string()).unwrap_or_default());
    match &row.scores {
        Some(scores) => {
            fields.push(labels[scores.best].clone());
            fields.push(scores.probabilities[scores.best].to_string());
            fields.extend(scores.probabilities.iter().chain(&scores.logits).map(f32::to_string));
        }
        None => fields.extend(std::iter::repeat_n(String::new(), 2 + 2 * labels.len())),
    }
    fields.push(row.note.clone());
    fields
}

fn object(row: &Row, labels: &[String]) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    let optional = |value: Option<f32>| value.map_or(serde_json::Value::Null, number);
    object.insert("id".into(), row.id.clone().into());
    object.insert("length".into(), row.length.into());
    let best = row.scores.as_ref().map(|scores| scores.best);
    object.insert("predicted_label".into(), best.and_then(|best| labels.get(best).cloned()).into());
    let scores = row.scores.as_ref();
    object.insert("confidence".into(), optional(scores.map(|scores| scores.probabilities[scores.best])));
    for (index, label) in labels.iter().enumerate() {
        object.insert(format!("prob_{label}"), optional(scores.map(|scores| scores.probabilities[index])));
    }
    for (index, label) in labels.iter().enumerate() {
        object.insert(format!("logit_{label}"), optional(scores.map(|scores| scores.logits[index])));
    }
    object.insert("note".into(), row.note.clone().into());
    if let Some(sequence) = &row.sequence {
        object.insert("sequence".into(), sequence.clone().into());
    }
    serde_json::Value::Object(object)
}

/// The shortest decimal that reads back as the same f32 (serde_json would print the f64 nearest to it).
fn number(value: f32) -> serde_json::Value {
    value.to_string().parse::<f64>().map_or(serde_json::Value::Null, serde_json::Value::from)
}

fn schema(labels: &[String]) -> Result<Type, ParquetError> {
    let mut columns = Vec::new();
    for name in column_names(labels) {
        let (kind, logical) = match name.as_str() {
            "id" | "predicted_label" | "note" => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            "length" => (PhysicalType::INT64, None),
            _ => (PhysicalType::FLOAT, None),
        };
        let column = Type::primitive_type_builder(&name, kind)
            .with_logical_type(logical)
            .with_repetition(Repetition::OPTIONAL)
            .build()?;
        columns.push(Arc::new(column));
    }
    Type::group_type_builder("predictions").with_fields(columns).build()
}

/// Writes `rows` as one row group, column after column.
fn row_group(
    writer: &mut SerializedFileWriter<BufWriter<File>>,
    rows: &[Row],
    labels: &[String],
) -> Result<(), ParquetError> {
    let text = |value: &str| ByteArray::from(value.as_bytes().to_vec());
    let scores = || rows.iter().map(|row| row.scores.as_ref());
    let mut group = writer.next_row_group()?;
    column::<ByteArrayType>(&mut group, rows.iter().map(|row| Some(text(&row.id))))?;
    column::<Int64Type>(&mut group, rows.iter().map(|row| row.length.map(|length| length as i64)))?;
    column::<ByteArrayType>(&mut group, scores().map(|s| s.map(|s| text(&labels[s.best]))))?;
    column::<FloatType>(&mut group, scores().map(|s| s.map(|s| s.probabilities[s.best])))?;
    for index in 0..labels.len() {
        column::<FloatType>(&mut group, scores().map(|s| s.map(|s| s.probabilities[index])))?;
    }
    for index in 0..labels.len() {
        column::<FloatType>(&mut group, scores().map(|s| s.map(|s| s.logits[index])))?;
    }
    column::<ByteArrayType>(&mut group, rows.iter().map(|row| Some(text(&row.note))))?;
    group.close().map(|_| ())
}

/// Writes the next column of a row group; `None` is null.
fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut present = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more values than columns".into()));
    };
    column.typed::<T>().write_batch(&present, Some(&levels), None)?;
    column.close()
}

#[cfg(test)]
mod tests;
