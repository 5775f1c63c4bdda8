//! The program `episome`, run as its users run it, by theme.

mod support;

mod adapters;
mod data;
mod errors;
mod inspect;
mod interop;
mod predict;
mod resume;
mod share;
mod tokenize;
mod train;
