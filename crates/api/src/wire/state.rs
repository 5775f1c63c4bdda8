//! What the commands share: the engine, and where the person's things lie.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use train::RunFolder;

use super::jobs::Jobs;
use super::predictions::Predictions;
use super::runs::KnownRuns;
use super::training::Courses;
use crate::{Engine, Error, Kind};

/// Where a person's things lie. Passed in by each face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder of settings and drafts.
    pub configuration: PathBuf,
    /// The folder of projects, unless the settings name another.
    pub projects: PathBuf,
    /// The program `episome`, which trains.
    pub worker: Option<PathBuf>,
}

impl Places {
    /// The places that a platform's programs use: settings in `EPISOME_CONFIG` or the platform's folder for
    /// configuration, projects in `EPISOME_PROJECTS` or the folder `Episome` at home. The worker is `EPISOME_WORKER`, else
    /// `beside`, where such a file is.
    ///
    /// `variable` looks an environment variable up; empty ones count as absent.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>, beside: Option<PathBuf>) -> Option<Places> {
        let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || path(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let platform = || {
            if cfg!(windows) {
                path("APPDATA")
            } else if cfg!(target_os = "macos") {
                home().map(|home| home.join("Library/Application Support"))
            } else {
                path("XDG_CONFIG_HOME").or_else(|| home().map(|home| home.join(".config")))
            }
        };
        let configuration = path("EPISOME_CONFIG").or_else(|| Some(platform()?.join("episome")))?;
        let projects = path("EPISOME_PROJECTS").or_else(|| Some(home()?.join("Episome")))?;
        let worker = path("EPISOME_WORKER").or_else(|| beside.filter(|path| path.is_file()));
        Some(Places { configuration, projects, worker })
    }
}

/// What every command may use. Cloning it is cheap; clones share their jobs.
#[derive(Clone)]
pub struct State {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    places: Places,
    jobs: Jobs,
    predictions: Predictions,
    courses: Courses,
    known_runs: KnownRuns,
    /// Runs whose processes were started from here.
    started: Mutex<BTreeSet<PathBuf>>,
}

impl State {
    /// A state for one face.
    pub fn new(engine: Engine, places: Places) -> State {
        State {
            shared: Arc::new(Shared {
                engine,
                places,
                jobs: Jobs::default(),
                predictions: Predictions::default(),
                courses: Courses::default(),
                known_runs: KnownRuns::default(),
                started: Mutex::default(),
            }),
        }
    }

    /// The engine, as the settings want it.
    pub(super) fn engine(&self) -> Engine {
        let mut engine = self.shared.engine.clone();
        let settings = super::settings::read(self);
        engine.hub.offline |= settings.offline;
        engine
    }

    pub(super) fn places(&self) -> &Places {
        &self.shared.places
    }

    pub(super) fn jobs(&self) -> &Jobs {
        &self.shared.jobs
    }

    pub(super) fn predictions(&self) -> &Predictions {
        &self.shared.predictions
    }

    pub(super) fn known_runs(&self) -> &KnownRuns {
        &self.shared.known_runs
    }

    pub(super) fn courses(&self) -> &Courses {
        &self.shared.courses
    }

    /// Takes note of a run whose process was started from here.
    pub(super) fn started_here(&self, run: &Path) {
        self.shared.started.lock().unwrap_or_else(PoisonError::into_inner).insert(run.to_owned());
    }

    /// The folder of projects: runs in `runs`, the library in `adapters`, pasted and sample data in `data`.
    pub(super) fn projects(&self) -> PathBuf {
        super::settings::read(self).projects.unwrap_or_else(|| self.places().projects.clone())
    }
}

/// For a face that can be closed.
impl State {
    /// The folders of the runs that were started from here and on which a process is at work now: those that a terminal, another
    /// window or another machine trains are none of this one's business. Only the locks are looked at.
    pub fn runs_under_way(&self) -> Vec<PathBuf> {
        let started = self.shared.started.lock().unwrap_or_else(PoisonError::into_inner).clone();
        started.into_iter().filter(|run| RunFolder::at(run.clone()).is_locked()).collect()
    }

    /// The language that the person chose; none: the system's.
    pub fn language(&self) -> Option<String> {
        super::settings::read(self).language
    }
}

/// For a face that has to hand files over, as a browser's has.
impl State {
    /// The real path of a file that a person may have from here: what runs reported, and what was predicted or exported into
    /// the folder of projects.
    ///
    /// # Errors
    /// For any other file of the machine, and for one that is not there.
    pub fn readable(&self, path: &Path) -> Result<PathBuf, Error> {
        let refused = || {
            Error::new(Kind::File, format!("{} is no file of a run or a prediction", path.display()))
                .at(path.display())
                .remedy("only reports, predictions and exported adapters can be fetched")
        };
        let real = path.canonicalize().map_err(|_| refused())?;
        let below = |folder: PathBuf| folder.canonicalize().is_ok_and(|folder| real.starts_with(folder));
        let projects = self.projects();
        let written = ["predictions", "exports"].into_iter().any(|name| below(projects.join(name)));
        let reported = || {
            let report =
                real.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "report"));
            let run = report.and_then(Path::parent).filter(|run| run.join("run.json").is_file());
            run.is_some() && super::runs::folders(self).into_iter().any(below)
        };
        if real.is_file() && (written || reported()) { Ok(real) } else { Err(refused()) }
    }

    /// Where a file that a person hands over is kept: in the folder `data` of the projects, beside what is there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn place_for_data(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.projects().join("data");
        std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
        let name = file_name(name).unwrap_or_else(|| "data.txt".to_owned());
        Ok(crate::folders::vacant(&folder, &name))
    }

    /// Gives a file that a person handed over its place, or that of the same file where it was handed over before: whoever
    /// drops a file twice has one file.
    ///
    /// # Errors
    /// When a file cannot be read, moved or removed.
    pub fn settle_data(&self, received: &Path, name: &str) -> Result<PathBuf, Error> {
        let failed = |error: std::io::Error| Error::file("keep", received, &error);
        let folder = self.projects().join("data");
        let name = file_name(name).unwrap_or_else(|| "data.txt".to_owned());
        for known in crate::folders::taken(&folder, &name) {
            if same(received, &known).map_err(failed)? {
                std::fs::remove_file(received).map_err(failed)?;
                return Ok(known);
            }
        }
        let path = crate::folders::vacant(&folder, &name);
        std::fs::rename(received, &path).map_err(failed)?;
        Ok(path)
    }

    /// A path in the folder `exports` of the projects that is not taken.
    pub(super) fn place_for_export(&self, name: &str) -> Result<PathBuf, Error> {
        self.place_in("exports", name)
    }

    /// A path in the folder `models` of the projects that is not taken.
    pub(super) fn place_for_model(&self, name: &str) -> Result<PathBuf, Error> {
        self.place_in("models", name)
    }

    fn place_in(&self, below: &str, name: &str) -> Result<PathBuf, Error> {
        let folder = self.projects().join(below);
        std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
        let name = file_name(name).unwrap_or_else(|| "export".to_owned());
        Ok(crate::folders::vacant(&folder, &name))
    }
}

/// Whether two files hold the same bytes.
fn same(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut here, mut there) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = one.read(&mut here)?;
        if read == 0 {
            return Ok(true);
        }
        other.read_exact(&mut there[..read])?;
        if here[..read] != there[..read] {
            return Ok(false);
        }
    }
}

/// The last part of a path of whatever system, without what no file system takes; none where nothing is left.
fn file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = |c: char| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c };
    let name: String = last.chars().map(clean).take(120).collect();
    (!name.trim_matches('.').trim().is_empty()).then_some(name)
}

#[cfg(test)]
impl State {
    /// A state for tests, with everything below `folder`.
    pub(super) fn below(folder: &Path) -> State {
        let engine = Engine {
            cache: folder.join("cache"),
            hub: crate::HubSettings::new(folder.join("hub")),
            gpu_worker: None,
            stop: Arc::default(),
        };
        let (configuration, projects) = (folder.join("settings"), folder.join("projects"));
        State::new(engine, Places { configuration, projects, worker: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_started_from_here_is_under_way_here() {
        let scratch = tempfile::tempdir().unwrap();
        let state = State::below(scratch.path());
        let locked = |name: &str| {
            let run = scratch.path().join("projects/runs").join(name);
            std::fs::create_dir_all(&run).unwrap();
            let lock = File::create(run.join("lock")).unwrap();
            lock.lock().unwrap();
            (run, lock)
        };
        let ((mine, lock), (_others, _lock)) = (locked("mine"), locked("others"));
        state.started_here(&mine);
        assert_eq!(state.runs_under_way(), [mine]);
        drop(lock);
        assert_eq!(state.runs_under_way(), [] as [PathBuf; 0]);
    }
}
