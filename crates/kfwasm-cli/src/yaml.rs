//! YAML in and out, as plain JSON values.

mod put;

use serde_json::Value;
use serde_saphyr::{Error, UserMessageFormatter};

pub(crate) use put::put;

/// Reads a file of one or several documents; empty ones are left out.
///
/// # Errors
/// The parser's words, with line and column.
pub(crate) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| said(&error))?;
    Ok(documents
        .into_iter()
        .filter(|document| !document.is_null())
        .collect())
}

/// Reads a file of one document.
///
/// # Errors
/// The parser's words, with line and column.
pub(crate) fn document(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| said(&error))
}

/// Where and what, and not the line itself: a secret may stand in it.
fn said(error: &Error) -> String {
    let error = error.without_snippet();
    error.render_with_formatter(&UserMessageFormatter)
}

/// Writes one document.
pub(crate) fn write(value: &Value) -> String {
    serde_saphyr::to_string(value).unwrap_or_default()
}

/// Writes documents with `---` between them.
pub(crate) fn write_all<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let documents: Vec<String> = values.into_iter().map(write).collect();
    documents.join("---\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_back_the_same() {
        let value = json!({
            "a": "1", "b": "true", "c": "*", "d": [], "e": {}, "f": [{"g": 443, "h": ["x: y", "# z"]}],
            "i": "two\nlines\n", "j": "", "k": "yes", "l": "0x10", "m": "1e3", "n": false, "o": "2026-11-24", "@type": "x/y",
            "p": "~", "q": "null", "r": "- s", "s": " t ", "u": "{env: X}", "v": "12h", "w": "1.30", "x": "'\"",
        });
        assert_eq!(document(&write(&value)), Ok(value));
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_place_and_not_shown() {
        for text in [
            "token: abc123\n  : [",
            "token: [abc123",
            "token: abc123\ntoken: abc123\n",
        ] {
            for said in [document(text).unwrap_err(), documents(text).unwrap_err()] {
                assert!(said.contains("line ") && !said.contains("abc123"), "{said}");
            }
        }
    }
}
