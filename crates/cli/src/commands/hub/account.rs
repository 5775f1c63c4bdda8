//! `episome hub login`, `logout` and `whoami`.

use std::io::{IsTerminal, Read};

use api::{Engine, Error, HubAccount, HubLogout, HubRights, HubTokenPlace, Kind};
use clap::Args;

use crate::console::Console;

const LOGIN_EXAMPLE: &str = "\
The token is asked for without being shown, or read from standard input. It is checked with the Hub and kept in the \
system's keyring (Keychain, Credential Manager, GNOME Keyring, KWallet, KeePassXC), never in a file. Where there is no \
keyring, as on a server without a desktop, set HF_TOKEN instead. HF_TOKEN goes before the keyring, and the keyring \
before the token file of Python's huggingface_hub. EPISOME_KEYRING=off leaves the keyring alone.

Examples:
  episome hub login
  episome hub login < token.txt";

const LOGOUT_EXAMPLE: &str = "\
HF_TOKEN and the token file of Python's huggingface_hub stay as they are.

Example:
  episome hub logout";

const WHOAMI_EXAMPLE: &str = "\
Example:
  episome hub whoami --json";

/// `episome hub login`
#[derive(Debug, Args)]
#[command(after_help = LOGIN_EXAMPLE)]
pub struct Login {}

/// `episome hub logout`
#[derive(Debug, Args)]
#[command(after_help = LOGOUT_EXAMPLE)]
pub struct Logout {}

/// `episome hub whoami`
#[derive(Debug, Args)]
#[command(after_help = WHOAMI_EXAMPLE)]
pub struct Whoami {}

/// The most bytes that are read as a token: nobody has one as long.
const LONGEST: u64 = 4096;

/// Runs `episome hub login`.
pub fn login(_: &Login, engine: &Engine, console: &Console) -> Result<(), Error> {
    let token = read_token(&engine.hub.endpoint)?;
    let account = api::hub_login(engine, &token, false)?;
    if let Some(note) = &account.note {
        console.warn(note);
    }
    console.answer(&account, || describe(&account))
}

/// From a person who types it unseen, or from standard input.
fn read_token(endpoint: &str) -> Result<String, Error> {
    let unread = |error: std::io::Error| {
        Error::new(Kind::Usage, format!("no token could be read: {error}"))
            .remedy("type it, or give it on standard input: episome hub login < token.txt")
    };
    if std::io::stdin().is_terminal() {
        let question = format!("Access token of the kind “Write” (make one at {endpoint}/settings/tokens): ");
        return rpassword::prompt_password(question).map_err(unread);
    }
    let mut token = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut token).map_err(unread)?;
    Ok(token)
}

/// Runs `episome hub logout`.
pub fn logout(_: &Logout, engine: &Engine, console: &Console) -> Result<(), Error> {
    let answer = api::hub_logout(engine)?;
    console.answer(&answer, || told(&answer))
}

fn told(answer: &HubLogout) -> String {
    let mut text = if answer.forgotten {
        "the token was removed from the keyring".to_owned()
    } else {
        "no token was kept".to_owned()
    };
    if let Some(left) = &answer.left {
        text += &format!("\none is still in use: {}", place(left));
    }
    text
}

/// Runs `episome hub whoami`.
pub fn whoami(_: &Whoami, engine: &Engine, console: &Console) -> Result<(), Error> {
    let account = api::hub_account(engine)?;
    console.answer(&account, || describe(&account))
}

fn describe(account: &HubAccount) -> String {
    let full = account.full_name.as_ref().map_or(String::new(), |name| format!(" ({name})"));
    let rights = match account.rights {
        HubRights::Read => "may read only; an upload needs one of the kind “Write”",
        HubRights::Write => "may read and write",
        HubRights::FineGrained => "may do what was chosen when it was made",
        HubRights::Unknown => "the Hub does not tell what it may do",
    };
    let mut text = format!("{}{full}\nthe token: {rights}\n", account.name);
    if let Some(token) = &account.token {
        text += &format!("it is in: {}\n", place(token));
    }
    if !account.owners.is_empty() {
        text += &format!("uploads go to: {}\n", account.owners.join("/…, ") + "/…");
    }
    text
}

fn place(place: &HubTokenPlace) -> String {
    match place {
        HubTokenPlace::Environment => "the variable HF_TOKEN".to_owned(),
        HubTokenPlace::Session => "this session".to_owned(),
        HubTokenPlace::Keyring => "the system's keyring".to_owned(),
        HubTokenPlace::File { path } => format!("the file {} of Python's huggingface_hub", path.display()),
    }
}
