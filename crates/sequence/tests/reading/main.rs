//! Reading: one table in every dress, and every awkward file.

#![allow(clippy::unwrap_used, clippy::panic)] // in tests a failure is a panic, also in their helpers

mod awkward;
mod binary;
mod compression;
mod refusals;
mod tables;
mod text;

use std::path::{Path, PathBuf};

use episome_sequence::{Error, ReadOptions, Table};

const SEQUENCES: [&str; 6] =
    ["ACGTACGTAC", "TTGACATTGA", "GGGCCCAATT", "ATGGCTAAGC", "CCATGGCCAT", "TATATATAAG"];
const LABELS: [&str; 6] = ["0", "1", "1", "0", "1", "0"];

fn files(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files")).join(name)
}

fn written(bytes: &[u8], name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read(bytes: &[u8], name: &str) -> Result<Table, Error> {
    let (_folder, path) = written(bytes, name);
    Table::read(&[path], &ReadOptions::default())
}

fn expect(table: &Table, labels: &[Option<&str>], what: &str) {
    let sequences: Vec<&str> = table.records.iter().map(|record| record.sequence.as_str()).collect();
    assert_eq!(sequences, SEQUENCES, "{what}");
    let found: Vec<Option<&str>> = table.records.iter().map(|record| record.label.as_deref()).collect();
    assert_eq!(found, labels, "{what}");
}

fn zero_and_one() -> Vec<Option<&'static str>> {
    LABELS.iter().map(|label| Some(*label)).collect()
}

fn rows(separator: &str, end: &str, header: bool) -> String {
    let mut text = if header { format!("dna{separator}label{end}") } else { String::new() };
    for (sequence, label) in SEQUENCES.iter().zip(LABELS) {
        text += &format!("{sequence}{separator}{label}{end}");
    }
    text
}
