//! The head of one request, as far as the relying party looks at it.

use crate::bytes;
use crate::header_map::{HeaderMap, MalformedHeaderMap};
use crate::header_name::HeaderName;
use crate::own_headers::OwnHeaders;

/// A view of a request's headers: every field borrows the buffer that the host returned.
///
/// Values are bytes: a client may send any byte from 0x20 up, and UTF-8 is not promised.
#[derive(Default)]
pub struct RequestHead<'a> {
    /// `:method`.
    pub method: &'a [u8],
    /// `:path`: path and query.
    pub path: &'a [u8],
    /// `:authority`, or `host`.
    pub authority: &'a [u8],
    /// `x-forwarded-proto`, which Envoy sets for a client that it does not trust to.
    pub forwarded_proto: &'a [u8],
    /// Every `cookie` header, in order; HTTP/1.1 clients may send several.
    pub cookies: CookieHeaders<'a>,
    /// `authorization`.
    pub authorization: Option<&'a [u8]>,
    /// `accept`.
    pub accept: &'a [u8],
    /// `content-type`.
    pub content_type: &'a [u8],
    /// `origin` (RFC 6454 §7).
    pub origin: Option<&'a [u8]>,
    /// `referer`.
    pub referer: Option<&'a [u8]>,
    /// `sec-fetch-mode` (W3C Fetch Metadata §2.2).
    pub fetch_mode: Option<&'a [u8]>,
    /// `sec-fetch-dest` (W3C Fetch Metadata §2.1).
    pub fetch_dest: Option<&'a [u8]>,
    /// `sec-fetch-site` (W3C Fetch Metadata §2.3).
    pub fetch_site: Option<&'a [u8]>,
    /// Whether the browser fetches ahead of need (`sec-purpose` or `purpose`).
    pub is_prefetch: bool,
    /// Whether another protocol is asked for (`upgrade`).
    pub is_upgrade: bool,
    /// Whether a script says that it asks (`x-requested-with`).
    pub is_scripted: bool,
    /// Whether the request says that it has a body (`content-length`, `transfer-encoding`).
    pub has_body: bool,
    /// The body in base64, for those of our endpoints that need one (docs/decisions/019-request-bodies.md).
    pub body: &'a [u8],
    /// `x-request-id`, by which the operator finds the request.
    pub request_id: &'a [u8],
    /// Names of headers that only we may set, and that the client sent.
    pub forged: Vec<&'a [u8]>,
}

/// The values of all `cookie` headers. Nearly every request has one, so that one costs no allocation.
#[derive(Default)]
pub struct CookieHeaders<'a> {
    first: &'a [u8],
    more: Vec<&'a [u8]>,
}

impl<'a> CookieHeaders<'a> {
    fn push(&mut self, value: &'a [u8]) {
        if self.first.is_empty() {
            self.first = value;
        } else {
            self.more.push(value);
        }
    }

    /// The values that are not empty, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> {
        let first = (!self.first.is_empty()).then_some(self.first);
        first.into_iter().chain(self.more.iter().copied())
    }
}

impl<'a> RequestHead<'a> {
    /// Looks through a header map once.
    ///
    /// # Errors
    /// The buffer is not a header map.
    #[inline(never)]
    pub fn scan(buffer: &'a [u8], own: &OwnHeaders) -> Result<Self, MalformedHeaderMap> {
        let mut head = Self::default();
        for pair in HeaderMap::new(buffer)? {
            let (name, value) = pair?;
            head.note(name, value);
            if own.include(name) {
                head.forged.push(name);
            }
        }
        Ok(head)
    }

    /// Keeps `value` if `name` is one of those we look at. Envoy has made all names lower-case.
    fn note(&mut self, name: &'a [u8], value: &'a [u8]) {
        match HeaderName::of(name) {
            HeaderName::METHOD => self.method = value,
            HeaderName::PATH => self.path = value,
            HeaderName::AUTHORITY | HeaderName::HOST => self.authority = value,
            HeaderName::FORWARDED_PROTO if name == b"x-forwarded-proto" => {
                self.forwarded_proto = value
            }
            HeaderName::COOKIE => self.cookies.push(value),
            HeaderName::AUTHORIZATION => {
                // Two of them have two readings: what is left of them is a token that nobody accepts.
                let several = self.authorization.is_some();
                self.authorization = Some(if several { b"bearer" } else { value });
            }
            HeaderName::ACCEPT => self.accept = value,
            HeaderName::CONTENT_TYPE => self.content_type = value,
            HeaderName::ORIGIN => self.origin = Some(value),
            HeaderName::REFERER => self.referer = Some(value),
            HeaderName::FETCH_MODE => self.fetch_mode = Some(value),
            HeaderName::FETCH_DEST => self.fetch_dest = Some(value),
            HeaderName::FETCH_SITE => self.fetch_site = Some(value),
            HeaderName::SEC_PURPOSE | HeaderName::PURPOSE => {
                self.is_prefetch = value.starts_with(b"prefetch")
            }
            HeaderName::UPGRADE => self.is_upgrade = true,
            HeaderName::REQUESTED_WITH => self.is_scripted = true,
            HeaderName::REQUEST_ID => self.request_id = value,
            HeaderName::CONTENT_LENGTH => self.has_body |= value != b"0",
            HeaderName::TRANSFER_ENCODING => self.has_body |= name == b"transfer-encoding",
            HeaderName::BODY => self.body = value,
            _ => {}
        }
    }

    /// The path without the query.
    #[must_use]
    pub fn path_alone(&self) -> &'a [u8] {
        bytes::split_once(self.path, b'?').0
    }

    /// The query, without its question mark; empty when there is none.
    #[must_use]
    pub fn query(&self) -> &'a [u8] {
        bytes::split_once(self.path, b'?').1
    }

    /// The authority as text; `None` when it is not.
    #[must_use]
    pub fn host(&self) -> Option<&'a str> {
        core::str::from_utf8(self.authority).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::RequestHead;
    use crate::header_map;
    use crate::own_headers::OwnHeaders;

    const NAMES: [&[u8]; 22] = [
        b":method",
        b":path",
        b":authority",
        b"host",
        b"x-forwarded-proto",
        b"cookie",
        b"authorization",
        b"accept",
        b"content-type",
        b"origin",
        b"referer",
        b"sec-fetch-mode",
        b"sec-fetch-dest",
        b"sec-fetch-site",
        b"sec-purpose",
        b"purpose",
        b"upgrade",
        b"x-requested-with",
        b"x-request-id",
        b"content-length",
        b"transfer-encoding",
        b"x-kfwasm-body",
    ];

    /// Whether a header of this name is looked at.
    fn is_noted(name: &[u8]) -> bool {
        let buffer = header_map::encode(&[(name, b"prefetch")]);
        let head = RequestHead::scan(&buffer, &OwnHeaders::default()).unwrap();
        let texts = [
            head.method,
            head.path,
            head.authority,
            head.forwarded_proto,
            head.accept,
            head.content_type,
            head.body,
            head.request_id,
        ];
        let optional = [
            head.authorization,
            head.origin,
            head.referer,
            head.fetch_mode,
            head.fetch_dest,
            head.fetch_site,
        ];
        texts.iter().any(|it| !it.is_empty())
            || optional.iter().any(Option::is_some)
            || head.cookies.iter().next().is_some()
            || head.is_prefetch
            || head.is_upgrade
            || head.is_scripted
            || head.has_body
    }

    #[test]
    fn a_header_is_looked_at_by_exactly_its_name() {
        for name in NAMES {
            assert!(is_noted(name), "{}", name.escape_ascii());
            let (shorter, longer) = (&name[..name.len() - 1], [name, b"x"].concat());
            assert!(!is_noted(shorter) && !is_noted(&longer));
            for place in 0..name.len() {
                let mut other = name.to_vec();
                other[place] ^= 1;
                assert!(!is_noted(&other), "{}", other.escape_ascii());
            }
        }
    }
}
