//! The desktop shell: a window around `ui/`. It holds no logic that the program `episome` lacks.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod closing;
mod dialogs;
mod engine;
mod window;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let state = engine::state()?;
    tauri::Builder::default()
        // First of all: a second start shows the window that is there.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)))
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
        ])
        .setup(|app| Ok(window::open(app)?))
        .on_window_event(closing::on_event)
        .run(tauri::generate_context!())?;
    Ok(())
}
