use std::borrow::Cow;
use std::fmt;

use crate::read::quoted::quoted;

/// Why one written value is refused, and what to write instead.
///
/// A [`Problem`](crate::Problem) is a refusal with a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub(crate) message: Cow<'static, str>,
    pub(crate) advice: Cow<'static, str>,
}

impl Refusal {
    /// A refusal that does not repeat what was written.
    pub(crate) fn of(message: &'static str, advice: &'static str) -> Self {
        Self {
            message: Cow::Borrowed(message),
            advice: Cow::Borrowed(advice),
        }
    }

    /// A refusal of `written`, which is quoted (shortened and escaped) in front of `message`.
    pub(crate) fn quoting(written: &str, message: &str, advice: &'static str) -> Self {
        let mut text = quoted(written);
        text.push(' ');
        text.push_str(message);
        Self {
            message: Cow::Owned(text),
            advice: Cow::Borrowed(advice),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.advice)
    }
}

impl std::error::Error for Refusal {}
