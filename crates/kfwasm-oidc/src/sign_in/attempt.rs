//! A sign-in under way, kept by the browser that began it.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::ZeroizeOnDrop;

use crate::cookies::{CookieNames, OwnCookie, OwnCookies};
use crate::entropy::{Entropy, EntropyFailure};
use crate::jose::base64url;
use crate::key_ring::{KeyRing, Purpose, SealFailure};
use crate::random;
use crate::request_head::CookieHeaders;
use crate::time::UnixTime;

/// How long a sign-in may take, in seconds.
pub(crate) const LIFETIME: u64 = 600;

/// How many sign-ins a browser may have under way.
const MOST: usize = 5;

/// How many cookies one response deletes at the most.
const MOST_DELETED: usize = 20;

/// Characters of a cookie's name that tell one attempt from another.
const SUFFIX: usize = 16;

/// What must be known again when the browser comes back. It lives in a cookie of its own, named after a hash of
/// `state`, so that sign-ins in several tabs do not disturb each other.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
pub(crate) struct Attempt {
    /// Becomes `nonce` (OIDC Core §3.1.2.1).
    nonce: [u8; 32],
    /// Becomes the `code_verifier` (RFC 7636 §4.1).
    verifier: [u8; 32],
    /// The name of the provider that the browser was sent to.
    pub(crate) provider: String,
    /// The host that the sign-in was begun on, of which the redirect URI is made.
    pub(crate) host: String,
    /// Path and query that the browser asked for.
    pub(crate) return_to: String,
    /// When the browser was sent there.
    #[zeroize(skip)]
    started_at: UnixTime,
}

impl Attempt {
    pub(crate) fn new(
        provider: String,
        host: String,
        return_to: String,
        now: UnixTime,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, EntropyFailure> {
        Ok(Self {
            nonce: random::bytes(entropy)?,
            verifier: random::bytes(entropy)?,
            provider,
            host,
            return_to,
            started_at: now,
        })
    }

    pub(crate) fn nonce(&self) -> String {
        base64url::encode(&self.nonce)
    }

    /// 43 characters of the unreserved set, as RFC 7636 §4.1 recommends.
    pub(crate) fn code_verifier(&self) -> String {
        base64url::encode(&self.verifier)
    }

    /// RFC 7636 §4.2, method S256.
    pub(crate) fn code_challenge(&self) -> String {
        base64url::encode(&Sha256::digest(self.code_verifier()))
    }

    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now.seconds_since(self.started_at) > LIFETIME
    }

    pub(crate) fn seal(
        &self,
        keys: &KeyRing,
        cookie_name: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<String, SealFailure> {
        let record = postcard::to_allocvec(self).map_err(|_| SealFailure::Content)?;
        keys.seal_text(Purpose::SignInAttempt, cookie_name, &record, entropy)
    }

    /// Opens an attempt's cookie. Its name is sealed with it, so that it belongs to one `state` alone.
    pub(crate) fn open(keys: &KeyRing, cookie_name: &str, value: &[u8]) -> Option<Self> {
        let record = keys.open_text(Purpose::SignInAttempt, cookie_name, value)?;
        postcard::from_bytes(&record).ok()
    }

    /// The name of the cookie of the attempt with this `state`.
    pub(crate) fn cookie_name(state: &str, names: &CookieNames) -> String {
        let hash = base64url::encode(&Sha256::digest(state));
        names.attempt(hash.get(..SUFFIX).unwrap_or_default())
    }
}

/// The cookies to delete before one more attempt is begun: those that are over or not ours to open, and the oldest
/// of the others, if there are five already.
pub(crate) fn to_drop(
    cookies: &CookieHeaders<'_>,
    names: &CookieNames,
    keys: &KeyRing,
    now: UnixTime,
) -> Vec<String> {
    let mut pending = Vec::new();
    let mut dropped = Vec::new();
    for (name, value) in attempts(&names.own(cookies), names) {
        match Attempt::open(keys, &name, value) {
            Some(attempt) if !attempt.is_over(now) => pending.push((attempt.started_at, name)),
            _ => dropped.push(name),
        }
    }
    pending.sort();
    let surplus = pending.len().saturating_sub(MOST.saturating_sub(1));
    dropped.extend(pending.into_iter().take(surplus).map(|(_, name)| name));
    dropped.truncate(MOST_DELETED);
    dropped
}

/// The cookies of all attempts, to delete when somebody signs out: nobody is signed in again by one that they have forgotten.
pub(crate) fn attempt_cookies(cookies: &CookieHeaders<'_>, names: &CookieNames) -> Vec<String> {
    let own = names.own(cookies);
    let all = attempts(&own, names).map(|(name, _)| name);
    all.take(MOST_DELETED).collect()
}

/// The attempts' cookies whose names could be ours: others are not repeated into a `set-cookie`.
fn attempts<'a>(
    cookies: &OwnCookies<'a>,
    names: &CookieNames,
) -> impl Iterator<Item = (String, &'a [u8])> {
    let length = names.attempt("").len().saturating_add(SUFFIX);
    cookies.iter().filter_map(move |cookie| {
        let OwnCookie::Attempt(name, value) = cookie else {
            return None;
        };
        let token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let name = core::str::from_utf8(name).ok()?;
        let fit = name.len() == length && name.as_bytes().iter().all(token);
        fit.then(|| (name.to_owned(), *value))
    })
}
