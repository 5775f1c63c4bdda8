// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

export type * from "./types";
export type * from "./commands";
