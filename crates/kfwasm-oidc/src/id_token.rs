//! The ID token: its claims, and the steps by which they become facts.

mod access_token_hash;
mod claims;
mod fault;
mod logout_token;
mod numeric_date;
mod verification;

pub use claims::IdTokenClaims;
pub use fault::IdTokenFault;
pub use logout_token::{LogoutToken, LogoutTokenFault};
pub(crate) use verification::check_times;
pub use verification::{IdTokenExpectations, VerifiedIdToken};
