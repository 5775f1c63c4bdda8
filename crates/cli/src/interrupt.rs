//! Ctrl-C: once to stop cleanly, twice to leave at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::{Error, Kind};

/// From now on the first Ctrl-C (or a polite kill) sets `stop`, which the engine looks at between steps, and says the
/// `promise`; the second ends the process with exit code 130.
pub fn watch(stop: &Arc<AtomicBool>, promise: &'static str) -> Result<(), Error> {
    let flag = Arc::clone(stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(Kind::Interrupted.exit_code()));
        }
        // Not `eprintln!`, which panics where stderr is closed.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("\n{promise}\n").as_bytes());
    })
    .map_err(|error| Error::new(Kind::Internal, format!("Ctrl-C cannot be caught: {error}")))
}
