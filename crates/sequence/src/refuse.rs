//! Files that hold no table of sequences are recognised and refused by name, with what to do.

/// What a binary file is and what to do about it.
pub(crate) fn binary(head: &[u8]) -> Option<(String, String)> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    let found = |what: &str, advice: &str| Some((what.to_string(), advice.to_string()));
    const CONVERT: &str = "Convert it to FASTA or FASTQ first, for example with samtools.";
    const IMAGE: &str = "Choose the file that holds the sequences as text.";
    const UNPACK: &str = "Unpack it and choose the file inside that holds the sequences.";
    match head {
        _ if starts(b"%PDF") => {
            found("this is a PDF document", "Copy the sequences into a text file or a spreadsheet.")
        }
        _ if starts(b"\x89PNG") => found("this is a PNG image", IMAGE),
        _ if starts(b"\xff\xd8\xff") => found("this is a JPEG image", IMAGE),
        _ if starts(b"GIF8") => found("this is a GIF image", IMAGE),
        _ if starts(b"II*\0") || starts(b"MM\0*") => found("this is a TIFF image", IMAGE),
        _ if starts(b"BAM\x01") => found("this is a BAM file of alignments", CONVERT),
        _ if starts(b"CRAM") && head.get(4).is_some_and(|&version| version < 8) => {
            found("this is a CRAM file of alignments", CONVERT)
        }
        _ if starts(b"BCF\x02") => {
            found("this is a BCF file of variants", "Episome reads sequences, not variants.")
        }
        _ if starts(b"\x1a\x41\x27\x43") || starts(b"\x43\x27\x41\x1a") => {
            found("this is a .2bit genome", "Convert it with UCSC's twoBitToFa.")
        }
        _ if starts(b".sff") => found("this is an SFF file of 454 reads", "Convert it to FASTQ first."),
        _ if starts(b"ABIF") => found("this is an ABI chromatogram", "Export its bases as FASTA."),
        _ if starts(b"\x89HDF") => found("this is an HDF5 file", "Export the sequences as FASTA or CSV."),
        _ if starts(b"SQLite format 3\0") => found("this is an SQLite database", "Export the table as CSV."),
        _ if starts(b"\x93NUMPY") => found("this is a NumPy array", "Save the sequences as CSV."),
        _ if starts(b"ARROW1") => {
            found("this is an Arrow (Feather) file", "Save the table as Parquet or CSV.")
        }
        _ if starts(b"7z\xbc\xaf\x27\x1c") => found("this is a 7-Zip archive", UNPACK),
        _ if starts(b"Rar!") => found("this is a RAR archive", UNPACK),
        _ if head.get(257..262) == Some(b"ustar") => found("this is a tar archive", UNPACK),
        _ if starts(b"\x7fELF") || starts(b"MZ\x90\0") => found("this is a program", IMAGE),
        _ if starts(b"\x04\x22\x4d\x18") => found("this is LZ4-compressed", "Decompress it with lz4 -d."),
        _ if starts(b"\x1f\x9d") => {
            found("this is compressed by the old program compress (.Z)", "Decompress it with uncompress.")
        }
        _ if starts(b"\xff\xfe\0\0") || starts(b"\0\0\xfe\xff") => {
            found("this is UTF-32 text", "Save it as UTF-8.")
        }
        _ if starts(b"PK\x05\x06") => found("this is an empty zip archive", UNPACK),
        _ => None,
    }
}

/// What a text file is that is no table of sequences.
pub(crate) fn text(text: &[u8]) -> Option<(String, String)> {
    let found = |what: &str, advice: &str| Some((what.to_string(), advice.to_string()));
    let first = text.trim_ascii_start();
    let starts = |word: &[u8]| first.starts_with(word);
    const EXPORT: &str = "Export the sequence as FASTA (most viewers and web sites offer it) and read that.";
    let first_line = first.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    let says = |word: &[u8]| memchr::memmem::find(first_line, word).is_some();
    if starts(b"LOCUS  ") && (says(b" bp ") || says(b" aa ")) {
        return found("this is a GenBank record", EXPORT);
    }
    if starts(b"ID   ") && says(b";") {
        return found("this is an EMBL or UniProt record", EXPORT);
    }
    if starts(b"##gff") || starts(b"##gtf") {
        return found(
            "this is a GFF annotation",
            "It says where features lie; Episome needs their sequences, for example by bedtools getfasta.",
        );
    }
    if starts(b"##fileformat=VCF") {
        return found("this is a VCF file of variants", "Episome reads sequences, not variants.");
    }
    if starts(b"CLUSTAL") || starts(b"#NEXUS") || starts(b"# STOCKHOLM") {
        return found("this is an alignment in a format of its own", "Export it as FASTA.");
    }
    let sam = [&b"@HD\t"[..], b"@SQ\t", b"@RG\t", b"@PG\t"];
    if sam.iter().any(|tag| first.starts_with(tag)) {
        return found(
            "this is a SAM file of alignments",
            "Convert it with samtools fasta or samtools fastq.",
        );
    }
    if starts(b"{\\rtf") {
        return found("this is a rich-text (RTF) document", "Save it as plain text.");
    }
    let lower: Vec<u8> = first.iter().take(200).map(u8::to_ascii_lowercase).collect();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        return found(
            "this is a web page",
            "Perhaps a download ended on a log-in page; download the file itself.",
        );
    }
    if lower.starts_with(b"<?xml") || lower.starts_with(b"<") {
        return found("this is an XML document", "Export the sequences as FASTA or CSV.");
    }
    if starts(b"version https://git-lfs") {
        return found("this is a Git LFS pointer, not the data", "Fetch the file itself with git lfs pull.");
    }
    // Bytes that no text holds, one in twenty or more, and it is a binary file whatever its name says.
    let odd =
        first.iter().take(1 << 16).filter(|&&byte| byte < 0x20 && !b"\t\n\r\x0c".contains(&byte)).count();
    let seen = first.len().min(1 << 16);
    if seen > 0 && odd * 20 >= seen {
        return found(
            "this is a binary file of an unknown kind",
            "Choose a text file, a spreadsheet or a Parquet file.",
        );
    }
    None
}
