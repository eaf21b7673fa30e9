//! The authorization code flow (OIDC Core §3.1), with PKCE (RFC 7636), state and nonce, always.

mod attempt;
mod authorization_request;
mod authorization_response;
mod code_exchange;
mod completion;
mod start;
mod verified;

pub(crate) use attempt::{Attempt, attempt_cookies};
pub(crate) use authorization_request::{SignInRequest, return_to, with_query};
pub(crate) use authorization_response::AuthorizationResponse;
pub(crate) use code_exchange::{AwaitingKeys, AwaitingToken, CodeExchange, Returning};
pub(crate) use verified::VerifiedSignIn;
