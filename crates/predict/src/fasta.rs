//! Predictions as FASTA: the sequences again, what was predicted in their headers.

use std::io::Write;

use crate::rows::Row;

/// Letters a line, as NCBI and Ensembl write them.
const LINE: usize = 60;

/// Writes `>name label=promoter confidence=0.98` and the sequence. Blanks in a label become underscores, as a header's words
/// are set apart by blanks. A record without a prediction has no letters that could be written, and is left out.
pub(crate) fn write(file: &mut impl Write, row: &Row, labels: &[String]) -> std::io::Result<()> {
    let (Some(scores), Some(sequence)) = (&row.scores, &row.sequence) else {
        return Ok(());
    };
    let label = labels[scores.best].split_whitespace().collect::<Vec<_>>().join("_");
    let id = row.id.split_whitespace().collect::<Vec<_>>().join("_");
    write!(file, ">{id} label={label} confidence={}", scores.probabilities[scores.best])?;
    if !row.note.is_empty() {
        write!(file, " note={}", row.note.replace(char::is_whitespace, "_"))?;
    }
    file.write_all(b"\n")?;
    for line in sequence.as_bytes().chunks(LINE) {
        file.write_all(line)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}
