use std::borrow::Cow;
use std::fmt;

use crate::refusal::Refusal;

/// Which rule a URL breaks. The URL itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// It is longer than 2048 bytes.
    TooLong,
    /// It does not begin with `https://` or `http://`.
    NotAbsolute,
    /// It begins with `http://`, and nobody said `insecureHttp`.
    PlainHttp,
    /// It has user information (`user@`), which RFC 9110 §4.2.4 deprecates.
    UserInformation,
    /// Its host is empty or has characters that no host has.
    Host,
    /// Its port is not a number from 1 to 65535.
    Port,
    /// It has a character that a URL must not have (RFC 3986 §2).
    Character,
    /// It has a query where none is allowed (OIDC Discovery §3).
    Query,
    /// It has a fragment, which no endpoint has (RFC 6749 §3.1).
    Fragment,
}

impl UrlError {
    /// What is wrong, as the end of a sentence that begins with the URL.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooLong => "is longer than 2048 bytes",
            Self::NotAbsolute => "is not a URL with https:// in front",
            Self::PlainHttp => "begins with http://, which anyone on the way can read and change",
            Self::UserInformation => "has a user name in front of the host",
            Self::Host => "has no valid host",
            Self::Port => "has a port that is not a number from 1 to 65535",
            Self::Character => "has a character that is not allowed in a URL",
            Self::Query => "has a query",
            Self::Fragment => "has a fragment (#)",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::TooLong => "write a shorter one",
            Self::NotAbsolute => "write the whole URL, such as https://login.example.com/path",
            Self::PlainHttp => {
                "write https://, or, where you trust the network, set insecureHttp: true"
            }
            Self::UserInformation => "leave out what is in front of the @",
            Self::Host => "write a DNS name, or an IP address (IPv6 in brackets)",
            Self::Port => "correct the port, or leave it out",
            Self::Character => "percent-encode it (RFC 3986 §2.1)",
            Self::Query => "leave out the ? and what follows",
            Self::Fragment => "leave out the # and what follows",
        }
    }

    pub(crate) fn refusal(self, written: &str) -> Refusal {
        let quoted = Refusal::quoting(written, self.message(), self.advice());
        match self {
            // User information may be a password, and so may what surrounds it.
            Self::UserInformation => Refusal {
                message: Cow::Borrowed(self.message()),
                ..quoted
            },
            _ => quoted,
        }
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for UrlError {}
