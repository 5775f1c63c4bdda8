//! The program `episome-cuda`: the same as `episome`, with code for NVIDIA cards.
//!
//! It is a program of its own because it does not even start where there is no driver. So it is asked first whether it
//! starts, and whether a card answers it; where not, the work is done on the processor.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::doctor::{Card, Doctor};

/// How long `episome-cuda` may take to say what it finds: a driver that has to wake a card takes seconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What came of asking `episome-cuda`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GpuWorker {
    /// It starts, and this card answers it.
    Ready(Card),
    /// It is not installed.
    Absent,
    /// It is installed and of no use here: why, in a sentence.
    Unusable(String),
}

impl GpuWorker {
    /// Asks `program`, which may take as long as `patience`.
    pub fn ask(program: Option<&Path>, patience: Duration) -> GpuWorker {
        let Some(program) = program.filter(|program| program.is_file()) else {
            return GpuWorker::Absent;
        };
        match answer(program, patience) {
            Ok(Doctor { card: Some(card), .. }) => GpuWorker::Ready(card),
            Ok(_) => GpuWorker::Unusable(unusable(program, "it finds no graphics card that answers")),
            Err(reason) => GpuWorker::Unusable(unusable(program, &reason)),
        }
    }
}

fn unusable(program: &Path, reason: &str) -> String {
    format!(
        "The graphics card is not used: {} is installed, but {reason}. The processor computes instead. `{} doctor` \
         shows what it finds",
        program.display(),
        program.display()
    )
}

/// What the program says of the machine, or why it does not.
fn answer(program: &Path, patience: Duration) -> Result<Doctor, String> {
    let mut command = Command::new(program);
    command.args(["doctor", "--json"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("it does not start ({error})"))?;
    let (output, errors) = (child.stdout.take().map(listen), child.stderr.take().map(listen));
    let status = wait(&mut child, patience)?;
    // What it started in its turn may hold the pipes open: nobody waits for that when it has failed.
    if !status.success() {
        let said = errors.and_then(|errors| errors.recv_timeout(Duration::from_millis(200)).ok());
        let said = said.unwrap_or_default();
        let last = said.trim().lines().next_back().unwrap_or("it said nothing").to_owned();
        return Err(format!("it ended with {status}: {last}"));
    }
    let text = output.and_then(|output| output.recv_timeout(patience).ok()).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| format!("its answer is not understood ({error})"))
}

/// Reads a pipe to its end, on a thread of its own.
fn listen(mut pipe: impl Read + Send + 'static) -> std::sync::mpsc::Receiver<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // Cut short, it is not understood, and that is told.
        let _ = pipe.read_to_end(&mut bytes);
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

fn wait(child: &mut Child, patience: Duration) -> Result<std::process::ExitStatus, String> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if began.elapsed() < patience => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it did not answer within {} seconds", patience.as_secs_f64()));
            }
            Err(error) => return Err(format!("it cannot be watched ({error})")),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use super::*;
    use crate::doctor::Memory;

    /// A program that does what the lines say.
    fn stand_in(folder: &tempfile::TempDir, lines: &str) -> PathBuf {
        let path = folder.path().join("episome-cuda");
        std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn ask(lines: &str) -> GpuWorker {
        let folder = tempfile::tempdir().unwrap();
        let program = stand_in(&folder, lines);
        loop {
            // A busy machine takes its time to start a shell; only the one that hangs waits as long.
            match GpuWorker::ask(Some(&program), Duration::from_secs(2)) {
                // Another test started a process while the script was being written, and that still holds it open.
                GpuWorker::Unusable(sentence) if sentence.contains("Text file busy") => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                answer => return answer,
            }
        }
    }

    fn reason(lines: &str) -> String {
        match ask(lines) {
            GpuWorker::Unusable(sentence) => sentence,
            other => panic!("{other:?}"),
        }
    }

    /// What this machine's own doctor says, with another card.
    fn report(card: Option<Card>) -> String {
        let engine = crate::Engine {
            cache: "cache".into(),
            hub: hub::Settings { offline: true, ..hub::Settings::new("hub") },
            gpu_worker: None,
            stop: std::sync::Arc::default(),
        };
        let doctor = Doctor { card, ..crate::doctor(&engine) };
        format!("cat <<'END'\n{}\nEND", serde_json::to_string(&doctor).unwrap())
    }

    #[test]
    fn one_that_is_not_there_is_absent() {
        assert_eq!(GpuWorker::ask(None, PATIENCE), GpuWorker::Absent);
        assert_eq!(GpuWorker::ask(Some(Path::new("/nowhere/episome-cuda")), PATIENCE), GpuWorker::Absent);
    }

    #[test]
    fn one_with_a_card_is_ready() {
        let memory = Memory { total_bytes: 8, available_bytes: 7 };
        let card = Card { name: "a card".into(), memory, bf16: true };
        assert_eq!(ask(&report(Some(card.clone()))), GpuWorker::Ready(card));
    }

    #[test]
    fn one_without_a_card_says_so() {
        assert!(reason(&report(None)).contains("no graphics card"));
    }

    #[test]
    fn one_that_ends_or_babbles_is_quoted() {
        let sentence = reason("echo 'error while loading shared libraries: libcuda.so.1' >&2; exit 127");
        assert!(sentence.contains("libcuda.so.1") && sentence.contains("127"), "{sentence}");
        assert!(reason("kill -SEGV $$").contains("signal"));
        assert!(reason("echo hello").contains("not understood"));
    }

    #[test]
    fn one_that_hangs_is_ended() {
        let began = Instant::now();
        let sentence = reason("sleep 60");
        assert!(sentence.contains("did not answer"), "{sentence}");
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}
