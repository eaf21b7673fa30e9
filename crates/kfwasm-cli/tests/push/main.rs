//! `kfwasm push` to a registry that gives tokens and keeps its blobs elsewhere, as those of clouds do, and to faulty ones.
//!
//! A real registry is in `tests/cli`.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod registry;
mod tokens;
#[expect(dead_code, reason = "a part of it is used here")]
#[path = "../login/wire.rs"]
mod wire;
