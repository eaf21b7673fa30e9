//! Sessions that the configuration ends before their time.

use kfwasm_config::{PointInTime, Revocation};

use super::record::Session;
use crate::identity::UserIdentity;
use crate::time::UnixTime;

/// Whether the session is over for everybody's, its user's or its own sake.
pub(super) fn ends(
    revocation: &Revocation,
    session: &Session,
    identity: &UserIdentity,
    hashed_id: &str,
) -> bool {
    let is_before = |time: PointInTime| session.signed_in_at < UnixTime::from(time);
    let user = revocation
        .users
        .iter()
        .any(|it| it.user.as_str().as_bytes() == identity.user && is_before(it.not_before));
    let itself = || {
        let parent = session.hashed_parent();
        let is_it = |id: &str| id == hashed_id || Some(id) == parent.as_deref();
        revocation.sessions.iter().any(|it| is_it(it.as_str()))
    };
    revocation.not_before.is_some_and(is_before) || user || itself()
}
