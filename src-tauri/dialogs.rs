//! The system's own dialogs, its file manager and its browser.

use std::path::{Path, PathBuf};

use api::wire::State;
use api::{Error, Kind};
use serde::Deserialize;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_opener::OpenerExt;

/// Names of files that a dialog offers.
#[derive(Debug, Deserialize)]
pub struct FileKind {
    name: String,
    extensions: Vec<String>,
}

fn dialog(app: &AppHandle, kinds: &[FileKind]) -> FileDialogBuilder<tauri::Wry> {
    kinds.iter().fold(app.dialog().file(), |dialog, kind| {
        let extensions: Vec<&str> = kind.extensions.iter().map(String::as_str).collect();
        dialog.add_filter(&kind.name, &extensions)
    })
}

/// Waits for a person without keeping others from the engine.
async fn ask<T: Send + 'static>(question: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tauri::async_runtime::spawn_blocking(question)
        .await
        .map_err(|error| Error::new(Kind::Internal, format!("the dialog broke off: {error}")))
}

fn path(path: FilePath) -> Option<PathBuf> {
    path.into_path().ok()
}

/// Lets a person pick files; none where nothing was picked.
#[tauri::command]
pub async fn pick_files(app: AppHandle, kinds: Vec<FileKind>, several: bool) -> Result<Vec<PathBuf>, Error> {
    ask(move || {
        let dialog = dialog(&app, &kinds);
        let picked = if several {
            dialog.blocking_pick_files().unwrap_or_default()
        } else {
            dialog.blocking_pick_file().into_iter().collect()
        };
        picked.into_iter().filter_map(path).collect()
    })
    .await
}

/// Lets a person pick a folder.
#[tauri::command]
pub async fn pick_folder(app: AppHandle) -> Result<Option<PathBuf>, Error> {
    ask(move || app.dialog().file().blocking_pick_folder().and_then(path)).await
}

/// Lets a person say where to save something.
#[tauri::command]
pub async fn save_as(
    app: AppHandle,
    suggested: String,
    kinds: Vec<FileKind>,
) -> Result<Option<PathBuf>, Error> {
    ask(move || dialog(&app, &kinds).set_file_name(suggested).blocking_save_file().and_then(path)).await
}

/// Shows a file or folder in the file manager.
#[tauri::command]
pub async fn reveal(app: AppHandle, path: PathBuf) -> Result<(), Error> {
    if !path.exists() {
        return Err(Error::new(Kind::File, format!("{} is not there any more", path.display()))
            .at(path.display())
            .remedy("it was moved or removed: look for it in the file manager"));
    }
    app.opener().reveal_item_in_dir(&path).map_err(|error| not_opened(&path, &error))
}

/// Opens the report of a run in the browser, and no other file.
#[tauri::command]
pub async fn open_report(app: AppHandle, state: tauri::State<'_, State>, path: PathBuf) -> Result<(), Error> {
    let state = state.inner().clone();
    ask(move || {
        let real = state.readable(&path)?;
        if real.file_name().is_none_or(|name| name != "report.html") {
            return Err(Error::new(Kind::Usage, format!("{} is no report of a run", path.display()))
                .at(path.display())
                .remedy("open it yourself, in the file manager or the browser"));
        }
        let page = real.display().to_string();
        app.opener().open_path(page, None::<&str>).map_err(|error| not_opened(&path, &error))
    })
    .await?
}

/// Opens a page of the web in the browser.
#[tauri::command]
pub async fn open_page(app: AppHandle, address: String) -> Result<(), Error> {
    if !address.starts_with("https://") {
        return Err(Error::new(Kind::Usage, format!("{address} is no page of the web"))
            .at(address)
            .remedy("only addresses that begin with https:// are opened"));
    }
    app.opener().open_url(&address, None::<&str>).map_err(|error| not_opened(Path::new(&address), &error))
}

fn not_opened(what: &Path, error: &tauri_plugin_opener::Error) -> Error {
    Error::new(Kind::File, format!("{} could not be shown: {error}", what.display()))
        .at(what.display())
        .remedy("open it yourself, in the file manager or the browser")
}
