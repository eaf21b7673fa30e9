use crate::refusal::Refusal;

/// A mail address, for the account at a certificate authority (RFC 8555 §7.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAddress(String);

const LONGEST: usize = 254;

impl MailAddress {
    /// Reads a mail address.
    ///
    /// # Errors
    /// When it plainly is none.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let parts = text.split_once('@');
        let is_address = parts.is_some_and(|(person, domain)| {
            !person.is_empty() && domain.contains('.') && !domain.contains('@')
        });
        if is_address && text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a mail address",
            "write the address that the certificate authority may write to",
        ))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
