//! Folders below folders.

use std::path::Path;

use crate::{Error, Kind};

/// Visits `folder` and what is below it, `depth` levels deep, in the order of the names; where `visit` says no, what is
/// below is left out. Hidden folders and what may not be read are passed over.
pub fn walk(folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path) -> bool) -> Result<(), Error> {
    if !folder.is_dir() {
        return Err(
            Error::new(Kind::File, format!("{} is not a folder", folder.display()))
                .at(folder.display())
                .remedy("check the path"),
        );
    }
    below(folder, depth, visit);
    Ok(())
}

fn below(folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path) -> bool) {
    if !visit(folder) || depth == 0 {
        return;
    }
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut folders: Vec<_> = entries
        .flatten()
        // Not through links: they may lead in circles.
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    for folder in folders {
        below(&folder, depth - 1, visit);
    }
}
