//! Signing in programs on a person's own machine: by their browser, a loopback address and a code that serves once
//! (RFC 8252 §7.3, RFC 7636). The protocol is that of an authorization server; what it gives out is a session.

mod authorization_request;
mod code;
mod consent;
mod redirect_uri;
mod token;
mod used_codes;

pub(crate) use used_codes::UsedCodes;

/// The one client that there is (RFC 6749 §2.2). It is public: whoever asks is known by nothing but where the answer goes.
const CLIENT_ID: &str = "kfwasm";
