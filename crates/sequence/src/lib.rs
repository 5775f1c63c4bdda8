//! DNA sequences and tables in and out, their repair, labels, splits and audits.
//!
//! A file becomes records: a name, a cleaned sequence, perhaps a label. What kind of file it is, how it is compressed,
//! what sets its columns apart and which column holds what is found out from its content and can be overridden. Every
//! sequence is cleaned once, here, by one policy ([`CLEANING_POLICY`]); every later stage relies on it. Nothing is dropped
//! in silence: a record that is refused is an error with file, line and record, or, if asked for, a counted entry in a list.
//!
//! [`Reader`] streams records in memory that does not grow with the file; [`Table`] holds a data set whole.
//! [`Labels`] are its classes, [`split`] divides it, [`Audit`] says what to know before training on it. [`simulate`] makes
//! data with a known truth.
//!
//! What sequences become afterwards (tokens, batches) is left to the other crates.
//!
//! ```
//! use episome_sequence::{ReadOptions, Table};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let file = folder.path().join("promoters.csv");
//! std::fs::write(&file, "name,sequence,class\np1,acguACGT,promoter\nb1,TTGACA,background\n")?;
//!
//! let table = Table::read(&[file], &ReadOptions::default())?;
//! assert_eq!(table.records[0].id, "p1");
//! assert_eq!(table.records[0].sequence, "ACGTACGT");
//! assert_eq!(table.labels()?.names(), ["background", "promoter"]);
//! assert_eq!(table.repairs.to_string(), "4 letters made upper case, 1 U turned into T");
//! # Ok(())
//! # }
//! ```

mod alphabet;
pub mod audit;
mod clean;
mod columns;
mod error;
mod format;
mod header_label;
mod header_places;
mod labels;
mod mend;
mod preview;
mod profile;
mod random;
mod reader;
mod reason;
mod record;
mod refuse;
mod repairs;
pub mod simulate;
mod sniff;
mod source;
pub mod split;
mod table;
mod write;

pub use alphabet::{Alphabet, gc_fraction, reverse_complement};
pub use audit::Audit;
pub use clean::{CLEANING_POLICY, clean};
pub use columns::Columns;
pub use error::Error;
pub use header_places::{HeaderPlace, HeaderPlaceKind};
pub use labels::Labels;
pub use mend::{Mend, mend};
pub use preview::{Preview, preview};
pub use profile::Profile;
pub use reader::{ReadOptions, Reader};
pub use reason::Reason;
pub use record::{Invalid, Origin, Part, Record};
pub use repairs::Repairs;
pub use sniff::Format;
pub use table::{SourceFile, Table, sha256};
pub use write::write_invalid;
