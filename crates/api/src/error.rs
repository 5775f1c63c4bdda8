//! One error for every face: what failed, where, and what to do about it.

use std::fmt;

/// What an error is about. Each has an exit code of its own for the program `episome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ErrorKind")]
#[non_exhaustive]
pub enum Kind {
    /// A defect of the program itself.
    Internal,
    /// The request cannot be understood: an unknown option, a value out of its limits.
    Usage,
    /// The user's sequences or tables.
    Data,
    /// A base model, its tokenizer, or the modules that an adapter is to be put on.
    Model,
    /// An adapter folder.
    Adapter,
    /// The Hub cannot be reached, or refuses.
    Network,
    /// A file or folder cannot be read or written; a full disk.
    File,
    /// A run's folder, or its training.
    Run,
    /// Not enough memory, or a device that is not there.
    Device,
    /// The user stopped it.
    Interrupted,
}

impl Kind {
    /// Every kind with its exit code and what it means, for the documentation.
    pub const ALL: &[(Kind, u8, &str)] = &[
        (Kind::Internal, 1, "a defect of the program itself; please report it"),
        (Kind::Usage, 2, "the command line cannot be understood"),
        (Kind::Data, 3, "sequences, tables, labels"),
        (Kind::Model, 4, "a base model, its tokenizer, or modules that are not in it"),
        (Kind::Adapter, 5, "an adapter folder"),
        (Kind::Network, 6, "the Hub cannot be reached, or refuses"),
        (Kind::File, 7, "a file or folder cannot be read or written; a full disk"),
        (Kind::Run, 8, "a run's folder, or a training that failed"),
        (Kind::Device, 9, "not enough memory, or a device that is not there"),
        (Kind::Interrupted, 130, "stopped by the user"),
    ];

    /// The exit code of the program `episome`.
    pub fn exit_code(self) -> u8 {
        Kind::ALL.iter().find(|(kind, ..)| *kind == self).map_or(1, |(_, code, _)| *code)
    }

    /// What to do about an error of this kind where nothing better is known.
    pub fn remedy(self) -> &'static str {
        match self {
            Kind::Internal => {
                "this is a defect of Episome: please report it with the command and the message"
            }
            Kind::Usage => "correct what the message names",
            Kind::Data => "look at the data: open the files, and see whether they hold what was meant",
            Kind::Model => "download the model again, or choose another one",
            Kind::Adapter => "check the adapter, or copy it again from where it came",
            Kind::Network => "check the connection, or use a local folder or the embedded model",
            Kind::File => "check that the path is right, that you may use it, and that the disk has room",
            Kind::Run => "look at the log of the run; it can go on from its last checkpoint",
            Kind::Device => "see what this computer has; a smaller batch needs less memory",
            Kind::Interrupted => "start it again when you like",
        }
    }

    /// The name that JSON carries.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Internal => "internal",
            Kind::Usage => "usage",
            Kind::Data => "data",
            Kind::Model => "model",
            Kind::Adapter => "adapter",
            Kind::Network => "network",
            Kind::File => "file",
            Kind::Run => "run",
            Kind::Device => "device",
            Kind::Interrupted => "interrupted",
        }
    }
}

/// What failed, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[ts(rename = "EngineError")]
pub struct Error {
    /// What it is about.
    pub kind: Kind,
    /// What failed, in a sentence that also names the place where it is known.
    pub message: String,
    /// File, line, record, folder, address or option.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// What to do about it.
    pub remedy: String,
    /// Where one of a few is to be chosen, such as the configurations of a data set: what the same request may name instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<_>")]
    pub choices: Vec<String>,
}

impl Error {
    /// An error with the remedy that fits its kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            place: None,
            remedy: kind.remedy().into(),
            choices: Vec::new(),
        }
    }

    /// Names the place.
    pub fn at(mut self, place: impl fmt::Display) -> Error {
        self.place = Some(place.to_string());
        self
    }

    /// Says what to do, in the place of the sentence that fits the kind.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Error {
        self.remedy = remedy.into();
        self
    }

    /// Says what may be chosen instead.
    pub fn choices(mut self, choices: Vec<String>) -> Error {
        self.choices = choices;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
