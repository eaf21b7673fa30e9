use crate::refusal::Refusal;

text_type! {
    /// The path of a URL on this gateway: begins with `/`, and is written the one way that a
    /// normalised request path is: no empty or dot segments, no percent-encoding, no backslash, no
    /// `;`.
    AbsolutePath,
    pattern "^/",
    longest 512
}

impl AbsolutePath {
    /// Reads a path.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |message, advice| Err(Refusal::quoting(text, message, advice));
        if !text.starts_with('/') {
            return refuse(
                "does not begin with /",
                "write the path from the root, such as /public",
            );
        }
        if !Self::fits(text) {
            return refuse("is longer than 512 bytes", "write a shorter path");
        }
        if text.contains(['?', '#']) {
            return refuse("has a query or a fragment", "write the path alone");
        }
        if !text.bytes().all(is_path_byte) {
            return refuse("has a character that no configured path has", ALLOWED);
        }
        if has_ambiguous_segment(text) {
            return refuse(
                "has an empty or a dot segment",
                "write the path without //, /./ and /../",
            );
        }
        Ok(Self(text.to_owned()))
    }
}

const ALLOWED: &str = "write letters, digits and -._~!$&'()*+,=:@ only, without percent-encoding";

/// The characters of RFC 3986 §3.3, without `%`, which has several spellings, and `;`, which ends
/// the `Path` attribute of a cookie (RFC 6265 §4.1.1).
pub(crate) fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@/".contains(&byte)
}

/// Whether a proxy may take the path for another one: `//`, `/./`, `/../`.
pub(crate) fn has_ambiguous_segment(path: &str) -> bool {
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    let last = segments.clone().count().saturating_sub(1);
    segments.enumerate().any(|(index, segment)| match segment {
        "" => index != last,
        "." | ".." => true,
        _ => false,
    })
}
