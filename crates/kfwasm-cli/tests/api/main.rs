//! The program at an API server that misbehaves as a real one does not on request: what it says then, and how it ends.
//!
//! A real API server is in `tests/cluster`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod begun;
mod client_secret;
mod doctor;
mod files;
mod former_configuration;
#[expect(dead_code, reason = "a part of it is used here")]
#[path = "../login/gateway.rs"]
mod gateway;
mod gateway_servers;
mod istio_version;
mod keys;
mod left_behind;
mod migrating;
mod moving;
mod network_policy;
mod nonsense;
mod objects;
mod of_others;
mod old_backstop;
mod operator;
mod owned_secret;
mod provider;
mod refused;
mod revoking;
mod server;
mod status;
mod unasked;
mod unverified;
mod waiting;
mod way_back;
mod which_cluster;
#[path = "../login/wire.rs"]
mod wire;
