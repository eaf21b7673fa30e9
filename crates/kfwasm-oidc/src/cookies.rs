//! Our cookies among those of a request, and the others (RFC 6265 §4.2.1, §5.4).

use kfwasm_config::CookieName;

use crate::bytes;
use crate::header_edits::CookieEdit;
use crate::request_head::CookieHeaders;

/// The names of the cookies that are ours: the session's, and all that begin with it and a `_`.
pub(crate) struct CookieNames {
    session: String,
    attempt_prefix: String,
    id_token_hint: String,
    ended: String,
    tokens: String,
}

/// One of our cookies, by what it holds.
pub(crate) enum OwnCookie<'a> {
    Session(&'a [u8]),
    /// The name and value of a sign-in attempt.
    Attempt(&'a [u8], &'a [u8]),
    IdTokenHint(&'a [u8]),
    /// Which session the browser has signed out of, by its identifier.
    Ended(&'a [u8]),
    /// A part of the session's tokens, by its number.
    Tokens(usize, &'a [u8]),
    /// Of our name, but nothing we know: from a newer version, or made up.
    Unknown,
}

impl CookieNames {
    pub(crate) fn new(session: &CookieName) -> Self {
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

    pub(crate) fn session(&self) -> &str {
        &self.session
    }

    pub(crate) fn id_token_hint(&self) -> &str {
        &self.id_token_hint
    }

    pub(crate) fn ended(&self) -> &str {
        &self.ended
    }

    /// The name that the parts of the tokens share.
    pub(crate) fn tokens(&self) -> &str {
        &self.tokens
    }

    pub(crate) fn tokens_part(&self, number: usize) -> String {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        [&self.tokens, "_", &number.to_string()].concat()
    }

    pub(crate) fn attempt(&self, suffix: &str) -> String {
        [&self.attempt_prefix, suffix].concat()
    }

    /// What a cookie holds, when it is ours.
    pub(crate) fn recognize<'a>(&self, pair: &'a [u8]) -> Option<OwnCookie<'a>> {
        let pair = pair.trim_ascii();
        if !self.may_be_ours(pair) {
            return None;
        }
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

    /// Tells most foreign cookies from ours at the first bytes.
    fn may_be_ours(&self, pair: &[u8]) -> bool {
        pair.starts_with(self.session.as_bytes()) || pair.starts_with(self.id_token_hint.as_bytes())
    }

    /// Our cookies in a request, in order.
    pub(crate) fn own<'a>(
        &self,
        headers: &CookieHeaders<'a>,
    ) -> impl Iterator<Item = OwnCookie<'a>> {
        pairs(headers).filter_map(|pair| self.recognize(pair))
    }

    /// The `cookie` header without ours. The others stay as they are, byte for byte: an upstream is a stranger's
    /// program, which must not get a session that it could use elsewhere, and must get what it set itself.
    pub(crate) fn without_ours(&self, headers: &CookieHeaders<'_>) -> CookieEdit {
        let length = headers
            .iter()
            .map(|header| header.len().saturating_add(2))
            .sum();
        let (mut kept, mut found_ours) = (Vec::with_capacity(length), false);
        for header in headers.iter() {
            let mut is_first = true;
            for pair in bytes::split(header, b';') {
                if self.recognize(pair).is_some() {
                    found_ours = true;
                } else {
                    append(&mut kept, pair, is_first);
                    is_first = false;
                }
            }
        }
        match (found_ours, kept.trim_ascii().is_empty()) {
            (false, _) => CookieEdit::Keep,
            (true, true) => CookieEdit::Remove,
            (true, false) => CookieEdit::Replace(kept),
        }
    }
}

fn pairs<'a>(headers: &CookieHeaders<'a>) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().flat_map(|header| bytes::split(header, b';'))
}

/// Adds a cookie with the space that stood before it, unless it comes first in its header.
fn append(kept: &mut Vec<u8>, pair: &[u8], first_of_header: bool) {
    let pair = if first_of_header {
        pair.trim_ascii_start()
    } else {
        pair
    };
    if !kept.is_empty() {
        let separator: &[u8] = if first_of_header { b"; " } else { b";" };
        kept.extend_from_slice(separator);
    }
    kept.extend_from_slice(pair);
}
