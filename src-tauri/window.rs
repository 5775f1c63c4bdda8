//! The window.

use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// The name by which capabilities know it.
const NAME: &str = "main";

/// Opens the window on the user interface. It may go nowhere else.
pub fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, NAME, WebviewUrl::App("index.html".into()))
        .title("Episome")
        .inner_size(1200.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "about") || url.host_str() == Some("tauri.localhost")
        })
        .build()?;
    Ok(())
}

/// Brings the window to the front.
pub fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(NAME) {
        // A window that cannot be moved stays where it is.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
