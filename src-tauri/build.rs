//! Reads tauri.conf.json and embeds the user interface.

fn main() {
    tauri_build::build();
}
