//! Folders: those below others, and those that are whole or not there.

use std::path::{Path, PathBuf};

use crate::{Error, Kind};

/// Makes the new folder `out` by `fill`, aside and renamed: it is whole or not there, also when `fill` fails.
pub fn make<T>(out: &Path, fill: impl FnOnce(&Path) -> Result<T, Error>) -> Result<T, Error> {
    let aside = with_suffix(out, ".partial");
    if aside.exists() {
        std::fs::remove_dir_all(&aside).map_err(|error| Error::file("remove", &aside, &error))?;
    }
    std::fs::create_dir_all(&aside).map_err(|error| Error::file("create", &aside, &error))?;
    let made = fill(&aside).and_then(|made| {
        std::fs::rename(&aside, out).map_err(|error| Error::file("rename", out, &error))?;
        Ok(made)
    });
    if made.is_err() {
        // What is left of it is in the way; the first failure is the one to tell.
        let _ = std::fs::remove_dir_all(&aside);
    }
    made
}

/// Makes the folder `out` anew by `fill`: one that is there already, which lacks something, is replaced.
pub fn renew<T>(out: &Path, fill: impl FnOnce(&Path) -> Result<T, Error>) -> Result<T, Error> {
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Error::file("create", parent, &error))?;
    }
    if out.exists() {
        std::fs::remove_dir_all(out).map_err(|error| Error::file("replace", out, &error))?;
    }
    make(out, fill)
}

/// A path in `folder` that is not taken: `name`, else `name (2)` and so on, before the endings.
pub fn vacant(folder: &Path, name: &str) -> PathBuf {
    let taken = taken(folder, name).count();
    called(folder, name, taken as u64 + 1)
}

/// The paths in `folder` that [`vacant`] found taken, from the first on.
pub fn taken(folder: &Path, name: &str) -> impl Iterator<Item = PathBuf> {
    (1..).map(move |number| called(folder, name, number)).take_while(|path| path.exists())
}

/// The path of the file of that `number` with the same name.
fn called(folder: &Path, name: &str, number: u64) -> PathBuf {
    if number == 1 {
        return folder.join(name);
    }
    let (stem, endings) = name.split_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
    let dot = if endings.is_empty() { "" } else { "." };
    folder.join(format!("{stem} ({number}){dot}{endings}"))
}

/// `path` with `suffix` added to its name: not [`Path::with_extension`], which cuts names such as `v1.2`.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let trimmed: PathBuf = path.components().collect();
    let mut name = trimmed.into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Where a file goes that a person named in the system's dialog. Where its ending `fits`, that very path: what stood
/// there the person has agreed to replace. Where the ending had to be added, nobody was asked about that name, and it is a vacant one.
pub fn agreed(path: PathBuf, fits: bool, ending: &str) -> PathBuf {
    if fits {
        return path;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    vacant(path.parent().unwrap_or(Path::new("")), &format!("{name}.{ending}"))
}

/// Visits `folder` and what is below it, `depth` levels deep, in the order of the names; where `visit` says no, what is
/// below is left out. Hidden folders and what may not be read are passed over.
pub fn walk(folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path) -> bool) -> Result<(), Error> {
    if !folder.is_dir() {
        return Err(Error::new(Kind::File, format!("{} is not a folder", folder.display()))
            .at(folder.display())
            .remedy("check the path"));
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
