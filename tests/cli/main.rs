//! The program `kfwasm` as it is released, with the module in it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod kustomize;
mod pinned;
mod programs;
mod push;
mod questions;
