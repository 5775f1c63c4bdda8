//! A Hub on this computer, for tests: the addresses, headers and JSON of the real one for what Episome and Python's
//! `huggingface_hub` ask, and its troubles on demand.
//!
//! Repositories are described in code ([`Repository`]) or by a folder ([`StandIn::from_folder`]). Large files answer with a
//! redirect to a second port, the "CDN", which refuses a request that carries a token, as signed addresses do. Each request
//! is recorded, so a test can state what was asked for. Shapes follow what `huggingface_hub` 2.4 sends and parses
//! (`hf_api.py`, `file_download.py`, `_commit_api.py`, `lfs.py`, `utils/_http.py`). What is uploaded is kept in memory. Xet and
//! the website are left out.
//!
//! ```
//! use episome_hub_stand_in::{Repository, StandIn};
//!
//! let hub = StandIn::new().with(Repository::model("lab/tiny").file("config.json", "{}")).start()?;
//! assert!(hub.endpoint().starts_with("http://127.0.0.1:"));
//! assert!(hub.requests().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod answer;
mod listing;
mod repository;
mod server;
mod trouble;
mod upload;
mod wire;

pub use crate::{
    repository::{Kind, Repository},
    server::{Request, Running, StandIn},
    trouble::Trouble,
};

/// A token that is valid and has access to nothing special.
pub const READER: &str = "hf_reader";

/// A token that may see private and gated repositories.
pub const MEMBER: &str = "hf_member";

/// A token that may write: of the user `ada`, who may write to the organization `lab` and only read in `journal`.
pub const WRITER: &str = "hf_writer";
