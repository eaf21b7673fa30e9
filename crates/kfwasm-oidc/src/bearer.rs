//! Programs that bring a token of their own instead of a session (RFC 6750).

mod request;
mod tokens;
mod trusted_issuer;

pub(crate) use request::AwaitingIssuerKeys;
pub(crate) use tokens::BearerTokens;
pub(crate) use trusted_issuer::TrustedIssuer;
