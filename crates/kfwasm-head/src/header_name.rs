//! The names of the headers that we look at.

/// What tells a name from all others that we look at: how long it is, how it begins and how it ends. Up to sixteen bytes, that is all
/// of it; comparing it takes three instructions instead of one for each letter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeaderName {
    length: usize,
    begin: u64,
    end: u64,
}

impl HeaderName {
    pub(crate) const METHOD: Self = Self::of(b":method");
    pub(crate) const PATH: Self = Self::of(b":path");
    pub(crate) const AUTHORITY: Self = Self::of(b":authority");
    pub(crate) const HOST: Self = Self::of(b"host");
    pub(crate) const FORWARDED_PROTO: Self = Self::of(b"x-forwarded-proto");
    pub(crate) const COOKIE: Self = Self::of(b"cookie");
    pub(crate) const AUTHORIZATION: Self = Self::of(b"authorization");
    pub(crate) const ACCEPT: Self = Self::of(b"accept");
    pub(crate) const CONTENT_TYPE: Self = Self::of(b"content-type");
    pub(crate) const ORIGIN: Self = Self::of(b"origin");
    pub(crate) const REFERER: Self = Self::of(b"referer");
    pub(crate) const FETCH_MODE: Self = Self::of(b"sec-fetch-mode");
    pub(crate) const FETCH_DEST: Self = Self::of(b"sec-fetch-dest");
    pub(crate) const FETCH_SITE: Self = Self::of(b"sec-fetch-site");
    pub(crate) const SEC_PURPOSE: Self = Self::of(b"sec-purpose");
    pub(crate) const PURPOSE: Self = Self::of(b"purpose");
    pub(crate) const UPGRADE: Self = Self::of(b"upgrade");
    pub(crate) const REQUESTED_WITH: Self = Self::of(b"x-requested-with");
    pub(crate) const REQUEST_ID: Self = Self::of(b"x-request-id");
    pub(crate) const CONTENT_LENGTH: Self = Self::of(b"content-length");
    pub(crate) const TRANSFER_ENCODING: Self = Self::of(b"transfer-encoding");
    pub(crate) const BODY: Self = Self::of(b"x-kfwasm-body");

    pub(crate) const fn of(name: &[u8]) -> Self {
        let (begin, end) = match (name.first_chunk(), name.last_chunk()) {
            (Some(begin), Some(end)) => (u64::from_le_bytes(*begin), u64::from_le_bytes(*end)),
            _ => match (name.first_chunk(), name.last_chunk()) {
                (Some(begin), Some(end)) => (
                    u32::from_le_bytes(*begin) as u64,
                    u32::from_le_bytes(*end) as u64,
                ),
                _ => (0, 0),
            },
        };
        Self {
            length: name.len(),
            begin,
            end,
        }
    }
}
