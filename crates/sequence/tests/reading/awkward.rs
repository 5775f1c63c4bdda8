//! Every file of the collection of awkward files, with what becomes of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use episome_sequence::{Error, Invalid, ReadOptions, Reader, Record, Table};

fn folder(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/awkward")).join(name)
}

/// All records and refused records of a file, in order of appearance.
fn read(path: &Path) -> (Vec<Record>, Vec<Invalid>, Option<Error>) {
    let (mut records, mut invalid, mut broken) = (Vec::new(), Vec::new(), None);
    match Reader::open(&[path.to_path_buf()], &ReadOptions::default()) {
        Err(error) => broken = Some(error),
        Ok(reader) => {
            for result in reader {
                match result {
                    Ok(record) => records.push(record),
                    Err(Error::Record(refused)) => invalid.push(*refused),
                    Err(error) => broken = Some(error),
                }
            }
        }
    }
    (records, invalid, broken)
}

/// Name, records read, (line, record, word of the reason) of each refused one.
type Outcome = (&'static str, usize, &'static [(u64, u64, &'static str)]);

fn check(folder_name: &str, outcomes: &[Outcome], others: &[&str]) {
    let folder = folder(folder_name);
    let mut unseen: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    for (name, count, refused) in outcomes {
        let path = folder.join(name);
        let (records, invalid, broken) = read(&path);
        assert!(broken.is_none(), "{name}: {broken:?}");
        assert_eq!(records.len(), *count, "{name}: {invalid:?}");
        let places: Vec<(u64, u64)> =
            invalid.iter().map(|one| (one.origin.line, one.origin.record)).collect();
        let expected: Vec<(u64, u64)> = refused.iter().map(|(line, record, _)| (*line, *record)).collect();
        assert_eq!(places, expected, "{name}: {invalid:?}");
        for (one, (_, _, word)) in invalid.iter().zip(*refused) {
            let said = one.to_string();
            assert!(said.contains(word), "{name}: {said}");
            assert!(said.contains(name), "{name}: {said}");
        }
        assert!(records.iter().all(|record| !record.sequence.is_empty()), "{name}");
        // Without skipping, the first refused record is the error, and it says where.
        let whole = Table::read(&[path], &ReadOptions::default());
        match (refused.first(), whole) {
            (None, whole) => assert_eq!(whole.unwrap().records.len(), *count, "{name}"),
            (Some((line, record, word)), whole) => {
                let said = whole.unwrap_err().to_string();
                for part in
                    [name.to_string(), format!("line {line}"), format!("record {record}"), word.to_string()]
                {
                    assert!(said.contains(&part), "{name}: '{part}' is not in: {said}");
                }
            }
        }
        assert!(unseen.remove(*name), "{name}");
    }
    for name in others {
        assert!(unseen.remove(*name), "{name}");
    }
    assert!(unseen.is_empty(), "no outcome is stated for {unseen:?}");
}

#[test]
fn broken_fastq_files_are_refused_at_the_broken_record_and_read_on_after_it() {
    check(
        "fastq_errors",
        &[
            ("error_diff_ids.fastq", 4, &[(9, 3, "another name")]),
            ("error_double_qual.fastq", 5, &[(13, 4, "starts with '@'")]),
            ("error_double_seq.fastq", 5, &[(13, 4, "no '+' line")]),
            ("error_long_qual.fastq", 4, &[(13, 4, "26 letters where the sequence has 25")]),
            (
                "error_no_qual.fastq",
                0,
                &[
                    (1, 1, "0 letters where the sequence has 25"),
                    (5, 2, "0 letters"),
                    (9, 3, "0 letters where the sequence has 24"),
                    (13, 4, "0 letters"),
                    (17, 5, "0 letters"),
                ],
            ),
            ("error_qual_del.fastq", 4, &[(13, 4, "0x7F at position 13 of the quality")]),
            ("error_qual_escape.fastq", 4, &[(17, 5, "0x1B at position 8")]),
            ("error_qual_null.fastq", 4, &[(1, 1, "0x00 at position 4")]),
            ("error_qual_space.fastq", 4, &[(13, 4, "0x20 at position 19")]),
            ("error_qual_tab.fastq", 4, &[(17, 5, "0x09 at position 11")]),
            ("error_qual_unit_sep.fastq", 4, &[(9, 3, "0x1F at position 6")]),
            ("error_qual_vtab.fastq", 4, &[(1, 1, "0x0B")]),
            ("error_short_qual.fastq", 4, &[(9, 3, "24 letters where the sequence has 25")]),
            (
                "error_spaces.fastq",
                0,
                &[
                    (1, 1, "0x20 at position 10 of the quality"),
                    (5, 2, "0x20"),
                    (9, 3, "0x20"),
                    (13, 4, "0x20"),
                    (17, 5, "0x20"),
                ],
            ),
            (
                "error_tabs.fastq",
                0,
                &[(1, 1, "0x09"), (5, 2, "0x09"), (9, 3, "0x09"), (13, 4, "0x09"), (17, 5, "0x09")],
            ),
            ("error_trunc_at_plus.fastq", 4, &[(17, 5, "ends in the middle")]),
            ("error_trunc_at_qual.fastq", 4, &[(17, 5, "0 qualities for 25 bases")]),
            ("error_trunc_at_seq.fastq", 4, &[(17, 5, "ends in the middle")]),
            ("error_trunc_in_plus.fastq", 4, &[(17, 5, "ends in the middle")]),
            ("error_trunc_in_qual.fastq", 4, &[(17, 5, "24 qualities for 25 bases")]),
            ("error_trunc_in_seq.fastq", 4, &[(17, 5, "ends in the middle")]),
            ("error_trunc_in_title.fastq", 4, &[(17, 5, "ends in the middle")]),
        ],
        &[],
    );
}

#[test]
fn needletails_files() {
    check(
        "needletail",
        &[
            ("28S.fasta", 570, &[]),
            ("PRJNA271013_head.fq", 2000, &[]),
            ("bad_header.fastq", 1, &[(5, 2, "starts with '@'")]),
            ("bad_test.fa", 0, &[(1, 1, "prose")]),
            ("test.fa", 2, &[]),
            ("test.fa.bz2", 2, &[]),
            ("test.fa.gz", 2, &[]),
            ("test.fa.xz", 2, &[]),
            ("test.fa.zst", 2, &[]),
        ],
        &["random_tsv.fq", "LICENSE"],
    );
    // Lines of a SAM header after one good read: every one is refused, none is taken for a sequence.
    let (records, invalid, broken) = read(&folder("needletail/random_tsv.fq"));
    assert!(broken.is_none());
    assert_eq!(records.len(), 1);
    assert_eq!(invalid[0].origin.line, 5, "{invalid:?}");
    assert!(invalid[0].to_string().contains("lines after it were passed over"), "{invalid:?}");
    // A licence is prose, whatever columns its commas make.
    let said = match Table::read(&[folder("needletail/LICENSE")], &ReadOptions::default()) {
        Err(error) => error.to_string(),
        Ok(table) => panic!("{:?}", table.records),
    };
    assert!(said.contains("LICENSE"), "{said}");
}

#[test]
fn awkward_tables() {
    check(
        "tables",
        &[
            ("bom_crlf.csv", 40, &[]),
            ("lowercase.csv", 40, &[]),
            ("old_mac_cr.fa", 40, &[]),
            ("one_class.csv", 19, &[]),
            ("rna_u.csv", 40, &[]),
            ("tab_text_labels.tsv", 40, &[]),
            ("two_member.fa.gz", 2, &[]),
        ],
        &["empty.fa", "only_header.csv"],
    );
    let error = |name: &str| Table::read(&[folder(name)], &ReadOptions::default()).unwrap_err().to_string();
    assert!(error("tables/empty.fa").contains("the file is empty"));
    assert!(error("tables/only_header.csv").contains("there is no record in it"));

    // In whatever dress, the same forty sequences with the same labels.
    let table = |name: &str| Table::read(&[folder(name)], &ReadOptions::default()).unwrap();
    let plain = table("tables/bom_crlf.csv");
    assert_eq!(plain.labels().unwrap().names(), ["0", "1"]);
    for (name, repaired) in
        [("tables/lowercase.csv", true), ("tables/old_mac_cr.fa", false), ("tables/rna_u.csv", true)]
    {
        let other = table(name);
        assert!(plain.records.iter().zip(&other.records).all(|(a, b)| a.sequence == b.sequence), "{name}");
        assert!(plain.records.iter().zip(&other.records).all(|(a, b)| a.label == b.label), "{name}");
        assert_eq!(other.repaired_records > 0, repaired, "{name}");
    }
    assert_eq!(table("tables/lowercase.csv").repairs.upper_cased, 40 * 300);
    assert_eq!(table("tables/one_class.csv").labels().unwrap_err().to_string().matches("'1'").count(), 1);
    assert_eq!(table("tables/tab_text_labels.tsv").labels().unwrap().len(), 2);
}
