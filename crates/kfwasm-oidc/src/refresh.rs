//! New tokens for a session, beside the requests that use it (OIDC Core §12, RFC 6749 §6).
//!
//! A request near the end of the provider's token is forwarded at once, with a [`Refresh`] for the shell to carry out beside
//! it. One request per session does so in an Envoy, by a lease in the memory that its workers share (`lease.rs`); what it
//! got stays there for a while, for those that came with the same cookies. The token of a lost race is not used again, so
//! that a provider that replaces refresh tokens never sees one twice from this Envoy. Whatever goes wrong, the session lasts
//! as long as it said before (docs/decisions/014-refresh.md).

mod lease;
mod refreshed_identity;
mod request;
mod ride_along;
mod session_tokens;
mod step;
mod token_answer;

pub(crate) use lease::Leases;
pub use request::Refresh;
pub use ride_along::{Refreshed, RideAlong};
pub(crate) use session_tokens::{SessionTokens, token_cookies};
pub use step::{PendingRefresh, RefreshEnd, RefreshOutcome, RefreshStep};
