//! Serves a folder as a Hub: `episome-hub-stand-in FOLDER [PORT CDN_PORT]`. The first line on stdout is a JSON object with
//! the endpoint; it ends when its standard input does.

use std::{io::Read, path::Path, process::ExitCode};

use episome_hub_stand_in::StandIn;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        eprintln!("usage: episome-hub-stand-in FOLDER [PORT CDN_PORT]");
        return ExitCode::from(2);
    };
    let port = |position: usize| arguments.get(position).and_then(|text| text.parse().ok()).unwrap_or(0);
    match StandIn::from_folder(Path::new(folder)).and_then(|hub| hub.ports(port(1), port(2)).start()) {
        Ok(running) => {
            println!("{}", serde_json::json!({ "endpoint": running.endpoint(), "cdn": running.cdn() }));
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot serve {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
