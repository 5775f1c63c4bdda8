//! The run folder: where everything lies, and who may write.

use crate::configuration::RunConfiguration;
use crate::error::Error;
use crate::event::Event;
use crate::files;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A run's folder.
///
/// ```text
/// run.json            what is needed to repeat the run
/// events.jsonl        what happened, one object a line
/// split.csv           which record went where
/// invalid.csv         records that were left out on request, with the reason
/// checkpoints/        newest.safetensors and best.safetensors
/// adapter/            the best state, in peft's layout
/// report/             metrics.json, predictions.csv, figures, report.html
/// pause               made by whoever wants the run to wait; taken away, it goes on
/// stop                made by whoever wants the run to end as by Ctrl-C; the run takes it away
/// lock                held while a process writes; the number in it is the process
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

/// How often a lock that someone holds is tried again.
const TRIES: usize = 10;

fn take_away(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file("remove", file)(error)),
        _ => Ok(()),
    }
}

impl RunFolder {
    /// The run in `path`. Nothing is read or made.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        RunFolder { path: path.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// run.json
    #[must_use]
    pub fn configuration_file(&self) -> PathBuf {
        self.path.join("run.json")
    }

    /// events.jsonl
    #[must_use]
    pub fn events_file(&self) -> PathBuf {
        self.path.join("events.jsonl")
    }

    /// split.csv
    #[must_use]
    pub fn split_file(&self) -> PathBuf {
        self.path.join("split.csv")
    }

    /// invalid.csv
    #[must_use]
    pub fn invalid_file(&self) -> PathBuf {
        self.path.join("invalid.csv")
    }

    /// pause: while a file of this name exists, the run waits after its current step.
    #[must_use]
    pub fn pause_file(&self) -> PathBuf {
        self.path.join("pause")
    }

    /// stop: a file of this name ends the run as Ctrl-C does. The run removes it.
    #[must_use]
    pub fn stop_file(&self) -> PathBuf {
        self.path.join("stop")
    }

    /// Asks the process that writes to this run to wait after its current step, everything saved.
    ///
    /// # Errors
    /// When no process does, or the folder cannot be written.
    pub fn pause(&self) -> Result<(), Error> {
        self.ask(&self.pause_file())
    }

    /// Lets a run that waits go on; whether one waited, with a process there to hear it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn go_on(&self) -> Result<bool, Error> {
        let waits = self.pause_file().exists();
        take_away(&self.pause_file())?;
        Ok(waits && self.is_locked())
    }

    /// Asks the process that writes to this run to save its state and the best adapter so far, and to end.
    ///
    /// # Errors
    /// When no process does, or the folder cannot be written.
    pub fn ask_to_stop(&self) -> Result<(), Error> {
        self.ask(&self.stop_file())
    }

    fn ask(&self, file: &Path) -> Result<(), Error> {
        if !self.is_locked() {
            return Err(Error::NotRunning(self.path.clone()));
        }
        File::create(file).map(drop).map_err(Error::file("write", file))
    }

    /// The number of the process that writes to this run now, as far as it can be read.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        if !self.is_locked() {
            return None;
        }
        fs::read_to_string(self.path.join("lock")).ok()?.trim().parse().ok()
    }

    /// checkpoints/newest.safetensors
    #[must_use]
    pub fn newest_checkpoint(&self) -> PathBuf {
        self.path.join("checkpoints").join("newest.safetensors")
    }

    /// checkpoints/best.safetensors
    #[must_use]
    pub fn best_checkpoint(&self) -> PathBuf {
        self.path.join("checkpoints").join("best.safetensors")
    }

    /// adapter/
    #[must_use]
    pub fn adapter(&self) -> PathBuf {
        self.path.join("adapter")
    }

    /// report/
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.path.join("report")
    }

    /// Makes the folder for a new run and takes its lock.
    ///
    /// The folder may exist if it is empty, or if all it holds is an attempt that failed before its first step: its events
    /// are kept and the new ones come after them.
    pub(crate) fn create(&self) -> Result<Lock, Error> {
        if self.holds_something()? {
            return Err(Error::RunExists(self.path.clone()));
        }
        fs::create_dir_all(&self.path).map_err(Error::file("create", &self.path))?;
        let lock = self.lock()?;
        // Another process may have come first between the two looks.
        if self.holds_something()? {
            return Err(Error::RunExists(self.path.clone()));
        }
        Ok(lock)
    }

    fn holds_something(&self) -> Result<bool, Error> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => other.map_err(Error::file("read", &self.path))?,
        };
        let mut attempt = false;
        for entry in entries {
            let entry = entry.map_err(Error::file("read", &self.path))?;
            match entry.file_name().to_str() {
                Some("lock") => {}
                Some("run.json" | "events.jsonl" | "split.csv" | "invalid.csv") => attempt = true,
                _ => return Ok(true),
            }
        }
        Ok(attempt && self.began()?)
    }

    /// Whether training ever began; true if in doubt.
    fn began(&self) -> Result<bool, Error> {
        let events = match self.events() {
            Ok(events) => events,
            Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let started = events.iter().any(|event| matches!(event, Event::Started { .. }));
        let failed = matches!(events.last(), Some(Event::Failed { .. }));
        Ok(started || !failed)
    }

    /// Takes the lock of a run that exists. It is freed when dropped and when the process ends, however it ends.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.path.join("lock");
        let refuse = || Error::file("lock", &path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(refuse())?;
        let mut locked = file.try_lock();
        for _ in 0..TRIES {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            // Whoever looks whether the run is being trained holds the lock for a moment, too.
            std::thread::sleep(Duration::from_millis(10));
            locked = file.try_lock();
        }
        match locked {
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // Whose it is only makes the message better.
                let _ = file.read_to_string(&mut process);
                let process = process.trim().to_owned();
                return Err(Error::Locked { run: self.path.clone(), process });
            }
            // Some network file systems know no locks; the number in the file is then a hint for people.
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(refuse()(error));
            }
            _ => {}
        }
        let number = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        number(&mut file).map_err(refuse())?;
        Ok(Lock { file, path })
    }

    /// Whether a process is writing to this run now.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        let Ok(file) = File::open(self.path.join("lock")) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// The run's configuration.
    ///
    /// # Errors
    /// When the folder is not a run, or run.json cannot be understood.
    pub fn configuration(&self) -> Result<RunConfiguration, Error> {
        RunConfiguration::read(&self.path)
    }

    pub(crate) fn write_configuration(&self, configuration: &RunConfiguration) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(configuration)?;
        files::write(&self.configuration_file(), |file| writeln!(file, "{text}"))
    }

    /// Everything that happened so far. A last line that a crash cut short is left out.
    ///
    /// # Errors
    /// When events.jsonl cannot be read, or a line that is not the last cannot be understood.
    pub fn events(&self) -> Result<Vec<Event>, Error> {
        let path = self.events_file();
        let bytes = fs::read(&path).map_err(Error::file("read", &path))?;
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(index, line)| {
                serde_json::from_str(line).map_err(|error| Error::Broken {
                    path: path.clone(),
                    reason: format!("line {}: {error}", index + 1),
                })
            })
            .collect()
    }

    /// Removes what an interrupted process was in the middle of writing.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        // What was asked of an earlier process.
        take_away(&self.pause_file())?;
        take_away(&self.stop_file())?;
        for folder in [self.path.clone(), self.path.join("checkpoints")] {
            let Ok(entries) = fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries.flatten() {
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == files::PARTIAL) && path.is_file() {
                    fs::remove_file(&path).map_err(Error::file("remove", &path))?;
                }
            }
        }
        Ok(())
    }
}

/// The right to write to a run.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Emptied, not removed: a process that waits on this very file must not end up with a lock of its own.
        if self.path.exists() {
            let _ = self.file.set_len(0);
        }
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Event {
        Event::Failed {
            time: "2026-01-01T00:00:00.000Z".into(),
            kind: "data".into(),
            message: "no labels".into(),
            place: None,
            remedy: None,
            step: 0,
            resumable: false,
        }
    }

    #[test]
    fn a_run_is_never_made_over_another() {
        let outer = tempfile::tempdir().unwrap();
        let folder = RunFolder::at(outer.path().join("a/run"));
        drop(folder.create().unwrap());
        drop(folder.create().unwrap()); // still empty
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(folder.create().unwrap_err().kind(), "run-exists");
        assert_eq!(fs::read_to_string(folder.path().join("notes.txt")).unwrap(), "mine");
    }

    #[test]
    fn an_attempt_that_never_began_may_be_repeated() {
        let outer = tempfile::tempdir().unwrap();
        let folder = RunFolder::at(outer.path());
        fs::write(folder.configuration_file(), "{}").unwrap();
        assert_eq!(folder.create().unwrap_err().kind(), "run-exists");
        fs::write(folder.events_file(), format!("{}\n", serde_json::to_string(&failed()).unwrap())).unwrap();
        folder.create().unwrap();
    }

    #[test]
    fn two_cannot_hold_one_run() {
        let outer = tempfile::tempdir().unwrap();
        let folder = RunFolder::at(outer.path());
        let lock = folder.lock().unwrap();
        assert!(folder.is_locked());
        let error = folder.lock().unwrap_err();
        assert_eq!(error.kind(), "locked");
        assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
        drop(lock);
        assert!(!folder.is_locked());
        folder.lock().unwrap();
    }

    #[test]
    fn a_line_cut_short_by_a_crash_is_left_out() {
        let outer = tempfile::tempdir().unwrap();
        let folder = RunFolder::at(outer.path());
        let line = serde_json::to_string(&failed()).unwrap();
        fs::write(folder.events_file(), format!("{line}\n{}", &line[..20])).unwrap();
        assert_eq!(folder.events().unwrap(), [failed()]);
    }
}
