//! The names of the headers that we look at.

/// What tells a name from all others that we look at: how long it is, how it begins and how it ends. From four to sixteen
/// bytes, that is all of it; comparing it takes three instructions instead of one for each letter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeaderName {
    length: usize,
    begin: u64,
    end: u64,
}

impl HeaderName {
    pub(crate) const METHOD: Self = Self::whole(b":method");
    pub(crate) const PATH: Self = Self::whole(b":path");
    pub(crate) const AUTHORITY: Self = Self::whole(b":authority");
    pub(crate) const HOST: Self = Self::whole(b"host");
    pub(crate) const FORWARDED_PROTO: Self = Self::longer(b"x-forwarded-proto");
    pub(crate) const COOKIE: Self = Self::whole(b"cookie");
    pub(crate) const AUTHORIZATION: Self = Self::whole(b"authorization");
    pub(crate) const ACCEPT: Self = Self::whole(b"accept");
    pub(crate) const CONTENT_TYPE: Self = Self::whole(b"content-type");
    pub(crate) const ORIGIN: Self = Self::whole(b"origin");
    pub(crate) const REFERER: Self = Self::whole(b"referer");
    pub(crate) const FETCH_MODE: Self = Self::whole(b"sec-fetch-mode");
    pub(crate) const FETCH_DEST: Self = Self::whole(b"sec-fetch-dest");
    pub(crate) const FETCH_SITE: Self = Self::whole(b"sec-fetch-site");
    pub(crate) const SEC_PURPOSE: Self = Self::whole(b"sec-purpose");
    pub(crate) const PURPOSE: Self = Self::whole(b"purpose");
    pub(crate) const UPGRADE: Self = Self::whole(b"upgrade");
    pub(crate) const REQUESTED_WITH: Self = Self::whole(b"x-requested-with");
    pub(crate) const REQUEST_ID: Self = Self::whole(b"x-request-id");
    pub(crate) const CONTENT_LENGTH: Self = Self::whole(b"content-length");
    pub(crate) const TRANSFER_ENCODING: Self = Self::longer(b"transfer-encoding");
    pub(crate) const BODY: Self = Self::whole(b"x-kfwasm-body");

    /// One of ours that is told by these three from all other names. Another length does not compile.
    const fn whole(name: &[u8]) -> Self {
        assert!(4 <= name.len() && name.len() <= 16);
        Self::of(name)
    }

    /// One that is longer: whoever looks for it compares all of the name.
    const fn longer(name: &[u8]) -> Self {
        assert!(name.len() > 16);
        Self::of(name)
    }

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
