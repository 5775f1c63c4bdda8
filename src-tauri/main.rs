//! The desktop shell: a window around `ui/`. It holds no logic that the program `episome` lacks.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod closing;
mod dialogs;
mod engine;
mod start;
mod window;

use std::process::ExitCode;

use start::Start;

fn main() -> ExitCode {
    let here = std::env::current_dir().unwrap_or_default();
    let start = match Start::parse(std::env::args_os().skip(1), &here) {
        Ok(start) => start,
        Err(told) => return told.tell(),
    };
    match open(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the window and stays until it is closed.
fn open(start: Start) -> Result<(), Box<dyn std::error::Error>> {
    let state = engine::state()?;
    tauri::Builder::default()
        // First of all: a second start shows the window that is there.
        .plugin(tauri_plugin_single_instance::init(|app, words, here| {
            let words = words.into_iter().skip(1).map(Into::into);
            // What is wrong with them, the second program has told already.
            if let Ok(start) = Start::parse(words, here.as_ref()) {
                window::show(app, &start);
            }
        }))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(state)
        .invoke_handler(tauri::generate_handler![
            engine::call,
            dialogs::pick_files,
            dialogs::pick_folder,
            dialogs::save_as,
            dialogs::reveal,
            dialogs::open_page,
            dialogs::open_report,
        ])
        .setup(move |app| Ok(window::open(app, &start)?))
        .on_window_event(closing::on_event)
        .run(tauri::generate_context!())?;
    Ok(())
}
