//! One table in every dress reads the same.

#![allow(clippy::unwrap_used, clippy::panic)] // in tests a failure is a panic, also in their helpers

use std::io::Write;
use std::path::{Path, PathBuf};

use episome_sequence::{Alphabet, Error, Format, ReadOptions, Reader, Table};

const SEQUENCES: [&str; 6] = [
    "ACGTACGTAC",
    "TTGACATTGA",
    "GGGCCCAATT",
    "ATGGCTAAGC",
    "CCATGGCCAT",
    "TATATATAAG",
];
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
    let sequences: Vec<&str> = table
        .records
        .iter()
        .map(|record| record.sequence.as_str())
        .collect();
    assert_eq!(sequences, SEQUENCES, "{what}");
    let found: Vec<Option<&str>> = table
        .records
        .iter()
        .map(|record| record.label.as_deref())
        .collect();
    assert_eq!(found, labels, "{what}");
}

fn zero_and_one() -> Vec<Option<&'static str>> {
    LABELS.iter().map(|label| Some(*label)).collect()
}

fn rows(separator: &str, end: &str, header: bool) -> String {
    let mut text = if header {
        format!("dna{separator}label{end}")
    } else {
        String::new()
    };
    for (sequence, label) in SEQUENCES.iter().zip(LABELS) {
        text += &format!("{sequence}{separator}{label}{end}");
    }
    text
}

#[test]
fn separators_line_ends_and_headers_are_found_out() {
    for separator in [",", "\t", ";", "|", ",   ", " ", "   "] {
        for end in ["\n", "\r\n", "\r"] {
            for header in [true, false] {
                let text = rows(separator, end, header);
                let what = format!("{separator:?} {end:?} {header}");
                let table =
                    read(text.as_bytes(), "table.dat").unwrap_or_else(|error| panic!("{what}: {error}"));
                expect(&table, &zero_and_one(), &what);
                assert_eq!(table.files[0].format, Format::Delimited);
                assert!(table.repairs.is_empty(), "{what}: {:?}", table.repairs);
            }
        }
    }
}

#[test]
fn encodings_are_found_out() {
    let text = rows(",", "\r\n", true)
        .replace("label", "Klasse")
        .replace("dna", "Länge,dna")
        .replace("\r\nA", "\r\n1,A");
    let text = text
        .lines()
        .enumerate()
        .fold(String::new(), |all, (index, line)| {
            let first = line.split(',').count() == 2;
            all + &if index > 0 && first {
                format!("10,{line}\r\n")
            } else {
                format!("{line}\r\n")
            }
        });
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let ascii: Vec<u8> = rows(",", "\n", true)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (what, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", marked(b"\xef\xbb\xbf", text.as_bytes())),
        ("UTF-16 little-endian", marked(b"\xff\xfe", &little)),
        ("UTF-16 big-endian", marked(b"\xfe\xff", &big)),
    ] {
        let (_folder, path) = written(&bytes, "t.csv");
        let options = ReadOptions {
            label_column: Some("Klasse".to_string()),
            ..ReadOptions::default()
        };
        expect(&Table::read(&[path], &options).unwrap(), &zero_and_one(), what);
    }
    expect(
        &read(&ascii, "t.csv").unwrap(),
        &zero_and_one(),
        "UTF-16 without a mark",
    );
    let half = marked(b"\xff\xfe", &[&ascii[..], &[0x00, 0xd8, 0x41, 0x00]].concat());
    assert!(read(&half, "t.csv").unwrap_err().to_string().contains("UTF-16"));
    let utf_32: Vec<u8> = std::iter::once('\u{feff}')
        .chain(rows(",", "\n", true).chars())
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    assert!(read(&utf_32, "t.csv").unwrap_err().to_string().contains("UTF-32"));
}

#[test]
fn quotes_hold_separators_line_ends_and_quotes() {
    let text = "id,\"label\",sequence\n\"a, \"\"b\"\"\",\"one,two\",\"ACGT\nACGT\"\nx,\"one,two\",TTTTACGT\n";
    let table = read(text.as_bytes(), "t.csv").unwrap();
    assert_eq!(table.records[0].id, "a, \"b\"");
    assert_eq!(table.records[0].sequence, "ACGTACGT");
    assert_eq!(table.records[1].origin.line, 4);
}

#[test]
fn broken_rows_are_named_and_an_open_quote_ends_the_table() {
    let text = "id,label,sequence\na,1,ACGTACGT\nb,1,ACGT,ACGT\nc,0\nd,0,\"ACGT\"x\ne,0,ACGTTTTT\nf,0,\"ACGT\ng,1,AAAA\n";
    let (_folder, path) = written(text.as_bytes(), "t.csv");
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let mut reader = Reader::open(&[path], &options).unwrap();
    let ids: Vec<String> = reader.by_ref().take(2).map(|record| record.unwrap().id).collect();
    assert_eq!(ids, ["a", "e"]);
    let said = reader.next().unwrap().unwrap_err().to_string();
    assert!(said.contains("line 7") && said.contains("quote"), "{said}");
    assert!(reader.next().is_none());
    let lines: Vec<u64> = reader.invalid().iter().map(|one| one.origin.line).collect();
    assert_eq!(lines, [3, 4, 5]);
}

#[test]
fn columns_are_found_by_name_by_content_and_as_asked() {
    // The usual names, in any case, among others.
    let table = read(b"Notes,Class,Seq\nx,a,ACGTACGT\ny,b,ACGTTTTT\n", "t.csv").unwrap();
    assert_eq!(
        (table.columns.label.as_deref(), table.columns.sequence.as_deref()),
        (Some("Class"), Some("Seq"))
    );
    // A column of prose called text is not taken where another one holds DNA.
    let table = read(
        b"text,construct,y\nwords here,ACGTACGT,1\nother words,TTTTACGT,2\n",
        "t.csv",
    )
    .unwrap();
    assert_eq!(table.columns.sequence.as_deref(), Some("construct"));
    // Asked for by name or number.
    let text = b"a,b,c,d\nACGTACGT,TTTTTTTT,x,p\nACGTACGA,TTTTTTTA,y,q\n";
    let (_folder, path) = written(text, "t.csv");
    let options = ReadOptions {
        sequence_column: Some("2".to_string()),
        label_column: Some("d".to_string()),
        id_column: Some("C".to_string()),
        ..ReadOptions::default()
    };
    let table = Table::read(std::slice::from_ref(&path), &options).unwrap();
    let first = &table.records[0];
    assert_eq!(
        (first.id.as_str(), first.sequence.as_str(), first.label.as_deref()),
        ("x", "TTTTTTTT", Some("p"))
    );
    let wrong = ReadOptions {
        label_column: Some("klass".to_string()),
        ..ReadOptions::default()
    };
    let said = Table::read(&[path], &wrong).unwrap_err().to_string();
    assert!(said.contains("klass") && said.contains("'d'"), "{said}");
    // No labels where labels are needed.
    let (_folder, path) = written(b"seq,other,more\nACGTACGT,x,1\nACGTACGA,y,2\n", "t.csv");
    let needed = ReadOptions {
        labels_required: true,
        ..ReadOptions::default()
    };
    assert!(
        Table::read(&[path], &needed)
            .unwrap_err()
            .to_string()
            .contains("no labels")
    );
    // No DNA at all.
    assert!(
        read(b"a,b\n1,2\n3,4\n", "t.csv")
            .unwrap_err()
            .to_string()
            .contains("no column holds DNA")
    );
}

#[test]
fn what_stands_above_a_table_is_no_part_of_it_and_a_short_first_sequence_is() {
    for above in ["sep=;\r\n", "# made by hand\n# in 2024\n", "#\n"] {
        let table = read(format!("{above}{}", rows(";", "\n", true)).as_bytes(), "t.csv").unwrap();
        expect(&table, &zero_and_one(), above);
        assert_eq!(table.records[0].origin.line, above.lines().count() as u64 + 2);
    }
    let table = read(
        b"# made by hand\n#id\tseq\tlabel\nx\tACGTACGT\t1\ny\tACGTACGA\t0\n",
        "t.tsv",
    )
    .unwrap();
    assert_eq!((table.records.len(), table.records[0].id.as_str()), (2, "x"));
    let table = read(b"ACG\nACGTACGT\nACGTACGA\n", "t.txt").unwrap();
    assert_eq!(table.records.len(), 3);
    let table = read(b"ACG,y\nACGTACGT,n\nACGTACGA,y\n", "t.csv").unwrap();
    assert_eq!(
        (table.records.len(), table.labels().unwrap().names()),
        (3, &["n".to_string(), "y".to_string()][..])
    );
    let table = read(b"DNA\nACGTACGT\nACGTACGA\n", "t.txt").unwrap();
    assert_eq!(table.records.len(), 2);
}

#[test]
fn merged_headers_and_descriptions() {
    let table = read(b">gi|1| first\x01gi|2| second\nACGT\n", "nr.fa").unwrap();
    assert_eq!(table.records[0].id, "gi|1|");
}

#[test]
fn the_primate_splice_table_is_understood() {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/uci_splice/spliceData.txt"
    ));
    let table = Table::read(&[path.to_path_buf()], &ReadOptions::default()).unwrap();
    assert_eq!(table.records.len(), 3190);
    assert_eq!(table.records[0].id, "ATRINS-DONOR-521");
    let labels = table.labels().unwrap();
    assert_eq!(labels.names(), ["EI", "IE", "N"]);
    assert_eq!(
        labels.counts(&labels.indices(&table.records).unwrap()),
        [767, 768, 1655]
    );
    assert!(table.repairs.is_empty());
    // 15 rows hold codes that a tokenizer of A, C, G, T, N does not know: 15 of them D, R or S, some N.
    let options = ReadOptions {
        alphabet: Alphabet::Acgt,
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let table = Table::read(&[path.to_path_buf()], &options).unwrap();
    assert_eq!((table.records.len(), table.invalid.len()), (3175, 15));
}

#[test]
fn labels_are_trimmed_and_counted_and_missing_ones_noticed() {
    let text = b"sequence,label\nACGTACGT, a \nACGTACGA,a\nACGTACGG,  \nACGTACCC,b\n";
    let table = read(text, "t.csv").unwrap();
    let labels: Vec<Option<&str>> = table
        .records
        .iter()
        .map(|record| record.label.as_deref())
        .collect();
    assert_eq!(labels, [Some("a"), Some("a"), None, Some("b")]);
    assert_eq!(table.repairs.labels, 1);
    assert!(table.labels().unwrap_err().to_string().contains("line 4"));
    let (_folder, path) = written(text, "t.csv");
    let options = ReadOptions {
        labels_required: true,
        ..ReadOptions::default()
    };
    let said = Table::read(&[path], &options).unwrap_err().to_string();
    assert!(
        said.contains("line 4, record 3") && said.contains("no label"),
        "{said}"
    );
}

#[test]
fn names_that_are_missing_are_numbers_and_repeated_ones_are_counted() {
    let table = read(b"ACGTACGT\nACGTACGA\n\nACGTACGG\n", "t.txt").unwrap();
    let ids: Vec<&str> = table.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(table.records[2].origin.line, 4);
    assert_eq!(table.files[0].format, Format::Text);
    let table = read(b">a\nACGT\n>a\nACGA\n>\nACGG\n", "t.fa").unwrap();
    assert_eq!(table.repeated_ids, 1);
    assert_eq!(table.records[2].id, "3");
}

#[test]
fn overlapping_kmers_become_the_sequence_they_came_from() {
    let table = read(
        b"sequence\tlabel\nACG CGT GTA TAC\t1\nTTT TTG TGA GAC\t0\n",
        "train.tsv",
    )
    .unwrap();
    assert_eq!(table.records[0].sequence, "ACGTAC");
    assert_eq!(table.records[1].sequence, "TTTGAC");
    assert_eq!(table.repairs.kmers, 12);
}

#[test]
fn parquet_files_of_every_usual_kind() {
    let off_on: Vec<Option<&str>> = LABELS
        .iter()
        .map(|label| Some(if *label == "1" { "on" } else { "off" }))
        .collect();
    let truth: Vec<Option<&str>> = LABELS
        .iter()
        .map(|label| Some(if *label == "1" { "true" } else { "false" }))
        .collect();
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
        expect(
            &read(&zstd::encode_all(&bytes[..], 1).unwrap(), "table.csv").unwrap(),
            &labels,
            name,
        );
    }
    let nested = ReadOptions {
        label_column: Some("nested".to_string()),
        ..ReadOptions::default()
    };
    let said = Table::read(&[files("int64_snappy.parquet")], &nested)
        .unwrap_err()
        .to_string();
    assert!(said.contains("a list"), "{said}");
}

#[test]
fn workbooks() {
    let path = files("book.xlsx");
    let table = Table::read(std::slice::from_ref(&path), &ReadOptions::default()).unwrap();
    expect(&table, &zero_and_one(), "book.xlsx");
    assert_eq!(
        (table.records[0].origin.line, table.records[0].origin.record),
        (2, 1)
    );
    let second = ReadOptions {
        sheet: Some("other".to_string()),
        ..ReadOptions::default()
    };
    assert_eq!(
        Table::read(std::slice::from_ref(&path), &second)
            .unwrap()
            .labels()
            .unwrap()
            .names(),
        ["a", "b"]
    );
    let none = ReadOptions {
        sheet: Some("third".to_string()),
        ..ReadOptions::default()
    };
    assert!(
        Table::read(std::slice::from_ref(&path), &none)
            .unwrap_err()
            .to_string()
            .contains("'data', 'other'")
    );
    let bytes = std::fs::read(&path).unwrap();
    expect(
        &read(&bytes, "table.csv").unwrap(),
        &zero_and_one(),
        "under a false name",
    );
    let said = read(&bytes[..bytes.len() / 2], "book.xlsx")
        .unwrap_err()
        .to_string();
    assert!(said.contains("book.xlsx"), "{said}");
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
    let pretty: Vec<String> = objects
        .iter()
        .map(|object| object.replace(", ", ",\n  ").replace('{', "{\n"))
        .collect();
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
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let table = Table::read(&[path], &options).unwrap();
    let labels: Vec<Option<&str>> = table
        .records
        .iter()
        .map(|record| record.label.as_deref())
        .collect();
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
        (
            "blank lines",
            b"\n\n>a one\n\nACGT\n\nACGT\n\n>b two\n\n\nTTTT\n\n",
        ),
        (
            "comments",
            b"; made by hand\n>a one\n;first half\nACGT\n;second\nACGT\n>b two\nTTTT\n",
        ),
        ("blanks", b">  a one  \nAC GT\n ACGT \t\n> b two\nT T T T\n"),
        ("tabs in the header", b">a\tone\nACGTACGT\n>b\ttwo\nTTTT\n"),
    ] {
        let table = read(text, "t.dat").unwrap_or_else(|error| panic!("{what}: {error}"));
        let pairs = table.records.iter().zip(&plain.records);
        assert_eq!(table.records.len(), 2, "{what}");
        for (a, b) in pairs {
            assert_eq!(
                (&a.id, &a.sequence, &a.label),
                (&b.id, &b.sequence, &b.label),
                "{what}"
            );
        }
    }
    // Broken ones: nothing is lost, everything has its place.
    let text = b"ACGT\n>a\n>b\nACGT>c\nACGT\n>d\nAC\0GT\n>e \xff\nACGT\n>f\n1 ACGT 5\n>g\nACGT\n>h";
    let (_folder, path) = written(text, "t.fa");
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
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
        assert!(
            said.contains(place) && said.contains(word),
            "{said} / {place} / {word}"
        );
    }
}

#[test]
fn fasta_labels_from_headers_and_from_files() {
    let table = read(b">a|x\nACGT\n>b|y\nACGA\n>c|x\nACGG\n", "t.fa").unwrap();
    assert_eq!(table.labels().unwrap().names(), ["x", "y"]);
    let (folder, first) = written(b">a\nACGT\n>b\nACGA\n", "promoter.fa");
    let second = folder.path().join("other.fa.gz");
    let mut gz = flate2::write::GzEncoder::new(
        std::fs::File::create(&second).unwrap(),
        flate2::Compression::fast(),
    );
    gz.write_all(b">c\nTTTT\n").unwrap();
    gz.finish().unwrap();
    let table = Table::read(&[first.clone(), second.clone()], &ReadOptions::default()).unwrap();
    let labels: Vec<&str> = table
        .records
        .iter()
        .filter_map(|record| record.label.as_deref())
        .collect();
    assert_eq!(labels, ["promoter", "promoter", "other"]);
    assert!(
        Table::read(std::slice::from_ref(&first), &ReadOptions::default())
            .unwrap()
            .records[0]
            .label
            .is_none()
    );
    // As asked: a key, a field, the file.
    let (_folder, path) = written(b">a kind=x chr1\nACGT\n>b kind=y chr2\nACGA\n", "t.fa");
    for (asked, labels) in [
        ("kind", ["x", "y"]),
        ("3", ["chr1", "chr2"]),
        ("file", ["t", "t"]),
    ] {
        let options = ReadOptions {
            label_column: Some(asked.to_string()),
            ..ReadOptions::default()
        };
        let table = Table::read(std::slice::from_ref(&path), &options).unwrap();
        let found: Vec<&str> = table
            .records
            .iter()
            .filter_map(|record| record.label.as_deref())
            .collect();
        assert_eq!(found, labels, "{asked}");
    }
}

#[test]
fn fastq_on_one_line_and_on_several() {
    let text =
        b"@a\nACGT\nAC\n+a\n@@@@\n+!\n\n@b desc\nAC\n+\n;;\n@c\n\n+\n\n@d\n+\n@e\nTTTT\n+e\nhijk\n\n\n";
    let (_folder, path) = written(text, "t.fastq");
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let table = Table::read(&[path], &options).unwrap();
    let found: Vec<(&str, &str)> = table
        .records
        .iter()
        .map(|one| (one.id.as_str(), one.sequence.as_str()))
        .collect();
    assert_eq!(found, [("a", "ACGTAC"), ("b", "AC"), ("e", "TTTT")]);
    let empty: Vec<&str> = table.invalid.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(empty, ["c", "d"]); // reads of length zero
}

fn compressed(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let gzip = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    let bzip = |bytes: &[u8]| {
        let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bz.write_all(bytes).unwrap();
        bz.finish().unwrap()
    };
    let xz = |bytes: &[u8]| {
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(bytes).unwrap();
        xz.finish().unwrap()
    };
    let zst = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    let (front, back) = bytes.split_at(bytes.len() / 2);
    let two = |pack: &dyn Fn(&[u8]) -> Vec<u8>| [pack(front), pack(back)].concat();
    vec![
        ("gzip", gzip(bytes)),
        ("gzip of two members", two(&gzip)),
        ("bzip2", bzip(bytes)),
        ("bzip2 of two streams", two(&bzip)),
        ("xz", xz(bytes)),
        ("xz of two streams", two(&xz)),
        ("zstd", zst(bytes)),
        ("zstd of two frames", two(&zst)),
        ("gzip in xz", xz(&gzip(bytes))),
    ]
}

#[test]
fn compression_is_undone_by_content_and_a_cut_file_is_an_error() {
    let mut text = String::new();
    for index in 0..2_000_u64 {
        let letters: String = (0..60)
            .map(|place| {
                ['A', 'C', 'G', 'T'][((index * 31 + place * place * 7 + index * place) % 4) as usize]
            })
            .collect();
        text += &format!(">r{index}\n{letters}\n");
    }
    let mut formats = vec![("fasta", text.clone())];
    formats.push(("csv", rows(",", "\n", true)));
    for (format, text) in formats {
        let plain = read(text.as_bytes(), "plain").unwrap();
        for (what, bytes) in compressed(text.as_bytes()) {
            let table =
                read(&bytes, "misleading.txt").unwrap_or_else(|error| panic!("{format} {what}: {error}"));
            assert_eq!(table.records.len(), plain.records.len(), "{format} {what}");
            assert!(
                table
                    .records
                    .iter()
                    .zip(&plain.records)
                    .all(|(a, b)| a.sequence == b.sequence)
            );
            // (A file of two members cut just between them is whole as far as anyone can tell.)
            for part in [2, 3, 10].into_iter().filter(|_| !what.contains(" of two ")) {
                let cut = &bytes[..bytes.len() - bytes.len() / part];
                let said = read(cut, "cut")
                    .map(|table| table.records.len())
                    .unwrap_err()
                    .to_string();
                assert!(
                    said.contains("cut short"),
                    "{format} {what} without its last {part}th: {said}"
                );
            }
            let cut = &bytes[..bytes.len() - 3];
            assert!(
                read(cut, "cut").is_err(),
                "{format} {what} without its last bytes"
            );
        }
    }
}

#[test]
fn files_of_other_kinds_are_refused_by_name() {
    let tar = [vec![b'a'; 257], b"ustar\0".to_vec(), vec![0; 500]].concat();
    let docx = b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaa\x11\0\0\0word/document.xml....".to_vec();
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaa\x11\0\0\0photos/cat.jpg.......".to_vec();
    for (name, bytes, word) in [
        ("x.fa", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "PDF"),
        ("x.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "PNG"),
        ("x.csv", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "JPEG"),
        ("x.xlsx", docx, "Word"),
        ("x.xlsx", zip, "zip archive"),
        (
            "x.fa",
            b"LOCUS       SCU49845     5028 bp    DNA\nORIGIN\n".to_vec(),
            "GenBank",
        ),
        ("x.fa", b"ID   X56734; SV 1; linear; mRNA\n".to_vec(), "EMBL"),
        ("x.fa", b"##gff-version 3\nchr1\t.\tgene\t1\t9\n".to_vec(), "GFF"),
        ("x.fa", b"##fileformat=VCFv4.2\n#CHROM\tPOS\n".to_vec(), "VCF"),
        (
            "x.fq",
            b"@HD\tVN:1.0\tSO:unsorted\n@SQ\tSN:a\tLN:1\n".to_vec(),
            "SAM",
        ),
        ("x.fa", b"BAM\x01\0\0\0\0".to_vec(), "BAM"),
        ("x.fa", b"\x43\x27\x41\x1a\0\0\0\0\x01\0\0\0".to_vec(), ".2bit"),
        (
            "x.fa",
            b"<!DOCTYPE html><html><body>log in</body></html>".to_vec(),
            "web page",
        ),
        ("x.fa", b"{\\rtf1\\ansi ACGT}".to_vec(), "RTF"),
        ("x.fa", tar, "tar archive"),
        (
            "x.fa",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(),
            "Git LFS",
        ),
        (
            "x.fa",
            (0..2000_u32)
                .map(|i| (i.wrapping_mul(2654435761) >> 24) as u8)
                .collect(),
            "x.fa",
        ),
        ("x.fa", b"\x1f\x9d\x90abc".to_vec(), ".Z"),
        ("x.fa", Vec::new(), "empty"),
        ("x.fa", b" \n\n\t\n".to_vec(), "empty"),
    ] {
        let said = read(&bytes, name)
            .map(|table| table.records)
            .unwrap_err()
            .to_string();
        assert!(said.contains(word) && said.contains(name), "{word}: {said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let said = Table::read(&[folder.path().to_path_buf()], &ReadOptions::default())
        .unwrap_err()
        .to_string();
    assert!(said.contains("folder"), "{said}");
    let said = Table::read(&[folder.path().join("none.fa")], &ReadOptions::default())
        .unwrap_err()
        .to_string();
    assert!(said.contains("none.fa"), "{said}");
    assert!(Table::read(&[], &ReadOptions::default()).is_err());
}

#[test]
fn a_file_of_proteins_says_so_even_when_records_are_skipped() {
    let text = b">p1\nMKVLAAGIVGLLLAQWEFPDYRHHS\n>p2\nMSTNPKPQRKTKRNTNRRPQDVKFPGG\n";
    let said = read(text, "p.fa").unwrap_err().to_string();
    assert!(
        said.contains("protein") && said.contains("line 1, record 1 (p1)"),
        "{said}"
    );
    let (_folder, path) = written(text, "p.fa");
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let said = Table::read(&[path], &options).unwrap_err().to_string();
    assert!(
        said.contains("all 2 records were refused") && said.contains("protein"),
        "{said}"
    );
}

#[test]
fn the_list_of_refused_records_is_a_table() {
    let (folder, path) = written(b">a\nACGT\n>b,\"x\"\nAC!GT\n", "t.fa");
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let table = Table::read(std::slice::from_ref(&path), &options).unwrap();
    let list = folder.path().join("invalid.csv");
    episome_sequence::write_invalid(&list, &table.invalid).unwrap();
    let text = std::fs::read_to_string(&list).unwrap();
    let expected = format!(
        "file,line,record,id,reason\n{},3,2,\"b,\"\"x\"\"\",'!' at position 3 of the sequence is no nucleotide code\n",
        path.display()
    );
    assert_eq!(text, expected);
}
