//! What the userinfo endpoint says about a user (OIDC Core §5.3).

use core::fmt;

use serde_json::{Map, Value};

use super::document::Document;
use super::fault::{ProviderFault, UserInfoFault};
use crate::jose::json_object;

/// Longest body in bytes.
const LONGEST: usize = 256 * 1024;

/// Claims about the user of an ID token.
pub struct UserInfo(Map<String, Value>);

impl UserInfo {
    /// Reads an answer about the user `subject`; `content_type` is that header of it.
    ///
    /// OIDC Core §5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID
    /// Token; if they do not match, the UserInfo Response values MUST NOT be used."
    ///
    /// # Errors
    /// The answer is not a success, not JSON, or about somebody else.
    pub fn parse(
        status: u16,
        content_type: Option<&[u8]>,
        body: &[u8],
        subject: &str,
    ) -> Result<Self, ProviderFault> {
        Document::UserInfo.check_status(status)?;
        Document::UserInfo.check_length(body, LONGEST)?;
        if content_type.is_some_and(is_jwt) {
            return Err(UserInfoFault::Jwt.into());
        }
        let claims = json_object::parse(body)
            .map_err(|fault| ProviderFault::json(Document::UserInfo, fault))?;
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(UserInfoFault::Subject.into());
        }
        Ok(Self(claims))
    }

    /// Any claim by its name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

fn is_jwt(content_type: &[u8]) -> bool {
    let essence = content_type.split(|byte| *byte == b';').next();
    essence.is_some_and(|it| it.trim_ascii().eq_ignore_ascii_case(b"application/jwt"))
}

impl fmt::Debug for UserInfo {
    /// Claims are personal data: none of them is shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserInfo([redacted])")
    }
}
