//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6).

use core::fmt;

use serde_json::Value;

use super::claims::IdTokenClaims;
use super::fault::IdTokenFault;
use super::verification::{IdTokenExpectations, check_times};
use crate::excerpt::Excerpt;
use crate::jose::{CompactJws, JoseHeader, SignatureVerifier};
use crate::time::UnixTime;

/// Says that a session at the provider is over. [`IdTokenExpectations::verify_logout_token`] is the only way to get one.
#[derive(Clone, Debug)]
pub struct LogoutToken(IdTokenClaims);

/// Which rule a logout token breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutTokenFault {
    /// One that holds for ID tokens too.
    Token(IdTokenFault),
    /// It names neither a session nor a user.
    NobodyNamed,
    /// It does not say that it is about a logout.
    Event,
    /// It has a `nonce`, as an ID token has.
    Nonce,
}

/// The event that a logout token tells of (Back-Channel Logout §2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl LogoutToken {
    /// `sid`: the session at the provider.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.0.claim("sid")?.as_str()
    }

    /// `sub`: the user.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        Some(self.0.subject()).filter(|it| !it.is_empty())
    }

    /// `iat`.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.0.issued_at()
    }
}

impl IdTokenExpectations<'_> {
    /// Takes `token` through the steps of Back-Channel Logout §2.6; the one that costs time, the signature, comes last.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn verify_logout_token(
        &self,
        token: &[u8],
        now: UnixTime,
        verifier: &mut dyn SignatureVerifier,
    ) -> Result<LogoutToken, LogoutTokenFault> {
        // 1. "If the Logout Token is encrypted, decrypt it": as for ID tokens, there is nothing to decrypt with.
        let jws = CompactJws::parse(token).map_err(IdTokenFault::from)?;
        check_media_type(jws.header())?;
        let claims = IdTokenClaims::parse_with_or_without_subject(jws.unverified_payload())?;

        // 4. "Validate the iss, aud, iat, and exp Claims in the same way they are validated in ID Tokens."
        let admitted = self.issuer.admit(claims.issuer(), claims.tenant());
        admitted.map_err(IdTokenFault::from)?;
        self.check_audience(&claims)?;
        self.check_authorized_party(&claims)?;
        check_times(&claims, self.clock_skew, now)?;

        check_names(&claims)?;
        check_event(&claims)?;

        // 7. "Verify that the Logout Token does not contain a nonce Claim": an ID token is none.
        if claims.claim("nonce").is_some() {
            return Err(LogoutTokenFault::Nonce);
        }

        // 8. "Optionally verify that another Logout Token with the same jti value has not been recently received": a token
        //    that is sent again ends nothing more, because sessions that began after its `iat` go on. It must be there.
        if !claims.claim("jti").is_some_and(Value::is_string) {
            return Err(IdTokenFault::ClaimMissing("jti").into());
        }

        // 9. to 11. are about sessions that the Relying Party has a list of; kfwasm has none.
        // 2. "Validate the Logout Token signature in the same way that an ID Token signature is validated"
        // 3. "Validate the alg (algorithm) Header Parameter in the same way it is validated for ID Tokens. [...] an alg with
        //    the value none MUST NOT be used for the Logout Token."
        self.check_signature(&jws, &claims, verifier)?;
        Ok(LogoutToken(claims))
    }
}

/// 5. "Verify that the Logout Token contains a sub Claim, a sid Claim, or both."
fn check_names(claims: &IdTokenClaims) -> Result<(), LogoutTokenFault> {
    match claims.claim("sid") {
        None if claims.subject().is_empty() => Err(LogoutTokenFault::NobodyNamed),
        Some(Value::String(sid)) if !sid.is_empty() => Ok(()),
        Some(_) => Err(IdTokenFault::ClaimMalformed("sid").into()),
        None => Ok(()),
    }
}

/// 6. "Verify that the Logout Token contains an events Claim whose value is JSON object containing the member name
///    http://schemas.openid.net/event/backchannel-logout." Its value is an object too (§2.4).
fn check_event(claims: &IdTokenClaims) -> Result<(), LogoutTokenFault> {
    let event = claims.claim("events").and_then(|it| it.get(EVENT));
    match event.is_some_and(Value::is_object) {
        true => Ok(()),
        false => Err(LogoutTokenFault::Event),
    }
}

/// §2.4: "It is RECOMMENDED that Logout Tokens be explicitly typed": `logout+jwt`. What says that it is of another kind is no
/// logout token (RFC 8725 §3.11).
fn check_media_type(header: &JoseHeader) -> Result<(), IdTokenFault> {
    let Some(name) = header.media_type() else {
        return Ok(());
    };
    let lower = name.to_ascii_lowercase();
    match lower.strip_prefix("application/").unwrap_or(&lower) {
        "jwt" | "logout+jwt" => Ok(()),
        _ => Err(IdTokenFault::MediaType(Excerpt::of(name))),
    }
}

impl LogoutTokenFault {
    /// Whether fetching the keys once more may cure it.
    #[must_use]
    pub fn is_key_not_found(&self) -> bool {
        matches!(self, Self::Token(fault) if fault.is_key_not_found())
    }
}

impl From<IdTokenFault> for LogoutTokenFault {
    fn from(fault: IdTokenFault) -> Self {
        Self::Token(fault)
    }
}

impl fmt::Display for LogoutTokenFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(fault) => fault.fmt(formatter),
            Self::NobodyNamed => {
                formatter.write_str("names neither a session nor a user (Back-Channel Logout §2.6)")
            }
            Self::Event => formatter.write_str("is not about a logout (Back-Channel Logout §2.6)"),
            Self::Nonce => formatter.write_str("has a `nonce` (Back-Channel Logout §2.6)"),
        }
    }
}
