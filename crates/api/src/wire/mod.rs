//! The engine's abilities as commands: a name, a request in JSON, an answer in JSON or an [`Error`].
//!
//! A window and a browser reach the engine through [`dispatch`] alone. Types for the wire stand here and nowhere else;
//! what they say in TypeScript is generated into `ui/src/lib/bindings` ([`bindings`]).
//!
//! Long work is a *job*: the answer is [`Started`] at once, and [`Message`]s with the job's number follow until one of
//! them is `done` or `error`. A message may arrive before the answer does. `job.cancel` stops a job at the next safe point;
//! `jobs.list` names those under way, and `job.listen` hears one of them from a page that did not start it.
//!
//! | module | commands |
//! |---|---|
//! | `home` | what the first screen shows |
//! | `data` | looking at sequences before training |
//! | `model` | base models |
//! | `method` | methods and their settings |
//! | `training` | runs that are under way |
//! | `results` | what a finished run found |
//! | `predictions` | predicting, and the rows that it gives |
//! | `adapters` | the library of adapters |
//! | `hub` | the account and the token of the Hub |
//! | `settings` | the person's choices, drafts, and the state of the machine |

mod adapters;
pub mod bindings;
mod carry;
mod command;
mod data;
mod home;
mod hub;
mod jobs;
mod method;
mod model;
mod predictions;
mod results;
mod runs;
mod settings;
mod state;
mod training;

use std::sync::OnceLock;

use serde_json::Value;

pub use command::{Command, Nothing};
pub use jobs::{Emit, JobEvent, JobRequest, Message, RunningJob, RunningJobs, Started};
pub use state::{Places, State};

use crate::{Error, Kind};

/// Every command.
pub fn commands() -> &'static [Command] {
    static COMMANDS: OnceLock<Vec<Command>> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        let groups = [
            home::commands(),
            data::commands(),
            model::commands(),
            method::commands(),
            training::commands(),
            results::commands(),
            predictions::commands(),
            runs::commands(),
            adapters::commands(),
            hub::commands(),
            settings::commands(),
            jobs::commands(),
        ];
        groups.into_iter().flatten().collect()
    })
}

/// Does what `command` asks. A job's messages go to `emit`, also after this function has returned.
pub fn dispatch(state: &State, command: &str, request: Value, emit: &Emit) -> Result<Value, Error> {
    let known = commands().iter().find(|known| known.name() == command);
    let known = known.ok_or_else(|| {
        Error::new(Kind::Usage, format!("there is no command {command}"))
            .remedy("the user interface and the engine are of different versions: install Episome again")
    })?;
    known.run(state, request, emit)
}
