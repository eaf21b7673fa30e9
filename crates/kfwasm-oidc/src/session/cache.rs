//! Sessions that this worker has opened before.

mod tag;

use std::rc::Rc;

use kfwasm_config::Config;
use lru::LruCache;

use super::record::Session;
use super::revocation;
use crate::access::MetRules;
use crate::bytes;
use crate::claim_headers;
use crate::identity::UserIdentity;
use tag::{Tag, TagHash};

/// A session that was opened, with the headers made of it.
#[derive(Debug)]
pub struct OpenSession {
    pub(crate) session: Session,
    /// Names the session in logs and revocations.
    pub(crate) hashed_id: String,
    /// Whether the configuration ends it before its time: by a revocation, or because it demands claims that the session does
    /// not hold. A new configuration begins with an empty cache.
    pub(crate) is_revoked: bool,
    pub(crate) identity: Rc<UserIdentity>,
    pub(crate) met_rules: MetRules,
}

impl OpenSession {
    /// A session whose user the upstream knows with this prefix.
    pub(crate) fn new(session: Session, prefix: &str, config: &Config) -> Self {
        let claims = claim_headers::values(&session.claim_headers, &config.identity);
        let lacks_claims = claims.is_none();
        let identity = Rc::new(session.identity(prefix, claims.unwrap_or_default()));
        let hashed_id = session.hashed_id();
        let ends = &config.session.revocation;
        Self {
            is_revoked: lacks_claims || revocation::ends(ends, &session, &identity, &hashed_id),
            met_rules: MetRules::of(&session.user, &identity.groups, &config.access),
            identity,
            hashed_id,
            session,
        }
    }

    /// The user, as the identity header names them.
    #[must_use]
    pub fn user(&self) -> &[u8] {
        &self.identity.user
    }

    /// Names the session in logs and revocations; nobody can make its cookie of it.
    #[must_use]
    pub fn hashed_id(&self) -> &str {
        &self.hashed_id
    }

    /// The name of the provider that vouched for the user, or the issuer of a bearer token.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.session.provider
    }
}

/// Sessions by the exact value of their cookie, least recently used first out.
///
/// Only what a key of ours has opened gets in, so that nobody can fill it with rubbish. Whether a session is over is
/// asked at every request; the cache spares the decryption alone.
pub(crate) struct SessionCache {
    entries: LruCache<Tag, Entry, TagHash>,
    bytes: usize,
}

struct Entry {
    cookie: Box<[u8]>,
    open: Rc<OpenSession>,
}

/// What all entries together may hold, in bytes.
const BUDGET: usize = 2 * 1024 * 1024;

/// What an entry costs besides the texts in it.
const OVERHEAD: usize = 512;

impl SessionCache {
    pub(crate) fn new() -> Self {
        Self {
            entries: LruCache::unbounded_with_hasher(TagHash),
            bytes: 0,
        }
    }

    /// The session of a cookie seen before.
    ///
    /// The comparison stops at the first difference, which tells an attacker nothing: to get so far, the tag of a valid
    /// cookie must be known already.
    pub(crate) fn get(&mut self, cookie: &[u8]) -> Option<Rc<OpenSession>> {
        let entry = self.entries.get(&Tag::of(cookie)?)?;
        bytes::equal(&entry.cookie, cookie).then(|| Rc::clone(&entry.open))
    }

    pub(crate) fn put(&mut self, cookie: &[u8], open: Rc<OpenSession>) {
        let Some(tag) = Tag::of(cookie) else {
            return;
        };
        let entry = Entry {
            cookie: cookie.into(),
            open,
        };
        self.bytes = self.bytes.saturating_add(entry.bytes());
        if let Some(old) = self.entries.put(tag, entry) {
            self.bytes = self.bytes.saturating_sub(old.bytes());
        }
        self.shrink();
    }

    pub(crate) fn forget(&mut self, cookie: &[u8]) {
        if self.get(cookie).is_none() {
            return;
        }
        let tag = Tag::of(cookie);
        if let Some(entry) = tag.and_then(|tag| self.entries.pop(&tag)) {
            self.bytes = self.bytes.saturating_sub(entry.bytes());
        }
    }

    /// All that are in it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Session> {
        self.entries.iter().map(|(_, entry)| &entry.open.session)
    }

    fn shrink(&mut self) {
        while self.bytes > BUDGET {
            let Some((_, oldest)) = self.entries.pop_lru() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
        }
    }
}

impl Entry {
    /// About what the entry holds: the cookie, and the groups twice, packed and as a header.
    fn bytes(&self) -> usize {
        let identity = &self.open.identity;
        let texts = self.cookie.len().saturating_add(identity.user.len());
        let claims: usize = identity.claims.iter().map(String::len).sum();
        texts
            .saturating_add(claims.saturating_mul(2))
            .saturating_add(identity.groups.len().saturating_mul(2))
            .saturating_add(OVERHEAD)
    }
}
