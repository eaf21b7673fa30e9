//! Our cookies among those of a request, and the others (RFC 6265 §4.2.1, §5.4).

use core::fmt;

use kfwasm_config::CookieName;

use crate::bytes;
use crate::request_head::CookieHeaders;

/// The names of the cookies that are ours: the session's, and all that begin with it and a `_`.
pub struct CookieNames {
    session: String,
    attempt_prefix: String,
    id_token_hint: String,
    ended: String,
    tokens: String,
}

/// One of our cookies, by what it holds.
pub enum OwnCookie<'a> {
    /// The session's.
    Session(&'a [u8]),
    /// The name and value of a sign-in attempt.
    Attempt(&'a [u8], &'a [u8]),
    /// The ID token, for the sign-out.
    IdTokenHint(&'a [u8]),
    /// Which session the browser has signed out of, by its identifier.
    Ended(&'a [u8]),
    /// A part of the session's tokens, by its number.
    Tokens(usize, &'a [u8]),
    /// Of our name, but nothing we know: from a newer version, or made up.
    Unknown,
}

impl CookieNames {
    /// The names that follow from that of the session's cookie.
    #[must_use]
    pub fn new(session: &CookieName) -> Self {
        let session = session.as_str().to_owned();
        // A `__Host-` cookie has the path `/` (RFC 6265bis §4.1.3.2), which a hint has not.
        let hint = session
            .strip_prefix("__Host-")
            .map_or_else(|| session.clone(), |rest| ["__Secure-", rest].concat());
        Self {
            attempt_prefix: [&session, "_attempt_"].concat(),
            id_token_hint: [&hint, "_id_token"].concat(),
            ended: [&session, "_ended"].concat(),
            tokens: [&session, "_tokens"].concat(),
            session,
        }
    }

    /// The name of the session's cookie.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The name of the cookie that keeps an ID token for the sign-out (RP-Initiated Logout §2, `id_token_hint`).
    #[must_use]
    pub fn id_token_hint(&self) -> &str {
        &self.id_token_hint
    }

    /// The name of the cookie that says which session the browser has signed out of.
    #[must_use]
    pub fn ended(&self) -> &str {
        &self.ended
    }

    /// The name that the parts of the tokens share.
    #[must_use]
    pub fn tokens(&self) -> &str {
        &self.tokens
    }

    /// The name of one part of the tokens.
    #[must_use]
    pub fn tokens_part(&self, number: usize) -> String {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        [&self.tokens, "_", &number.to_string()].concat()
    }

    /// The name of the cookie of a sign-in attempt.
    #[must_use]
    pub fn attempt(&self, suffix: &str) -> String {
        [&self.attempt_prefix, suffix].concat()
    }

    /// What a cookie holds, when it is ours.
    #[must_use]
    pub fn recognize<'a>(&self, pair: &'a [u8]) -> Option<OwnCookie<'a>> {
        let pair = pair.trim_ascii_start();
        // Nearly all are the session's, as we write it, or foreign: their first bytes tell.
        match pair.strip_prefix(self.session.as_bytes()) {
            Some([b'=', value @ ..]) => Some(OwnCookie::Session(value.trim_ascii())),
            Some(_) => self.recognize_other(pair),
            None if pair.starts_with(self.id_token_hint.as_bytes()) => self.recognize_other(pair),
            None => None,
        }
    }

    /// What a cookie holds whose name begins as one of ours does; `None` when it is another's.
    #[cold]
    #[inline(never)]
    fn recognize_other<'a>(&self, pair: &'a [u8]) -> Option<OwnCookie<'a>> {
        let pair = pair.trim_ascii_end();
        let (name, value) = bytes::split_once(pair, b'=');
        let (name, value) = (name.trim_ascii_end(), value.trim_ascii_start());
        if name == self.session.as_bytes() {
            return Some(OwnCookie::Session(value));
        }
        if name == self.id_token_hint.as_bytes() {
            return Some(OwnCookie::IdTokenHint(value));
        }
        if name == self.ended.as_bytes() {
            return Some(OwnCookie::Ended(value));
        }
        if name.starts_with(self.attempt_prefix.as_bytes()) {
            return Some(OwnCookie::Attempt(name, value));
        }
        if let Some([b'_', number @ b'0'..=b'9']) = name.strip_prefix(self.tokens.as_bytes()) {
            return Some(OwnCookie::Tokens(
                usize::from(number.wrapping_sub(b'0')),
                value,
            ));
        }
        let rest = name.strip_prefix(self.session.as_bytes())?;
        rest.starts_with(b"_").then_some(OwnCookie::Unknown)
    }

    /// Our cookies in a request: one pass over all of them, which is felt at every request.
    #[must_use]
    #[inline(never)]
    pub fn own<'a>(&self, headers: &CookieHeaders<'a>) -> OwnCookies<'a> {
        let mut own = OwnCookies::default();
        for (header, text) in headers.iter().enumerate() {
            let mut begin = 0_usize;
            for pair in bytes::split(text, b';') {
                let end = begin.saturating_add(pair.len());
                if let Some(cookie) = self.recognize(pair) {
                    own.push(Found {
                        cookie,
                        header,
                        begin,
                        end,
                    });
                }
                begin = end.saturating_add(1);
            }
        }
        own
    }
}

/// Our cookies in a request, in order. Nearly every request has one, so that one costs no allocation.
#[derive(Default)]
pub struct OwnCookies<'a> {
    first: Option<Found<'a>>,
    more: Vec<Found<'a>>,
}

/// One of our cookies, and where it stands.
struct Found<'a> {
    cookie: OwnCookie<'a>,
    /// In which of the headers.
    header: usize,
    /// The place of its first byte there, and the one behind its last.
    begin: usize,
    end: usize,
}

/// What becomes of the `cookie` header on its way upstream.
#[derive(PartialEq, Eq)]
pub enum CookieEdit {
    /// None of the cookies is ours.
    Keep,
    /// All of them are.
    Remove,
    /// What is left without ours.
    Replace(Vec<u8>),
}

impl fmt::Debug for CookieEdit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Keep => "Keep",
            Self::Remove => "Remove",
            Self::Replace(_) => "Replace([redacted])",
        })
    }
}

impl<'a> OwnCookies<'a> {
    fn push(&mut self, found: Found<'a>) {
        match self.first {
            None => self.first = Some(found),
            Some(_) => self.more.push(found),
        }
    }

    fn found(&self) -> impl Iterator<Item = &Found<'a>> {
        self.first.iter().chain(&self.more)
    }

    /// What they hold, in order.
    pub fn iter(&self) -> impl Iterator<Item = &OwnCookie<'a>> {
        self.found().map(|it| &it.cookie)
    }

    /// The `cookie` header without ours. The others stay as they are, byte for byte: an upstream is a stranger's
    /// program, which must not get a session that it could use elsewhere, and must get what it set itself.
    #[must_use]
    #[inline(never)]
    pub fn removed_from(&self, headers: &CookieHeaders<'_>) -> CookieEdit {
        if self.first.is_none() {
            return CookieEdit::Keep;
        }
        let length = headers
            .iter()
            .map(|header| header.len().saturating_add(2))
            .sum();
        let mut kept = Vec::with_capacity(length);
        let mut found = self.found().peekable();
        for (index, header) in headers.iter().enumerate() {
            let (mut begin, mut is_first) = (0, true);
            while let Some(ours) = found.next_if(|it| it.header == index) {
                let before = ours.begin.checked_sub(1);
                if let Some(before) = before.and_then(|end| header.get(begin..end)) {
                    append(&mut kept, before, is_first);
                    is_first = false;
                }
                begin = ours.end.saturating_add(1);
            }
            if let Some(rest) = header.get(begin..) {
                append(&mut kept, rest, is_first);
            }
        }
        match kept.trim_ascii().is_empty() {
            true => CookieEdit::Remove,
            false => CookieEdit::Replace(kept),
        }
    }
}

/// Adds cookies with the space that stood before them, unless they come first in their header.
fn append(kept: &mut Vec<u8>, cookies: &[u8], first_of_header: bool) {
    let cookies = if first_of_header {
        cookies.trim_ascii_start()
    } else {
        cookies
    };
    if !kept.is_empty() {
        let separator: &[u8] = if first_of_header { b"; " } else { b";" };
        kept.extend_from_slice(separator);
    }
    kept.extend_from_slice(cookies);
}
