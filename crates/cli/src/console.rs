//! What the program says: answers on stdout, everything else on stderr.
//!
//! With `--json` stdout carries JSON only, one object or one object a line, also when the command fails: then the last
//! line is an object with the key `error`. A reader that closes the pipe early is no failure.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};

use api::{Error, Kind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// How much is said, and how.
#[derive(Clone, Debug)]
pub struct Console {
    json: bool,
    quiet: bool,
    verbose: bool,
    colour: bool,
    terminal: bool,
}

/// Parts of a message that may carry a colour.
#[derive(Clone, Copy)]
enum Tone {
    Error,
    Warning,
    Strong,
}

impl Console {
    /// `no_colour` is whether the environment asks for none (<https://no-color.org>).
    pub fn new(json: bool, quiet: bool, verbose: bool, no_colour: bool) -> Console {
        let terminal = std::io::stderr().is_terminal();
        Console { json, quiet, verbose, colour: terminal && !no_colour, terminal }
    }

    /// Whether machines read stdout.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether a person looks at stderr, so that a progress bar may be redrawn there.
    pub fn terminal(&self) -> bool {
        self.terminal && !self.quiet
    }

    /// Prints the answer of a command: `value` as JSON, or the text for people.
    pub fn answer(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Error> {
        if self.json {
            return self.line(value);
        }
        let mut text = text();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        write_stdout(text.as_bytes())
    }

    /// Prints one JSON object on a line of its own.
    pub fn line(&self, value: &impl Serialize) -> Result<(), Error> {
        let mut line = serde_json::to_vec(value).map_err(|error| {
            Error::new(Kind::Internal, format!("an answer could not be written as JSON: {error}"))
        })?;
        line.push(b'\n');
        write_stdout(&line)
    }

    /// Says something to the person on stderr.
    pub fn say(&self, text: impl Display) {
        if !self.quiet {
            write_stderr(&format!("{text}\n"));
        }
    }

    /// Says something that only the curious want to know.
    pub fn detail(&self, text: impl Display) {
        if self.verbose {
            write_stderr(&format!("{text}\n"));
        }
    }

    /// Says something that the person should look at.
    pub fn warn(&self, text: impl Display) {
        if !self.quiet {
            write_stderr(&format!("{} {text}\n", self.paint(Tone::Warning, "warning:")));
        }
    }

    /// Says what failed, where, and what to do; with `--json` also as an object on stdout.
    pub fn fail(&self, error: &Error) {
        if self.json {
            // A reader that is gone cannot be told anything; stderr still says it.
            let _ = self.line(&serde_json::json!({ "type": "error", "error": error }));
        }
        let mut text = format!("{} {}\n", self.paint(Tone::Error, "error:"), error.message);
        if let Some(place) = error.place.as_deref().filter(|place| !error.message.contains(place)) {
            text.push_str(&format!("  {} {place}\n", self.paint(Tone::Strong, "where:")));
        }
        if !error.remedy.is_empty() && !error.message.contains(&error.remedy) {
            let remedy = if error.remedy == error.kind.remedy() { at_a_prompt(error.kind) } else { "" };
            let remedy = if remedy.is_empty() { error.remedy.as_str() } else { remedy };
            let flags = column_flags(error);
            text.push_str(&format!("  {} {remedy}{flags}\n", self.paint(Tone::Strong, "what to do:")));
        }
        write_stderr(&text);
    }

    /// A progress bar on stderr, invisible where nobody looks. `unit` names what is counted.
    pub fn bar(&self, total: Option<u64>, unit: &str) -> ProgressBar {
        let target =
            if self.terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(total, target);
        let template = if total.is_some() {
            format!("{{bar:32}} {{human_pos}}/{{human_len}} {unit}  {{elapsed}}, {{eta}} left  {{msg}}")
        } else {
            format!("{{spinner}} {{human_pos}} {unit}  {{elapsed}}  {{msg}}")
        };
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        bar
    }

    /// A progress bar that counts bytes.
    pub fn byte_bar(&self, total: Option<u64>) -> ProgressBar {
        let bar = self.bar(total, "bytes");
        let template = if total.is_some() {
            "{bar:32} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}, {eta} left  {msg}"
        } else {
            "{spinner} {binary_bytes}  {binary_bytes_per_sec}  {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        bar
    }

    fn paint(&self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Error => "1;31",
            Tone::Warning => "1;33",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// The flags that name other columns, where that is what to do; a window has a table to choose in.
fn column_flags(error: &Error) -> String {
    let columns = error.choices.iter().filter(|choice| choice.ends_with("_column"));
    let flags: Vec<String> = columns.map(|choice| format!("--{}", choice.replace('_', "-"))).collect();
    if flags.is_empty() { String::new() } else { format!(" ({})", flags.join(", ")) }
}

/// What to do about an error of a kind where nothing better is known, as this program can say it: with its commands. Empty:
/// as every face says it.
fn at_a_prompt(kind: Kind) -> &'static str {
    match kind {
        Kind::Usage => "see `episome help` and the example at the end of each command's --help",
        Kind::Data => "look at the data with `episome data inspect`",
        Kind::Model => "look at the model with `episome model inspect`",
        Kind::Adapter => "check the adapter with `episome adapters check`",
        Kind::Network => "check the connection and HF_TOKEN, or use a local folder or the embedded model",
        Kind::Run => "look at the run's events.jsonl; `episome resume` goes on from its last checkpoint",
        Kind::Device => "see what this machine has with `episome doctor`; a smaller batch needs less memory",
        _ => "",
    }
}

/// Writes to stdout; a closed pipe ends the program quietly, as it does for `cat`.
pub fn write_stdout(bytes: &[u8]) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(closed_pipe()),
        Err(error) => Err(Error::new(Kind::File, format!("could not write to standard output: {error}"))),
    }
}

/// What [`write_stdout`] gives when the reader has gone. [`is_closed_pipe`] tells it from errors.
fn closed_pipe() -> Error {
    Error::new(Kind::Interrupted, "standard output was closed")
}

/// Whether `error` only says that the reader of stdout has gone.
pub fn is_closed_pipe(error: &Error) -> bool {
    *error == closed_pipe()
}

fn write_stderr(text: &str) {
    // A closed stderr has no reader to complain to.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
