//! The window.

use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::start::Start;

/// The name by which capabilities know it.
const NAME: &str = "main";

/// Opens the window on the user interface. It may go nowhere else.
pub fn open(app: &App, start: &Start) -> tauri::Result<()> {
    let page = match start.screen() {
        Some(screen) => format!("index.html#{screen}"),
        None => "index.html".to_owned(),
    };
    WebviewWindowBuilder::new(app, NAME, WebviewUrl::App(page.into()))
        .title("Episome")
        .inner_size(1200.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "about") || url.host_str() == Some("tauri.localhost")
        })
        .build()?;
    Ok(())
}

/// Brings the window to the front, with the screen that is wanted.
pub fn show(app: &AppHandle, start: &Start) {
    if let Some(window) = app.get_webview_window(NAME) {
        if let Some(screen) = start.screen() {
            // A page that cannot be reached shows what it showed.
            let _ = window.eval(format!("location.hash = {}", serde_json::Value::from(screen)));
        }
        // A window that cannot be moved stays where it is.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
