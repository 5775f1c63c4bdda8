//! Reading takes no more memory for a large file than for a small one.
//!
//! A process of its own by this file: what other tests hold would be counted here.

#![allow(clippy::unwrap_used, clippy::panic)] // in tests a failure is a panic, also in their helpers

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use episome_sequence::{ReadOptions, Reader};

/// What may be held beyond the first 10,000 records, in KiB: buffers that grow by doubling. The files have 48 MB and more.
const ALLOWED: u64 = 8 * 1024;

/// One test after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The memory that this process holds, in KiB; none where the system does not say.
fn held() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

#[test]
fn a_large_file_takes_no_more_memory_than_a_small_one() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let letters = "ACGTTGCAAC".repeat(20);
    for (name, header, row) in [
        ("large.fa", "", ">read{}\n{}\n"),
        ("large.csv", "id,sequence,label\n", "read{},{},1\n"),
        ("large.fq", "", "@read{}\n{}\n+\n"),
        ("large.jsonl", "", "{\"id\": \"read{}\", \"sequence\": \"{}\"}\n"),
    ] {
        let path = folder.path().join(name);
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        file.write_all(header.as_bytes()).unwrap();
        let count = 240_000; // 52 MB and more
        let mut text = String::new();
        for index in 0..count {
            text.clear();
            let mut parts = row.split("{}");
            write!(
                text,
                "{}{index}{}{letters}{}",
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap()
            )
            .unwrap();
            if name.ends_with(".fq") {
                text.push_str(&letters);
                text.push('\n');
            }
            file.write_all(text.as_bytes()).unwrap();
        }
        file.flush().unwrap();
        drop(file);
        assert!(std::fs::metadata(&path).unwrap().len() > 50_000_000);
        let (seen, grown) = growth(&path);
        assert_eq!(seen, count);
        assert!(grown < ALLOWED, "{name}: {grown} KiB more than after 10,000 records");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_large_parquet_file_takes_no_more_memory_than_a_small_one() {
    use parquet::data_type::{ByteArray, ByteArrayType};
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.parquet");
    let schema = "message table { REQUIRED BYTE_ARRAY sequence (UTF8); REQUIRED BYTE_ARRAY label (UTF8); }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let plain = parquet::file::properties::WriterProperties::builder().set_dictionary_enabled(false).build();
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = parquet::file::writer::SerializedFileWriter::new(file, schema, plain.into()).unwrap();
    let columns = ["ACGTTGCAAC".repeat(20), "one".to_string()];
    for _ in 0..6 {
        let mut group = writer.next_row_group().unwrap();
        for value in &columns {
            let mut column = group.next_column().unwrap().unwrap();
            let values = vec![ByteArray::from(value.as_str()); 40_000];
            column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 48_000_000);
    let (seen, grown) = growth(&path);
    assert_eq!(seen, 240_000);
    assert!(grown < ALLOWED, "{grown} KiB more than after 10,000 records");
}

/// Reads a file of 200-letter records; how many there are, and how much memory grew after the first 10,000, in KiB.
fn growth(path: &Path) -> (u64, u64) {
    let mut reader = Reader::open(&[path.to_path_buf()], &ReadOptions::default()).unwrap();
    let (mut seen, mut start, mut most) = (0_u64, None, 0);
    for record in reader.by_ref() {
        assert_eq!(record.unwrap().sequence.len(), 200);
        seen += 1;
        if seen % 10_000 == 0
            && let Some(now) = held()
        {
            start.get_or_insert(now);
            most = most.max(now);
        }
    }
    (seen, most.saturating_sub(start.unwrap_or(most)))
}
