//! The token of the Hub: where it is, whose it is, keeping and forgetting it.

use std::path::PathBuf;

use hub::{Hub, Settings, Token, TokenSource, Tokens};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Engine, Error, Kind};

/// Where a token is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum HubTokenPlace {
    /// The variable `HF_TOKEN`.
    Environment,
    /// The memory of this program, until it ends.
    Session,
    /// The system's keyring.
    Keyring,
    /// The file that Python's `huggingface_hub` writes.
    File {
        /// The file.
        path: PathBuf,
    },
}

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HubRights {
    /// Read.
    Read,
    /// Read and write.
    Write,
    /// What its owner ticked for it.
    FineGrained,
    /// The Hub does not tell.
    Unknown,
}

/// The account to which the token in use belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HubAccount {
    /// Where the token is; none where it is not kept.
    pub token: Option<HubTokenPlace>,
    /// The account's name.
    pub name: String,
    /// The person's name, where told.
    pub full_name: Option<String>,
    /// What its owner calls the token, where told.
    pub token_name: Option<String>,
    /// What the token may do.
    pub rights: HubRights,
    /// Names below which it may make repositories, as far as the Hub tells.
    pub owners: Vec<String>,
    /// Something that the user should know.
    pub note: Option<String>,
}

/// What became of the tokens that Episome keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HubLogout {
    /// Whether there was one.
    pub forgotten: bool,
    /// Another one that is still in use, such as `HF_TOKEN`.
    pub left: Option<HubTokenPlace>,
}

impl From<TokenSource> for HubTokenPlace {
    fn from(source: TokenSource) -> HubTokenPlace {
        match source {
            TokenSource::Environment => HubTokenPlace::Environment,
            TokenSource::Session => HubTokenPlace::Session,
            TokenSource::Keyring => HubTokenPlace::Keyring,
            TokenSource::File(path) => HubTokenPlace::File { path },
        }
    }
}

/// Where the token is that would be used. The Hub is not asked; the keyring is, for a moment.
pub fn hub_token(engine: &Engine) -> Option<HubTokenPlace> {
    engine.hub.tokens.find().map(|(_, source)| source.into())
}

/// Asks the Hub whose the token in use is.
pub fn hub_account(engine: &Engine) -> Result<HubAccount, Error> {
    let client = Hub::new(engine.hub.clone())?;
    let account = client.account()?;
    Ok(told(account, hub_token(engine)))
}

/// Asks the Hub whose a token is and keeps it: in the system's keyring, or with `session` in memory alone. One that the
/// Hub does not know is not kept, and none is ever written to a file.
pub fn hub_login(engine: &Engine, token: &str, session: bool) -> Result<HubAccount, Error> {
    let token = Token::new(token).filter(|_| token.trim().bytes().all(|byte| byte.is_ascii_graphic()));
    let token = token.ok_or_else(|| {
        Error::new(Kind::Usage, "this is no access token: it is one word of letters, digits and _")
            .remedy(format!("make one at {}/settings/tokens, and copy the whole of it", engine.hub.endpoint))
    })?;
    let settings = Settings { tokens: Tokens::from(Some(token.clone())), ..engine.hub.clone() };
    let account = Hub::new(settings)?.account().map_err(|error| match error {
        hub::Error::Token { endpoint, .. } => Error::new(
            Kind::Network,
            format!("the Hub at {endpoint} does not accept this token: it was not kept"),
        )
        .remedy(format!("copy the whole of it, or make a new one at {endpoint}/settings/tokens")),
        error => error.into(),
    })?;
    if session {
        engine.hub.tokens.keep_for_session(token);
    } else {
        engine.hub.tokens.keep(&token)?;
    }
    let place = hub_token(engine);
    let note = matches!(place, Some(HubTokenPlace::Environment)).then(|| {
        "HF_TOKEN is set and goes before it: unset HF_TOKEN, so that the token that was kept is used"
            .to_owned()
    });
    Ok(HubAccount { note, ..told(account, place) })
}

/// Forgets the token of this session and the one in the keyring.
pub fn hub_logout(engine: &Engine) -> Result<HubLogout, Error> {
    let forgotten = engine.hub.tokens.forget()?;
    Ok(HubLogout { forgotten, left: hub_token(engine) })
}

/// Brings back the tokens that were forgotten last; whether there were any.
pub fn hub_login_again(engine: &Engine) -> Result<bool, Error> {
    Ok(engine.hub.tokens.recall()?)
}

fn told(account: hub::Account, token: Option<HubTokenPlace>) -> HubAccount {
    HubAccount {
        token,
        rights: match account.access {
            hub::Access::Read => HubRights::Read,
            hub::Access::Write => HubRights::Write,
            hub::Access::FineGrained { .. } => HubRights::FineGrained,
            hub::Access::Unknown => HubRights::Unknown,
        },
        owners: account.owners(),
        name: account.name,
        full_name: account.full_name,
        token_name: account.token_name,
        note: None,
    }
}
