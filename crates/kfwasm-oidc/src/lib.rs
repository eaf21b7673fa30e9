//! The OpenID Connect relying party of kfwasm, without I/O.
//!
//! [`RelyingParty::handle_request`] takes a view of a request, and a [`Host`] for time, randomness, signatures and shared
//! memory. It returns a [`Step`]: forward the request, answer it, or send a request elsewhere first. The last comes with
//! a [`Pending`], whose [`Pending::resume`] takes the response and returns the next step.
//!
//! Nothing here logs, sleeps, reads a clock or knows of proxy-wasm, so that the same code runs in the filter, in tests
//! under a clock of their own, in fuzzers and in benches. Nothing panics, whatever comes from outside.

mod access;
mod addresses;
mod bearer;
mod callback;
pub mod callout;
mod claim_headers;
mod client_fault;
mod directory;
mod endpoints;
pub mod entropy;
pub mod excerpt;
mod fields;
mod forwarded_id_token;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod gate;
pub mod header_edits;
mod host;
pub mod id_token;
mod identity;
mod inquiry;
pub mod jose;
mod key_ring;
pub mod local_reply;
pub mod log_line;
mod outcome;
mod page;
mod pending;
mod posted_form;
mod presented_id_token;
mod programs;
pub mod provider;
mod providers;
mod random;
mod recipient;
mod refresh;
mod refusal;
mod relying_party;
mod replies;
mod request_kind;
mod rsa;
mod sealed_entry;
pub mod secret;
mod session;
mod set_cookie;
mod setup;
pub mod shared_data;
mod sign_in;
mod sign_out;
mod signature_budget;
mod skip;
mod step;
mod step_up;
pub mod time;

use kfwasm_head::{bytes, cookies, normalized_path, own_headers};
pub use kfwasm_head::{header_map, request_head};

pub use directory::{Due, Fetch, Published};
pub use gate::Gate;
pub use host::Host;
pub use identity::UserIdentity;
pub use outcome::Outcome;
pub use pending::Pending;
pub use providers::ProviderId;
pub use refresh::{
    PendingRefresh, Refresh, RefreshEnd, RefreshOutcome, RefreshStep, Refreshed, RideAlong,
};
pub use relying_party::RelyingParty;
pub use session::OpenSession;
pub use setup::Environment;
pub use step::Step;
