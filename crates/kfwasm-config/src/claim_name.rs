use crate::refusal::Refusal;

text_type! {
    /// The name of a claim at the top level of a token (RFC 7519 §4).
    ClaimName,
    pattern "^[!-~]+$",
    longest 256
}

impl ClaimName {
    /// Reads a claim name: visible ASCII.
    ///
    /// # Errors
    /// When it is empty, longer than 256 bytes, or has other characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not the name of a claim",
            "write 1 to 256 visible ASCII characters, such as email",
        ))
    }
}
