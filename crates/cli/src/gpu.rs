//! Handing work over to `episome-cuda`, where it can do it.

use std::path::{Path, PathBuf};
use std::process::Command;

use api::{DeviceChoice, Engine, Error, GpuWorker, Kind};

use crate::console::Console;

/// The program `episome-cuda` beside this one; `EPISOME_CUDA` names another.
pub fn program() -> Option<PathBuf> {
    let given = std::env::var_os("EPISOME_CUDA").filter(|value| !value.is_empty());
    given.map(PathBuf::from).or_else(|| api::gpu_worker_beside(&std::env::current_exe().ok()?))
}

/// Lets `episome-cuda` do what this command line asks, where the device is a matter of choice and a card answers it. It
/// returns only where this program has to do the work; where `episome-cuda` is of no use, a sentence says why.
pub fn hand_over(choice: DeviceChoice, engine: &Engine, console: &Console) -> Result<(), Error> {
    let worker = match &engine.gpu_worker {
        Some(program) if matches!(choice, DeviceChoice::Auto | DeviceChoice::Cuda) => program,
        _ => return Ok(()),
    };
    match GpuWorker::ask(Some(worker), api::GPU_PATIENCE) {
        GpuWorker::Absent => Ok(()),
        GpuWorker::Unusable(sentence) if choice == DeviceChoice::Cuda => {
            Err(Error::new(Kind::Device, sentence)
                .at("--device")
                .remedy("take --device cpu, or put that right"))
        }
        GpuWorker::Unusable(sentence) => {
            console.warn(sentence);
            Ok(())
        }
        GpuWorker::Ready(card) => {
            console.detail(format_args!("{} computes on {}", worker.display(), card.name));
            Err(become_program(worker))
        }
    }
}

/// Takes the place of this process, number and all: whoever watches it watches the other.
#[cfg(unix)]
fn become_program(program: &Path) -> Error {
    use std::os::unix::process::CommandExt;
    let error = Command::new(program).args(std::env::args_os().skip(1)).exec();
    Error::new(Kind::Device, format!("{} could not be started: {error}", program.display()))
}

/// Runs it to its end and ends as it did.
#[cfg(not(unix))]
fn become_program(program: &Path) -> Error {
    match Command::new(program).args(std::env::args_os().skip(1)).status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => {
            Error::new(Kind::Device, format!("{} could not be started: {error}", program.display()))
        }
    }
}
