//! Signing a program in: the gateway is the authorization server, this machine's loopback the redirect URI (RFC 8252 §7.3).

mod authorization;
mod browser;
mod gateway;
mod loopback;
mod origin;
mod page;
mod printed;
mod proof;
mod response;
mod session;
mod store;

pub(crate) use authorization::Authorization;
pub(crate) use browser::show;
pub(crate) use gateway::{Gateway, Paths};
pub(crate) use loopback::Loopback;
pub(crate) use origin::Origin;
pub(crate) use printed::{Print, printed};
pub(crate) use session::Session;
pub(crate) use store::Store;

/// How the program names itself to the gateway (RFC 6749 §2.2). It has no secret: PKCE stands for one.
const CLIENT_ID: &str = "kfwasm";
/// The redirect URI of a program whose browser is on another machine: the page shows the code for copying.
pub(crate) const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
