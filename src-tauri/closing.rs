//! Closing the window while something is trained: the training is a process of its own, and may go on without a window.

use api::wire::State;
use tauri::{Manager, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind, MessageDialogResult};

struct Words {
    title: &'static str,
    question: &'static str,
    go_on: &'static str,
    stop: &'static str,
    stay: &'static str,
}

const ENGLISH: Words = Words {
    title: "A training is under way",
    question: "It can go on in the background; open Episome again to see how it gets on. Or stop it: the best version so far is \
               kept, and you can resume it later.",
    go_on: "Go on in the background",
    stop: "Stop and keep the best",
    stay: "Stay here",
};

const CHINESE: Words = Words {
    title: "正在训练",
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
    let state = window.state::<State>().inner().clone();
    let runs = state.active_runs();
    if runs.is_empty() {
        return;
    }
    api.prevent_close();
    let words = words(&state);
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    let buttons = MessageDialogButtons::YesNoCancelCustom(
        words.go_on.to_owned(),
        words.stop.to_owned(),
        words.stay.to_owned(),
    );
    let closing = window.clone();
    window
        .dialog()
        .message(format!("{}\n\n{}", names.join(", "), words.question))
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
            // A window that is gone already is what was wanted.
            let _ = closing.destroy();
        });
}

fn stop(runs: &[api::Run]) {
    for run in runs {
        // One that ended meanwhile needs no stopping.
        let _ = api::stop(&run.folder);
    }
}
