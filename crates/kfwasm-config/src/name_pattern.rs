//! The part of regular expressions that names need.
//!
//! Written by hand for size: an engine for all of them takes some hundred kilobytes of the Wasm module. What it leaves out
//! (groups, alternatives, counted repetition) it refuses by name. Each element is tried once at each character, so that no
//! pattern is slow.

use crate::refusal::Refusal;

/// A pattern: characters that stand for themselves, `.`, sets such as `[a-z]` or `[^@]`, each of them followed by `*`, `+`
/// or `?` or not, `\` before a character that stands for itself, `^` first and `$` last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(from = "String", into = "String", extend("minLength" = 1, "maxLength" = LONGEST))
)]
pub struct NamePattern {
    text: String,
    at_start: bool,
    at_end: bool,
    elements: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    one_of: Set,
    least: usize,
    most: usize,
}

/// Characters, as ranges; or all others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Set {
    ranges: Vec<(u8, u8)>,
    is_negated: bool,
}

const LONGEST: usize = 128;

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is empty, longer than 128 bytes, not ASCII, or holds what this part of regular expressions has not.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |message, advice| Err(Refusal::quoting(text, message, advice));
        if text.is_empty() || text.len() > LONGEST || !text.is_ascii() {
            return refuse("is no pattern", "write 1 to 128 ASCII characters");
        }
        let rest = text.strip_prefix('^').unwrap_or(text);
        let (inner, at_end) = match rest.strip_suffix('$') {
            Some(inner) if !ends_escaped(inner) => (inner, true),
            _ => (rest, false),
        };
        match elements(inner.as_bytes()) {
            Some(elements) => Ok(Self {
                text: text.to_owned(),
                at_start: rest.len() < text.len(),
                at_end,
                elements,
            }),
            None => refuse(
                "has something that patterns here do not know",
                "use characters, ., [sets], *, + and ?, ^ first and $ last, and \\ before a character that is meant itself",
            ),
        }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches anywhere in `text`, or all of it with `^` and `$`.
    pub fn matches(&self, text: &str) -> bool {
        let mut failed = self.nothing_failed(text);
        let mut attempt = self.attempt(text, &mut failed);
        let last = if self.at_start { 0 } else { text.len() };
        (0..=last).any(|start| attempt.end(&self.elements, start).is_some())
    }

    fn nothing_failed(&self, text: &str) -> Vec<bool> {
        vec![false; self.elements.len().saturating_mul(text.len() + 1)]
    }

    fn attempt<'a>(&self, text: &'a str, failed: &'a mut [bool]) -> Attempt<'a> {
        Attempt {
            text: text.as_bytes(),
            at_end: self.at_end,
            failed,
        }
    }

    /// `text` with `replacement` for everything that matches, from left to right, the longest first.
    pub fn replace_all(&self, text: &str, replacement: &str) -> String {
        let mut failed = self.nothing_failed(text);
        let mut attempt = self.attempt(text, &mut failed);
        let mut replaced = String::new();
        let mut copied = 0;
        for (start, byte) in text.bytes().enumerate() {
            if start < copied {
                continue;
            }
            let may_begin = !self.at_start || start == 0;
            let end = attempt.end(&self.elements, start);
            // An empty match has nothing to replace.
            match end.filter(|end| may_begin && *end > start) {
                Some(end) => {
                    replaced.push_str(replacement);
                    copied = end;
                }
                None => replaced.push(char::from(byte)),
            }
        }
        replaced
    }
}

/// A match under way. What failed once at a place fails there again, from wherever one comes, and is not tried twice.
struct Attempt<'a> {
    text: &'a [u8],
    at_end: bool,
    failed: &'a mut [bool],
}

impl Attempt<'_> {
    fn end(&mut self, elements: &[Element], from: usize) -> Option<usize> {
        let Some((first, rest)) = elements.split_first() else {
            return (!self.at_end || from == self.text.len()).then_some(from);
        };
        let place = rest
            .len()
            .saturating_mul(self.text.len() + 1)
            .saturating_add(from);
        if self.failed.get(place).copied().unwrap_or(true) {
            return None;
        }
        let following = self.text.get(from..).unwrap_or_default().iter();
        let run = following
            .take(first.most)
            .take_while(|byte| first.one_of.has(**byte))
            .count();
        let found = (first.least..=run)
            .rev()
            .find_map(|count| self.end(rest, from + count));
        if let Some(failed) = self.failed.get_mut(place) {
            *failed = found.is_none();
        }
        found
    }
}

impl Set {
    fn has(&self, byte: u8) -> bool {
        let inside = self
            .ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&byte));
        inside != self.is_negated
    }
}

/// Whether a text ends in a `\` that is not itself escaped.
fn ends_escaped(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn elements(mut pattern: &[u8]) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while !pattern.is_empty() {
        let (one_of, rest) = set(pattern)?;
        let (least, most, rest) = match rest.split_first() {
            Some((b'*', rest)) => (0, usize::MAX, rest),
            Some((b'+', rest)) => (1, usize::MAX, rest),
            Some((b'?', rest)) => (0, 1, rest),
            _ => (1, 1, rest),
        };
        elements.push(Element {
            one_of,
            least,
            most,
        });
        pattern = rest;
    }
    Some(elements)
}

/// The element at the beginning, and what stands behind it.
fn set(pattern: &[u8]) -> Option<(Set, &[u8])> {
    let just = |byte| Set {
        ranges: vec![(byte, byte)],
        is_negated: false,
    };
    match pattern {
        [b'\\', byte, rest @ ..] if !byte.is_ascii_alphanumeric() => Some((just(*byte), rest)),
        [b'.', rest @ ..] => Some((
            Set {
                ranges: Vec::new(),
                is_negated: true,
            },
            rest,
        )),
        [b'[', b'^', rest @ ..] => ranges(rest, true),
        [b'[', rest @ ..] => ranges(rest, false),
        [
            b'\\' | b'*' | b'+' | b'?' | b'(' | b')' | b'|' | b'{' | b'}' | b'^' | b'$' | b']',
            ..,
        ] => None,
        [byte, rest @ ..] => Some((just(*byte), rest)),
        [] => None,
    }
}

/// The set up to its `]`, which holds plain characters and ranges only.
fn ranges(pattern: &[u8], is_negated: bool) -> Option<(Set, &[u8])> {
    let end = pattern.iter().position(|byte| *byte == b']')?;
    let (mut inside, rest) = pattern.split_at_checked(end)?;
    let mut ranges = Vec::new();
    while let Some((first, others)) = inside.split_first() {
        let (last, others) = match others {
            [b'-', last, others @ ..] => (last, others),
            _ => (first, others),
        };
        if last < first || matches!(first, b'[' | b'\\') || *last == b'\\' {
            return None;
        }
        ranges.push((*first, *last));
        inside = others;
    }
    let (_, rest) = rest.split_first()?;
    (!ranges.is_empty()).then_some((Set { ranges, is_negated }, rest))
}

#[cfg(feature = "schema")]
impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.text
    }
}

#[cfg(test)]
mod tests;
