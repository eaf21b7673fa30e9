//! What the header of a client assertion says about the key that signed it.

use crate::refusal::Refusal;

const LONGEST_KEY_ID: usize = 256;

/// The length of a SHA-256 digest in base64url without padding.
const THUMBPRINT: usize = 43;

/// A key id (`kid`, RFC 7515 §4.1.4): visible ASCII, 1 to 256 bytes.
pub(crate) fn parse_key_id(text: &str) -> Result<String, Refusal> {
    let length = (1..=LONGEST_KEY_ID).contains(&text.len());
    if length && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(Refusal::quoting(
        text,
        "is not a key id",
        "write 1 to 256 visible ASCII characters",
    ))
}

/// A certificate thumbprint (`x5t#S256`, RFC 7515 §4.1.8): the SHA-256 digest of the certificate's
/// DER in base64url.
pub(crate) fn parse_thumbprint(text: &str) -> Result<String, Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.len() == THUMBPRINT && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(Refusal::quoting(
        text,
        "is not a SHA-256 thumbprint in base64url (43 characters)",
        "make it with: openssl x509 -in cert.pem -outform DER | openssl dgst -sha256 -binary \
         | basenc --base64url | tr -d =",
    ))
}
