//! Access tokens, and where a person keeps them.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Error, Keyring, keyring};

/// An access token of the Hub. It never shows in `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Where a token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// The variable `HF_TOKEN` (or the older `HUGGING_FACE_HUB_TOKEN`).
    Environment,
    /// Handed over while the program runs, and forgotten when it ends.
    Session,
    /// The system's keyring.
    Keyring,
    /// The file that Python's `huggingface_hub` writes.
    File(PathBuf),
}

impl fmt::Display for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenSource::Environment => formatter.write_str("HF_TOKEN"),
            TokenSource::Session => formatter.write_str("this session"),
            TokenSource::Keyring => formatter.write_str("the system keyring"),
            TokenSource::File(path) => write!(formatter, "the file {}", path.display()),
        }
    }
}

/// The places in which a token is looked for: the environment, this session, the system's keyring, Python's token file.
///
/// The first one that has a token wins. The keyring is asked only when a token is wanted, and once; clones share what was
/// found and what was handed over.
#[derive(Clone, Default)]
pub struct Tokens {
    pub(crate) environment: Option<Token>,
    pub(crate) file: Option<(PathBuf, Token)>,
    pub(crate) keyring: Option<Arc<dyn Keyring>>,
    shared: Arc<Mutex<Shared>>,
}

/// What is learnt while the program runs.
#[derive(Default)]
struct Shared {
    session: Option<Token>,
    /// What the keyring said; none before it was asked or when it did not answer.
    kept: Option<Option<Token>>,
    /// What was forgotten last, of the session and of the keyring: whoever forgot it by mistake can have it back.
    forgotten: (Option<Token>, Option<Token>),
    /// It failed: requests that can do without it ask no more.
    silent: bool,
}

/// How long a download waits for the keyring; without a token it goes on all the same.
const GLANCE: Duration = Duration::from_secs(2);

/// How long a person has to unlock the keyring when something cannot be done without a token.
const UNLOCKING: Duration = Duration::from_secs(60);

impl Token {
    /// `None` when nothing is left after the blanks and line ends around it are removed.
    pub fn new(text: &str) -> Option<Token> {
        let text = text.trim();
        (!text.is_empty()).then(|| Token(text.to_string()))
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(hidden)")
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_ref().map(|(path, _)| path);
        formatter
            .debug_struct("Tokens")
            .field("environment", &self.environment)
            .field("file", &file)
            .field("keyring", &self.keyring.is_some())
            .finish_non_exhaustive()
    }
}

impl From<Option<Token>> for Tokens {
    /// As if `HF_TOKEN` held it, and no other place were there.
    fn from(token: Option<Token>) -> Tokens {
        Tokens { environment: token, ..Tokens::default() }
    }
}

impl Tokens {
    /// The same places with this keyring.
    pub fn with_keyring(self, keyring: Arc<dyn Keyring>) -> Tokens {
        Tokens { keyring: Some(keyring), ..self }
    }

    /// The token in use, for a request that can do without. A keyring that does not answer at once is passed over.
    pub fn find(&self) -> Option<(Token, TokenSource)> {
        let glance = || {
            let asked = if self.shared().silent { Ok(None) } else { self.kept(GLANCE) };
            asked.unwrap_or_else(|_| {
                self.shared().silent = true;
                None
            })
        };
        self.first().or_else(glance).or_else(|| self.last())
    }

    /// The token in use, for what cannot be done without. A locked keyring is waited for while its owner unlocks it.
    ///
    /// # Errors
    /// When the keyring fails and no other place has a token.
    pub fn require(&self) -> Result<Option<(Token, TokenSource)>, Error> {
        match self.first() {
            Some(found) => Ok(Some(found)),
            None => match (self.kept(UNLOCKING), self.last()) {
                (Ok(Some(found)), _) | (_, Some(found)) => Ok(Some(found)),
                (Ok(None), None) => Ok(None),
                (Err(error), None) => Err(error),
            },
        }
    }

    /// Whether a token is at hand without asking the keyring.
    pub fn is_at_hand(&self) -> bool {
        self.first().is_some() || self.last().is_some() || matches!(self.shared().kept, Some(Some(_)))
    }

    /// Keeps a token in the keyring. [`Tokens::find`] finds it from now on, unless `HF_TOKEN` is set.
    ///
    /// # Errors
    /// When there is no keyring that takes it; then it is kept nowhere.
    pub fn keep(&self, token: &Token) -> Result<(), Error> {
        let (keyring, kept) = (self.keyring()?, token.clone());
        keyring::within(UNLOCKING, move || keyring.write(&kept))?;
        let mut shared = self.shared();
        *shared = Shared { kept: Some(Some(token.clone())), ..Shared::default() };
        Ok(())
    }

    /// Uses a token until the program ends.
    pub fn keep_for_session(&self, token: Token) {
        self.shared().session = Some(token);
    }

    /// Forgets the token of this session and the one in the keyring; whether there was one. `HF_TOKEN` and Python's file
    /// stay as they are. Until the program ends, [`Tokens::recall`] brings back what was forgotten.
    ///
    /// # Errors
    /// When the keyring fails; the session's token is forgotten all the same.
    pub fn forget(&self) -> Result<bool, Error> {
        // One that cannot be read cannot be brought back; it can be removed all the same.
        let kept = self.kept(UNLOCKING).ok().flatten().map(|(token, _)| token);
        let session = {
            let mut shared = self.shared();
            let session = shared.session.take();
            shared.forgotten = (session.clone(), None);
            session.is_some()
        };
        let Some(keyring) = self.keyring.clone() else {
            return Ok(session);
        };
        match keyring::within(UNLOCKING, move || keyring.remove()) {
            Ok(removed) => {
                let mut shared = self.shared();
                (shared.kept, shared.forgotten.1) = (Some(None), kept.filter(|_| removed));
                Ok(removed || session)
            }
            // Where no keyring is, nothing was kept in it.
            Err(_) if session => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Brings back what was forgotten last, each to its place; whether there was something.
    ///
    /// # Errors
    /// When the keyring does not take its token; then it can be tried again.
    pub fn recall(&self) -> Result<bool, Error> {
        let (session, kept) = self.shared().forgotten.clone();
        if let Some(token) = &kept {
            self.keep(token)?;
        }
        let mut shared = self.shared();
        shared.forgotten = (None, None);
        if session.is_some() {
            shared.session.clone_from(&session);
        }
        Ok(session.is_some() || kept.is_some())
    }

    fn first(&self) -> Option<(Token, TokenSource)> {
        let environment = self.environment.clone().map(|token| (token, TokenSource::Environment));
        environment.or_else(|| Some((self.shared().session.clone()?, TokenSource::Session)))
    }

    fn kept(&self, limit: Duration) -> Result<Option<(Token, TokenSource)>, Error> {
        let known = self.shared().kept.clone();
        let token = match known {
            Some(token) => token,
            None => {
                let Some(keyring) = self.keyring.clone() else { return Ok(None) };
                let token = keyring::within(limit, move || keyring.read())?;
                let mut shared = self.shared();
                (shared.kept, shared.silent) = (Some(token.clone()), false);
                token
            }
        };
        Ok(token.map(|token| (token, TokenSource::Keyring)))
    }

    fn last(&self) -> Option<(Token, TokenSource)> {
        self.file.clone().map(|(path, token)| (token, TokenSource::File(path)))
    }

    fn keyring(&self) -> Result<Arc<dyn Keyring>, Error> {
        let off = || Error::Keyring { reason: "its use is switched off (EPISOME_KEYRING=off)".to_string() };
        self.keyring.clone().ok_or_else(off)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A keyring in memory that counts how often it is asked.
    #[derive(Default)]
    struct Memory {
        token: Mutex<Option<Token>>,
        asked: Mutex<usize>,
        broken: bool,
    }

    impl Memory {
        fn answer<T>(&self, answer: T) -> Result<T, Error> {
            *self.asked.lock().unwrap() += 1;
            if self.broken {
                Err(Error::Keyring { reason: "no such service".to_string() })
            } else {
                Ok(answer)
            }
        }
    }

    impl Keyring for Memory {
        fn read(&self) -> Result<Option<Token>, Error> {
            let token = self.token.lock().unwrap().clone();
            self.answer(token)
        }

        fn write(&self, token: &Token) -> Result<(), Error> {
            self.answer(())?;
            *self.token.lock().unwrap() = Some(token.clone());
            Ok(())
        }

        fn remove(&self) -> Result<bool, Error> {
            let there = self.answer(self.token.lock().unwrap().is_some())?;
            *self.token.lock().unwrap() = None;
            Ok(there)
        }
    }

    fn token(text: &str) -> Token {
        Token::new(text).unwrap()
    }

    #[test]
    fn the_environment_comes_first_then_the_keyring_then_the_file() {
        let keyring = Arc::new(Memory { token: Mutex::new(Some(token("kept"))), ..Memory::default() });
        let file = Some((PathBuf::from("token"), token("file")));
        let all = Tokens { environment: Some(token("variable")), file, ..Tokens::default() }
            .with_keyring(keyring.clone());
        assert_eq!(all.find(), Some((token("variable"), TokenSource::Environment)));
        assert_eq!(*keyring.asked.lock().unwrap(), 0, "the keyring is not asked in vain");
        let implicit = Tokens { environment: None, ..all.clone() };
        assert_eq!(implicit.find(), Some((token("kept"), TokenSource::Keyring)));
        implicit.find();
        assert_eq!(*keyring.asked.lock().unwrap(), 1, "and once only");
        assert!(implicit.forget().unwrap());
        assert_eq!(implicit.find(), Some((token("file"), TokenSource::File(PathBuf::from("token")))));
    }

    #[test]
    fn what_is_kept_is_found_and_forgotten_again() {
        let keyring = Arc::new(Memory::default());
        let tokens = Tokens::default().with_keyring(keyring.clone());
        assert_eq!((tokens.find(), tokens.forget().unwrap()), (None, false));
        tokens.keep(&token("mine")).unwrap();
        assert_eq!(tokens.clone().find(), Some((token("mine"), TokenSource::Keyring)), "clones share it");
        tokens.keep_for_session(token("other"));
        assert_eq!(tokens.find(), Some((token("other"), TokenSource::Session)));
        assert!(tokens.forget().unwrap());
        assert_eq!((tokens.find(), keyring.token.lock().unwrap().clone()), (None, None));
        assert!(tokens.recall().unwrap(), "by mistake");
        assert_eq!(tokens.find(), Some((token("other"), TokenSource::Session)));
        assert_eq!(*keyring.token.lock().unwrap(), Some(token("mine")));
        assert!(!tokens.recall().unwrap(), "once");
    }

    #[test]
    fn a_broken_keyring_stops_nothing_that_can_do_without() {
        let tokens = Tokens::default().with_keyring(Arc::new(Memory { broken: true, ..Memory::default() }));
        assert_eq!(tokens.find(), None);
        assert!(matches!(tokens.require(), Err(Error::Keyring { .. })));
        assert!(matches!(tokens.keep(&token("mine")), Err(Error::Keyring { .. })));
        assert_eq!(tokens.find(), None, "it is kept nowhere");
        tokens.keep_for_session(token("mine"));
        assert_eq!(tokens.require().unwrap(), Some((token("mine"), TokenSource::Session)));
        let with_file = Tokens { file: Some((PathBuf::from("token"), token("file"))), ..Tokens::default() }
            .with_keyring(Arc::new(Memory { broken: true, ..Memory::default() }));
        assert_eq!(with_file.require().unwrap().unwrap().0, token("file"));
    }

    #[test]
    fn tokens_do_not_show() {
        let tokens = Tokens { environment: Some(token("hf_secret")), ..Tokens::default() };
        tokens.keep_for_session(token("hf_secret"));
        assert!(!format!("{tokens:?} {:?}", tokens.find()).contains("hf_secret"));
    }
}
