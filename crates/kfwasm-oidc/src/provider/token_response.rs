//! The answer of the token endpoint.

use serde_json::{Map, Value};

use super::document::Document;
use super::fault::{ProviderFault, TokenResponseFault};
use super::oauth_error::OAuthError;
use crate::jose::json_object;
use crate::secret::Secret;

/// Longest body in bytes.
const LONGEST: usize = 1024 * 1024;

/// Longest `expires_in` in seconds: 400 days, longer than any session.
const LONGEST_LIFETIME: u64 = 400 * 24 * 60 * 60;

/// The tokens that a code was exchanged for (RFC 6749 §5.1, OIDC Core §3.1.3.3). Nothing in it has been
/// verified.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// `access_token`: printable ASCII.
    pub access_token: Secret,
    /// `id_token`: to be verified.
    pub id_token: Secret,
    /// `refresh_token`: printable ASCII.
    pub refresh_token: Option<Secret>,
    /// `expires_in`: how many seconds the access token lives, at most 400 days.
    pub expires_in: Option<u64>,
}

impl TokenResponse {
    /// Reads an answer; `content_type` is that header of it.
    ///
    /// Any content type but HTML is taken for JSON, since some providers mislabel it.
    ///
    /// # Errors
    /// [`ProviderFault::Refused`] when the provider says in a 4xx answer what it refused (RFC 6749 §5.2);
    /// other faults when the answer breaks a rule.
    pub fn parse(
        status: u16,
        content_type: Option<&[u8]>,
        body: &[u8],
    ) -> Result<Self, ProviderFault> {
        Ok(Self::from_members(&members(status, content_type, body)?)?)
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, TokenResponseFault> {
        check_token_type(members)?;
        Ok(Self {
            access_token: required(members, "access_token")?,
            id_token: required(members, "id_token")?,
            refresh_token: token(members, "refresh_token")?,
            expires_in: lifetime(members)?,
        })
    }
}

/// The tokens that a refresh token was exchanged for (RFC 6749 §6, OIDC Core §12.2). Nothing in it has been verified.
#[derive(Clone, Debug)]
pub struct RefreshResponse {
    /// `access_token`: printable ASCII.
    pub access_token: Secret,
    /// `id_token`: to be verified; the provider may leave it out.
    pub id_token: Option<Secret>,
    /// `refresh_token`: replaces the one that was used.
    pub refresh_token: Option<Secret>,
    /// `expires_in`: how many seconds the access token lives, at most 400 days.
    pub expires_in: Option<u64>,
}

impl RefreshResponse {
    /// Reads an answer; `content_type` is that header of it. Any content type but HTML is taken for JSON, since some providers
    /// mislabel it.
    ///
    /// # Errors
    /// [`ProviderFault::Refused`] when the provider says in a 4xx answer what it refused (RFC 6749 §5.2); other faults when the
    /// answer breaks a rule.
    pub fn parse(
        status: u16,
        content_type: Option<&[u8]>,
        body: &[u8],
    ) -> Result<Self, ProviderFault> {
        Ok(Self::from_members(&members(status, content_type, body)?)?)
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, TokenResponseFault> {
        check_token_type(members)?;
        Ok(Self {
            access_token: required(members, "access_token")?,
            id_token: token(members, "id_token")?,
            refresh_token: token(members, "refresh_token")?,
            expires_in: lifetime(members)?,
        })
    }
}

fn members(
    status: u16,
    content_type: Option<&[u8]>,
    body: &[u8],
) -> Result<Map<String, Value>, ProviderFault> {
    Document::TokenResponse.check_length(body, LONGEST)?;
    let members = json_object::parse(body);
    if let (400..=499, Ok(members)) = (status, &members)
        && let Some(error) = OAuthError::from_members(members)
    {
        return Err(ProviderFault::Refused(error));
    }
    Document::TokenResponse.check_status(status)?;
    if content_type.is_some_and(is_html) {
        return Err(TokenResponseFault::Html.into());
    }
    members.map_err(|fault| ProviderFault::json(Document::TokenResponse, fault))
}

fn is_html(content_type: &[u8]) -> bool {
    let essence = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"text/html")
}

/// OIDC Core §3.1.3.3: "The OAuth 2.0 token_type response parameter value MUST be Bearer"; RFC 6749 §5.1:
/// "Value is case insensitive".
fn check_token_type(members: &Map<String, Value>) -> Result<(), TokenResponseFault> {
    match members.get("token_type") {
        None | Some(Value::Null) => Err(TokenResponseFault::Missing("token_type")),
        Some(Value::String(name)) if name.eq_ignore_ascii_case("Bearer") => Ok(()),
        Some(_) => Err(TokenResponseFault::TokenType),
    }
}

fn required(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<Secret, TokenResponseFault> {
    token(members, name)?.ok_or(TokenResponseFault::Missing(name))
}

/// A token: one or more printable ASCII characters (RFC 6749 appendix A.12, A.17), so that it can stand in
/// a header as it is.
fn token(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Secret>, TokenResponseFault> {
    let printable =
        |text: &String| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if printable(text) => {
            Ok(Some(Secret::new(text.clone().into_bytes())))
        }
        Some(_) => Err(TokenResponseFault::Malformed(name)),
    }
}

/// Some providers write the number as a string.
fn lifetime(members: &Map<String, Value>) -> Result<Option<u64>, TokenResponseFault> {
    let seconds = match members.get("expires_in") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(digits)) => digits.parse().ok(),
        Some(value) => value.as_u64(),
    };
    let seconds: u64 = seconds.ok_or(TokenResponseFault::Malformed("expires_in"))?;
    Ok(Some(seconds.min(LONGEST_LIFETIME)))
}

#[cfg(test)]
mod tests;
