use crate::absolute_path::{has_ambiguous_segment, is_path_byte};
use crate::refusal::Refusal;

text_type! {
    /// The end of a path: `.css`, `/healthz`. Begins with `.` or `/`, so that it does not match
    /// within a word.
    PathSuffix,
    pattern "^[./].",
    longest 128
}

impl PathSuffix {
    /// Reads a suffix.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |message, advice| Err(Refusal::quoting(text, message, advice));
        if !text.starts_with(['.', '/']) || text.len() < 2 {
            return refuse(
                "does not begin with . or / and something after it",
                "write it like .css or /healthz",
            );
        }
        if !Self::fits(text) {
            return refuse("is longer than 128 bytes", "write a shorter suffix");
        }
        if !text.bytes().all(is_path_byte) || has_ambiguous_segment(text) {
            return refuse(
                "has something that no normalised path has",
                "write it without percent-encoding, query, // and dot segments",
            );
        }
        Ok(Self(text.to_owned()))
    }
}
