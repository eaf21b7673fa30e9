use crate::read::elements::Elements;
use crate::read::object::Object;
use crate::refusal::Refusal;

text_type! {
    /// One scope (RFC 6749 §3.3).
    Scope,
    pattern "^[!#-\\[\\]-~]+$",
    longest 256
}

impl Scope {
    /// Reads a scope.
    ///
    /// # Errors
    /// When it is empty, longer than 256 bytes, or has a space, `"`, `\` or non-ASCII characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if Self::fits(text) && text.bytes().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a scope",
            "write one scope per element, such as [\"openid\", \"profile\", \"email\"]",
        ))
    }
}

pub(super) const DEFAULT: [&str; 3] = ["openid", "profile", "email"];
pub(super) const MOST: usize = 32;

/// Reads the scopes that are asked for. Without `openid` the request is no OpenID Connect request
/// (OIDC Core §3.1.2.1).
pub(super) fn read_list(object: &mut Object<'_>) -> Elements<Scope> {
    let scopes = object.list("scopes", &DEFAULT, 1..=MOST, &Scope::parse);
    if scopes.all_lack(|scope| scope.as_str() == "openid") {
        object.refuse(
            "scopes",
            "lacks openid",
            "add openid: without it the provider returns no ID token",
        );
    }
    scopes
}
