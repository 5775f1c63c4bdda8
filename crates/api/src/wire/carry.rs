//! From a type of a crate below to its form on the wire.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Kind};

/// The wire form of `value`, by way of JSON: the fields of the two are the same, which tests hold them to.
pub fn carry<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, Error> {
    serde_json::to_value(value).and_then(serde_json::from_value).map_err(|error| {
        Error::new(Kind::Internal, format!("an answer has another form than it should: {error}"))
    })
}
