//! kfwasm on a real Kubernetes API server, with the real definitions of Istio, cert-manager and the Gateway API.
//!
//! `cargo xtask test cluster` runs these. It builds the control plane and says in the environment where it is; run
//! bare, every test fails and says so.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod accepted;
mod bad_days;
mod canned;
mod changing_over;
mod control_plane;
mod doctor;
mod elsewhere;
mod from_kfctl;
mod from_nothing;
mod gateway_servers;
mod header_backstop;
mod installing;
mod interrupted;
mod inventory;
mod istio;
mod kubelet;
mod load_balancer;
mod migrating;
mod operating;
mod pruning;
mod public_host;
mod recording;
mod redaction;
mod refused;
mod restarted;
mod running;
mod stage;
