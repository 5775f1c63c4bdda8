//! Copies of an adapter folder, to keep and to share.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::folders::{self, with_suffix};
use crate::{Error, Kind};

/// What an export made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The new folder.
    pub folder: PathBuf,
    /// Its files, relative to it.
    pub files: Vec<String>,
    /// Bytes of all files.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The archive, if one was wanted.
    pub archive: Option<PathBuf>,
}

/// The adapter folder of `path`: the path itself, or the `adapter` of a run.
pub fn adapter_folder(path: &Path) -> Result<PathBuf, Error> {
    for folder in [path.to_path_buf(), path.join("adapter")] {
        if folder.join("adapter_config.json").is_file() {
            return Ok(folder);
        }
    }
    let error = |message: String, remedy: &str| {
        Err(Error::new(Kind::Adapter, message).at(path.display()).remedy(remedy))
    };
    if path.join("run.json").is_file() {
        return error(
            format!("the run {} has no adapter yet: nothing has been evaluated in it", path.display()),
            "go on with `episome resume` and wait for the first evaluation",
        );
    }
    if !path.exists() {
        return error(format!("{} is not there", path.display()), "check the path");
    }
    error(
        format!("{} is neither an adapter folder (adapter_config.json) nor a run (run.json)", path.display()),
        "give the folder of a run, or one with adapter_config.json and adapter_model.safetensors",
    )
}

/// Copies the adapter of `source` (a run or an adapter folder) to the new folder `out`, with `zip` also to `out`.zip.
///
/// The folder is made aside and renamed, so that it is whole or not there.
pub fn export(source: &Path, out: &Path, zip: bool) -> Result<Exported, Error> {
    let adapter = adapter_folder(source)?;
    let archive = zip.then(|| with_suffix(out, ".zip"));
    for target in std::iter::once(out).chain(archive.as_deref()) {
        if target.exists() {
            return Err(Error::new(
                Kind::File,
                format!("{} exists already, and is not written over", target.display()),
            )
            .at(target.display())
            .remedy("choose another --out"));
        }
    }
    let files = files_of(&adapter)?;
    let bytes = folders::make(out, |aside| copy(&adapter, &files, aside))?;
    if let Some(archive) = &archive {
        write_archive(out, &files, &name_of(out), archive)?;
    }
    let files = files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect();
    Ok(Exported { folder: out.to_owned(), files, bytes, archive })
}

/// Packs the adapter of `source` (a run or an adapter folder) into the zip archive `archive` and leaves nothing beside it.
/// Unpacked, it is one folder with the archive's name. An archive that is there is replaced: whoever calls this has asked.
pub fn pack(source: &Path, archive: &Path) -> Result<(), Error> {
    let adapter = adapter_folder(source)?;
    let name = archive.with_extension("");
    write_archive(&adapter, &files_of(&adapter)?, &name_of(&name), archive)
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Copies `files` of `source` into `target`; their bytes.
fn copy(source: &Path, files: &[PathBuf], target: &Path) -> Result<u64, Error> {
    let mut bytes = 0;
    for file in files {
        let target = target.join(file);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::file("create", parent, &error))?;
        }
        let copied = std::fs::copy(source.join(file), &target);
        bytes += copied.map_err(|error| Error::file("write", &target, &error))?;
    }
    Ok(bytes)
}

/// The files of an adapter folder, relative to it, in order.
fn files_of(adapter: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    list(adapter, Path::new(""), &mut files)?;
    files.sort();
    Ok(files)
}

fn list(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let folder = root.join(below);
    let entries = std::fs::read_dir(&folder).map_err(|error| Error::file("read", &folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::file("read", &folder, &error))?;
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            list(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Packs `files` of `folder` below `name`, so that unpacking makes one folder: aside and renamed, whole or not there.
fn write_archive(folder: &Path, files: &[PathBuf], name: &str, archive: &Path) -> Result<(), Error> {
    let aside = with_suffix(archive, ".partial");
    let packed = fill_archive(folder, files, name, &aside)
        .and_then(|()| std::fs::rename(&aside, archive))
        .map_err(|error| Error::file("write", archive, &error));
    if packed.is_err() {
        // What is left of it is in the way; the first failure is the one to tell.
        let _ = std::fs::remove_file(&aside);
    }
    packed
}

fn fill_archive(folder: &Path, files: &[PathBuf], name: &str, archive: &Path) -> std::io::Result<()> {
    let mut writer = zip::ZipWriter::new(BufWriter::new(File::create(archive)?));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for path in files {
        writer.start_file(format!("{name}/{}", path.to_string_lossy().replace('\\', "/")), options)?;
        std::io::copy(&mut BufReader::new(File::open(folder.join(path))?), &mut writer)?;
    }
    writer.finish()?.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(parent: &Path) -> PathBuf {
        let folder = parent.join("run/adapter");
        std::fs::create_dir_all(folder.join("tokenizer")).unwrap();
        std::fs::write(folder.join("adapter_config.json"), "{}").unwrap();
        std::fs::write(folder.join("tokenizer/tokenizer.json"), "{\"a\": 1}").unwrap();
        parent.join("run")
    }

    #[test]
    fn a_run_is_exported_whole_and_never_over_something() {
        let scratch = tempfile::tempdir().unwrap();
        let run = adapter(scratch.path());
        let out = scratch.path().join("shared.v1");
        let exported = export(&run, &out, true).unwrap();
        assert_eq!(exported.files, ["adapter_config.json", "tokenizer/tokenizer.json"]);
        assert_eq!(exported.archive, Some(scratch.path().join("shared.v1.zip")));
        assert_eq!(std::fs::read_to_string(out.join("tokenizer/tokenizer.json")).unwrap(), "{\"a\": 1}");
        let archive = File::open(scratch.path().join("shared.v1.zip")).unwrap();
        let archive = zip::ZipArchive::new(archive).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert!(names.iter().any(|name| name == "shared.v1/tokenizer/tokenizer.json"), "{names:?}");
        assert_eq!(export(&run, &out, false).unwrap_err().kind, Kind::File);
    }

    #[test]
    fn an_archive_stands_alone_and_replaces_what_was_agreed_to() {
        let scratch = tempfile::tempdir().unwrap();
        let run = adapter(scratch.path());
        let archive = scratch.path().join("out").join("shared.v1.zip");
        std::fs::create_dir(scratch.path().join("out")).unwrap();
        std::fs::write(&archive, "an older one").unwrap();
        pack(&run, &archive).unwrap();
        let packed = zip::ZipArchive::new(File::open(&archive).unwrap()).unwrap();
        let mut names: Vec<String> = packed.file_names().map(|name| name.unwrap().into_owned()).collect();
        names.sort();
        assert_eq!(names, ["shared.v1/adapter_config.json", "shared.v1/tokenizer/tokenizer.json"]);
        assert_eq!(std::fs::read_dir(scratch.path().join("out")).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_adapter_is_told_what_it_lacks() {
        let scratch = tempfile::tempdir().unwrap();
        let error = adapter_folder(scratch.path()).unwrap_err();
        assert!(error.message.contains("adapter_config.json"), "{error}");
        std::fs::write(scratch.path().join("run.json"), "{}").unwrap();
        let error = adapter_folder(scratch.path()).unwrap_err();
        assert!(error.message.contains("no adapter yet"), "{error}");
    }
}
