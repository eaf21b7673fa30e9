//! Who is signed in, and for how long.

mod bits;
mod cache;
mod cookie_text;
mod groups;
mod guid;
mod guid_set;
mod lifetime;
mod logouts;
mod packed_text;
mod record;
mod revocation;

pub use cache::OpenSession;
pub(crate) use cache::SessionCache;
pub(crate) use groups::Groups;
pub(crate) use lifetime::Lifetime;
pub(crate) use logouts::{Channel, Logout, Named, ProviderLogouts};
pub(crate) use record::Session;
