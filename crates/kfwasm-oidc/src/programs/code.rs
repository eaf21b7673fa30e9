//! The code that a program gets a session for (RFC 6749 §4.1.2).

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::authorization_request::AuthorizationRequest;
use crate::host::Host;
use crate::jose::base64url;
use crate::key_ring::Purpose;
use crate::random;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::session::Session;
use crate::time::UnixTime;

/// How long a code serves, in seconds: as long as a program needs, or a person who copies it.
const LIFETIME: u64 = 60;
const LIFETIME_BY_HAND: u64 = 300;

/// What a code stands for. It is sealed, so that every gateway with the same keys can read it.
#[derive(Serialize, Deserialize)]
pub(super) struct Code {
    /// By which it is known to have served.
    pub(super) id: [u8; 16],
    pub(super) request: AuthorizationRequest,
    /// The person's session, as its cookie holds it.
    pub(super) session: Vec<u8>,
    /// When it does not serve any more.
    pub(super) ends_at: UnixTime,
}

impl Code {
    /// A code for the program that brings the verifier of this request's challenge.
    pub(super) fn new(
        request: AuthorizationRequest,
        session: Vec<u8>,
        host: &mut Host<'_>,
    ) -> Result<Self, Refusal> {
        let lifetime = match request.redirect_uri.is_out_of_band() {
            true => LIFETIME_BY_HAND,
            false => LIFETIME,
        };
        Ok(Self {
            id: random::bytes(host.entropy)?,
            request,
            session,
            ends_at: host.now.plus(lifetime),
        })
    }

    /// RFC 7636 §4.6.
    pub(super) fn is_proven_by(&self, verifier: &str) -> bool {
        let challenge = base64url::encode(&Sha256::digest(verifier));
        bool::from(
            challenge
                .as_bytes()
                .ct_eq(self.request.challenge.as_bytes()),
        )
    }
}

impl RelyingParty {
    /// Seals what this gateway alone may read again, for one of its hosts.
    pub(super) fn sealed(
        &self,
        purpose: Purpose,
        public_host: &str,
        content: &impl Serialize,
        host: &mut Host<'_>,
    ) -> Result<String, Refusal> {
        let record = postcard::to_allocvec(content);
        let record = record.map_err(|_| Refusal::Gateway("a record could not be written"))?;
        Ok(self
            .keys
            .seal_text(purpose, public_host, &record, host.entropy)?)
    }

    pub(super) fn unsealed<T: for<'de> Deserialize<'de>>(
        &self,
        purpose: Purpose,
        public_host: &str,
        text: &str,
    ) -> Option<T> {
        let record = self.keys.open_text(purpose, public_host, text.as_bytes())?;
        postcard::from_bytes(&record).ok()
    }

    /// A session as it is kept within something sealed: as its cookie, which has a version.
    pub(super) fn packed(
        &self,
        session: &Session,
        host: &mut Host<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        let name = self.cookie_names.session();
        let value = session.seal(&self.keys, name, host.entropy)?;
        Ok(value.into_bytes())
    }

    /// The session, if it would still open a page.
    pub(super) fn unpacked(&mut self, packed: &[u8], host: &Host<'_>) -> Option<Session> {
        let open = self.open_session(packed)?;
        self.is_in_force(&open, host.now)
            .then(|| open.session.clone())
    }
}
