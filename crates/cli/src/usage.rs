//! Command lines that cannot be understood, and requests for help.

use std::ffi::OsString;
use std::process::ExitCode;

use api::{Error, Kind};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::console::{Console, write_stdout};

/// Prints help or the version, or says what is wrong with the command line.
pub fn report(error: &clap::Error, words: &[OsString], no_colour: bool) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let help = error.render();
        let text = if no_colour || !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
            help.to_string()
        } else {
            help.ansi().to_string()
        };
        return match write_stdout(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if crate::console::is_closed_pipe(&error) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let json = words.iter().any(|word| word == "--json");
    let console = Console::new(json, false, false, no_colour);
    let error = typed(error);
    console.fail(&error);
    ExitCode::from(error.kind.exit_code())
}

/// clap's error in the shape of every other error: its first paragraph, the argument, its advice.
fn typed(error: &clap::Error) -> Error {
    let rendered = error.render().to_string();
    let mut paragraphs = rendered.split("\n\n").map(str::trim);
    let message = paragraphs.next().unwrap_or_default().trim_start_matches("error: ");
    let message = message.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    let advice: Vec<String> = paragraphs
        .map(|paragraph| paragraph.split('\n').map(str::trim).collect::<Vec<_>>().join(" "))
        .map(|paragraph| paragraph.replace("tip: ", ""))
        .filter(|paragraph| !paragraph.is_empty() && !paragraph.starts_with("For more information"))
        .collect();
    let argument = error.context().find_map(|(kind, value)| match (kind, value) {
        (ContextKind::InvalidArg | ContextKind::InvalidSubcommand, ContextValue::String(text)) => {
            Some(text.clone())
        }
        (ContextKind::InvalidArg, ContextValue::Strings(texts)) => Some(texts.join(" ")),
        _ => None,
    });
    let mut typed =
        Error::new(Kind::Usage, if message.is_empty() { "a command is missing" } else { &message });
    if !advice.is_empty() {
        typed = typed.remedy(advice.join(". "));
    }
    match argument {
        Some(argument) => typed.at(argument),
        None => typed,
    }
}
