//! The crates' errors in the shape of [`crate::Error`]: their sentence, with the kind, place and remedy told apart.

use std::io;
use std::path::Path;

use crate::{Error, Kind};

impl Error {
    /// A file that the system refuses, with the remedy that fits the reason.
    pub(crate) fn file(action: &str, path: &Path, source: &io::Error) -> Error {
        let remedy = match source.kind() {
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::PermissionDenied => "ask for the right to use it, or choose another place",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full: free some space",
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only: choose another place",
            io::ErrorKind::AlreadyExists => "choose another name",
            _ => "check that the disk works and has room",
        };
        Error::new(Kind::File, format!("cannot {action} {}: {source}", path.display()))
            .at(path.display())
            .remedy(remedy)
    }
}

/// A crate's sentence as an error: its last sentence, where it tells what to do, becomes the remedy; else `remedy` is.
fn told(kind: Kind, message: &str, remedy: &str) -> Error {
    match message.rsplit_once(". ") {
        Some((what, advice)) if advice.starts_with(char::is_uppercase) => {
            Error::new(kind, what).remedy(continued(advice))
        }
        _ => Error::new(kind, message).remedy(remedy),
    }
}

/// A sentence as the rest of one: it stands after "what to do:".
fn continued(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        // `CUDA` and `A` stay as they are.
        Some(first) if letters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect::<String>().trim_end_matches('.').to_owned()
        }
        _ => sentence.to_owned(),
    }
}

/// The errors that others hold within theirs are read where they lie; on their own they come as they are.
macro_rules! owned {
    ($($error:ty),*) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::from(&error)
            }
        })*
    };
}

owned!(sequence::Error, tokenizer::Error, models::Error, peft::Error, train::Error);

/// A failure of a training in its parts, for its events.
pub(crate) fn explained(error: &train::Error) -> train::Explained {
    let Error { message, place, remedy, .. } = Error::from(error);
    train::Explained { message, place, remedy: Some(remedy).filter(|remedy| !remedy.is_empty()) }
}

impl From<&sequence::Error> for Error {
    fn from(error: &sequence::Error) -> Error {
        use sequence::Error as E;
        let message = error.to_string();
        match error {
            E::Open { path, source } => Error::file("open", path, source),
            E::Write { path, source } => Error::file("write", path, source),
            E::Read { path, line, .. } => Error::new(Kind::Data, message)
                .at(format_args!("{}, line {line}", path.display()))
                .remedy("the file seems cut short or damaged: copy or download it again"),
            E::Unsupported { path, what, advice } => {
                Error::new(Kind::Data, format!("{}: {what}", path.display()))
                    .at(path.display())
                    .remedy(continued(advice))
            }
            E::Column { path, what, advice } => Error::new(Kind::Data, format!("{}: {what}", path.display()))
                .at(path.display())
                .remedy(continued(advice))
                .choices(vec!["sequence_column".into(), "label_column".into()]),
            E::Nothing { what, advice } | E::Labels { what, advice } | E::Split { what, advice } => {
                Error::new(Kind::Data, what).remedy(continued(advice))
            }
            E::Stopped => Error::new(Kind::Interrupted, message),
            E::Simulation { what, advice } => Error::new(Kind::Usage, what).remedy(continued(advice)),
            E::Record(invalid) => Error::new(Kind::Data, message)
                .at(&invalid.origin)
                .remedy("correct the record, or leave such records out with --skip-invalid")
                .choices(vec!["skip_invalid".into()]),
            E::Structure { path, line, what, advice } => {
                Error::new(Kind::Data, format!("{}, line {line}: {what}", path.display()))
                    .at(format_args!("{}, line {line}", path.display()))
                    .remedy(continued(advice))
            }
            _ => Error::new(Kind::Data, message),
        }
    }
}

impl From<&tokenizer::Error> for Error {
    fn from(error: &tokenizer::Error) -> Error {
        use tokenizer::Error as E;
        let message = error.to_string();
        match error {
            E::NoTokenizer { folder } => {
                let what = format!(
                    "no tokenizer in {}: neither tokenizer.json nor vocab.json with merges.txt is there",
                    folder.display()
                );
                Error::new(Kind::Model, what)
                    .at(folder.display())
                    .remedy("download the model again, or choose the folder that holds these files")
            }
            E::File { action, path, source } => Error::file(action, path, source),
            E::Malformed { path, .. } => Error::new(Kind::Model, message)
                .at(path.display())
                .remedy("download the model's tokenizer again"),
            E::Training { .. } => Error::new(Kind::Data, message),
            _ => Error::new(Kind::Model, message),
        }
    }
}

impl From<&models::Error> for Error {
    fn from(error: &models::Error) -> Error {
        use models::Error as E;
        let message = error.to_string();
        let again = "download the model again, or choose another one";
        let model = told(Kind::Model, &message, again);
        match error {
            E::Io { action, path, source } => {
                let kind = if source.kind() == io::ErrorKind::NotFound { Kind::Model } else { Kind::File };
                Error { kind, ..Error::file(action, path, source) }
            }
            E::NoConfig { folder } | E::AdapterFolder { folder, .. } | E::NoWeights { folder, .. } => {
                model.at(folder.display())
            }
            E::Config { path, .. } | E::WeightFile { path, .. } | E::UnexpectedTensor { path, .. } => {
                model.at(path.display())
            }
            E::Unsupported { model: name, nearest, .. } => Error::new(Kind::Model, message)
                .at(name)
                .remedy(format!("use {nearest}, or another model of a supported family")),
            E::MissingTensor { place, .. } | E::Shape { place, .. } => model.at(place),
            E::Kernel(_) | E::Tensor(_) => Error::new(Kind::Device, message),
            _ => model,
        }
    }
}

impl From<hub::Error> for Error {
    fn from(error: hub::Error) -> Error {
        use hub::Error as E;
        let message = error.to_string();
        let network = "check the network, or use a local folder or the embedded model";
        let base = told(Kind::Network, &message, network);
        let of = |kind: Kind| Error { kind, ..base.clone() };
        match &error {
            E::Id { id, .. } => of(Kind::Usage).at(id),
            E::Gated { id, page, .. } => Error::new(Kind::Network, message)
                .at(id)
                .remedy(format!("accept the terms at {page} and set HF_TOKEN")),
            E::RepositoryNotFound { id, .. }
            | E::RevisionNotFound { id, .. }
            | E::FileNotFound { id, .. }
            | E::Forbidden { id, .. }
            | E::WriteRefused { id, .. }
            | E::RepositoryUnfit { id, .. } => base.at(id),
            E::NotYours { owner, .. } => of(Kind::Usage).at(owner),
            // The token itself is good: it can be used without being kept.
            E::Keyring { .. } => of(Kind::Usage).choices(vec!["session".into()]),
            E::CardRefused { .. } => of(Kind::Adapter).at("README.md"),
            E::Unreachable { endpoint, .. } => base.at(endpoint),
            E::DiskFull { path, .. } => of(Kind::File).at(path.display()),
            E::File { action, path, source } => Error::file(action, path, source),
            E::Endpoint { .. } => of(Kind::Usage).at("HF_ENDPOINT"),
            E::Cancelled => {
                Error::new(Kind::Interrupted, message).remedy("start it again; it goes on where it stopped")
            }
            E::NotAModel { id, .. } => {
                of(Kind::Model).at(id).remedy("choose another model: `episome hub search`")
            }
            E::Script { id, .. } | E::Card { id, .. } => of(Kind::Data).at(id),
            E::NoData { id, .. } => {
                of(Kind::Data).at(id).remedy("download its files by hand and give them to --data")
            }
            E::ConfigurationNeeded { id, known } | E::ConfigurationNotFound { id, known, .. } => {
                let example = known.first().map_or("", String::as_str);
                of(Kind::Usage)
                    .at(id)
                    .remedy(format!("name one of them after a colon, such as {id}:{example}"))
                    .choices(known.clone())
            }
            _ => base,
        }
    }
}

impl From<predict::Error> for Error {
    fn from(error: predict::Error) -> Error {
        use predict::Error as E;
        let message = error.to_string();
        match error {
            E::Exists { path } => {
                let what =
                    format!("{} exists already, and predictions are not written over it", path.display());
                Error::new(Kind::File, what).at(path.display()).remedy("choose another --out, or add --force")
            }
            E::UnknownFormat { path } => {
                let what =
                    format!("{}: predictions are written as .csv, .tsv, .jsonl or .parquet", path.display());
                Error::new(Kind::Usage, what)
                    .at(path.display())
                    .remedy("end the name of --out with one of these")
            }
            E::Write { path, source } => Error::file("write", &path, &source),
            E::Parquet { path, .. } => Error::new(Kind::File, message).at(path.display()),
            E::Empty => Error::new(Kind::Data, "the input holds no sequence: nothing to predict")
                .remedy("check that the input is the file you meant"),
            E::NoTokens { place, id } => {
                Error::new(Kind::Data, format!("{place}: the tokenizer knows none of the letters of {id}"))
                    .at(place)
                    .remedy("remove the record, or add --skip-invalid to give such records a row with a note")
            }
            E::Sequence(error) => error.into(),
            E::Tokenizer(error) => error.into(),
            E::Model(error) => error.into(),
            E::Tensor(_) => Error::new(Kind::Device, message),
            _ => Error::new(Kind::Adapter, message),
        }
    }
}

impl From<&peft::Error> for Error {
    fn from(error: &peft::Error) -> Error {
        use peft::Error as E;
        let message = error.to_string();
        let again = "copy or export the adapter again";
        let adapter = told(Kind::Adapter, &message, again);
        match error {
            E::NoMatch { pattern, nearest, hint } => {
                let what = format!("the target `{pattern}` matches no module of this model{hint}");
                Error::new(Kind::Model, what).at(format_args!("--target {pattern}")).remedy(format!(
                    "the nearest are {}; `episome model inspect` lists all",
                    nearest.join(", ")
                ))
            }
            E::NothingLeft { .. } | E::NotAdaptable { .. } => {
                told(Kind::Model, &message, "see the names of the modules with `episome model inspect`")
            }
            E::Pattern { pattern, .. } => Error::new(Kind::Usage, message)
                .at(pattern)
                .remedy("correct the pattern, or name modules by their endings"),
            E::Setting { field, .. } => {
                Error::new(Kind::Usage, message).at(field).remedy("give another value")
            }
            E::NotAnAdapter { folder, .. } => adapter.at(folder.display()),
            E::Config { path, .. } | E::Unsupported { path, .. } => adapter.at(path.display()),
            E::MissingTensors { path, .. } | E::ExtraTensors { path, .. } => adapter.at(path.display()),
            E::Size { path, base, .. } => adapter
                .at(path.display())
                .remedy(format!("name the base model that it was made for ({base}) with --model")),
            E::Io { action, path, source } => Error::file(action, path, source),
            E::Model(error) => error.into(),
            E::Tensor(_) => Error::new(Kind::Device, message),
            _ => adapter,
        }
    }
}

impl From<chart::Error> for Error {
    fn from(error: chart::Error) -> Error {
        Error::new(Kind::Internal, error.to_string())
    }
}

impl From<train::baseline::ShortcutError> for Error {
    fn from(error: train::baseline::ShortcutError) -> Error {
        use train::baseline::ShortcutError as E;
        let message = error.to_string();
        match error {
            E::TooFew => Error::new(Kind::Data, message).remedy("collect more labelled records"),
            E::Time(_) => Error::new(Kind::Device, message)
                .remedy("train: the report compares the model with a classifier on short words"),
            E::Stopped => Error::new(Kind::Interrupted, message),
            _ => Error::new(Kind::Internal, message),
        }
    }
}

impl From<&train::Error> for Error {
    fn from(error: &train::Error) -> Error {
        use train::Error as E;
        let message = error.to_string();
        let run = told(Kind::Run, &message, Kind::Run.remedy());
        match error {
            E::File { action, path, source } => Error::file(action, path, source),
            E::RunExists(folder)
            | E::NotARun(folder)
            | E::NotRunning(folder)
            | E::NoReport(folder)
            | E::Finished(folder)
            | E::Untrained(folder) => run.at(folder.display()),
            E::Locked { run: folder, .. } | E::ReportLacks { run: folder, .. } => run.at(folder.display()),
            E::Broken { path, .. } => run.at(path.display()),
            E::DataChanged { path, .. } | E::DataVanished { path } => {
                Error { kind: Kind::Data, ..run }.at(path.display())
            }
            E::BaseChanged { path, .. } => Error { kind: Kind::Model, ..run }.at(path.display()),
            E::Setting { flag, value, reason } => {
                Error::new(Kind::Usage, format!("{flag} cannot be {value}: {reason}"))
                    .at(flag)
                    .remedy(format!("give {flag} another value; `episome train --help` explains it"))
            }
            E::Data(_) => told(Kind::Data, &message, Kind::Data.remedy()),
            E::Diverged { step, suggestion, .. } => run.at(format_args!("step {step}")).remedy(format!(
                "start a new run with --learning-rate {suggestion} or less, or with --clip 1"
            )),
            E::Metrics(train::metrics::Error::NotFinite { .. }) => Error::new(Kind::Run, message)
                .remedy("start a new run with a lower --learning-rate, or with --clip 1"),
            E::Stopped => Error::new(Kind::Interrupted, message),
            E::Sequence(error) => error.into(),
            E::Tokenizer(error) => error.into(),
            E::Model(error) => error.into(),
            E::Method(error) => error.into(),
            E::Tensor(_) | E::Kernel(_) => {
                told(Kind::Device, &message, "use a smaller --batch-size or --max-length")
            }
            _ => run,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_and_what_to_do_are_told_apart() {
        let error = Error::from(train::Error::RunExists(PathBuf::from("runs/one")));
        assert_eq!(error.message, "runs/one is not empty: a run is never written over another");
        assert!(error.remedy.contains("episome resume runs/one"), "{error:?}");
        assert_eq!(error.place.as_deref(), Some("runs/one"));
    }

    #[test]
    fn a_full_disk_is_no_matter_of_the_run() {
        let source = io::Error::from(io::ErrorKind::StorageFull);
        let error = Error::from(train::Error::File { action: "write", path: PathBuf::from("run/x"), source });
        assert_eq!(error.kind, Kind::File);
        assert!(error.remedy.contains("free some space"), "{error:?}");
    }
}
