use crate::header_name::is_token_byte;
use crate::refusal::Refusal;

text_type! {
    /// The name of a cookie: an RFC 9110 token (RFC 6265 §4.1.1).
    CookieName,
    pattern "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    longest 64
}

impl CookieName {
    /// Reads a cookie name.
    ///
    /// # Errors
    /// When it is empty, longer than 64 bytes, or no token.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && text.bytes().all(is_token_byte) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not the name of a cookie",
            "write 1 to 64 letters, digits, _ and -, such as authservice_session",
        ))
    }

    /// Whether browsers take a cookie of this name only over https, in any mix of case (RFC 6265bis
    /// §4.1.3).
    pub(crate) fn demands_https(&self) -> bool {
        let name = self.as_str().to_ascii_lowercase();
        name.starts_with("__host-") || name.starts_with("__secure-")
    }
}
