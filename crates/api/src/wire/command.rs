//! One command: its name, what it does, and what its types are in TypeScript.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::bindings::Types;
use super::jobs::{Emit, Job, Started};
use super::state::State;
use crate::{Error, Kind};

/// A request without words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// What a command does with a request.
type Run = Box<dyn Fn(&State, Value, &Emit) -> Result<Value, Error> + Send + Sync>;

/// A command of the engine.
pub struct Command {
    name: &'static str,
    run: Run,
    /// Collects its types and names them: request, a job's progress, answer.
    types: fn(&mut Types) -> [Option<String>; 3],
}

impl Command {
    /// A command that answers at once.
    pub(super) fn new<Q, A>(name: &'static str, run: fn(&State, Q) -> Result<A, Error>) -> Command
    where
        Q: DeserializeOwned + TS + 'static,
        A: Serialize + TS + 'static,
    {
        Command {
            name,
            run: Box::new(move |state, request, _| answer(&run(state, read(name, request)?)?)),
            types: |types| [Some(types.name::<Q>()), None, Some(types.name::<A>())],
        }
    }

    /// A command that answers at once, and hands on to whom jobs tell.
    pub(super) fn heard<Q, A>(name: &'static str, run: fn(&State, Q, &Emit) -> Result<A, Error>) -> Command
    where
        Q: DeserializeOwned + TS + 'static,
        A: Serialize + TS + 'static,
    {
        Command {
            name,
            run: Box::new(move |state, request, emit| answer(&run(state, read(name, request)?, emit)?)),
            types: |types| [Some(types.name::<Q>()), None, Some(types.name::<A>())],
        }
    }

    /// A command that takes its time: it is answered by [`Started`], and goes on by itself.
    pub(super) fn job<Q, P, A>(name: &'static str, run: fn(&State, &Job<P>, Q) -> Result<A, Error>) -> Command
    where
        Q: DeserializeOwned + TS + Send + 'static,
        P: Serialize + TS + 'static,
        A: Serialize + TS + 'static,
    {
        Command {
            name,
            run: Box::new(move |state, request, emit| {
                let asked = request.clone();
                let request: Q = read(name, request)?;
                let work = move |state: &State, job: &Job<P>| answer(&run(state, job, request)?);
                answer(&Started { job: state.jobs().start(state, emit, (name, asked), work)? })
            }),
            types: |types| [Some(types.name::<Q>()), Some(types.name::<P>()), Some(types.name::<A>())],
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn types(&self, types: &mut Types) -> [Option<String>; 3] {
        (self.types)(types)
    }

    pub(super) fn run(&self, state: &State, request: Value, emit: &Emit) -> Result<Value, Error> {
        (self.run)(state, request, emit)
    }
}

fn read<Q: DeserializeOwned>(name: &str, request: Value) -> Result<Q, Error> {
    let request = if request.is_null() { Value::Object(serde_json::Map::new()) } else { request };
    serde_json::from_value(request).map_err(|error| {
        Error::new(Kind::Usage, format!("{name} cannot be asked that: {error}"))
            .at(name)
            .remedy("correct the field that the message names")
    })
}

fn answer(answer: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(answer).map_err(|error| {
        Error::new(Kind::Internal, format!("an answer could not be written as JSON: {error}"))
    })
}
