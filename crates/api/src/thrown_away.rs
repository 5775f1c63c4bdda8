//! Runs and adapters into the system's trash, from where they can be brought back. Nothing is ever removed for good here.

use std::path::Path;

use train::RunFolder;

use crate::{Error, Kind};

/// Moves a run or an adapter folder to the system's trash.
pub fn throw_away(folder: &Path) -> Result<(), Error> {
    let known = ["run.json", "adapter_config.json"].iter().any(|name| folder.join(name).is_file());
    if !known {
        return Err(Error::new(Kind::Usage, format!("{} is neither a run nor an adapter", folder.display()))
            .at(folder.display())
            .remedy("only runs and adapters are thrown away from here"));
    }
    if RunFolder::at(folder.to_owned()).is_locked() {
        return Err(Error::new(Kind::Run, format!("{} is being trained now", folder.display()))
            .at(folder.display())
            .remedy("stop it first"));
    }
    trash::delete(folder).map_err(|error| {
        Error::new(Kind::File, format!("{} could not be moved to the trash: {error}", folder.display()))
            .at(folder.display())
            .remedy("it is where it was: remove it in the file manager")
    })
}

/// Brings a folder back that was thrown away from `folder`: the one that was thrown away last.
#[cfg(any(windows, all(unix, not(target_os = "macos"))))]
pub fn bring_back(folder: &Path) -> Result<(), Error> {
    let failed = |error: trash::Error| {
        Error::new(Kind::File, format!("{} could not be brought back: {error}", folder.display()))
            .at(folder.display())
            .remedy("look for it in the trash of the file manager")
    };
    if folder.exists() {
        return Err(
            Error::new(Kind::File, format!("{} is there already", folder.display())).at(folder.display())
        );
    }
    // The trash remembers where a folder really lay: a path through a link is another way there.
    let real = match (folder.parent().map(Path::canonicalize), folder.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => folder.to_owned(),
    };
    let items = trash::os_limited::list().map_err(failed)?;
    let lay_there = |item: &trash::TrashItem| [folder, &real].contains(&item.original_path().as_path());
    let found = items.into_iter().filter(lay_there).max_by_key(|item| item.time_deleted);
    let item = found.ok_or_else(|| {
        Error::new(Kind::File, format!("{} is not in the trash", folder.display()))
            .at(folder.display())
            .remedy("the trash was emptied, or it was brought back already")
    })?;
    trash::os_limited::restore_all([item]).map_err(failed)
}

/// The system lets no program do that.
#[cfg(not(any(windows, all(unix, not(target_os = "macos")))))]
pub fn bring_back(folder: &Path) -> Result<(), Error> {
    Err(Error::new(Kind::File, format!("{} cannot be brought back from here", folder.display()))
        .at(folder.display())
        .remedy("open the trash and choose Put Back"))
}
