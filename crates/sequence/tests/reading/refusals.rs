//! What is refused, and how it is said.

use episome_sequence::{ReadOptions, Table};

use super::{read, written};

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
        ("x.fa", b"LOCUS       SCU49845     5028 bp    DNA\nORIGIN\n".to_vec(), "GenBank"),
        ("x.fa", b"ID   X56734; SV 1; linear; mRNA\n".to_vec(), "EMBL"),
        ("x.fa", b"##gff-version 3\nchr1\t.\tgene\t1\t9\n".to_vec(), "GFF"),
        ("x.fa", b"##fileformat=VCFv4.2\n#CHROM\tPOS\n".to_vec(), "VCF"),
        ("x.fq", b"@HD\tVN:1.0\tSO:unsorted\n@SQ\tSN:a\tLN:1\n".to_vec(), "SAM"),
        ("x.fa", b"BAM\x01\0\0\0\0".to_vec(), "BAM"),
        ("x.fa", b"\x43\x27\x41\x1a\0\0\0\0\x01\0\0\0".to_vec(), ".2bit"),
        ("x.fa", b"<!DOCTYPE html><html><body>log in</body></html>".to_vec(), "web page"),
        ("x.fa", b"{\\rtf1\\ansi ACGT}".to_vec(), "RTF"),
        ("x.fa", tar, "tar archive"),
        ("x.fa", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(), "Git LFS"),
        ("x.fa", (0..2000_u32).map(|i| (i.wrapping_mul(2654435761) >> 24) as u8).collect(), "x.fa"),
        ("x.fa", b"\x1f\x9d\x90abc".to_vec(), ".Z"),
        ("x.fa", Vec::new(), "empty"),
        ("x.fa", b" \n\n\t\n".to_vec(), "empty"),
    ] {
        let said = read(&bytes, name).map(|table| table.records).unwrap_err().to_string();
        assert!(said.contains(word) && said.contains(name), "{word}: {said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let said = Table::read(&[folder.path().to_path_buf()], &ReadOptions::default()).unwrap_err().to_string();
    assert!(said.contains("folder"), "{said}");
    let said =
        Table::read(&[folder.path().join("none.fa")], &ReadOptions::default()).unwrap_err().to_string();
    assert!(said.contains("none.fa"), "{said}");
    assert!(Table::read(&[], &ReadOptions::default()).is_err());
}

#[test]
fn a_file_of_proteins_says_so_even_when_records_are_skipped() {
    let text = b">p1\nMKVLAAGIVGLLLAQWEFPDYRHHS\n>p2\nMSTNPKPQRKTKRNTNRRPQDVKFPGG\n";
    let said = read(text, "p.fa").unwrap_err().to_string();
    assert!(said.contains("protein") && said.contains("line 1, record 1 (p1)"), "{said}");
    let (_folder, path) = written(text, "p.fa");
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let said = Table::read(&[path], &options).unwrap_err().to_string();
    assert!(said.contains("all 2 records were refused") && said.contains("protein"), "{said}");
}

#[test]
fn the_list_of_refused_records_is_a_table() {
    let (folder, path) = written(b">a\nACGT\n>b,\"x\"\nAC!GT\n", "t.fa");
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
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
