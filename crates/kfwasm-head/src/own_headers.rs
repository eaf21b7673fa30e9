//! The headers that only we may set.

use kfwasm_config::{HeaderName, Identity};

/// The names of the headers that tell an upstream who the user is, as a client must not write them.
#[cfg_attr(test, derive(Default))]
pub struct OwnHeaders {
    /// Folded.
    names: Vec<Box<[u8]>>,
    /// A bit for each length that one of them has; those of 63 bytes and more share the last.
    lengths: u64,
}

impl OwnHeaders {
    /// The headers of user, groups and further claims that the configuration names.
    #[must_use]
    pub fn new(identity: &Identity) -> Self {
        let claims = identity.claim_headers.iter().map(|it| &it.header);
        let names = [&identity.header, &identity.groups_header];
        let names: Vec<_> = names.into_iter().chain(claims).map(fold).collect();
        Self {
            lengths: names.iter().fold(0, |bits, name| bits | bit(name.len())),
            names,
        }
    }

    /// Whether the name is one of them. A name with `_` for `-` is too: WSGI and CGI applications, Kubeflow's among them,
    /// cannot tell the two apart (RFC 3875 §4.1.18); some make one letter of everything that is neither letter nor digit.
    #[must_use]
    pub fn include(&self, name: &[u8]) -> bool {
        // Nearly all names of a request have other lengths.
        self.lengths & bit(name.len()) != 0 && self.names.iter().any(|ours| reads_as(name, ours))
    }
}

fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

fn fold(name: &HeaderName) -> Box<[u8]> {
    name.as_str().bytes().map(folded).collect()
}

fn reads_as(name: &[u8], ours: &[u8]) -> bool {
    // Of those of the same length nearly all end otherwise.
    name.len() == ours.len()
        && name.last().copied().map(folded) == ours.last().copied()
        && name.iter().copied().map(folded).eq(ours.iter().copied())
}

const fn folded(byte: u8) -> u8 {
    match byte.is_ascii_alphanumeric() {
        true => byte.to_ascii_lowercase(),
        false => b'-',
    }
}
