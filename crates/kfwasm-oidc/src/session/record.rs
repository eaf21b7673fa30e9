//! What a session cookie says.

mod version_1;

use sha2::{Digest as _, Sha256};

use super::cookie_text;
use super::groups::Groups;
use super::lifetime::Lifetime;
use crate::entropy::Entropy;
use crate::fields::{FieldReader, FieldWriter};
use crate::identity::UserIdentity;
use crate::jose::base64url;
use crate::key_ring::{KeyRing, Purpose, SealFailure};
use crate::set_cookie;
use crate::time::UnixTime;

/// A session. In its cookie stands a record of it: its version, and the fields as that version writes them.
///
/// Whoever changes the fields makes a new version, and the module reads the one before besides. A record of a version that it
/// does not know is no session, so that the user signs in again (docs/decisions/012-versions.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Names the session in logs and revocations.
    pub(crate) id: [u8; 16],
    /// The session that it was made from, for a program: whose end by revocation is its end too.
    pub(crate) parent: Option<[u8; 16]>,
    /// The name of the provider that vouched for the user.
    pub(crate) provider: String,
    /// `sub`: the user at that provider.
    pub(crate) subject: String,
    /// The user, as the upstream knows them, without prefix.
    pub(crate) user: String,
    pub(crate) groups: Groups,
    /// When the user signed in here; of a bearer token, when it was issued.
    pub(crate) signed_in_at: UnixTime,
    /// When the session ends in any case.
    pub(crate) end: UnixTime,
    /// When it ends if it is not used again.
    pub(crate) idle_end: UnixTime,
    /// When to ask the provider for new tokens, if it is to be asked.
    pub(crate) refresh_at: Option<UnixTime>,
    /// `sid`: the session at the provider, as logout tokens name it (Back-Channel Logout §2.1).
    pub(crate) provider_session: Option<String>,
    /// `auth_time`: when the user proved to the provider who they are.
    pub(crate) auth_time: Option<UnixTime>,
    /// `acr`: in which way they did (OIDC Core §2).
    pub(crate) acr: Option<String>,
    /// What [`crate::claim_headers::kept`] keeps of the claims that go upstream in headers of their own.
    pub(crate) claim_headers: Vec<String>,
}

/// The version of the records that this module writes.
const VERSION: u8 = 1;

/// Longest value of a cookie of this name that browsers keep, in bytes.
fn room(cookie_name: &str) -> usize {
    set_cookie::LARGEST.saturating_sub(cookie_name.len())
}

fn hashed(id: &[u8; 16]) -> String {
    let hash: [u8; 32] = Sha256::digest(id).into();
    base64url::encode(hash.first_chunk::<16>().unwrap_or(id))
}

impl Session {
    /// Opens the value of a session cookie; `None` when it is not one of ours.
    pub(crate) fn open(keys: &KeyRing, cookie_name: &str, value: &[u8]) -> Option<Self> {
        let sealed = cookie_text::decode(value)?;
        Self::from_record(&keys.open(Purpose::Session, cookie_name, &sealed)?)
    }

    /// Reads a record of a version that this module knows.
    pub(crate) fn from_record(record: &[u8]) -> Option<Self> {
        match record.split_first()? {
            (&VERSION, fields) => version_1::read(&mut FieldReader::new(fields)),
            _ => None,
        }
    }

    /// The record, of the version that this module writes.
    pub(crate) fn to_record(&self) -> Vec<u8> {
        let mut record = FieldWriter::default();
        record.byte(VERSION);
        version_1::write(self, &mut record);
        record.into_bytes()
    }

    /// The value of the session's cookie.
    pub(crate) fn seal(
        &self,
        keys: &KeyRing,
        cookie_name: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<String, SealFailure> {
        let record = self.to_record();
        let sealed = keys.seal(Purpose::Session, cookie_name, &record, entropy)?;
        Ok(cookie_text::encode(&sealed, room(cookie_name)))
    }

    /// The identifier by which logs and revocations name the session: 22 characters, from which nobody can make its cookie.
    pub(crate) fn hashed_id(&self) -> String {
        hashed(&self.id)
    }

    /// The [`Session::hashed_id`] of the session that it was made from, for a program's.
    pub(crate) fn hashed_parent(&self) -> Option<String> {
        self.parent.as_ref().map(hashed)
    }

    /// A limit that was made shorter since the sign-in counts too.
    pub(crate) fn is_over(&self, lifetime: Lifetime, now: UnixTime) -> bool {
        let longest = lifetime.longest(self.signed_in_at);
        now >= self.end || now >= self.idle_end || now >= longest
    }

    /// Whether the provider is to be asked for new tokens.
    pub(crate) fn is_refresh_due(&self, now: UnixTime) -> bool {
        self.refresh_at.is_some_and(|due| now >= due)
    }

    /// The session as used now, when its cookie should say so.
    pub(crate) fn renewed(&self, lifetime: Lifetime, now: UnixTime) -> Option<Self> {
        let is_due = lifetime.is_renewal_due(now, self.idle_end, self.end);
        is_due.then(|| Self {
            idle_end: lifetime.idle_end(now, self.end),
            ..self.clone()
        })
    }

    /// What the upstream is told; `claims` are the values of further claims.
    pub(crate) fn identity(&self, prefix: &str, claims: Vec<String>) -> UserIdentity {
        let mut groups = Vec::new();
        self.groups.write_to(&mut groups);
        UserIdentity {
            user: [prefix, &self.user].concat().into_bytes(),
            groups,
            claims,
        }
    }
}
