//! base64url without padding, as RFC 7515 §2 defines it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The bytes that `text` stands for.
///
/// Strict: padding, white space, the other alphabet and non-zero trailing bits are refused, so that
/// one sequence of bytes has exactly one spelling.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The one spelling of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn bytes_have_exactly_one_spelling() {
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
        assert_eq!(decode(b"-_8"), Some(vec![0xfb, 0xff]));
        for other in ["-_8=", "+/8", "-_9", " -_8", "-_8\n", "-_8A0"] {
            assert_eq!(decode(other.as_bytes()), None, "{other:?}");
        }
    }
}
