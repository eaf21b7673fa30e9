//! How a request is changed before it goes upstream.

use std::rc::Rc;

use kfwasm_config::Identity;

pub use crate::cookies::CookieEdit;
use crate::gate::Gate;
use crate::identity::UserIdentity;
use crate::outcome::Outcome;
use crate::refresh::RideAlong;
use crate::secret::Secret;
use crate::session::OpenSession;

/// The changes to a request that is let through, and to its response.
pub struct HeaderEdits {
    /// Why it is let through: which counter it goes to.
    pub outcome: Outcome,
    /// Whose session it is, for logs.
    pub session: Option<Rc<OpenSession>>,
    /// The user and groups that the upstream is told; `None` where no sign-in is needed.
    pub identity: Option<Rc<UserIdentity>>,
    /// The names of the headers that tell it.
    pub names: Rc<Identity>,
    /// Names of headers that the client sent and must not: identity headers, what an upstream may read as one, and whatever else
    /// means something from us alone. They are removed.
    pub forged: Vec<Vec<u8>>,
    /// What becomes of the `cookie` header.
    pub cookies: CookieEdit,
    /// The header that shows a filter behind this one that the request has been decided on (`backstop.header`).
    pub gate: Option<Rc<Gate>>,
    /// The ID token that goes upstream as a bearer token.
    pub id_token: Option<Secret>,
    /// A `set-cookie` for the response: the session, renewed.
    pub renewed_session: Option<String>,
    /// A refresh of the session, and its cookies for the response.
    pub ride_along: Option<RideAlong>,
}

/// Something that can change the headers of a request.
pub trait RequestHeaders {
    /// Replaces all values of a header by one.
    fn set(&mut self, name: &str, value: &[u8]);
    /// Removes all values of a header.
    fn remove(&mut self, name: &[u8]);
}

impl HeaderEdits {
    /// Makes the changes to the request. Headers that the client did not send are not removed: each call costs time.
    pub fn apply(&self, headers: &mut dyn RequestHeaders) {
        for name in &self.forged {
            headers.remove(name);
        }
        match &self.cookies {
            CookieEdit::Keep => {}
            CookieEdit::Remove => headers.remove(b"cookie"),
            CookieEdit::Replace(value) => headers.set("cookie", value),
        }
        if let Some(gate) = &self.gate {
            headers.set(gate.name(), gate.value());
        }
        if let Some(token) = &self.id_token {
            // RFC 6750 §2.1.
            headers.set("authorization", &[b"Bearer ", token.expose()].concat());
        }
        if let Some(identity) = &self.identity {
            headers.set(self.names.header.as_str(), &identity.user);
            if !identity.groups.is_empty() {
                headers.set(self.names.groups_header.as_str(), &identity.groups);
            }
            for (it, value) in self.names.claim_headers.iter().zip(&identity.claims) {
                if !value.is_empty() {
                    headers.set(it.header.as_str(), value.as_bytes());
                }
            }
        }
    }
}
