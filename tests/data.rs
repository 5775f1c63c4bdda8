//! `episome data inspect` on real and on awkward files.

use std::path::Path;

use serde_json::Value;

use crate::support::{Finished, csv_rows, data, episome, folder};

fn inspect(path: &Path) -> Value {
    episome(["data", "inspect", "--json"]).arg(path).succeeds().json()
}

fn refused(path: &Path) -> Finished {
    episome(["data", "inspect", "--json"]).arg(path).fails()
}

#[test]
fn every_broken_fastq_is_refused_with_its_file_and_place() {
    let folder = data("awkward/fastq_errors");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let failed = refused(&path);
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(failed.stderr.contains(&name), "{name} is not named:\n{}", failed.stderr);
        let error = failed.lines().pop().expect("an error object")["error"].clone();
        let text = error.to_string();
        assert!(text.contains("line") || text.contains("record"), "{name}: no place in {text}");
        assert!(
            error["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()),
            "{name}: no remedy in {text}"
        );
        seen += 1;
    }
    assert!(seen > 20, "only {seen} broken files were tried");
}

#[test]
fn a_table_reads_the_same_whatever_its_dress() {
    // The same rows as plain UTF-8, as UTF-16 with its mark, and with the separators of other programs.
    let scratch = folder();
    let rows = csv_rows(&data("prom300/dev.csv"));
    let table = |separator: &str, end: &str| {
        let mut text = format!("sequence{separator}label{end}");
        for row in rows.iter().take(200) {
            text += &format!("{}{separator}{}{end}", row["sequence"], row["label"]);
        }
        text
    };
    let utf_16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let dresses: [(&str, Vec<u8>); 5] = [
        ("comma.csv", table(",", "\n").into_bytes()),
        ("tabs.tsv", table("\t", "\r\n").into_bytes()),
        ("semicolons.csv", table(";", "\r\n").into_bytes()),
        ("old-mac.csv", table(",", "\r").into_bytes()),
        ("utf-16.csv", utf_16(&table(",", "\r\n"))),
    ];
    let mut first: Option<Value> = None;
    for (name, bytes) in dresses {
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).expect("a table");
        let audit = inspect(&path)["parts"].clone();
        assert!(!audit.is_null(), "{name}: no parts in the audit");
        match &first {
            None => first = Some(audit),
            Some(first) => assert_eq!(&audit, first, "{name}"),
        }
    }
}

#[test]
fn compression_is_found_by_content() {
    for name in ["test.fa", "test.fa.gz", "test.fa.bz2", "test.fa.xz", "test.fa.zst"] {
        let audit = inspect(&data(&format!("awkward/needletail/{name}")));
        assert_eq!(audit["records"], 2, "{name}: {audit}");
    }
    let two_members = inspect(&data("awkward/tables/two_member.fa.gz"));
    assert_eq!(two_members["records"], 2, "a gzip file of two members: {two_members}");
}

#[test]
fn leaks_and_contradictions_are_found() {
    let scratch = folder();
    let mut text = String::from("sequence,label,split\n");
    let random = |seed: u64| -> String {
        let mut state = seed.wrapping_mul(0x2545_F491_4F6C_DD1D) | 1;
        (0..120)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                char::from(b"ACGT"[(state >> 40) as usize % 4])
            })
            .collect()
    };
    let reverse_complement = |sequence: &str| -> String {
        let complement = |base| match base {
            'A' => 'T',
            'C' => 'G',
            'G' => 'C',
            _ => 'A',
        };
        sequence.chars().rev().map(complement).collect()
    };
    for seed in 1..=40 {
        text += &format!("{},{},{}\n", random(seed), seed % 2, if seed <= 30 { "train" } else { "test" });
    }
    text += &format!("{},1,test\n", random(1)); // the same sequence, label 1, in the other split
    text += &format!("{},0,test\n", reverse_complement(&random(2))); // label 0 on both strands
    text += &format!("{},0,train\n", random(3)); // label 1 before: a contradiction
    let path = scratch.path().join("leaks.csv");
    std::fs::write(&path, text).expect("a table");
    let human = episome(["data", "inspect"]).arg(&path).succeeds();
    let said = format!("{}{}", human.stdout, human.stderr).to_lowercase();
    for word in ["duplicate", "reverse", "contradict"] {
        assert!(said.contains(word), "nothing said of {word}:\n{said}");
    }
}

#[test]
fn the_primate_splice_table_needs_no_options() {
    let audit = inspect(&data("uci_splice/spliceData.txt"));
    // 15 of the 3,190 rows hold IUPAC codes, which a general reading keeps.
    assert_eq!(audit["records"], 3190, "{audit}");
    let text = audit.to_string();
    for label in ["\"EI\"", "\"IE\"", "\"N\""] {
        assert!(text.contains(label), "{label} is not among the labels");
    }
}

#[test]
fn prose_proteins_and_other_programs_files_are_refused_by_name() {
    let scratch = folder();
    let cases: [(&str, &[u8], &str); 4] = [
        (
            "letter.txt",
            b"Dear colleague,\nplease find the sequences we discussed last week attached.\n",
            "letter.txt",
        ),
        ("proteins.fa", b">p1\nMKVLAAGIVGLLLAQWEFPDYRHHS\n>p2\nMSTNPKPQRKTKRNTNRRPQDVKFPGG\n", "protein"),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        (
            "record.gb",
            b"LOCUS       NC_001422 5386 bp ss-DNA circular PHG\nDEFINITION  phiX174\nORIGIN\n",
            "GenBank",
        ),
    ];
    for (name, bytes, word) in cases {
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        let failed = refused(&path);
        assert!(failed.stderr.contains(word), "{name}: {}", failed.stderr);
    }
}
