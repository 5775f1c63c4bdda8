//! Closing the window while something is trained: the training is a process of its own, and may go on without a window.
//!
//! Asked about are the trainings that were started from this window. Those of a terminal, of another window or of another
//! machine go on, whatever becomes of this one.

use std::path::PathBuf;

use api::wire::State;
use tauri::{Manager, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind, MessageDialogResult};

struct Words {
    title: &'static str,
    /// Before the names.
    which: &'static str,
    question: &'static str,
    go_on: &'static str,
    stop: &'static str,
    stay: &'static str,
}

const ENGLISH: Words = Words {
    title: "A training is under way",
    which: "Started from this window:",
    question: "It can go on in the background; open Episome again to see how it gets on. Or stop it: the best version so far is \
               kept, and you can resume it later.",
    go_on: "Go on in the background",
    stop: "Stop and keep the best",
    stay: "Stay here",
};

const CHINESE: Words = Words {
    title: "正在训练",
    which: "由此窗口启动：",
    question: "训练可以在后台继续；重新打开 Episome 即可查看进度。也可以停止训练：目前最好的版本会保留，之后可以继续。",
    go_on: "在后台继续",
    stop: "停止并保留最佳版本",
    stay: "留在这里",
};

fn words(state: &State) -> &'static Words {
    let system = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
    let language = state.language().or_else(system).unwrap_or_default();
    if language.starts_with("zh") { &CHINESE } else { &ENGLISH }
}

/// Asks before the window is closed over a training.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    // Not on this thread: a folder on a drive that sleeps takes its time.
    api.prevent_close();
    let window = window.clone();
    std::thread::spawn(move || {
        let state = window.state::<State>().inner().clone();
        let runs = state.runs_under_way();
        if runs.is_empty() {
            close(&window);
        } else {
            ask(&window, words(&state), runs);
        }
    });
}

/// Asks what is to become of `runs`, each by its name.
fn ask(window: &Window, words: &'static Words, runs: Vec<PathBuf>) {
    let name = |run: &PathBuf| format!("• {}", run.file_name().unwrap_or_default().to_string_lossy());
    let names: Vec<String> = runs.iter().map(name).collect();
    let text = format!("{}\n{}\n\n{}", words.which, names.join("\n"), words.question);
    let buttons = MessageDialogButtons::YesNoCancelCustom(
        words.go_on.to_owned(),
        words.stop.to_owned(),
        words.stay.to_owned(),
    );
    let closing = window.clone();
    window
        .dialog()
        .message(text)
        .title(words.title)
        .kind(MessageDialogKind::Info)
        .buttons(buttons)
        .parent(window)
        .show_with_result(move |answer| {
            match answer {
                MessageDialogResult::Yes => {}
                MessageDialogResult::No => stop(&runs),
                MessageDialogResult::Custom(chosen) if chosen == words.go_on => {}
                MessageDialogResult::Custom(chosen) if chosen == words.stop => stop(&runs),
                _ => return,
            }
            close(&closing);
        });
}

fn close(window: &Window) {
    // A window that is gone already is what was wanted.
    let _ = window.destroy();
}

fn stop(runs: &[PathBuf]) {
    for run in runs {
        // One that ended meanwhile needs no stopping.
        let _ = api::stop(run);
    }
}
