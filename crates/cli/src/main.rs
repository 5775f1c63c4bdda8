//! The program `episome`.

fn main() {}
