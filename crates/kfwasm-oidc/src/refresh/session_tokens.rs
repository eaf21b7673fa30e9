//! The tokens of a session, kept by the browser beside it.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::cookies::{CookieNames, OwnCookie};
use crate::fields::{FieldReader, FieldWriter};
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::secret::Secret;
use crate::session::Session;
use crate::time::UnixTime;

/// What a refresh needs besides the session. It is sealed as a whole and cut into as many cookies as it takes; each lies
/// on the path of the session, because any request may be the one that refreshes it, and none goes upstream.
///
/// The record begins with its version, by the rule of the session's own (docs/decisions/012-versions.md): tokens of a version
/// that this module does not know are none, so that the session is not refreshed and ends when it said.
pub(crate) struct SessionTokens {
    /// The session that they belong to.
    session: [u8; 16],
    /// `iss`, `nonce` and `auth_time` of the first ID token, which later ones must repeat (OIDC Core §12.2).
    pub(super) issuer: String,
    pub(super) nonce: String,
    pub(super) auth_time: Option<UnixTime>,
    /// Empty where the provider has given none.
    refresh_token: Secret,
    /// The ID token, where it goes upstream.
    id_token: Option<Secret>,
}

/// The version of the records that this module writes and reads.
const VERSION: u8 = 1;
/// Most cookies that the tokens are cut into. Refresh tokens of Entra take one.
pub(crate) const MOST: usize = 4;
/// Longest value of each in bytes, so that name and attributes fit beside it in any browser.
const LONGEST: usize = 3800;

impl SessionTokens {
    pub(crate) fn new(
        session: &Session,
        issuer: &str,
        nonce: String,
        auth_time: Option<UnixTime>,
        refresh_token: Option<&Secret>,
    ) -> Self {
        Self {
            session: session.id,
            issuer: issuer.to_owned(),
            nonce,
            auth_time,
            refresh_token: refresh_token
                .cloned()
                .unwrap_or_else(|| Secret::new(Vec::new())),
            id_token: None,
        }
    }

    /// The tokens in a request's cookies; `None` when there are none of ours.
    pub(crate) fn of(head: &RequestHead<'_>, names: &CookieNames, keys: &KeyRing) -> Option<Self> {
        let sealed = Parts::of(head, names).joined()?;
        let record = keys.open_text(Purpose::SessionTokens, names.tokens(), &sealed)?;
        Self::read(&mut FieldReader::new(&record))
    }

    fn read(fields: &mut FieldReader<'_>) -> Option<Self> {
        if fields.byte()? != VERSION {
            return None;
        }
        Some(Self {
            session: fields.array()?,
            issuer: fields.text()?,
            nonce: fields.text()?,
            auth_time: fields.optional_number()?.map(UnixTime),
            refresh_token: Secret::new(fields.bytes()?.to_vec()),
            id_token: match fields.flag()? {
                true => Some(Secret::new(fields.bytes()?.to_vec())),
                false => None,
            },
        })
    }

    fn written(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = FieldWriter::default();
        fields.byte(VERSION);
        fields.raw(&self.session);
        fields.text(&self.issuer);
        fields.text(&self.nonce);
        fields.optional_number(self.auth_time.map(|it| it.0));
        fields.bytes(self.refresh_token.expose());
        fields.byte(u8::from(self.id_token.is_some()));
        if let Some(token) = &self.id_token {
            fields.bytes(token.expose());
        }
        Zeroizing::new(fields.into_bytes())
    }

    pub(crate) fn belong_to(&self, session: &Session) -> bool {
        self.session == session.id
    }

    pub(crate) fn refresh_token(&self) -> &[u8] {
        self.refresh_token.expose()
    }

    /// Keeps the ID token too, so that it can go upstream.
    pub(crate) fn keep_id_token(&mut self, token: &Secret) {
        self.id_token = Some(token.clone());
    }

    /// Gives up an ID token from when it went upstream: the session goes on beyond it now, and it may go upstream again.
    pub(super) fn forget_id_token(&mut self) {
        self.id_token = None;
    }

    pub(crate) fn into_id_token(self) -> Option<Secret> {
        self.id_token
    }

    /// The provider has sent another refresh token; the old one must not be used again (RFC 6749 §6).
    pub(super) fn replace_refresh_token(&mut self, token: &Secret) {
        self.refresh_token = token.clone();
    }

    /// Names the session with just these tokens, and gives nothing away.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let hash = Sha256::new().chain_update(self.session);
        hash.chain_update(self.refresh_token.expose())
            .finalize()
            .into()
    }

    /// The `set-cookie`s of the tokens; none when they are too large to be kept.
    pub(crate) fn cookies(
        &self,
        party: &RelyingParty,
        session: &Session,
        host: &mut Host<'_>,
    ) -> Result<Vec<String>, Refusal> {
        let name = party.cookie_names.tokens();
        let record = self.written();
        let sealed = party
            .keys
            .seal_text(Purpose::SessionTokens, name, &record, host.entropy)?;
        let parts: Vec<&[u8]> = sealed.as_bytes().chunks(LONGEST).collect();
        if parts.len() > MOST {
            return Ok(Vec::new());
        }
        let end = party.lifetime.longest(session.signed_in_at);
        let age = end.seconds_since(host.now);
        let cookie = |(index, part): (usize, &&[u8])| {
            let part = String::from_utf8_lossy(part);
            // Parts of an earlier, longer text may still be in the browser.
            let value = match index {
                0 => [digit(parts.len()).as_str(), ".", &part].concat(),
                _ => part.into_owned(),
            };
            let name = party.cookie_names.tokens_part(index);
            party.set_cookie.set(&name, &value, "/", age)
        };
        Ok(parts.iter().enumerate().map(cookie).collect())
    }
}

fn digit(number: usize) -> String {
    char::from_digit(u32::try_from(number).unwrap_or(0), 10).map_or_else(String::new, String::from)
}

/// The names of the cookies with tokens that the request brings, to delete them.
pub(crate) fn token_cookies(head: &RequestHead<'_>, names: &CookieNames) -> Vec<String> {
    let parts = Parts::of(head, names).0;
    let present = parts.iter().enumerate().filter(|(_, it)| it.is_some());
    present.map(|(index, _)| names.tokens_part(index)).collect()
}

/// The values of the cookies, by their numbers.
#[derive(Default)]
struct Parts<'a>([Option<&'a [u8]>; MOST]);

impl<'a> Parts<'a> {
    fn of(head: &RequestHead<'a>, names: &CookieNames) -> Self {
        let mut parts = Self::default();
        for cookie in names.own(&head.cookies).iter() {
            if let OwnCookie::Tokens(index, value) = cookie
                && let Some(place) = parts.0.get_mut(*index)
                && place.is_none()
            {
                *place = Some(value);
            }
        }
        parts
    }

    /// The whole text: the first part says how many there are.
    fn joined(&self) -> Option<Vec<u8>> {
        let [first, rest @ ..] = &self.0;
        let (count, mut text) = match (*first)? {
            [count @ b'1'..=b'4', b'.', text @ ..] => (count.wrapping_sub(b'0'), text.to_vec()),
            _ => return None,
        };
        for part in rest.iter().take(usize::from(count).saturating_sub(1)) {
            text.extend_from_slice((*part)?);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldReader, Secret, SessionTokens, UnixTime};

    /// What is laid out otherwise is another version (docs/decisions/012-versions.md).
    #[test]
    fn a_record_of_version_1_is_laid_out_so() {
        let record = b"\x01iiiiiiiiiiiiiiii\x03iss\x05nonce\x01\x07\x07refresh\x01\x02id";
        let tokens = SessionTokens {
            session: [b'i'; 16],
            issuer: "iss".to_owned(),
            nonce: "nonce".to_owned(),
            auth_time: Some(UnixTime(7)),
            refresh_token: Secret::new(b"refresh".to_vec()),
            id_token: Some(Secret::new(b"id".to_vec())),
        };

        assert_eq!(*tokens.written(), record);
        let read = SessionTokens::read(&mut FieldReader::new(record)).unwrap();
        assert_eq!(*read.written(), record);
    }
}
