//! Requests that need no sign-in.

use kfwasm_config::{Config, PathMatch, SkipRule};

use crate::normalized_path::NormalizedPath;
use crate::request_head::RequestHead;

/// Where ACME servers look for HTTP-01 challenges (RFC 8555 §8.3).
const ACME_CHALLENGES: &str = "/.well-known/acme-challenge/";

/// The skip rules by what they match, so that a request costs the same with one rule and with a thousand: a path has few
/// beginnings and ends that a rule can name, and each is looked up.
pub(crate) struct SkipRules {
    acme_challenges: bool,
    exact: Table,
    prefixes: Table,
    suffixes: Table,
}

impl SkipRules {
    pub(crate) fn new(config: &Config) -> Self {
        let mut rules = Self {
            acme_challenges: config.acme_challenges,
            exact: Table::default(),
            prefixes: Table::default(),
            suffixes: Table::default(),
        };
        for rule in &config.skip {
            let (table, key) = match &rule.path {
                PathMatch::Exact(path) => (&mut rules.exact, path.as_str()),
                PathMatch::Prefix(path) => (&mut rules.prefixes, path.as_str()),
                PathMatch::Suffix(end) => (&mut rules.suffixes, end.as_str()),
            };
            table.add(key, rule);
        }
        rules
    }

    /// Whether a rule lets the request through. `path` is its only reading: an ambiguous path never gets here.
    pub(crate) fn cover(&self, head: &RequestHead<'_>, path: &NormalizedPath<'_>) -> bool {
        let path = path.as_str();
        let acme = self.acme_challenges && is_acme_challenge(path) && is_plain_get(head);
        acme || self.exact.covers(path, head)
            || self.prefixes.covers_any(beginnings(path), head)
            || self.suffixes.covers_any(ends(path), head)
    }
}

/// What a prefix can be of this path: whole segments from its start.
fn beginnings(path: &str) -> impl Iterator<Item = &str> {
    let slashes = places(path, |byte| byte == b'/').filter(|place| *place > 0);
    slashes.filter_map(|place| path.get(..place)).chain([path])
}

/// What a suffix can be of this path: it begins with a `.` or `/`.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    places(path, |byte| matches!(byte, b'.' | b'/')).filter_map(|place| path.get(place..))
}

fn places(path: &str, is_one: impl Fn(u8) -> bool) -> impl Iterator<Item = usize> {
    let bytes = path.bytes().enumerate();
    bytes.filter_map(move |(place, byte)| is_one(byte).then_some(place))
}

/// Rules by the text that they name, in its order.
#[derive(Default)]
struct Table(Vec<(String, SkipRule)>);

impl Table {
    fn add(&mut self, key: &str, rule: &SkipRule) {
        let place = self.0.partition_point(|(other, _)| other.as_str() <= key);
        self.0.insert(place, (key.to_owned(), rule.clone()));
    }

    /// Whether a rule that names exactly this text lets the request through.
    fn covers(&self, key: &str, head: &RequestHead<'_>) -> bool {
        let first = self.0.partition_point(|(other, _)| other.as_str() < key);
        let rules = self.0.iter().skip(first);
        rules
            .take_while(|(other, _)| other == key)
            .any(|(_, rule)| is_for(rule, head))
    }

    fn covers_any<'a>(
        &self,
        mut keys: impl Iterator<Item = &'a str>,
        head: &RequestHead<'_>,
    ) -> bool {
        !self.0.is_empty() && keys.any(|key| self.covers(key, head))
    }
}

/// One token below the directory, and nothing below that: RFC 8555 §8.3 allows base64url characters only.
fn is_acme_challenge(path: &str) -> bool {
    let token = path.strip_prefix(ACME_CHALLENGES);
    token.is_some_and(|it| !it.is_empty() && it.bytes().all(is_base64url))
}

/// RFC 8555 §8.3: the authority sends a GET. Whatever else comes would reach, as nobody's, what routes have at that path.
fn is_plain_get(head: &RequestHead<'_>) -> bool {
    head.method == b"GET" && !head.is_upgrade && !head.has_body
}

const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_for(rule: &SkipRule, head: &RequestHead<'_>) -> bool {
    one_of(rule.methods.iter().map(|it| it.as_str()), head.method)
        && one_of(rule.hosts.iter().map(|it| it.as_str()), head.authority)
}

/// Whether the list names the value; an empty list names all.
fn one_of<'a>(mut names: impl ExactSizeIterator<Item = &'a str>, value: &[u8]) -> bool {
    names.len() == 0 || names.any(|name| name.as_bytes() == value)
}

#[cfg(test)]
mod tests;
