//! The engine in the window: one command for all of its abilities.

use std::path::PathBuf;
use std::sync::Arc;

use api::wire::{Emit, Message, Places, State, dispatch};
use api::{Engine, Error, HubSettings, Kind};
use serde_json::Value;
use tauri::ipc::Channel;

/// The engine as the environment asks for it.
pub fn state() -> Result<State, Error> {
    let variable = |name: &str| std::env::var_os(name);
    let missing = || {
        Error::new(Kind::File, "there is no folder for settings and caches: HOME is not set")
            .remedy("set EPISOME_CACHE, EPISOME_CONFIG and EPISOME_PROJECTS to folders that you may write to")
    };
    let cache = api::cache_folder(variable).ok_or_else(missing)?;
    let gpu_worker = worker().and_then(|worker| api::gpu_worker_beside(&worker));
    let engine = Engine { cache, hub: HubSettings::from_environment(), gpu_worker, stop: Arc::default() };
    Ok(State::new(engine, Places::of(variable, worker()).ok_or_else(missing)?))
}

/// The program `episome` beside this one, or on the path.
fn worker() -> Option<PathBuf> {
    let name = format!("episome{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|path| Some(path.parent()?.join(&name)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(&name));
    beside.into_iter().chain(on_path).find(|path| path.is_file())
}

/// Asks the engine; a job's messages go to `messages`.
#[tauri::command]
pub async fn call(
    state: tauri::State<'_, State>,
    command: String,
    request: Value,
    messages: Channel<Message>,
) -> Result<Value, Error> {
    let state = state.inner().clone();
    let emit: Emit = Arc::new(move |message| {
        // A page that was left or loaded anew hears nothing more.
        let _ = messages.send(message);
    });
    let work = move || dispatch(&state, &command, request, &emit);
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(Error::new(Kind::Internal, format!("the command broke off: {error}"))),
    }
}
