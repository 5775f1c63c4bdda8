//! Compression.

use std::io::Write;

use super::{read, rows};

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
            assert!(table.records.iter().zip(&plain.records).all(|(a, b)| a.sequence == b.sequence));
            // (A file of two members cut just between them is whole as far as anyone can tell.)
            for part in [2, 3, 10].into_iter().filter(|_| !what.contains(" of two ")) {
                let cut = &bytes[..bytes.len() - bytes.len() / part];
                let said = read(cut, "cut").map(|table| table.records.len()).unwrap_err().to_string();
                assert!(said.contains("cut short"), "{format} {what} without its last {part}th: {said}");
            }
            let cut = &bytes[..bytes.len() - 3];
            assert!(read(cut, "cut").is_err(), "{format} {what} without its last bytes");
        }
    }
}
