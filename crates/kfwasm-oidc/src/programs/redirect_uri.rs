//! Where the answer to a program goes.

use serde::{Deserialize, Serialize};

/// An address that only programs on the person's own machine can listen at (RFC 8252 §7.3), or the person's own hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RedirectUri(String);

/// The person copies the code, because the program runs on another machine.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The addresses of this machine, by number alone: a name could be somebody else's (RFC 8252 §8.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1:", "http://[::1]:"];

impl RedirectUri {
    /// Reads one of the two forms, character by character.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let known = text == OUT_OF_BAND || LOOPBACK.iter().any(|it| is_callback(text, it));
        known.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_out_of_band(&self) -> bool {
        self.0 == OUT_OF_BAND
    }

    /// The address as a source of `form-action` (CSP Level 3 §6.4.2.1). A number of IPv6 cannot stand there, so that for
    /// it all of plain http must.
    pub(super) fn source(&self) -> &str {
        match self.0.strip_suffix(PATH) {
            Some(origin) if !origin.contains('[') => origin,
            Some(_) => "http:",
            None => "",
        }
    }
}

const PATH: &str = "/callback";

fn is_callback(text: &str, origin: &str) -> bool {
    let port = text
        .strip_prefix(origin)
        .and_then(|rest| rest.strip_suffix(PATH));
    port.is_some_and(|port| {
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        digits && !port.starts_with('0') && port.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::RedirectUri;

    #[test]
    fn an_answer_goes_to_this_machine_or_to_the_persons_hands() {
        for (text, source) in [
            ("http://127.0.0.1:51234/callback", "http://127.0.0.1:51234"),
            ("http://127.0.0.1:1/callback", "http://127.0.0.1:1"),
            ("http://[::1]:65535/callback", "http:"),
            ("urn:ietf:wg:oauth:2.0:oob", ""),
        ] {
            let uri = RedirectUri::parse(text).expect(text);
            assert_eq!((uri.as_str(), uri.source()), (text, source));
        }
    }

    #[test]
    fn nothing_that_only_looks_like_this_machine_gets_an_answer() {
        for text in [
            "",
            "http://localhost:51234/callback",
            "https://127.0.0.1:51234/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1:80@evil.example/callback",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/callback?x",
            "http://127.0.0.1:80/callback#x",
            "http://127.0.0.1:80/../callback",
            "http://127.0.0.1.evil.example:80/callback",
            "http://127.0.0.2:80/callback",
            "http://[::1]:80@evil.example/callback",
            "http://[::2]:80/callback",
            "HTTP://127.0.0.1:80/callback",
            "http://127.0.0.1:80/callback\r\nset-cookie: a=b",
            "urn:ietf:wg:oauth:2.0:oob:auto",
            "javascript:alert(1)",
        ] {
            assert_eq!(RedirectUri::parse(text), None, "{text}");
        }
    }
}
