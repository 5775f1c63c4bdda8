//! The Hugging Face Hub, and the cache of it that this computer shares with Python.
//!
//! [`Hub`] searches models and data sets, tells what a repository holds, and brings a base model or the files of a data
//! set into the cache: with progress, from where a broken download stopped, with every file's hash checked, and in the
//! layout of Python's `huggingface_hub`, so that what one has fetched the other finds. It tells whose a token is, and sends
//! a folder to a repository as one commit. [`catalogue()`] lists what the app suggests. Whatever fails says in words what to
//! do about it ([`Error`]).
//!
//! A token is looked for in `HF_TOKEN`, the system's keyring and Python's token file, in this order ([`Tokens`]).
//!
//! Searching and describing repositories is left to the crate `hf-hub`, reading the files to the crates `sequence`,
//! `tokenizer` and `models`. The environment is read in [`Settings::from_environment`] and nowhere else.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use episome_hub::{Error, Hub, Settings};
//!
//! // A Hub that must not be asked and a cache that is empty.
//! let settings = Settings { offline: true, ..Settings::new("/nowhere/hub") };
//! let hub = Hub::new(settings)?;
//! let stop = AtomicBool::new(false);
//! let missing = hub.download_model("dnagpt/dna_gpt2_v0", None, &mut |progress| println!("{progress:?}"), &stop);
//! assert!(matches!(missing, Err(Error::Offline { .. })));
//! # Ok::<(), Error>(())
//! ```

mod account;
mod cache;
mod catalogue;
mod client;
mod dataset;
mod error;
mod hub;
mod keyring;
mod link;
mod listing;
mod model;
mod refusal;
mod repository;
mod settings;
mod token;
mod transfer;
mod upload;
mod worker;

pub use crate::{
    account::{Access, Account, Organization},
    catalogue::{Catalogue, CatalogueDataset, CatalogueModel, Status, catalogue},
    dataset::{DatasetFiles, Format},
    error::Error,
    hub::{AdapterFolder, Hub, ModelFolder, Progress},
    keyring::{Keyring, SystemKeyring},
    model::Weights,
    repository::{Gate, Repository, RepositoryFile, RepositoryKind, Summary},
    settings::{Patience, Settings},
    token::{Token, TokenSource, Tokens},
    upload::{Phase, Upload, UploadFile, UploadProgress, Uploaded},
};
