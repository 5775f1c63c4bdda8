//! Files are written aside and renamed, so that a file that is there is whole.

use std::io::Write;
use std::path::Path;

use crate::error::Error;
use crate::record::Invalid;

/// Writes bytes to a file beside the path, then renames it.
pub(crate) fn written_aside(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_path_buf(), source };
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let aside = path.with_file_name(name);
    let mut file = std::fs::File::create(&aside).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&aside, path).map_err(failed)
}

/// Writes the list of refused records: a CSV table of file, line, record, id, reason.
pub fn write_invalid(path: &Path, invalid: &[Invalid]) -> Result<(), Error> {
    let mut text = String::from("file,line,record,id,reason\n");
    for refused in invalid {
        let cells = [
            refused.origin.file.display().to_string(),
            refused.origin.line.to_string(),
            refused.origin.record.to_string(),
            refused.id.clone(),
            refused.reason.to_string(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    written_aside(path, text.as_bytes())
}

/// A cell of CSV, quoted where RFC 4180 asks for it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    }
}
