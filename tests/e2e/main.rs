//! kfwasm with real parts: Envoy, an OpenID provider, a browser.
//!
//! `cargo xtask test envoy` and `cargo xtask test browser` run these. They make the module, fetch the parts and say
//! in the environment where everything is; run bare, every test fails and says so.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test stops where its premise fails"
)]

mod access;
mod air_gapped;
mod backstop;
mod bearer;
mod browser;
mod claims;
#[path = "../../crates/kfwasm-oidc/tests/support/claims_set.rs"]
mod claims_set;
mod client_authentication;
mod configuration;
mod dashboards;
mod forwarded_id_token;
mod hostile_bytes;
mod hostile_client;
mod hostile_provider;
mod hostile_server;
mod http2;
mod identity_headers;
mod kfp_sdk;
mod operation;
mod own_gateway;
mod parts;
mod paths;
mod program_login;
mod programs;
mod provider_logout;
mod provider_outage;
mod raw;
mod refresh;
mod replicas;
mod rogue;
mod secrets_in_logs;
mod several_configurations;
mod several_providers;
mod sign_in;
mod signatures;
mod stage;
mod streams;
mod token_issuer;
mod user_info;
mod workers;
