//! Tables as text: separators, headers, encodings, quotes, columns.

use std::path::Path;

use episome_sequence::{Alphabet, Format, ReadOptions, Reader, Table};

use super::{expect, read, rows, written, zero_and_one};

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
    let text = text.lines().enumerate().fold(String::new(), |all, (index, line)| {
        let first = line.split(',').count() == 2;
        all + &if index > 0 && first { format!("10,{line}\r\n") } else { format!("{line}\r\n") }
    });
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let ascii: Vec<u8> = rows(",", "\n", true).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (what, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", marked(b"\xef\xbb\xbf", text.as_bytes())),
        ("UTF-16 little-endian", marked(b"\xff\xfe", &little)),
        ("UTF-16 big-endian", marked(b"\xfe\xff", &big)),
    ] {
        let (_folder, path) = written(&bytes, "t.csv");
        let options = ReadOptions { label_column: Some("Klasse".to_string()), ..ReadOptions::default() };
        expect(&Table::read(&[path], &options).unwrap(), &zero_and_one(), what);
    }
    expect(&read(&ascii, "t.csv").unwrap(), &zero_and_one(), "UTF-16 without a mark");
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
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
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
    let table = read(b"text,construct,y\nwords here,ACGTACGT,1\nother words,TTTTACGT,2\n", "t.csv").unwrap();
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
    let wrong = ReadOptions { label_column: Some("klass".to_string()), ..ReadOptions::default() };
    let said = Table::read(&[path], &wrong).unwrap_err().to_string();
    assert!(said.contains("klass") && said.contains("'d'"), "{said}");
    // By content: the only column that repeats few values.
    let rows: String =
        (0..9).map(|row| format!("clone {row},ACGTACG{},{}\n", row % 2, ["oak", "elm"][row % 2])).collect();
    let rows = rows.replace("ACG0", "ACGA").replace("ACG1", "ACGC");
    let table = read(format!("clone,construct,tree\n{rows}").as_bytes(), "t.csv").unwrap();
    assert_eq!(table.columns.label.as_deref(), Some("tree"));
    // No labels where labels are needed.
    let (_folder, path) = written(b"seq,other,more\nACGTACGT,x,1\nACGTACGA,y,2\n", "t.csv");
    let needed = ReadOptions { labels_required: true, ..ReadOptions::default() };
    assert!(Table::read(&[path], &needed).unwrap_err().to_string().contains("no labels"));
    // No DNA at all.
    assert!(read(b"a,b\n1,2\n3,4\n", "t.csv").unwrap_err().to_string().contains("no column holds DNA"));
}

#[test]
fn what_stands_above_a_table_is_no_part_of_it_and_a_short_first_sequence_is() {
    for above in ["sep=;\r\n", "# made by hand\n# in 2024\n", "#\n"] {
        let table = read(format!("{above}{}", rows(";", "\n", true)).as_bytes(), "t.csv").unwrap();
        expect(&table, &zero_and_one(), above);
        assert_eq!(table.records[0].origin.line, above.lines().count() as u64 + 2);
    }
    let table = read(b"# made by hand\n#id\tseq\tlabel\nx\tACGTACGT\t1\ny\tACGTACGA\t0\n", "t.tsv").unwrap();
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
fn the_primate_splice_table_is_understood() {
    let path =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uci_splice/spliceData.txt"));
    let table = Table::read(&[path.to_path_buf()], &ReadOptions::default()).unwrap();
    assert_eq!(table.records.len(), 3190);
    assert_eq!(table.records[0].id, "ATRINS-DONOR-521");
    let labels = table.labels().unwrap();
    assert_eq!(labels.names(), ["EI", "IE", "N"]);
    assert_eq!(labels.counts(&labels.indices(&table.records).unwrap()), [767, 768, 1655]);
    assert!(table.repairs.is_empty());
    // 15 rows hold codes that a tokenizer of A, C, G, T, N does not know: 15 of them D, R or S, some N.
    let options = ReadOptions { alphabet: Alphabet::Acgt, skip_invalid: true, ..ReadOptions::default() };
    let table = Table::read(&[path.to_path_buf()], &options).unwrap();
    assert_eq!((table.records.len(), table.invalid.len()), (3175, 15));
}

#[test]
fn labels_are_trimmed_and_counted_and_missing_ones_noticed() {
    let text = b"sequence,label\nACGTACGT, a \nACGTACGA,a\nACGTACGG,  \nACGTACCC,b\n";
    let table = read(text, "t.csv").unwrap();
    let labels: Vec<Option<&str>> = table.records.iter().map(|record| record.label.as_deref()).collect();
    assert_eq!(labels, [Some("a"), Some("a"), None, Some("b")]);
    assert_eq!(table.repairs.labels, 1);
    assert!(table.labels().unwrap_err().to_string().contains("line 4"));
    let (_folder, path) = written(text, "t.csv");
    let options = ReadOptions { labels_required: true, ..ReadOptions::default() };
    let said = Table::read(&[path], &options).unwrap_err().to_string();
    assert!(said.contains("line 4, record 3") && said.contains("no label"), "{said}");
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
    let table = read(b"sequence\tlabel\nACG CGT GTA TAC\t1\nTTT TTG TGA GAC\t0\n", "train.tsv").unwrap();
    assert_eq!(table.records[0].sequence, "ACGTAC");
    assert_eq!(table.records[1].sequence, "TTTGAC");
    assert_eq!(table.repairs.kmers, 12);
}
