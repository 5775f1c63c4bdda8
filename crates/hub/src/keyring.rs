//! The system's keyring: Keychain, Credential Manager, or whatever speaks Secret Service on Linux.

use std::{sync::mpsc, time::Duration};

use crate::{Error, Token};

/// A place of the system that keeps a token. Each call may block, for its owner may be asked for a password.
pub trait Keyring: Send + Sync {
    /// The token that is kept.
    ///
    /// # Errors
    /// When the keyring cannot be reached or is not unlocked.
    fn read(&self) -> Result<Option<Token>, Error>;

    /// Keeps a token in the place of the one before.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write(&self, token: &Token) -> Result<(), Error>;

    /// Removes the token; whether there was one.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn remove(&self) -> Result<bool, Error>;
}

/// The keyring of this system. A token is kept under the Hub's address, so that it is never sent to another one.
#[derive(Debug, Clone)]
pub struct SystemKeyring {
    endpoint: String,
}

/// The name under which a person finds the token in the keyring's own program.
const SERVICE: &str = "Episome";

impl SystemKeyring {
    /// Opens nothing yet.
    pub fn new(endpoint: &str) -> SystemKeyring {
        SystemKeyring { endpoint: endpoint.to_string() }
    }

    fn entry(&self) -> Result<keyring::Entry, Error> {
        if let Err(error) = keyring::Entry::store_status() {
            return Err(Error::Keyring {
                reason: format!("none answers on this system ({})", innermost(error)),
            });
        }
        keyring::Entry::new(SERVICE, &self.endpoint).map_err(|error| failed(&error))
    }
}

impl Keyring for SystemKeyring {
    fn read(&self) -> Result<Option<Token>, Error> {
        match self.entry()?.get_password() {
            Ok(text) => Ok(Token::new(&text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn write(&self, token: &Token) -> Result<(), Error> {
        self.entry()?.set_password(token.secret()).map_err(|error| failed(&error))
    }

    fn remove(&self) -> Result<bool, Error> {
        match self.entry()?.delete_credential() {
            Ok(()) => Ok(true),
            Err(keyring::Error::NoEntry) => Ok(false),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &keyring::Error) -> Error {
    Error::Keyring { reason: innermost(error) }
}

/// The innermost reason. Only sentences of the system are in it: `keyring` shows no secrets in errors but `BadEncoding`
/// and `BadDataFormat`, whose `Display` leaves the bytes out.
fn innermost(error: &keyring::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    source.to_string()
}

/// Runs `work` on a thread of its own and waits for it no longer than `limit`.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (answer, answered) = mpsc::channel();
    let thread = std::thread::Builder::new().name("keyring".to_string());
    // Nobody may wait for the answer any more.
    let started = thread.spawn(move || drop(answer.send(work())));
    started.map_err(Error::file("start a thread for", "the keyring"))?;
    answered.recv_timeout(limit).unwrap_or_else(|_| {
        Err(Error::Keyring { reason: format!("it did not answer within {} seconds", limit.as_secs()) })
    })
}
