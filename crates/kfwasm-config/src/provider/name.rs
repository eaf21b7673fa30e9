use crate::refusal::Refusal;

text_type! {
    /// What a provider is called in logs and metrics: `[a-z0-9-]`, 1 to 32 characters.
    ProviderName,
    pattern "^[a-z0-9-]{1,32}$",
    longest 32
}

impl ProviderName {
    /// Reads a name.
    ///
    /// # Errors
    /// When it is empty, longer than 32 characters, or has others than `[a-z0-9-]`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if Self::fits(text) && text.bytes().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a name",
            "write 1 to 32 lower-case letters, digits and -",
        ))
    }
}
