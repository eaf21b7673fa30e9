use crate::refusal::Refusal;

text_type! {
    /// What people read where they choose a provider: any text without control characters.
    ProviderLabel,
    pattern "^[^\\p{Cc}]+$",
    longest 64
}

impl ProviderLabel {
    /// Reads a label.
    ///
    /// # Errors
    /// When it is empty, longer than 64 bytes, or has control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && !text.contains(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a label for people",
            "write 1 to 64 bytes, such as Example employees",
        ))
    }
}
