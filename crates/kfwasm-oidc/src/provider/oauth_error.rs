//! An error that a provider reports by the book.

use core::fmt;

use serde_json::{Map, Value};

use crate::excerpt::Excerpt;

/// Longest error code in characters.
const LONGEST_CODE: usize = 100;

/// The `error` and `error_description` of an authorization or token response (RFC 6749 §4.1.2.1, §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    code: String,
    description: Option<Excerpt>,
}

impl OAuthError {
    /// Takes an error as it came; `None` when `code` is not one: empty, longer than 100 characters, or
    /// with characters other than those of RFC 6749 appendix A.7. The description is cut to what is safe
    /// to show.
    #[must_use]
    pub fn new(code: &str, description: Option<&str>) -> Option<Self> {
        let length = (1..=LONGEST_CODE).contains(&code.len());
        (length && code.bytes().all(is_error_byte)).then(|| Self {
            code: code.to_owned(),
            description: description.map(Excerpt::of),
        })
    }

    pub(super) fn from_members(members: &Map<String, Value>) -> Option<Self> {
        let description = members.get("error_description").and_then(Value::as_str);
        Self::new(members.get("error")?.as_str()?, description)
    }

    /// The error code, such as `invalid_grant` or `access_denied`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What the provider says about it, for people.
    #[must_use]
    pub fn description(&self) -> Option<&Excerpt> {
        self.description.as_ref()
    }

    pub(super) fn advice(&self) -> &'static str {
        match self.code.as_str() {
            "invalid_client" => {
                "check `clientId` and the client secret or key: wrong, expired, or of another registration"
            }
            "unauthorized_client" | "unsupported_grant_type" => {
                "allow the authorization code grant for this client at the provider"
            }
            "invalid_scope" => {
                "check `scopes`: the provider does not grant all of them to this client"
            }
            "invalid_grant" => {
                "nothing, if it is rare: the code was too old or used twice; otherwise check that the redirect URI is registered exactly as it is sent"
            }
            "invalid_request" => {
                "check `authorizationParameters` and that the redirect URI is registered exactly as it is sent"
            }
            "access_denied" => {
                "the user or the provider's policy refused: see the provider's sign-in log"
            }
            "temporarily_unavailable" | "server_error" => {
                "the provider has a fault of its own: wait, or ask those who run it"
            }
            _ => "look the error up in the provider's documentation and its sign-in log",
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.code)?;
        match &self.description {
            Some(description) => write!(formatter, ": {description} (RFC 6749 §5.2)"),
            None => formatter.write_str(" (RFC 6749 §5.2)"),
        }
    }
}

/// `%x20-21 / %x23-5B / %x5D-7E`: printable ASCII without `"` and `\`.
fn is_error_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}
