//! Embeds the built user interface, `ui/dist`, into the program. Where it was not built, the program says so in its place.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let built = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../../ui/dist");
    println!("cargo:rerun-if-changed=build.rs");
    // A folder that is not there would make every build start anew.
    std::fs::create_dir_all(&built)?;
    println!("cargo:rerun-if-changed={}", built.display());
    let mut files = Vec::new();
    if built.join("index.html").is_file() {
        list(&built, &mut files)?;
        files.sort();
    }
    let mut code = String::from("pub const FILES: &[(&str, &[u8])] = &[\n");
    for file in &files {
        let name = file.strip_prefix(&built).map_err(std::io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.canonicalize()?);
    }
    code.push_str("];\n");
    std::fs::write(PathBuf::from(variable("OUT_DIR")?).join("interface.rs"), code)
}

fn variable(name: &str) -> std::io::Result<String> {
    std::env::var(name).map_err(std::io::Error::other)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
