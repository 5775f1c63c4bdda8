//! The program `episome`, run as its users run it, by theme.

// What a test cannot go on without, it may expect.
#![allow(clippy::expect_used, clippy::panic)]

mod support;

mod adapters;
mod data;
mod documentation;
mod errors;
mod gpu;
mod hub;
mod inspect;
mod interop;
mod predict;
mod resume;
mod serve;
mod share;
mod tokenize;
mod train;
