//! The project's tasks. Each installs what it needs, so that a fresh clone has to know one command.

mod bench;
mod cuda;
mod demo;
mod interface;
mod journeys;
mod lint;
mod package;
mod project;
mod python;
mod system;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
The tasks of Episome

Usage: cargo xtask <task>

  demo   build the program and run the main job: train on the sample project, predict, export; then open the app on it
  test   run every test, with Python's transformers and peft beside ours, and the journeys
  journeys
         the way through the app, in a real browser and in the real window, with a picture of every screen
  cuda   fetch the CUDA toolkit, compile our kernels for cards with it and build episome-cuda, which computes on NVIDIA
         cards; needs neither to be there. `cuda kernels` only compiles the kernels
  lint   formatting, clippy and documentation, warnings denied
  docs   write the generated pages in docs/ and types in ui/ anew
  package
         packages to install: .deb and AppImage on Linux
  bench  time Episome beside transformers + peft on this machine
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("demo") => demo::run(),
        Some("test") => test::run(&arguments[1..]),
        Some("lint") => lint::run(),
        Some("cuda") => cuda::run(&arguments[1..]),
        Some("docs") => lint::write_docs(),
        Some("journeys") => journeys::run(&arguments[1..]),
        Some("package") => package::run(&arguments[1..]),
        Some("bench") => bench::run(&arguments[1..]),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        other => {
            eprint!("{HELP}");
            if let Some(task) = other {
                eprintln!("\nThere is no task {task:?}.");
            }
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
