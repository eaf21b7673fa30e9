use crate::refusal::Refusal;

text_type! {
    /// The name of a header that kfwasm sets, in lower case; none that HTTP or the proxy itself
    /// gives a meaning to.
    HeaderName,
    pattern "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    longest 64
}

impl HeaderName {
    /// Reads a header name; upper case is made lower.
    ///
    /// # Errors
    /// When it is no token (RFC 9110 §5.1), longer than 64 bytes, or the name of a header that is
    /// not ours to set.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let name = text.to_ascii_lowercase();
        if !Self::fits(&name) || !name.bytes().all(is_token_byte) {
            return Err(Refusal::quoting(
                text,
                "is not the name of a header",
                "write 1 to 64 letters, digits and -, such as kubeflow-userid",
            ));
        }
        if RESERVED.contains(&name.as_str())
            || RESERVED_FAMILIES.iter().any(|f| name.starts_with(f))
        {
            return Err(Refusal::quoting(
                text,
                "is a header with a meaning of its own",
                "choose a name that only carries the identity, such as kubeflow-userid",
            ));
        }
        Ok(Self(name))
    }
}

impl HeaderName {
    /// Whether a program may take the one for the other: WSGI and CGI cannot tell `_` from `-` (RFC 3875 §4.1.18).
    pub fn reads_as(&self, other: &Self) -> bool {
        let dashed = |it: &Self| it.as_str().replace('_', "-");
        dashed(self) == dashed(other)
    }
}

/// Connection-specific headers (RFC 9110 §7.6.1), those that frame or route a message, and those
/// that carry credentials.
const RESERVED: [&str; 29] = [
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-client-cert",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-request-id",
];

/// Headers by which Envoy and Istio steer themselves, and the fetch metadata of browsers.
const RESERVED_FAMILIES: [&str; 3] = ["x-envoy-", "x-istio-", "sec-"];

/// RFC 9110 §5.6.2: the characters of a token.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
