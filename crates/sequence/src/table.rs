//! All records of a data set in memory, with what was repaired and what was refused.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::columns::Columns;
use crate::error::Error;
use crate::labels::Labels;
use crate::reader::{ReadOptions, Reader};
use crate::record::{Invalid, Record};
use crate::repairs::Repairs;
use crate::sniff::Format;

/// A data set read whole.
#[derive(Debug, Clone)]
pub struct Table {
    /// The records, in the order of the files.
    pub records: Vec<Record>,
    /// The records that were refused, with `skip_invalid`.
    pub invalid: Vec<Invalid>,
    /// What cleaning changed, summed over the records.
    pub repairs: Repairs,
    /// How many records at least one repair touched.
    pub repaired_records: u64,
    /// What was read from where, in the first file.
    pub columns: Columns,
    /// The files.
    pub files: Vec<SourceFile>,
    /// How many records carry a name that an earlier record carries too. Names need not differ.
    pub repeated_ids: u64,
}

/// A file that records came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size as it lies there, in bytes.
    pub bytes: u64,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
    /// What it is.
    pub format: Format,
    /// The records met in it, refused ones included.
    pub records: u64,
}

impl Table {
    /// Reads files whole. The first refused record is the error, unless `skip_invalid` collects them.
    pub fn read(files: &[PathBuf], options: &ReadOptions) -> Result<Table, Error> {
        Table::read_unless(files, options, &AtomicBool::new(false))
    }

    /// The same; once `stop` is true, it ends with [`Error::Stopped`].
    pub fn read_unless(files: &[PathBuf], options: &ReadOptions, stop: &AtomicBool) -> Result<Table, Error> {
        let go_on = || if stop.load(Ordering::Relaxed) { Err(Error::Stopped) } else { Ok(()) };
        let mut reader = Reader::open(files, options)?;
        let columns = reader.columns().clone();
        let mut records = Vec::new();
        let mut repairs = Repairs::default();
        let mut repaired_records = 0;
        for record in reader.by_ref() {
            go_on()?;
            let record = record?;
            repairs += record.repairs;
            repaired_records += u64::from(!record.repairs.is_empty());
            records.push(record);
        }
        let invalid = reader.take_invalid();
        if records.is_empty() {
            return Err(nothing(files, &invalid));
        }
        let mut seen = HashSet::with_capacity(records.len());
        let repeated_ids =
            records.iter().filter(|record| !record.is_numbered() && !seen.insert(record.id.as_str())).count()
                as u64;
        let files = reader
            .files()
            .map(|(path, format, records)| {
                go_on()?;
                let (bytes, sha256) = sha256(path)?;
                Ok(SourceFile { path: path.to_path_buf(), bytes, sha256, format, records })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Table { records, invalid, repairs, repaired_records, columns, files, repeated_ids })
    }

    /// The distinct labels of the records.
    pub fn labels(&self) -> Result<Labels, Error> {
        Labels::of(&self.records)
    }
}

fn nothing(files: &[PathBuf], invalid: &[Invalid]) -> Error {
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let mut kinds = BTreeMap::<&str, (u64, &Invalid)>::new();
    for refused in invalid {
        kinds.entry(refused.reason.kind()).or_insert((0, refused)).0 += 1;
    }
    match kinds.values().max_by_key(|(count, _)| *count) {
        None => Error::Nothing {
            what: format!("{}: there is no record in it", names.join(", ")),
            advice: "Choose a file that holds sequences below its header.".to_string(),
        },
        Some((count, first)) => Error::Nothing {
            what: format!(
                "{}: all {} records were refused, {count} of them for one reason, first {first}",
                names.join(", "),
                invalid.len(),
            ),
            advice: "See whether the column and the kind of file are the ones you meant.".to_string(),
        },
    }
}

/// The size of a file and the SHA-256 of its bytes in hexadecimal, read in pieces.
pub fn sha256(path: &Path) -> Result<(u64, String), Error> {
    let unreadable = |source| Error::Open { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        hash.update(&buffer[..read]);
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, sha256))
}
