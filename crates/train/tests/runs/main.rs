//! What a user of a run relies on, by theme. Everything here trains a real, very small model.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::result_large_err)] // helpers of tests

mod bench;
mod data;
mod failing;
mod finishing;
mod resuming;
mod saving;
