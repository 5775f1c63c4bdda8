//! FASTA, FASTQ and JSON.

use std::io::Write;

use episome_sequence::{ReadOptions, Table};

use super::{LABELS, SEQUENCES, expect, read, written, zero_and_one};

#[test]
fn merged_headers_and_descriptions() {
    let table = read(b">gi|1| first\x01gi|2| second\nACGT\n", "nr.fa").unwrap();
    assert_eq!(table.records[0].id, "gi|1|");
}

#[test]
fn json_lines_and_arrays() {
    let objects: Vec<String> = SEQUENCES
        .iter()
        .zip(LABELS)
        .enumerate()
        .map(|(index, (sequence, label))| {
            format!("{{\"id\": {index}, \"sequence\": \"{sequence}\", \"label\": {label}}}")
        })
        .collect();
    let pretty: Vec<String> =
        objects.iter().map(|object| object.replace(", ", ",\n  ").replace('{', "{\n")).collect();
    for (what, text) in [
        ("lines", objects.join("\n")),
        ("lines with blank ones", objects.join("\r\n\r\n")),
        ("array", format!("[{}]", objects.join(", "))),
        ("array over lines", format!("[\n{}\n]\n", objects.join(",\n"))),
        ("printed array", format!("[\n{}\n]\n", pretty.join(",\n"))),
        ("printed objects", pretty.join("\n")),
    ] {
        let table = read(text.as_bytes(), "t.json").unwrap_or_else(|error| panic!("{what}: {error}"));
        expect(&table, &zero_and_one(), what);
        assert_eq!(table.records[5].id, "5", "{what}");
    }
    let text = "{\"seq\": \"ACGT\", \"class\": 1.0}\n{\"seq\": \"ACGT\", \"class\": \n{\"class\": 2}\n{\"seq\": [1]}\n5\n{\"seq\": \"AAAA\", \"class\": true}\n";
    let (_folder, path) = written(text.as_bytes(), "t.jsonl");
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let table = Table::read(&[path], &options).unwrap();
    let labels: Vec<Option<&str>> = table.records.iter().map(|record| record.label.as_deref()).collect();
    assert_eq!(labels, [Some("1"), Some("true")]);
    let lines: Vec<u64> = table.invalid.iter().map(|one| one.origin.line).collect();
    assert_eq!(lines, [2, 3, 4, 5]);
    assert!(
        read(b"[{\"sequence\": \"ACGTACGT\"}, {\"sequence\": \"ACG", "t.json")
            .unwrap_err()
            .to_string()
            .contains("never closed")
    );
}

#[test]
fn fasta_in_every_dress() {
    let plain = read(b">a one\nACGT\nACGT\n>b two\nTTTT\n", "t.fa").unwrap();
    for (what, text) in [
        ("CRLF", &b">a one\r\nACGT\r\nACGT\r\n>b two\r\nTTTT\r\n"[..]),
        ("CR", b">a one\rACGT\rACGT\r>b two\rTTTT"),
        ("mixed", b">a one\nACGT\r\nACGT\r>b two\nTTTT\r\n\r\n"),
        ("blank lines", b"\n\n>a one\n\nACGT\n\nACGT\n\n>b two\n\n\nTTTT\n\n"),
        ("comments", b"; made by hand\n>a one\n;first half\nACGT\n;second\nACGT\n>b two\nTTTT\n"),
        ("blanks", b">  a one  \nAC GT\n ACGT \t\n> b two\nT T T T\n"),
        ("tabs in the header", b">a\tone\nACGTACGT\n>b\ttwo\nTTTT\n"),
    ] {
        let table = read(text, "t.dat").unwrap_or_else(|error| panic!("{what}: {error}"));
        let pairs = table.records.iter().zip(&plain.records);
        assert_eq!(table.records.len(), 2, "{what}");
        for (a, b) in pairs {
            assert_eq!((&a.id, &a.sequence, &a.label), (&b.id, &b.sequence, &b.label), "{what}");
        }
    }
    // Broken ones: nothing is lost, everything has its place.
    let text = b"ACGT\n>a\n>b\nACGT>c\nACGT\n>d\nAC\0GT\n>e \xff\nACGT\n>f\n1 ACGT 5\n>g\nACGT\n>h";
    let (_folder, path) = written(text, "t.fa");
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let table = Table::read(&[path], &options).unwrap();
    assert_eq!(table.records.len(), 1);
    let said: Vec<String> = table.invalid.iter().map(ToString::to_string).collect();
    let expected = [
        ("line 1, record 1", "before the first header"),
        ("line 2, record 2 (a)", "empty"),
        ("line 3, record 3 (b)", "'>'"),
        ("line 6, record 4 (d)", "NUL"),
        ("line 8, record 5", "UTF-8"),
        ("line 10, record 6 (f)", "digits"),
        ("line 14, record 8 (h)", "empty"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, (place, word)) in said.iter().zip(expected) {
        assert!(said.contains(place) && said.contains(word), "{said} / {place} / {word}");
    }
}

#[test]
fn fasta_labels_from_headers_and_from_files() {
    let table = read(b">a|x\nACGT\n>b|y\nACGA\n>c|x\nACGG\n", "t.fa").unwrap();
    assert_eq!(table.labels().unwrap().names(), ["x", "y"]);
    let (folder, first) = written(b">a\nACGT\n>b\nACGA\n", "promoter.fa");
    let second = folder.path().join("other.fa.gz");
    let mut gz =
        flate2::write::GzEncoder::new(std::fs::File::create(&second).unwrap(), flate2::Compression::fast());
    gz.write_all(b">c\nTTTT\n").unwrap();
    gz.finish().unwrap();
    let table = Table::read(&[first.clone(), second.clone()], &ReadOptions::default()).unwrap();
    let labels: Vec<&str> = table.records.iter().filter_map(|record| record.label.as_deref()).collect();
    assert_eq!(labels, ["promoter", "promoter", "other"]);
    assert!(
        Table::read(std::slice::from_ref(&first), &ReadOptions::default()).unwrap().records[0]
            .label
            .is_none()
    );
    // Descriptions that look like labels in one file are none if another file lacks them.
    let third = folder.path().join("third.fa");
    std::fs::write(&third, ">d chr1\nACGT\n>e chr2\nACGT\n").unwrap();
    let table = Table::read(&[first.clone(), third], &ReadOptions::default()).unwrap();
    assert_eq!(table.labels().unwrap().names(), ["promoter", "third"]);
    // As asked: a key, a field, the file.
    let (_folder, path) = written(b">a kind=x chr1\nACGT\n>b kind=y chr2\nACGA\n", "t.fa");
    for (asked, labels) in [("kind", ["x", "y"]), ("3", ["chr1", "chr2"]), ("file", ["t", "t"])] {
        let options = ReadOptions { label_column: Some(asked.to_string()), ..ReadOptions::default() };
        let table = Table::read(std::slice::from_ref(&path), &options).unwrap();
        let found: Vec<&str> = table.records.iter().filter_map(|record| record.label.as_deref()).collect();
        assert_eq!(found, labels, "{asked}");
    }
}

#[test]
fn fastq_on_one_line_and_on_several() {
    let text =
        b"@a\nACGT\nAC\n+a\n@@@@\n+!\n\n@b desc\nAC\n+\n;;\n@c\n\n+\n\n@d\n+\n@e\nTTTT\n+e\nhijk\n\n\n";
    let (_folder, path) = written(text, "t.fastq");
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let table = Table::read(&[path], &options).unwrap();
    let found: Vec<(&str, &str)> =
        table.records.iter().map(|one| (one.id.as_str(), one.sequence.as_str())).collect();
    assert_eq!(found, [("a", "ACGTAC"), ("b", "AC"), ("e", "TTTT")]);
    let empty: Vec<&str> = table.invalid.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(empty, ["c", "d"]); // reads of length zero
}

#[test]
fn reading_ends_when_nobody_wants_it_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.csv");
    std::fs::write(&path, "sequence,label\nACGT,a\nGGCC,b\n").unwrap();
    let stop = std::sync::atomic::AtomicBool::new(true);
    let read = Table::read_unless(&[path], &ReadOptions::default(), &stop);
    assert!(matches!(read, Err(episome_sequence::Error::Stopped)), "{read:?}");
}
