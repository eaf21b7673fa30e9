//! Who is signed in, and for how long.

mod cache;
mod group;
mod lifetime;
mod record;
mod revocation;

pub(crate) use cache::{OpenSession, SessionCache};
pub(crate) use group::Group;
pub(crate) use lifetime::Lifetime;
pub(crate) use record::Session;
