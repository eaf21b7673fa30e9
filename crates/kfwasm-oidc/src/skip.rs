//! Requests that need no sign-in.

use kfwasm_config::{Config, PathMatch, SkipRule};

use crate::normalized_path::NormalizedPath;
use crate::request_head::RequestHead;

/// Where ACME servers look for HTTP-01 challenges (RFC 8555 §8.3).
const ACME_CHALLENGES: &str = "/.well-known/acme-challenge/";

/// The skip rules by what they match, so that a request costs nearly the same with one rule and with a thousand: a path has
/// few beginnings and ends that are as long as what a rule names, and each is searched for in order.
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
        acme || self.exact.covers_part(path, whole, head)
            || self.prefixes.covers_part(path, beginning, head)
            || self.suffixes.covers_part(path, end, head)
    }
}

/// The path, if it has this length.
fn whole(path: &str, length: usize) -> Option<&str> {
    (path.len() == length).then_some(path)
}

/// What a prefix of this length is of the path: whole segments from its start.
fn beginning(path: &str, length: usize) -> Option<&str> {
    let (beginning, rest) = path.split_at_checked(length)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(beginning)
}

/// What a suffix of this length is of the path.
fn end(path: &str, length: usize) -> Option<&str> {
    path.get(path.len().checked_sub(length)?..)
}

/// Rules by the text that they name, in its order.
#[derive(Default)]
struct Table {
    rules: Vec<(String, SkipRule)>,
    /// The lengths that the texts have, each once, in order: few, however many rules there are.
    lengths: Vec<usize>,
}

impl Table {
    fn add(&mut self, key: &str, rule: &SkipRule) {
        let place = self
            .rules
            .partition_point(|(other, _)| other.as_str() <= key);
        self.rules.insert(place, (key.to_owned(), rule.clone()));
        if let Err(place) = self.lengths.binary_search(&key.len()) {
            self.lengths.insert(place, key.len());
        }
    }

    /// Whether a rule that names exactly this text lets the request through.
    fn covers(&self, key: &str, head: &RequestHead<'_>) -> bool {
        let first = self
            .rules
            .partition_point(|(other, _)| other.as_str() < key);
        let rules = self.rules.iter().skip(first);
        rules
            .take_while(|(other, _)| other == key)
            .any(|(_, rule)| is_for(rule, head))
    }

    /// Whether a rule that names a part of the path lets the request through. Of the parts that there are, only those that are as
    /// long as a text of the table are looked up.
    fn covers_part(
        &self,
        path: &str,
        part: fn(&str, usize) -> Option<&str>,
        head: &RequestHead<'_>,
    ) -> bool {
        let mut parts = self.lengths.iter().filter_map(|length| part(path, *length));
        parts.any(|key| self.covers(key, head))
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
