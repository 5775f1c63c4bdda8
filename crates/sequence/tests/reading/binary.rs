//! Parquet files and workbooks.

use episome_sequence::{Format, ReadOptions, Table};

use super::{LABELS, expect, files, read, zero_and_one};

#[test]
fn parquet_files_of_every_usual_kind() {
    let off_on: Vec<Option<&str>> =
        LABELS.iter().map(|label| Some(if *label == "1" { "on" } else { "off" })).collect();
    let truth: Vec<Option<&str>> =
        LABELS.iter().map(|label| Some(if *label == "1" { "true" } else { "false" })).collect();
    let null = vec![Some("0"), Some("1"), None, Some("0"), Some("1"), Some("0")];
    for (name, labels) in [
        ("int64_snappy", zero_and_one()),
        ("large_string_zstd", zero_and_one()),
        ("float_label_gzip", zero_and_one()),
        ("binary_sequence_brotli", zero_and_one()),
        ("bool_label_plain", truth),
        ("text_label_lz4", off_on.clone()),
        ("dictionary_label_v2", off_on),
        ("null_label", null),
    ] {
        let path = files(&format!("{name}.parquet"));
        let table = Table::read(std::slice::from_ref(&path), &ReadOptions::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        expect(&table, &labels, name);
        assert_eq!(table.records[5].id, "s5");
        assert_eq!(table.records[5].origin.line, 6);
        assert_eq!(table.files[0].format, Format::Parquet);
        assert_eq!(table.repairs.uracil, 2, "{name}");
        // Under a false name, and compressed as a whole.
        let bytes = std::fs::read(&path).unwrap();
        expect(&read(&bytes, "table.csv").unwrap(), &labels, name);
        expect(&read(&zstd::encode_all(&bytes[..], 1).unwrap(), "table.csv").unwrap(), &labels, name);
    }
    let nested = ReadOptions { label_column: Some("nested".to_string()), ..ReadOptions::default() };
    let said = Table::read(&[files("int64_snappy.parquet")], &nested).unwrap_err().to_string();
    assert!(said.contains("a list"), "{said}");
}

#[test]
fn workbooks() {
    let path = files("book.xlsx");
    let table = Table::read(std::slice::from_ref(&path), &ReadOptions::default()).unwrap();
    expect(&table, &zero_and_one(), "book.xlsx");
    assert_eq!((table.records[0].origin.line, table.records[0].origin.record), (2, 1));
    let second = ReadOptions { sheet: Some("other".to_string()), ..ReadOptions::default() };
    assert_eq!(
        Table::read(std::slice::from_ref(&path), &second).unwrap().labels().unwrap().names(),
        ["a", "b"]
    );
    let none = ReadOptions { sheet: Some("third".to_string()), ..ReadOptions::default() };
    assert!(
        Table::read(std::slice::from_ref(&path), &none).unwrap_err().to_string().contains("'data', 'other'")
    );
    let bytes = std::fs::read(&path).unwrap();
    expect(&read(&bytes, "table.csv").unwrap(), &zero_and_one(), "under a false name");
    let said = read(&bytes[..bytes.len() / 2], "book.xlsx").unwrap_err().to_string();
    assert!(said.contains("book.xlsx"), "{said}");
}
