//! Words of a stranger, made fit to be shown.

use core::fmt;

/// Characters kept of a text; the rest is cut off.
const LONGEST: usize = 300;

/// A piece of text that somebody else wrote, safe in a log line: bounded, and without control
/// characters or characters that reorder or hide the others.
///
/// It is still not HTML: a page escapes it like any other text. Tokens, codes and secrets must
/// never be put into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// The first 300 characters of `text`; each one that could forge a line or hide its neighbours
    /// becomes a space.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(text.chars().take(LONGEST).map(harmless).collect())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn harmless(character: char) -> char {
    let deceives = matches!(character,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    if character.is_control() || deceives {
        ' '
    } else {
        character
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn an_excerpt_cannot_forge_a_log_line() {
        let excerpt = Excerpt::of("invalid\r\n2026-01-01 admin signed in\u{202E}\0");

        assert_eq!(excerpt.as_str(), "invalid  2026-01-01 admin signed in  ");
    }

    #[test]
    fn an_excerpt_is_bounded() {
        assert_eq!(
            Excerpt::of(&"ü".repeat(10_000)).as_str().chars().count(),
            300
        );
    }
}
