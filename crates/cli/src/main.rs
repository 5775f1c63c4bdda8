//! The program `episome`: every ability of the engine without a window.
//!
//! Answers go to stdout, everything else to stderr. With `--json` stdout carries JSON and nothing else. The exit code
//! tells what an error is about ([`api::Kind`]). The commands are one file each in `commands`; what they do is in `api`.

mod arguments;
mod commands;
mod console;
mod gpu;
mod hyperparameters;
mod interrupt;
mod progress;
mod text;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::arguments::Cli;
use crate::console::Console;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let parsed =
        Cli::command().try_get_matches_from(&words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error, &words, no_colour),
    };
    api::keep_freed_memory();
    let global = &cli.global;
    let console = Console::new(global.json, global.quiet, global.verbose, no_colour);
    match commands::run(cli.command, &cli.global, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if console::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console.fail(&error);
            ExitCode::from(error.kind.exit_code())
        }
    }
}
