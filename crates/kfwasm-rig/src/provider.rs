//! npm's certified `oidc-provider`, on loopback.

mod running;
mod settings;

pub use running::Provider;
pub use settings::{ProviderSettings, ProviderTls};
