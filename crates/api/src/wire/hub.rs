//! The account and the token of the Hub.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::{Command, Nothing};
use super::state::State;
use crate::{
    Error, HubAccount, HubLogout, HubTokenPlace, hub_account, hub_login, hub_login_again, hub_logout,
    hub_token,
};

/// A token to use from now on. Without `Debug`, so that it shows nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoginRequest {
    /// The token.
    pub token: String,
    /// Whether to forget it when the program ends, instead of keeping it in the system's keyring.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub session: bool,
}

/// Where the token is that would be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HubToken {
    /// The place; none where there is no token.
    pub token: Option<HubTokenPlace>,
    /// The page of the Hub on which tokens are made.
    pub page: String,
    /// Whether the Hub may be asked.
    pub offline: bool,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("hub.token", |state: &State, _: Nothing| -> Result<HubToken, Error> {
            let engine = state.engine();
            Ok(HubToken {
                token: hub_token(&engine),
                page: format!("{}/settings/tokens", engine.hub.endpoint),
                offline: engine.hub.offline,
            })
        }),
        Command::new("hub.account", |state: &State, _: Nothing| -> Result<HubAccount, Error> {
            hub_account(&state.engine())
        }),
        Command::new("hub.login", |state: &State, request: LoginRequest| -> Result<HubAccount, Error> {
            hub_login(&state.engine(), &request.token, request.session)
        }),
        Command::new("hub.logout", |state: &State, _: Nothing| -> Result<HubLogout, Error> {
            hub_logout(&state.engine())
        }),
        Command::new("hub.login_again", |state: &State, _: Nothing| {
            hub_login_again(&state.engine()).map(|_| Nothing {})
        }),
    ]
}
