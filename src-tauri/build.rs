//! Reads tauri.conf.json and embeds the user interface; where it was not built, a page that says so.

use std::path::Path;

const MISSING: &str = "<!doctype html>
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

fn main() -> std::io::Result<()> {
    let page = Path::new("ui/dist/index.html");
    if !page.is_file() {
        println!(
            "cargo:warning=ui/dist is not built: the window will show how to build it (npm --prefix ui ci && npm --prefix ui run build)"
        );
        std::fs::create_dir_all("ui/dist")?;
        std::fs::write(page, MISSING)?;
    }
    println!("cargo:rerun-if-changed=ui/dist");
    let commands: &'static [&'static str] =
        &["call", "pick_files", "pick_folder", "save_as", "reveal", "open_page", "open_report"];
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(commands));
    tauri_build::try_build(attributes).map_err(|error| std::io::Error::other(format!("{error:#}")))
}
