//! Requests that need no sign-in.

use kfwasm_config::{Config, SkipRule};

use crate::normalized_path::NormalizedPath;
use crate::request_head::RequestHead;

/// Where ACME servers look for HTTP-01 challenges (RFC 8555 §8.3).
const ACME_CHALLENGES: &str = "/.well-known/acme-challenge/";

/// Whether a rule lets the request through. `path` is its only reading: an ambiguous path never gets here.
pub(crate) fn is_skipped(
    head: &RequestHead<'_>,
    path: &NormalizedPath<'_>,
    config: &Config,
) -> bool {
    let acme = config.acme_challenges && is_acme_challenge(path.as_str());
    acme || config.skip.iter().any(|rule| covers(rule, head, path))
}

/// One token below the directory, and nothing below that: RFC 8555 §8.3 allows base64url characters only.
fn is_acme_challenge(path: &str) -> bool {
    let token = path.strip_prefix(ACME_CHALLENGES);
    token.is_some_and(|it| !it.is_empty() && it.bytes().all(is_base64url))
}

const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn covers(rule: &SkipRule, head: &RequestHead<'_>, path: &NormalizedPath<'_>) -> bool {
    rule.path.covers(path.as_str())
        && one_of(rule.methods.iter().map(|it| it.as_str()), head.method)
        && one_of(rule.hosts.iter().map(|it| it.as_str()), head.authority)
}

/// Whether the list names the value; an empty list names all.
fn one_of<'a>(mut names: impl ExactSizeIterator<Item = &'a str>, value: &[u8]) -> bool {
    names.len() == 0 || names.any(|name| name.as_bytes() == value)
}
