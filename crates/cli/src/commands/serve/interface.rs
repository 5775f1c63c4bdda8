//! The built user interface, embedded in the program.

include!(concat!(env!("OUT_DIR"), "/interface.rs"));

/// What is shown where the program was built without it.
pub const MISSING: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Episome</title>
<h1>This build of Episome holds no user interface</h1>
<p>Build it, then build the program again:</p>
<pre>npm --prefix ui ci
npm --prefix ui run build
cargo build</pre>
</html>
";

/// Whether this program was built before its user interface.
pub fn is_missing() -> bool {
    FILES.is_empty()
}

/// The file at `path`, and what kind of file it is.
pub fn file(path: &str) -> Option<(&'static str, &'static [u8])> {
    let name = if path.is_empty() { "index.html" } else { path };
    let (name, bytes) = FILES.iter().find(|(known, _)| *known == name)?;
    Some((media_type(name), bytes))
}

/// The media type of a file by the ending of its name.
pub fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        "txt" | "md" | "jsonl" | "fasta" | "fa" => "text/plain; charset=utf-8",
        "zip" => "application/zip",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
