//! What the configuration accepts, what it refuses, and every word that it says about it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails"
)]

mod access;
mod all_at_once;
mod backstop;
mod bearer;
mod brand;
mod claim_headers;
mod client_authentication;
mod discovery;
mod document;
mod examples;
mod gateway;
mod good;
mod group_overage;
mod hostile;
mod identity;
mod insecure_http;
mod paths;
mod provider;
#[cfg(feature = "schema")]
mod reference;
mod sample;
mod session;
mod several_providers;
mod step_up;
mod values;
