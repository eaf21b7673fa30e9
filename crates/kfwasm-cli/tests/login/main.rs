//! `kfwasm login` against a gateway that keeps to the protocol, and against some that do not.
//!
//! The real gateway is in `tests/e2e`; here are the faults that it does not have.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod attempt;
mod gateway;
mod refused;
mod signed_in;
mod wire;
