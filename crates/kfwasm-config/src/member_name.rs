use crate::refusal::Refusal;

text_type! {
    /// A user, a group or a domain that an access rule lets in, as it stands in the identity headers, without prefix.
    MemberName,
    pattern "^[!-~]([ -~]*[!-~])?$",
    longest 256
}

impl MemberName {
    /// Reads a name: printable ASCII, without spaces at its ends.
    ///
    /// # Errors
    /// When it could not stand in a header as it is.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if Self::fits(text) && printable && text.trim() == text {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a name that a header could carry",
            "write 1 to 256 printable ASCII characters, without spaces at the ends",
        ))
    }

    /// Reads the domain of an e-mail address.
    ///
    /// # Errors
    /// When it is no name, or has an `@`.
    pub(crate) fn parse_domain(text: &str) -> Result<Self, Refusal> {
        if text.contains('@') {
            return Err(Refusal::quoting(
                text,
                "is more than a domain",
                "write what stands behind the @, such as example.com",
            ));
        }
        Self::parse(text)
    }
}
