//! Taking an adapter folder or zip archive from somewhere else into the library: only what an adapter consists of, only files
//! that cannot run, and only if it still gives what it gave when it was made.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zip::ZipArchive;

use crate::{
    AdapterCheck, AdapterObserver, AdapterProgress, AdapterStep, Engine, Error, Kind, check_adapter, folders,
};

/// An adapter that was taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Imported {
    /// Its folder in the library.
    pub folder: PathBuf,
    /// What its own test inputs gave; none where its base model is not on this machine.
    pub check: Option<AdapterCheck>,
    /// Why it could not be checked.
    pub problem: Option<String>,
}

/// Endings of files that hold nothing but data.
const HARMLESS: &[&str] = &["json", "jsonl", "safetensors", "md", "txt"];

/// Endings of files that Python's pickle writes: loading one may run any program.
const PICKLES: &[&str] = &["bin", "pt", "pth", "pkl", "pickle", "ckpt"];

/// Files of an adapter at most. peft's folders have a dozen.
const MOST_FILES: usize = 200;

/// Bytes of an adapter at most, unpacked: an archive may claim to hold more than any disk.
const MOST_BYTES: u64 = 16 << 30;

/// Takes the adapter of `source` into a new folder below `library`, and runs its own test inputs. It is a folder, a zip
/// archive, or else the id of a repository on the Hub.
///
/// A base model that is not on this machine is no reason to refuse it; then it is not checked. None is downloaded.
pub fn import_adapter(
    engine: &Engine,
    source: &Path,
    library: &Path,
    observe: AdapterObserver<'_>,
) -> Result<Imported, Error> {
    std::fs::create_dir_all(library).map_err(|error| Error::file("create", library, &error))?;
    let id = source.to_string_lossy();
    let fetched = if !source.exists() && id.matches('/').count() == 1 && !id.starts_with(['.', '/', '~']) {
        let mut tell = |progress: hub::Progress| {
            let (done, total) = (progress.done, progress.size);
            observe(&AdapterProgress { step: AdapterStep::Fetching, done, total });
        };
        Some(hub::Hub::new(engine.hub.clone())?.download_adapter(&id, None, &mut tell, &engine.stop)?)
    } else {
        None
    };
    let name = source.file_stem().filter(|_| source.is_file()).or(source.file_name());
    let name = name.map_or_else(|| "adapter".into(), |name| name.to_string_lossy().into_owned());
    // A run is imported by the name of the run, not as "adapter".
    let name = match source.parent().and_then(Path::file_name) {
        Some(run) if name == "adapter" && source.is_dir() => run.to_string_lossy().into_owned(),
        _ => name,
    };
    let target = folders::vacant(library, &name);
    let offline = Engine { hub: hub::Settings { offline: true, ..engine.hub.clone() }, ..engine.clone() };
    folders::make(&target, |aside| {
        let mut copied = Copied { engine, source, observe, files: 0, bytes: 0, total: 0 };
        match &fetched {
            // Links into the cache, which is why they are named one by one.
            Some(adapter) => copied.copy_files(&adapter.path, &adapter.files, aside)?,
            None if source.is_dir() => copied.copy(&crate::adapter_folder(source)?, aside)?,
            None => copied.unpack(aside)?,
        }
        let observe = copied.observe;
        let script = aside.join("load_adapter.py");
        // Ours, not the sender's: it is a program.
        std::fs::write(&script, peft::LOAD_ADAPTER).map_err(|error| Error::file("write", &script, &error))?;
        let checked = check_adapter(&offline, aside, None, observe);
        let (check, problem) = match checked {
            Ok(check) => (Some(AdapterCheck { folder: target.clone(), ..check }), None),
            Err(error) if matches!(error.kind, Kind::Model | Kind::Network) => (None, Some(error.message)),
            Err(error) => return Err(elsewhere(error, aside, source)),
        };
        Ok(Imported { folder: target.clone(), check, problem })
    })
}

/// The person knows the source, not the folder that was being made of it.
fn elsewhere(error: Error, aside: &Path, source: &Path) -> Error {
    let rename = |text: String| text.replace(&aside.display().to_string(), &source.display().to_string());
    Error { message: rename(error.message), place: error.place.map(rename), ..error }
}

fn refuse(source: &Path, what: String, remedy: &str) -> Error {
    Error::new(Kind::Adapter, format!("{} was not imported: {what}", source.display()))
        .at(source.display())
        .remedy(remedy)
}

/// What is done with a file of an adapter, by its path inside.
fn wanted(source: &Path, path: &Path) -> Result<bool, Error> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    let text = path.to_string_lossy();
    if !plain || text.contains('\\') || text.contains(':') {
        return Err(refuse(
            source,
            format!("{text} would be written outside of its folder"),
            "it was made to do harm, or by a broken program: do not use it",
        ));
    }
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if PICKLES.contains(&ending.as_str()) {
        return Err(refuse(
            source,
            format!("{text} is of a kind that can run programs when it is loaded (a Python pickle)"),
            "ask its maker for adapter_model.safetensors, which cannot; peft writes it unless told otherwise",
        ));
    }
    Ok(HARMLESS.contains(&ending.as_str()))
}

/// An import under way.
struct Copied<'a> {
    engine: &'a Engine,
    source: &'a Path,
    observe: AdapterObserver<'a>,
    files: usize,
    bytes: u64,
    /// Bytes to copy, where that is known.
    total: u64,
}

impl Copied<'_> {
    /// Copies what is wanted of a folder. Links are not followed: they may lead anywhere.
    fn copy(&mut self, source: &Path, target: &Path) -> Result<(), Error> {
        let mut waiting = vec![PathBuf::new()];
        while let Some(below) = waiting.pop() {
            let folder = source.join(&below);
            let entries = std::fs::read_dir(&folder).map_err(|error| Error::file("read", &folder, &error))?;
            for entry in entries {
                let entry = entry.map_err(|error| Error::file("read", &folder, &error))?;
                let kind = entry.file_type().map_err(|error| Error::file("read", &entry.path(), &error))?;
                let path = below.join(entry.file_name());
                if kind.is_dir() && below.components().count() < 2 {
                    waiting.push(path);
                } else if kind.is_file() && wanted(source, &path)? {
                    self.copy_one(&entry.path(), &path, target)?;
                }
            }
        }
        Ok(())
    }

    /// Copies what is wanted of these files, by their paths in `source`.
    fn copy_files(&mut self, source: &Path, files: &[String], target: &Path) -> Result<(), Error> {
        for file in files {
            if wanted(self.source, Path::new(file))? {
                self.copy_one(&source.join(file), Path::new(file), target)?;
            }
        }
        Ok(())
    }

    fn copy_one(&mut self, from: &Path, path: &Path, target: &Path) -> Result<(), Error> {
        let mut from = File::open(from).map_err(|error| Error::file("read", from, &error))?;
        self.files += 1;
        let target = make_parent(target, path)?;
        self.write(&mut from, &target, &|error| Error::file("write", &target, error))
    }

    /// Writes all that `from` gives; what it claims of its size need not be true.
    fn write(
        &mut self,
        from: &mut dyn Read,
        target: &Path,
        unreadable: &dyn Fn(&std::io::Error) -> Error,
    ) -> Result<(), Error> {
        let mut out = File::create(target).map_err(|error| Error::file("write", target, &error))?;
        let mut piece = vec![0; 1 << 20];
        loop {
            self.engine.go_on()?;
            let read = from.read(&mut piece).map_err(|error| unreadable(&error))?;
            if read == 0 {
                return Ok(());
            }
            self.bytes += read as u64;
            check_size(self.source, self.files, self.bytes)?;
            out.write_all(&piece[..read]).map_err(|error| Error::file("write", target, &error))?;
            let (done, total) = (self.bytes, self.total);
            (self.observe)(&AdapterProgress { step: AdapterStep::Copying, done, total });
        }
    }

    /// Unpacks what is wanted of an archive: the folder in it that holds adapter_config.json.
    fn unpack(&mut self, target: &Path) -> Result<(), Error> {
        let source = self.source;
        let file = File::open(source).map_err(|error| Error::file("open", source, &error))?;
        let damaged = |error: &dyn std::fmt::Display| {
            let remedy = "copy it again; an adapter is a folder, or a zip archive of one";
            refuse(source, format!("it is no zip archive that can be read ({error})"), remedy)
        };
        let mut archive = ZipArchive::new(file).map_err(|error| damaged(&error))?;
        let (names, sizes) = names(source, &mut archive, &damaged)?;
        let is_configuration =
            |name: &&String| Path::new(name).file_name() == Some("adapter_config.json".as_ref());
        let root = names.iter().find(is_configuration).and_then(|name| Path::new(name).parent());
        let root = root.map(Path::to_owned).ok_or_else(|| {
            let remedy = "give the archive of an adapter's folder, as `episome export --zip` makes it";
            refuse(source, "there is no adapter_config.json in it".to_owned(), remedy)
        })?;
        self.total = sizes;
        for (index, name) in names.iter().enumerate() {
            let Ok(path) = Path::new(name).strip_prefix(&root) else {
                continue;
            };
            if name.ends_with('/') || !wanted(source, path)? {
                continue;
            }
            let target = make_parent(target, path)?;
            let mut entry = archive.by_index(index).map_err(|error| damaged(&error))?;
            self.files += 1;
            self.write(&mut entry, &target, &|error| damaged(error))?;
        }
        Ok(())
    }
}

/// The names in an archive and the bytes that it claims to hold. Every name is looked at, also of what is not wanted: an
/// archive with one bad name is not trusted.
fn names(
    source: &Path,
    archive: &mut ZipArchive<File>,
    damaged: &dyn Fn(&dyn std::fmt::Display) -> Error,
) -> Result<(Vec<String>, u64), Error> {
    let (mut names, mut sizes) = (Vec::new(), 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
        wanted(source, Path::new(&name))?;
        if entry.is_symlink() {
            let remedy = "it was made to do harm, or by a broken program: do not use it";
            return Err(refuse(source, format!("{name} is a link to somewhere else"), remedy));
        }
        sizes = sizes.saturating_add(entry.size());
        names.push(name);
    }
    Ok((names, sizes))
}

fn check_size(source: &Path, files: usize, bytes: u64) -> Result<(), Error> {
    if files > MOST_FILES || bytes > MOST_BYTES {
        let what = format!("it holds more than {MOST_FILES} files or {} GB", MOST_BYTES >> 30);
        return Err(refuse(source, what, "this is no adapter: choose the folder with adapter_config.json"));
    }
    Ok(())
}

fn make_parent(target: &Path, path: &Path) -> Result<PathBuf, Error> {
    let target = target.join(path);
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Error::file("create", parent, &error))?;
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// Unpacks an archive with an engine that nobody stops.
    fn unpack(source: &Path, target: &Path) -> Result<(), Error> {
        unpack_by(&Arc::default(), source, target)
    }

    fn unpack_by(stop: &Arc<AtomicBool>, source: &Path, target: &Path) -> Result<(), Error> {
        let engine = Engine {
            cache: PathBuf::new(),
            hub: hub::Settings::new(""),
            gpu_worker: None,
            stop: Arc::clone(stop),
        };
        let observe = &mut |_: &AdapterProgress| {};
        Copied { engine: &engine, source, observe, files: 0, bytes: 0, total: 0 }.unpack(target)
    }

    fn archive(path: &Path, entries: &[(&str, &str)]) {
        let mut writer = zip::ZipWriter::new(File::create(path).unwrap());
        for (name, text) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
    }

    #[test]
    fn what_could_do_harm_is_refused_and_leaves_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        for (entries, said) in [
            (&[("a/adapter_config.json", "{}"), ("../../evil.json", "{}")][..], "outside"),
            (&[("adapter_config.json", "{}"), ("/etc/evil.json", "{}")][..], "outside"),
            (&[("a/adapter_config.json", "{}"), ("a/adapter_model.bin", "x")][..], "pickle"),
            (&[("readme.md", "x")][..], "no adapter_config.json"),
        ] {
            let source = scratch.path().join("a.zip");
            archive(&source, entries);
            let target = scratch.path().join("target");
            std::fs::create_dir(&target).unwrap();
            let error = unpack(&source, &target).unwrap_err();
            assert!(error.message.contains(said), "{error}");
            assert_eq!(std::fs::read_dir(&target).unwrap().count(), 0, "{entries:?}");
            std::fs::remove_dir(&target).unwrap();
        }
        std::fs::write(scratch.path().join("b.zip"), "no archive").unwrap();
        assert!(unpack(&scratch.path().join("b.zip"), scratch.path()).is_err());
    }

    #[test]
    fn an_import_that_is_stopped_leaves_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let source = scratch.path().join("a.zip");
        archive(&source, &[("adapter_config.json", "{}")]);
        let stop = Arc::new(AtomicBool::new(true));
        let target = scratch.path().join("target");
        std::fs::create_dir(&target).unwrap();
        assert_eq!(unpack_by(&stop, &source, &target).unwrap_err().kind, Kind::Interrupted);
        let engine = Engine {
            cache: scratch.path().join("cache"),
            hub: hub::Settings::new(""),
            gpu_worker: None,
            stop,
        };
        let library = scratch.path().join("library");
        let stopped = import_adapter(&engine, &source, &library, &mut |_| {}).unwrap_err();
        assert_eq!(stopped.kind, Kind::Interrupted);
        assert_eq!(std::fs::read_dir(library).unwrap().count(), 0);
    }

    #[test]
    fn programs_stay_behind() {
        let scratch = tempfile::tempdir().unwrap();
        let source = scratch.path().join("a.zip");
        let entries = [
            ("x/adapter_config.json", "{}"),
            ("x/run.py", "evil"),
            ("x/tokenizer/tokenizer.json", "{}"),
            ("y/b.json", ""),
        ];
        archive(&source, &entries);
        let target = scratch.path().join("target");
        unpack(&source, &target).unwrap();
        assert!(
            target.join("tokenizer/tokenizer.json").is_file() && target.join("adapter_config.json").is_file()
        );
        assert!(!target.join("run.py").exists() && !target.join("b.json").exists());
    }
}
