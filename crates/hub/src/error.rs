use std::{path::PathBuf, time::Duration};

use crate::{RepositoryKind, TokenSource};

/// What went wrong on the way to the Hub, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The id cannot be one of the Hub.
    #[error(
        "“{id}” is not an id of the Hub: {reason}. An id reads owner/name, for example dnagpt/dna_gpt2_v0, \
         or is a single name such as gpt2"
    )]
    Id {
        /// The id as it was given.
        id: String,
        /// Which rule it breaks.
        reason: &'static str,
    },

    /// The repository exists, and its owner wants a licence accepted first.
    #[error(
        "{kind} {id} is gated: its owner asks you to accept the terms first. Sign in at {page}, accept them there, \
         {}", token_advice(*.with_token)
    )]
    Gated {
        /// Model or data set.
        kind: RepositoryKind,
        /// The repository's id.
        id: String,
        /// Where to accept the terms.
        page: String,
        /// Whether a token was sent.
        with_token: bool,
    },

    /// There is no such repository, or it is private: the Hub does not tell which.
    #[error(
        "the Hub at {endpoint} has no {kind} “{id}” that you may see. Check the spelling (search for it with `episome \
         hub search`); if it is private, {}", private_advice(*.with_token)
    )]
    RepositoryNotFound {
        /// Model or data set.
        kind: RepositoryKind,
        /// The id that was asked for.
        id: String,
        /// The Hub that was asked.
        endpoint: String,
        /// Whether a token was sent.
        with_token: bool,
    },

    /// The repository has no such branch, tag or commit.
    #[error("{kind} {id} has no revision “{revision}”. Its branches, tags and commits are listed at {page}")]
    RevisionNotFound {
        /// Model or data set.
        kind: RepositoryKind,
        /// The repository's id.
        id: String,
        /// The revision that was asked for.
        revision: String,
        /// Where the revisions are listed.
        page: String,
    },

    /// The repository has no such file at this revision.
    #[error("{id} has no file “{file}” at revision {revision}")]
    FileNotFound {
        /// The repository's id.
        id: String,
        /// The file's path in the repository.
        file: String,
        /// The revision that was asked for.
        revision: String,
    },

    /// The token is wrong or has expired.
    #[error(
        "the Hub at {endpoint} does not accept the access token{}. Make a new one at {endpoint}/settings/tokens and \
         give it to `episome hub login` or set it as HF_TOKEN; for public repositories, remove the old one",
        of_source(.source_of_token.as_ref())
    )]
    Token {
        /// The Hub that was asked.
        endpoint: String,
        /// Where the token comes from.
        source_of_token: Option<TokenSource>,
    },

    /// Something needs a token, and there is none.
    #[error(
        "{what} needs an access token of the Hub, and none was found. Make one (kind “Write”) at \
         {endpoint}/settings/tokens, and give it to `episome hub login` or set it as HF_TOKEN"
    )]
    TokenMissing {
        /// What was to be done.
        what: String,
        /// The Hub.
        endpoint: String,
    },

    /// The token may only read.
    #[error(
        "the token of {name} may read and not write. Make one of the kind “Write” at {endpoint}/settings/tokens, and \
         give it to `episome hub login` or set it as HF_TOKEN"
    )]
    ReadOnlyToken {
        /// Whose token it is.
        name: String,
        /// The Hub.
        endpoint: String,
    },

    /// The repository would belong to somebody else.
    #[error("{name} may not write to {owner}. Choose a name below {}", .owners.join(", "))]
    NotYours {
        /// Whose token it is.
        name: String,
        /// The owner that was asked for.
        owner: String,
        /// Owners to which this account may write.
        owners: Vec<String>,
    },

    /// The Hub does not let this token write there.
    #[error(
        "the Hub does not let you write to {id}: {message}. Use a token of the kind “Write” (or a fine-grained one that \
         may write to this repository), made at {endpoint}/settings/tokens, or choose another name"
    )]
    WriteRefused {
        /// The repository's id.
        id: String,
        /// What the Hub says.
        message: String,
        /// The Hub.
        endpoint: String,
    },

    /// The repository that is there is no place for these files.
    #[error("{id} cannot take this upload: {reason}")]
    RepositoryUnfit {
        /// The repository's id.
        id: String,
        /// Why not, and what to do.
        reason: String,
    },

    /// The Hub finds faults in a model card.
    #[error("the Hub does not accept the model card (README.md): {reason}. Correct the card and start again")]
    CardRefused {
        /// What the Hub says.
        reason: String,
    },

    /// The connection was lost again and again while a file was sent.
    #[error(
        "sending {file} broke off at {sent} of {size} bytes: {reason}. Start the upload again; files that arrived are not \
         sent twice"
    )]
    UploadInterrupted {
        /// The file's path in the repository.
        file: String,
        /// Bytes that were sent.
        sent: u64,
        /// Bytes of the file.
        size: u64,
        /// What the network says.
        reason: String,
    },

    /// Something needs the network, and may not use it.
    #[error(
        "{what} needs the network, and HF_HUB_OFFLINE forbids to use it. Unset HF_HUB_OFFLINE and start again"
    )]
    OfflineWanted {
        /// What was to be done.
        what: String,
    },

    /// The system's keyring cannot be used.
    #[error(
        "the system keyring cannot be used: {reason}. Set the token as HF_TOKEN instead; the app can also use it for one \
         session"
    )]
    Keyring {
        /// What the system says.
        reason: String,
    },

    /// The token is fine, and its owner may not do this.
    #[error(
        "the Hub refuses access to {id}: {message}. Ask its owner for access, or use a token that has it"
    )]
    Forbidden {
        /// The repository's id.
        id: String,
        /// What the Hub says.
        message: String,
    },

    /// Too many requests.
    #[error("the Hub at {endpoint} asks for a pause, for too many requests came from here. {}", pause_advice(*.retry_after))]
    RateLimited {
        /// The Hub that was asked.
        endpoint: String,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },

    /// The Hub answered with an error that is its own.
    #[error(
        "the Hub answered {status} to {url}{}. If this goes on, its state is shown at https://status.huggingface.co",
        with_colon(.message)
    )]
    Server {
        /// The HTTP status.
        status: u16,
        /// What was asked for.
        url: String,
        /// What the Hub says, or nothing.
        message: String,
    },

    /// No network, and the wanted thing is not in the cache.
    #[error(
        "{what} is not in the cache ({}), and HF_HUB_OFFLINE forbids to fetch it. Unset HF_HUB_OFFLINE, or copy the \
         cache folder from a computer that has it", .cache.display()
    )]
    Offline {
        /// What was wanted.
        what: String,
        /// The cache folder.
        cache: PathBuf,
    },

    /// The Hub could not be reached.
    #[error(
        "cannot reach the Hub at {endpoint}: {reason}. Check the network connection (and the proxy settings, \
         HTTPS_PROXY); what is in the cache already works without it"
    )]
    Unreachable {
        /// The Hub that was asked.
        endpoint: String,
        /// What the network says.
        reason: String,
    },

    /// This computer cannot make a secure connection to any site.
    #[error(
        "cannot prepare a secure connection: {reason}. The system's list of certificates is missing or broken: on Debian \
         and Ubuntu, install the package ca-certificates. What is in the cache works with HF_HUB_OFFLINE=1"
    )]
    Certificates {
        /// What is wrong with it.
        reason: String,
    },

    /// The connection was lost in a file again and again.
    #[error(
        "the download of {file} broke off at {have} of {size} bytes: {reason}. Start it again; it goes on where it stopped"
    )]
    Interrupted {
        /// The file's path in the repository.
        file: String,
        /// Bytes that are here and kept.
        have: u64,
        /// Bytes of the whole file.
        size: u64,
        /// What the network says.
        reason: String,
    },

    /// The disk with the cache is full.
    #[error(
        "the disk is full: {} could not be written{}. Free some space, or set HF_HOME to a folder on a larger disk, \
         and start again; what has been downloaded so far is kept",
        .path.display(), bytes_missing(*.needed)
    )]
    DiskFull {
        /// The file that was being written.
        path: PathBuf,
        /// Bytes of it that are still missing; 0 where that is not known.
        needed: u64,
    },

    /// The bytes that came are not those that the Hub announced.
    #[error(
        "{file} of {id} arrived damaged: its {algorithm} is {found}, the Hub announces {expected}. The damaged copy was \
         deleted; start the download again, and if this stays so, a proxy on the way changes files"
    )]
    Damaged {
        /// The repository's id.
        id: String,
        /// The file's path in the repository.
        file: String,
        /// `SHA-256` or `git SHA-1`.
        algorithm: &'static str,
        /// What the Hub announces.
        expected: String,
        /// What came.
        found: String,
    },

    /// A file or folder of the cache could not be read or written.
    #[error("cannot {action} {}: {source}", .path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },

    /// The answer was not what the Hub's interface promises.
    #[error(
        "the answer of {endpoint} could not be understood: {reason}. Is HF_ENDPOINT the address of a Hub?"
    )]
    Answer {
        /// The Hub that was asked.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The endpoint is not an address.
    #[error(
        "HF_ENDPOINT is “{endpoint}”, which is not the address of a Hub: {reason}. It reads https://huggingface.co"
    )]
    Endpoint {
        /// The endpoint as it was given.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The caller asked to stop.
    #[error("stopped; what has been downloaded so far is kept")]
    Cancelled,

    /// The repository holds no model that could be loaded.
    #[error("{id} cannot be used as a base model: {reason}")]
    NotAModel {
        /// The repository's id.
        id: String,
        /// Why not, and what to use instead.
        reason: String,
    },

    /// The repository holds no adapter.
    #[error("{id} is no adapter: {reason}. A base model is downloaded with `episome hub download`")]
    NotAnAdapter {
        /// The repository's id.
        id: String,
        /// Why not.
        reason: String,
    },

    /// The data set is a program.
    #[error(
        "data set {id} is made by a program ({script}), which is not run here for safety, and it has no converted \
         Parquet copy (revision refs/convert/parquet). Download its files by hand and give them to --data"
    )]
    Script {
        /// The data set's id.
        id: String,
        /// The program's path in the repository.
        script: String,
    },

    /// The data set's card contradicts itself.
    #[error(
        "the card (README.md) of data set {id} is broken: {reason}. Tell its owner, or download the files by hand"
    )]
    Card {
        /// The data set's id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The data set has several configurations, and none was named.
    #[error("data set {id} has several configurations: {}. Name one of them", .known.join(", "))]
    ConfigurationNeeded {
        /// The data set's id.
        id: String,
        /// What there is.
        known: Vec<String>,
    },

    /// The data set has no such configuration.
    #[error("data set {id} has no configuration “{name}”. It has: {}", .known.join(", "))]
    ConfigurationNotFound {
        /// The data set's id.
        id: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },

    /// The data set holds no file that can be read.
    #[error("data set {id} has no data file that can be read here: {reason}")]
    NoData {
        /// The data set's id.
        id: String,
        /// Why not.
        reason: String,
    },
}

fn token_advice(with_token: bool) -> &'static str {
    if with_token {
        "and try again; your token was sent, so it is the terms (or the owner's approval) that is missing"
    } else {
        "make a token (kind “Read”) in your account's settings, and give it to `episome hub login` or set it as HF_TOKEN"
    }
}

fn private_advice(with_token: bool) -> &'static str {
    if with_token {
        "your token has no access to it: ask its owner"
    } else {
        "give your access token to `episome hub login` or set it as HF_TOKEN"
    }
}

fn of_source(source: Option<&TokenSource>) -> String {
    source.map_or_else(String::new, |source| format!(" of {source}"))
}

fn pause_advice(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(pause) => {
            format!("Try again in {} seconds; a token (HF_TOKEN) raises the limit", pause.as_secs().max(1))
        }
        None => "Try again in some minutes; a token (HF_TOKEN) raises the limit".to_string(),
    }
}

fn bytes_missing(needed: u64) -> String {
    if needed == 0 { String::new() } else { format!(", and {needed} bytes of it are still to come") }
}

fn with_colon(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

impl Error {
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Error::DiskFull { path, needed: 0 }
            }
            _ => Error::File { action, path, source },
        }
    }

    /// Whether it may be otherwise a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Error::Unreachable { .. }
            | Error::RateLimited { .. }
            | Error::Interrupted { .. }
            | Error::UploadInterrupted { .. } => true,
            Error::Server { status, .. } => *status >= 500,
            _ => false,
        }
    }

    /// Whether the copy in the cache may stand in for the Hub: it cannot be reached, or is in trouble itself.
    pub(crate) fn allows_cached(&self) -> bool {
        self.is_passing() || matches!(self, Error::Certificates { .. })
    }
}
