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

impl From<sequence::Error> for Error {
    fn from(error: sequence::Error) -> Error {
        use sequence::Error as E;
        let message = error.to_string();
        match &error {
            E::Open { path, source } => Error::file("open", path, source),
            E::Write { path, source } => Error::file("write", path, source),
            E::Read { path, line, .. } => Error::new(Kind::Data, message)
                .at(format_args!("{}, line {line}", path.display()))
                .remedy("the file seems cut short or damaged: copy or download it again"),
            E::Unsupported { path, what, advice } | E::Column { path, what, advice } => {
                Error::new(Kind::Data, format!("{}: {what}", path.display())).at(path.display()).remedy(advice)
            }
            E::Nothing { what, advice } | E::Labels { what, advice } | E::Split { what, advice } => {
                Error::new(Kind::Data, what).remedy(advice)
            }
            E::Simulation { what, advice } => Error::new(Kind::Usage, what).remedy(advice),
            E::Record(invalid) => Error::new(Kind::Data, message)
                .at(&invalid.origin)
                .remedy("correct the record, or leave such records out with --skip-invalid"),
            E::Structure { path, line, what, advice } => {
                Error::new(Kind::Data, format!("{}, line {line}: {what}", path.display()))
                    .at(format_args!("{}, line {line}", path.display()))
                    .remedy(advice)
            }
            _ => Error::new(Kind::Data, message),
        }
    }
}

impl From<tokenizer::Error> for Error {
    fn from(error: tokenizer::Error) -> Error {
        use tokenizer::Error as E;
        let message = error.to_string();
        match &error {
            E::NoTokenizer { folder } => Error::new(Kind::Model, message).at(folder.display()).remedy(
                "download the model again, or choose the folder that holds tokenizer.json, or vocab.json and merges.txt",
            ),
            E::File { action, path, source } => Error::file(action, path, source),
            E::Malformed { path, .. } => {
                Error::new(Kind::Model, message).at(path.display()).remedy("download the model's tokenizer again")
            }
            E::Encode { .. } | E::Decode { .. } => Error::new(Kind::Model, message),
            E::Training { .. } => Error::new(Kind::Data, message),
            _ => Error::new(Kind::Model, message),
        }
    }
}

impl From<models::Error> for Error {
    fn from(error: models::Error) -> Error {
        use models::Error as E;
        let message = error.to_string();
        match &error {
            E::Io { action, path, source } => {
                let mut typed = Error::file(action, path, source);
                if source.kind() == io::ErrorKind::NotFound {
                    typed.kind = Kind::Model;
                }
                typed
            }
            E::NoConfig { folder } => Error::new(Kind::Model, message)
                .at(folder.display())
                .remedy("choose the folder that holds config.json beside the weights"),
            E::AdapterFolder { folder, base } => Error::new(Kind::Model, message)
                .at(folder.display())
                .remedy(format!("give the adapter's base model ({base}) as the model")),
            E::Config { path, .. } => {
                Error::new(Kind::Model, message).at(path.display()).remedy("correct the file, or download the model again")
            }
            E::Unsupported { nearest, .. } => {
                Error::new(Kind::Model, message).remedy(format!("use {nearest}, or another model of a supported family"))
            }
            E::NoWeights { folder, .. } => {
                Error::new(Kind::Model, message).at(folder.display()).remedy("download the model again")
            }
            E::WeightFile { path, .. } => {
                Error::new(Kind::Model, message).at(path.display()).remedy("download the model's files again")
            }
            _ => Error::new(Kind::Model, message),
        }
    }
}

impl From<hub::Error> for Error {
    fn from(error: hub::Error) -> Error {
        use hub::Error as E;
        let message = error.to_string();
        let base = Error::new(Kind::Network, message);
        match &error {
            E::Id { id, .. } => usage(base).at(id).remedy("search for the name with `episome hub search`"),
            E::Gated { id, page, .. } => base.at(id).remedy(format!("accept the terms at {page} and set HF_TOKEN")),
            E::RepositoryNotFound { id, .. } => {
                base.at(id).remedy("check the spelling with `episome hub search`; for a private one set HF_TOKEN")
            }
            E::RevisionNotFound { id, page, .. } => base.at(id).remedy(format!("choose a revision listed at {page}")),
            E::FileNotFound { id, file, .. } => base.at(format_args!("{id}/{file}")),
            E::Token { .. } => base.remedy("set HF_TOKEN to a valid token, or unset it for public repositories"),
            E::Forbidden { id, .. } => base.at(id).remedy("ask its owner for access"),
            E::Offline { .. } => base.remedy("unset HF_HUB_OFFLINE, or use a local folder or the embedded model"),
            E::Unreachable { endpoint, .. } => {
                base.at(endpoint).remedy("check the network, or use a local folder or the embedded model")
            }
            E::DiskFull { path, .. } => {
                Error { kind: Kind::File, ..base }.at(path.display()).remedy("free some space, or set HF_HOME elsewhere")
            }
            E::File { action, path, source } => Error::file(action, path, source),
            E::Endpoint { .. } => usage(base).at("HF_ENDPOINT"),
            E::Cancelled => Error { kind: Kind::Interrupted, ..base }.remedy("start it again; it goes on where it stopped"),
            E::NotAModel { id, .. } => Error { kind: Kind::Model, ..base }.at(id),
            E::Script { id, .. } | E::Card { id, .. } | E::NoData { id, .. } => {
                Error { kind: Kind::Data, ..base }.at(id).remedy("download its files by hand and give them to --data")
            }
            E::ConfigurationNeeded { id, known } | E::ConfigurationNotFound { id, known, .. } => {
                let example = known.first().map_or("", String::as_str);
                usage(base).at(id).remedy(format!("name one of them after a colon, such as {id}:{example}"))
            }
            _ => base,
        }
    }
}

fn usage(error: Error) -> Error {
    Error { kind: Kind::Usage, ..error }
}

impl From<predict::Error> for Error {
    fn from(error: predict::Error) -> Error {
        use predict::Error as E;
        let message = error.to_string();
        match error {
            E::Exists { path } => {
                Error::new(Kind::File, message).at(path.display()).remedy("choose another --out, or add --force")
            }
            E::UnknownFormat { path } => Error::new(Kind::Usage, message)
                .at(path.display())
                .remedy("end the name of --out with .csv, .tsv, .jsonl or .parquet"),
            E::Write { path, source } => Error::file("write", &path, &source),
            E::Parquet { path, .. } => Error::new(Kind::File, message).at(path.display()),
            E::Empty => Error::new(Kind::Data, message).remedy("check that the input is the file you meant"),
            E::NoTokens { place, .. } => Error::new(Kind::Data, message)
                .at(place)
                .remedy("remove the record, or add --skip-invalid to give such records a row with a note"),
            E::Sequence(error) => error.into(),
            E::Tokenizer(error) => error.into(),
            E::Model(error) => error.into(),
            E::Tensor(_) => Error::new(Kind::Device, message),
            _ => Error::new(Kind::Adapter, message),
        }
    }
}

impl From<peft::Error> for Error {
    fn from(error: peft::Error) -> Error {
        use peft::Error as E;
        let message = error.to_string();
        let adapter = Error::new(Kind::Adapter, message.clone());
        match error {
            E::NoMatch { pattern, nearest, .. } => Error::new(Kind::Model, message)
                .at(format_args!("--target {pattern}"))
                .remedy(format!("use {}, or see the names with `episome model inspect`", nearest.join(", "))),
            E::NothingLeft { .. } | E::NotAdaptable { .. } => {
                Error::new(Kind::Model, message).remedy("see the names of the modules with `episome model inspect`")
            }
            E::Pattern { pattern, .. } => Error::new(Kind::Usage, message).at(pattern),
            E::Setting { field, .. } => Error::new(Kind::Usage, message).at(field),
            E::NotAnAdapter { folder, .. } => adapter
                .at(folder.display())
                .remedy("give a folder with adapter_config.json and adapter_model.safetensors, or a run"),
            E::Config { path, .. } | E::Unsupported { path, .. } => {
                adapter.at(path.display()).remedy("copy or export the adapter again; the message says what is not understood")
            }
            E::MissingTensors { path, .. } | E::ExtraTensors { path, .. } => {
                adapter.at(path.display()).remedy("copy or export the adapter again, or name the right base with --model")
            }
            E::Size { path, base, .. } => {
                adapter.at(path.display()).remedy(format!("name the base model that it was made for with --model ({base})"))
            }
            E::Io { action, path, source } => Error::file(action, &path, &source),
            E::Model(error) => error.into(),
            _ => adapter,
        }
    }
}

impl From<train::Error> for Error {
    fn from(error: train::Error) -> Error {
        use train::Error as E;
        let message = error.to_string();
        let run = Error::new(Kind::Run, message.clone());
        match error {
            E::File { action, path, source } => Error::file(action, &path, &source),
            E::RunExists(folder) => {
                run.at(folder.display()).remedy(format!("choose a new --out, or `episome resume {}`", folder.display()))
            }
            E::NotARun(path) => run.at(path.display()).remedy("give the folder that was named with --out"),
            E::Locked { run: folder, .. } => run.at(folder.display()).remedy("wait for the other process, or stop it first"),
            E::Finished(folder) => run.at(folder.display()).remedy("its adapter is complete; start a new run to train more"),
            E::Broken { path, .. } => run.at(path.display()).remedy("restore the file, or start a new run"),
            E::DataChanged { path, .. } | E::DataVanished { path } => Error::new(Kind::Data, message)
                .at(path.display())
                .remedy("restore the file as it was when the run started, or start a new run"),
            E::BaseChanged { path, .. } => {
                Error::new(Kind::Model, message).at(path.display()).remedy("use the same revision of the base model")
            }
            E::Setting { flag, reason, .. } => Error::new(Kind::Usage, message).at(flag).remedy(reason),
            E::Data(_) => Error::new(Kind::Data, message),
            E::Diverged { suggestion, step, .. } => run
                .at(format_args!("step {step}"))
                .remedy(format!("start a new run with --learning-rate {suggestion} or less")),
            E::Stopped => Error::new(Kind::Interrupted, message),
            E::Sequence(error) => error.into(),
            E::Tokenizer(error) => error.into(),
            E::Model(error) => error.into(),
            E::Method(error) => error.into(),
            E::Tensor(_) | E::Kernel(_) => {
                Error::new(Kind::Device, message).remedy("use a smaller --batch-size or --max-length")
            }
            _ => run,
        }
    }
}
