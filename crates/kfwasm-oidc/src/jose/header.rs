//! The JOSE header.

use serde_json::{Map, Value};

use super::fault::JwsFault;
use super::json_object;

/// What a JOSE header (RFC 7515 §4) says about the signature.
///
/// `jku`, `jwk`, `x5u` and `x5c` are not read at all: a key that a token brings along proves nothing
/// (RFC 8725 §3.10). Keys come from the provider's key set alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoseHeader {
    algorithm: String,
    key_id: Option<String>,
    media_type: Option<String>,
}

impl JoseHeader {
    /// Reads the decoded header.
    pub(super) fn parse(text: &[u8]) -> Result<Self, JwsFault> {
        let members = json_object::parse(text).map_err(JwsFault::Header)?;
        // RFC 7515 §4.1.11: extensions that must be understood; there is none that we understand.
        if members.contains_key("crit") {
            return Err(JwsFault::CriticalExtension);
        }
        // RFC 7797 §6: `b64` must be listed in `crit`, and RFC 7797 §7 forbids it in JWTs.
        if members.contains_key("b64") {
            return Err(JwsFault::UnencodedPayload);
        }
        Ok(Self {
            algorithm: text_member(&members, "alg")?.ok_or(JwsFault::HeaderMember("alg"))?,
            key_id: text_member(&members, "kid")?,
            media_type: text_member(&members, "typ")?,
        })
    }

    /// `alg` (RFC 7515 §4.1.1), as the token claims it.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// `kid` (RFC 7515 §4.1.4).
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// `typ` (RFC 7515 §4.1.9). Not yet compared: media types ignore case, and `application/` may be
    /// left out.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }
}

fn text_member(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, JwsFault> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JwsFault::HeaderMember(name)),
    }
}
