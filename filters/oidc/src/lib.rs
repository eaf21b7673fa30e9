//! The proxy-wasm module: a thin shell over `kfwasm-oidc`.
//!
//! It translates the host's calls into calls of the core and back, and decides nothing. `host_calls` is the one file that
//! names the host.

mod access_log;
mod gateway;
mod host_calls;
mod metrics;
mod provider_call;
mod refreshes;
mod root;
mod stream;
mod world;

use proxy_wasm::traits::RootContext;

use crate::root::Root;

mod entry {
    use super::{Root, RootContext};

    proxy_wasm::main! {{
        proxy_wasm::set_root_context(|id| -> Box<dyn RootContext> { Box::new(Root::new(id)) });
    }}
}
