//! The proxy-wasm module: a thin shell over `kfwasm-oidc`.
//!
//! It translates the host's calls into calls of the core and back, and decides nothing. `host_calls` is what calls the
//! host, `host_events` what the host calls.

mod access_log;
mod contexts;
mod gateway;
mod host_calls;
mod host_events;
mod memcmp;
mod metrics;
mod provider_call;
mod refreshes;
mod root;
mod stream;
mod world;
