use crate::refusal::Refusal;

text_type! {
    /// The client identifier that the provider gave to this registration (RFC 6749 §2.2): printable
    /// ASCII.
    ClientId,
    pattern "^[ -~]+$",
    longest 512
}

impl ClientId {
    /// Reads a client identifier.
    ///
    /// # Errors
    /// When it is empty, longer than 512 bytes, not printable ASCII (RFC 6749 appendix A.1), or has
    /// spaces around it.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let printable = |byte: u8| (b' '..=b'~').contains(&byte);
        if Self::fits(text) && text.bytes().all(printable) && text.trim_ascii() == text {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a client id",
            "copy it from the registration at the provider: printable ASCII, no spaces around it",
        ))
    }
}
