//! Requests to the gateway as a browser and a script send them, and what is to come back. Each is on a connection of its
//! own: what was changed in a gateway reaches open connections one request later.

mod answer;
mod connection;
mod expectation;
mod target;

pub(crate) use answer::Answer;
pub(crate) use connection::{Asked, ask, fetch};
pub(crate) use expectation::{Expectation, Unexpected};
pub(crate) use target::Target;
