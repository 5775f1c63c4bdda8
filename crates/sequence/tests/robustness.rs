//! Whatever is in a file: no panic, no record lost in silence.

#![allow(clippy::unwrap_used, clippy::panic)] // in tests a failure is a panic, also in their helpers

use std::path::{Path, PathBuf};

use episome_sequence::{Error, ReadOptions, Reader, Table};

/// Deterministic bytes: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// Reads a file in both ways and checks what must hold for any file: the same records either way, every record that was
/// met either read or refused, no refused record without a reason.
fn check(path: &Path, what: &str) {
    let files = [path.to_path_buf()];
    let strict = match Reader::open(&files, &ReadOptions::default()) {
        Ok(reader) => reader,
        Err(error) => {
            assert!(error.to_string().contains("fuzz"), "{what}: {error}");
            return;
        }
    };
    let (mut read, mut refused, mut broken) = (Vec::new(), Vec::new(), false);
    for result in strict {
        assert!(!broken, "{what}: a reader went on after an error that ends it");
        match result {
            Ok(record) => {
                assert!(
                    !record.sequence.is_empty()
                        && record.sequence.bytes().all(|byte| byte.is_ascii_uppercase())
                );
                read.push(record);
            }
            Err(Error::Record(invalid)) => {
                assert!(!invalid.reason.to_string().is_empty());
                refused.push(*invalid);
            }
            Err(error) => {
                assert!(error.to_string().contains("fuzz"), "{what}: {error}");
                broken = true;
            }
        }
    }
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let mut skipping = Reader::open(&files, &options).unwrap();
    let again: Vec<_> = skipping.by_ref().filter_map(Result::ok).collect();
    assert_eq!(again, read, "{what}");
    assert_eq!(skipping.invalid(), refused, "{what}");
    let met: u64 = skipping.files().map(|(_, _, records)| records).sum();
    assert_eq!(met, (read.len() + refused.len()) as u64, "{what}");
    let mut numbers: Vec<u64> = read.iter().map(|record| record.origin.record).collect();
    numbers.extend(refused.iter().map(|invalid| invalid.origin.record));
    numbers.sort_unstable();
    assert!(
        numbers.iter().enumerate().all(|(index, number)| *number == index as u64 + 1),
        "{what}: {numbers:?}"
    );
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let files = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files"));
    let awkward = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/awkward"));
    for folder in [
        files.to_path_buf(),
        awkward.join("tables"),
        awkward.join("fastq_errors"),
        awkward.join("needletail"),
    ] {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.truncate(6_000);
            seeds.push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes));
        }
    }
    let json: String = (0..20)
        .map(|i| format!("{{\"sequence\": \"ACGTAC{}\", \"label\": {}}}\n", "GT".repeat(i), i % 2))
        .collect();
    seeds.push(("lines.json".to_string(), json.clone().into_bytes()));
    let array = format!("[{}]", json.trim().replace('\n', ",\n"));
    seeds.push(("array.json".to_string(), array.into_bytes()));
    seeds.push((
        "utf16.csv".to_string(),
        "seq,label\nACGTACGT,1\nACGTACGA,0\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ));
    seeds.push((
        "quotes.csv".to_string(),
        b"\"seq\",\"label\"\n\"ACGTACGT\",\"1\"\n\"ACGTACGA\",\"0\"\n".to_vec(),
    ));
    seeds
}

#[test]
fn mutated_files_never_panic_and_never_lose_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fuzz");
    let mut random = Random(2026);
    for (name, seed) in seeds() {
        for round in 0..40 {
            let mut bytes = seed.clone();
            for _ in 0..=random.below(6) {
                let at = random.below(bytes.len().max(1));
                match random.below(6) {
                    0 if !bytes.is_empty() => bytes[at] = random.next() as u8,
                    1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
                    2 => bytes.truncate(at),
                    3 => bytes.insert(at.min(bytes.len()), b"\n\r>@+\"',;\t\0{}[]"[random.below(15)]),
                    4 if !bytes.is_empty() => {
                        let end = (at + random.below(40)).min(bytes.len());
                        bytes.drain(at..end);
                    }
                    _ if !bytes.is_empty() => {
                        let end = (at + random.below(200)).min(bytes.len());
                        let piece = bytes[at..end].to_vec();
                        let place = random.below(bytes.len());
                        bytes.splice(place..place, piece);
                    }
                    _ => {}
                }
            }
            std::fs::write(&path, &bytes).unwrap();
            check(&path, &format!("{name}, round {round}"));
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fuzz");
    let mut random = Random(7);
    let alphabets: [&[u8]; 5] =
        [b"ACGTN\n>", b"@+ACGT\nIII!", b"ACGT,\t;|\"\n\r01", b"{}[]\":,\\ACGTsequence\n01", b""];
    for round in 0..1_500 {
        let letters = alphabets[round % alphabets.len()];
        let bytes: Vec<u8> =
            (0..random.below(400))
                .map(|_| {
                    if letters.is_empty() {
                        random.next() as u8
                    } else {
                        letters[random.below(letters.len())]
                    }
                })
                .collect();
        std::fs::write(&path, &bytes).unwrap();
        check(&path, &format!("round {round}: {:?}", String::from_utf8_lossy(&bytes)));
    }
}

#[test]
fn long_sequences_and_long_lines_are_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fuzz.fa");
    let sequence = "ACGTTGCAAC".repeat(500_000);
    std::fs::write(&path, format!(">chromosome\n{sequence}\n>small\nACGT\n")).unwrap();
    let table = Table::read(std::slice::from_ref(&path), &ReadOptions::default()).unwrap();
    assert_eq!(table.records[0].sequence.len(), 5_000_000);
    assert_eq!(table.records[1].origin.line, 3);
    std::fs::write(&path, format!("sequence,label\n{sequence},1\nACGTACGT,0\n")).unwrap();
    let table = Table::read(&[path], &ReadOptions::default()).unwrap();
    assert_eq!((table.records[0].sequence.len(), table.records[1].label.as_deref()), (5_000_000, Some("0")));
}
