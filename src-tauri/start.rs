//! What the app is started with: nothing, or a run to show.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tauri::Url;

const HELP: &str = "\
The window of Episome: fine-tune DNA language models on your own sequences

Usage: episome-app [--run FOLDER]

  --run FOLDER  show this run: its results, or how it gets on
  --help, --version

Where a window is open already, it is shown, with the run in it. What can be done without a window: episome --help
";

/// What the window is to show first.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Start {
    run: Option<PathBuf>,
}

/// What a command line comes to that opens no window.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// Help or the version, as it was asked for.
    Answer(String),
    /// What is wrong with it.
    Refusal(String),
}

impl Told {
    /// Prints it.
    pub fn tell(&self) -> ExitCode {
        match self {
            Told::Answer(text) => {
                print!("{text}");
                ExitCode::SUCCESS
            }
            Told::Refusal(text) => {
                eprintln!("{text}");
                ExitCode::from(2)
            }
        }
    }
}

impl Start {
    /// Reads the words after the program's name; relative folders are those of `here`.
    ///
    /// # Errors
    /// With what to print, where no window is to be opened.
    pub fn parse(words: impl IntoIterator<Item = OsString>, here: &Path) -> Result<Start, Told> {
        let mut start = Start::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--help" | "-h") => return Err(Told::Answer(HELP.to_owned())),
                Some("--version" | "-V") => {
                    return Err(Told::Answer(format!("episome-app {}\n", env!("CARGO_PKG_VERSION"))));
                }
                Some("--run") => {
                    let folder = words
                        .next()
                        .ok_or_else(|| Told::Refusal(format!("--run lacks its folder\n\n{HELP}")))?;
                    start.run = Some(run_in(&here.join(folder))?);
                }
                _ => {
                    let word = word.to_string_lossy();
                    return Err(Told::Refusal(format!("{word} is not understood\n\n{HELP}")));
                }
            }
        }
        Ok(start)
    }

    /// The screen to show, as the part of the address after `#`; none: the first screen.
    pub fn screen(&self) -> Option<String> {
        let run = self.run.as_ref()?;
        let screen = if run.join("report/report.json").is_file() { "results" } else { "train" };
        let mut address = Url::parse("tauri://localhost").ok()?;
        address.query_pairs_mut().append_pair("run", &run.to_string_lossy());
        Some(format!("/{screen}?{}", address.query().unwrap_or_default()))
    }
}

/// The run's folder, whole.
fn run_in(folder: &Path) -> Result<PathBuf, Told> {
    match std::path::absolute(folder) {
        Ok(folder) if folder.join("run.json").is_file() => Ok(folder),
        _ => Err(Told::Refusal(format!(
            "{} is no run: name a folder with a run.json, as `episome runs` lists them",
            folder.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str], here: &Path) -> Result<Start, Told> {
        Start::parse(words.iter().map(OsString::from), here)
    }

    #[test]
    fn a_run_is_shown_as_far_as_it_is() {
        let here = std::env::temp_dir().join(format!("episome-start-{}", std::process::id()));
        let run = here.join("peaks & more");
        std::fs::create_dir_all(run.join("report")).unwrap();
        std::fs::write(run.join("run.json"), "{}").unwrap();
        let start = parse(&["--run", "peaks & more"], &here).unwrap();
        let screen = start.screen().unwrap();
        assert!(screen.starts_with("/train?run=") && screen.ends_with("peaks+%26+more"), "{screen}");
        std::fs::write(run.join("report/report.json"), "{}").unwrap();
        assert!(start.screen().unwrap().starts_with("/results?run="));
        let refused = parse(&["--run", "peaks"], &here);
        assert!(matches!(&refused, Err(Told::Refusal(text)) if text.contains("is no run")), "{refused:?}");
        std::fs::remove_dir_all(here).unwrap();
    }

    #[test]
    fn no_word_opens_the_first_screen_and_an_unknown_one_none() {
        let here = Path::new(".");
        assert_eq!(parse(&[], here).unwrap().screen(), None);
        assert!(matches!(parse(&["--help"], here), Err(Told::Answer(_))));
        assert!(matches!(parse(&["--runs"], here), Err(Told::Refusal(_))));
        assert!(matches!(parse(&["--run"], here), Err(Told::Refusal(_))));
    }
}
