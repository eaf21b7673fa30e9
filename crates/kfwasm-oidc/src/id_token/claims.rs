//! The claims of an ID token.

use serde_json::{Map, Value};

use super::fault::IdTokenFault;
use super::numeric_date;
use crate::jose::json_object;
use crate::time::UnixTime;

/// Longest `sub` in ASCII characters (OIDC Core §2).
const LONGEST_SUBJECT: usize = 255;

/// What an ID token says (OIDC Core §2), in checked types. Whether it is true is another question:
/// see [`super::VerifiedIdToken`].
#[derive(Clone)]
pub struct IdTokenClaims {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audience: Vec<String>,
    pub(super) expiry: UnixTime,
    pub(super) issued_at: UnixTime,
    pub(super) not_before: Option<UnixTime>,
    pub(super) authenticated_at: Option<UnixTime>,
    pub(super) nonce: Option<String>,
    pub(super) authorized_party: Option<String>,
    pub(super) access_token_hash: Option<String>,
    pub(super) tenant: Option<String>,
    members: Map<String, Value>,
}

impl IdTokenClaims {
    /// Reads the payload of a token. An optional claim that is `null` counts as absent.
    ///
    /// # Errors
    /// It is not a JSON object with unique names, a required claim is missing, or a claim that this
    /// crate looks at has another form than the specification gives it.
    pub fn parse(payload: &[u8]) -> Result<Self, IdTokenFault> {
        let claims = Self::parse_with_or_without_subject(payload)?;
        match claims.subject.is_empty() {
            true => Err(IdTokenFault::ClaimMissing("sub")),
            false => Ok(claims),
        }
    }

    /// Reads the payload of a logout token, which need not name a user (Back-Channel Logout §2.4): `sub` is then empty.
    ///
    /// # Errors
    /// As [`IdTokenClaims::parse`], but for a `sub` that is missing.
    pub(super) fn parse_with_or_without_subject(payload: &[u8]) -> Result<Self, IdTokenFault> {
        let members = json_object::parse(payload).map_err(IdTokenFault::Payload)?;
        let reader = Reader(&members);
        Ok(Self {
            issuer: required("iss", reader.text("iss")?)?,
            subject: reader.subject()?.unwrap_or_default(),
            audience: required("aud", reader.audience()?)?,
            expiry: required("exp", reader.date("exp")?)?,
            issued_at: required("iat", reader.date("iat")?)?,
            not_before: reader.date("nbf")?,
            authenticated_at: reader.date("auth_time")?,
            nonce: reader.text("nonce")?,
            authorized_party: reader.text("azp")?,
            access_token_hash: reader.text("at_hash")?,
            tenant: reader.text("tid")?,
            members,
        })
    }

    /// `iss`: who issued the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`: the user, unique and never reassigned within the issuer; 1 to 255 ASCII characters.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// `aud`: whom the token is for; at least one.
    #[must_use]
    pub fn audience(&self) -> &[String] {
        &self.audience
    }

    /// `exp`: when the token ends, which says nothing about the user's session at the provider.
    #[must_use]
    pub fn expiry(&self) -> UnixTime {
        self.expiry
    }

    /// `iat`: when the token was issued.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// `auth_time`: when the user last proved who they are.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<UnixTime> {
        self.authenticated_at
    }

    /// `nonce`: which authentication request the token answers.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// `acr`: in which way the user proved who they are (OIDC Core §2); `None` when it is no text, or longer than 255 bytes.
    #[must_use]
    pub fn acr(&self) -> Option<String> {
        let acr = self.claim("acr")?.as_str()?;
        (1..=255).contains(&acr.len()).then(|| acr.to_owned())
    }

    /// `tid`: the Microsoft Entra tenant of the user.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Any claim by its name, as it stands in the token.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }
}

impl core::fmt::Debug for IdTokenClaims {
    /// Claims are personal data: none of them is shown.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("IdTokenClaims([redacted])")
    }
}

fn required<T>(name: &'static str, claim: Option<T>) -> Result<T, IdTokenFault> {
    claim.ok_or(IdTokenFault::ClaimMissing(name))
}

struct Reader<'a>(&'a Map<String, Value>);

impl Reader<'_> {
    /// The claim as `read` understands it; `None` when it is absent.
    fn read<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, IdTokenFault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value)
                .map(Some)
                .ok_or(IdTokenFault::ClaimMalformed(name)),
        }
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, IdTokenFault> {
        self.read(name, |value| value.as_str().map(str::to_owned))
    }

    fn date(&self, name: &'static str) -> Result<Option<UnixTime>, IdTokenFault> {
        self.read(name, numeric_date::parse)
    }

    fn subject(&self) -> Result<Option<String>, IdTokenFault> {
        let sound = |text: &&str| (1..=LONGEST_SUBJECT).contains(&text.len()) && text.is_ascii();
        self.read("sub", |value| {
            value.as_str().filter(sound).map(str::to_owned)
        })
    }

    /// A string, or an array of strings that is not empty.
    fn audience(&self) -> Result<Option<Vec<String>>, IdTokenFault> {
        let one = |value: &Value| value.as_str().map(str::to_owned);
        self.read("aud", |value| match value {
            Value::Array(values) if !values.is_empty() => values.iter().map(one).collect(),
            value => one(value).map(|only| vec![only]),
        })
    }
}
