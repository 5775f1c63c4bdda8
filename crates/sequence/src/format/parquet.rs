//! Apache Parquet, read row by row through the format's record interface, one batch of a row group at a time, and only
//! the columns that are needed.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Type as Physical;
use parquet::data_type::Decimal;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::json::number_text;
use super::{Entries, Entry, Problem, delimited};
use crate::columns::Chosen;
use crate::error::Error;
use crate::reason::Reason;
use crate::source;

/// Rows decoded at a time. Small, since a row may hold a sequence of megabases.
const BATCH: usize = 64;

/// Opens the file; one that is compressed as a whole is read into memory, since Parquet is read from its end.
fn open(path: &Path) -> Result<Box<dyn FileReader>, Error> {
    let unreadable = |source| Error::Open { path: path.to_path_buf(), source };
    let mut magic = [0; 4];
    let mut file = File::open(path).map_err(unreadable)?;
    let plain = file.read(&mut magic).map_err(unreadable)? == 4 && &magic == b"PAR1";
    let reader = guarded(path, || -> Result<Box<dyn FileReader>, parquet::errors::ParquetError> {
        if plain {
            Ok(Box::new(SerializedFileReader::new(File::open(path)?)?))
        } else {
            let mut all = Vec::new();
            source::decompressed(path)
                .map_err(|error| parquet::errors::ParquetError::External(Box::new(error)))?
                .read_to_end(&mut all)?;
            Ok(Box::new(SerializedFileReader::new(bytes::Bytes::from(all))?))
        }
    })?;
    Ok(reader)
}

/// A damaged file can make the decoder panic: that, too, is an error that names the file.
fn guarded<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, parquet::errors::ParquetError>,
) -> Result<T, Error> {
    let said = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its parts contradict each other".to_string(),
    };
    Err(Error::Unsupported {
        path: path.to_path_buf(),
        what: format!("this Parquet file can't be read ({said})"),
        advice: "It is perhaps cut short; copy or write it again.".to_string(),
    })
}

/// The names of the top-level columns.
pub(crate) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let reader = open(path)?;
    let schema = reader.metadata().file_metadata().schema();
    Ok(schema.get_fields().iter().map(|field| field.name().to_string()).collect())
}

/// The first rows, as text.
pub(crate) fn sample(path: &Path, names: &[String], rows: usize) -> Result<Vec<Vec<String>>, Error> {
    let reader = open(path)?;
    guarded(path, move || {
        let mut sample = Vec::new();
        for row in RowIter::from_file_into(reader).with_batch_size(BATCH).take(rows) {
            let row = row?;
            sample.push(
                names
                    .iter()
                    .map(|name| {
                        let field =
                            row.get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field);
                        field.and_then(|field| scalar(field).ok().flatten()).unwrap_or_default()
                    })
                    .collect(),
            );
        }
        Ok(sample)
    })
}

/// A value as text, or what it is that can't be a label or a sequence.
fn scalar(field: &Field) -> Result<Option<String>, &'static str> {
    Ok(Some(match field {
        Field::Null => return Ok(None),
        Field::Bool(value) => value.to_string(),
        Field::Byte(value) => value.to_string(),
        Field::Short(value) => value.to_string(),
        Field::Int(value) => value.to_string(),
        Field::Long(value) => value.to_string(),
        Field::UByte(value) => value.to_string(),
        Field::UShort(value) => value.to_string(),
        Field::UInt(value) => value.to_string(),
        Field::ULong(value) => value.to_string(),
        Field::Float16(value) => number_text(f64::from(f32::from(*value))),
        Field::Float(value) => number_text(f64::from(*value)),
        Field::Double(value) => number_text(*value),
        Field::Str(value) => value.clone(),
        Field::Bytes(value) => {
            String::from_utf8(value.data().to_vec()).map_err(|_| "bytes that are no text")?
        }
        Field::Decimal(value) => number_text(decimal(value)),
        Field::Date(_) | Field::TimeMillis(_) | Field::TimeMicros(_) => return Err("a date or a time"),
        Field::TimestampMillis(_) | Field::TimestampMicros(_) => return Err("a date or a time"),
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => return Err("a list or a group"),
    }))
}

fn decimal(value: &Decimal) -> f64 {
    // Big-endian two's complement, as the format has it.
    let mut bytes = value.data().iter();
    let first = bytes.next().map_or(0.0, |&byte| f64::from(byte as i8));
    bytes.fold(first, |sum, &byte| sum * 256.0 + f64::from(byte)) / 10_f64.powi(value.scale())
}

/// The rows of a Parquet file.
pub(crate) struct Parquet {
    rows: RowIter<'static>,
    fields: Columns,
    row: u64,
    ended: bool,
}

struct Columns {
    id: Option<String>,
    sequence: String,
    label: Option<String>,
    split: Option<String>,
    group: Option<String>,
}

impl Parquet {
    pub(crate) fn open(path: &Path, chosen: &Chosen, names: &[String]) -> Result<Parquet, Error> {
        let reader = open(path)?;
        let name = |index: Option<usize>| index.and_then(|index| names.get(index).cloned());
        let fields = Columns {
            id: name(chosen.id),
            sequence: name(Some(chosen.sequence)).unwrap_or_default(),
            label: name(chosen.label),
            split: name(chosen.split),
            group: name(chosen.group),
        };
        let schema = reader.metadata().file_metadata().schema().clone();
        let wanted: Vec<Arc<Type>> = schema
            .get_fields()
            .iter()
            .enumerate()
            .filter(|(index, _)| {
                [chosen.id, Some(chosen.sequence), chosen.label, chosen.split, chosen.group]
                    .contains(&Some(*index))
            })
            .map(|(_, field)| field.clone())
            .collect();
        let rows = guarded(path, move || {
            let projection = Type::group_type_builder(schema.name()).with_fields(wanted).build()?;
            Ok(RowIter::from_file_into(reader).project(Some(projection))?.with_batch_size(BATCH))
        })?;
        if let Some(column) = rows_column(path, &fields.sequence)?
            && !matches!(column, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY)
        {
            return Err(Error::Column {
                path: path.to_path_buf(),
                what: format!("the column '{}' holds numbers, not sequences", fields.sequence),
                advice: "Name the column that holds the sequences.".to_string(),
            });
        }
        Ok(Parquet { rows, fields, row: 0, ended: false })
    }

    fn entry(&self, row: &Row) -> Result<Entry, Problem> {
        let line = self.row;
        let cell = |name: &Option<String>| -> Result<Option<String>, Reason> {
            let Some(name) = name else { return Ok(None) };
            match row.get_column_iter().find(|(column, _)| *column == name) {
                None => Ok(None),
                Some((_, field)) => scalar(field).map_err(|kind| {
                    Reason::Malformed(format!("the column '{name}' holds {kind} where one value is expected"))
                }),
            }
        };
        let id = cell(&self.fields.id);
        let named = id.clone().ok().flatten();
        let refuse = |reason| Problem::Refused { line, id: named.clone(), reason };
        let id = id.map_err(refuse)?;
        let label = cell(&self.fields.label).map_err(refuse)?;
        let split = cell(&self.fields.split).map_err(refuse)?;
        let group = cell(&self.fields.group).map_err(refuse)?;
        let sequence = cell(&Some(self.fields.sequence.clone())).map_err(refuse)?.unwrap_or_default();
        Ok(Entry { line, id, sequence: delimited::cleaned(sequence.as_bytes()), label, split, group })
    }
}

/// The physical type of a top-level column; none if it is a group.
fn rows_column(path: &Path, name: &str) -> Result<Option<Physical>, Error> {
    let reader = open(path)?;
    let schema = reader.metadata().file_metadata().schema();
    let column = schema.get_fields().iter().find(|field| field.name() == name);
    Ok(column.filter(|field| field.is_primitive()).map(|field| field.get_physical_type()))
}

impl Entries for Parquet {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        if self.ended {
            return None;
        }
        let rows = &mut self.rows;
        let said = match catch_unwind(AssertUnwindSafe(|| rows.next())) {
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Ok(Some(Ok(row))) => {
                self.row += 1;
                return Some(self.entry(&row));
            }
            Ok(Some(Err(error))) => error.to_string(),
            Err(_) => "its parts contradict each other".to_string(),
        };
        self.ended = true;
        Some(Err(Problem::Broken {
            line: self.row + 1,
            what: format!("the Parquet file can't be read any further ({said})"),
            advice: "It is perhaps damaged; copy or write it again.".to_string(),
        }))
    }
}
