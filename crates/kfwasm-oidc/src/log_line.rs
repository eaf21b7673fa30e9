//! The line that is logged about a decision.
//!
//! `kfwasm OUTCOME request=ID method=GET path=/x session=ID provider=NAME user=NAME reason="…"`: one line a decision, fields
//! that are not known left out. A query, a cookie, a token or a secret never gets into it.

use crate::header_map::HeaderMap;
use crate::outcome::Outcome;
use crate::session::OpenSession;

/// A request, in the words of a log line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestDescription(String);

/// Longest value of a field in bytes; the rest is cut off.
const LONGEST: usize = 300;

impl RequestDescription {
    /// Request id, method and path. The query is left out: it may hold codes and tokens.
    #[must_use]
    pub fn of(headers: &[u8]) -> Self {
        let mut fields = [(" request=", &b""[..]), (" method=", b""), (" path=", b"")];
        let [id, method, path] = &mut fields;
        for (name, value) in HeaderMap::new(headers).into_iter().flatten().flatten() {
            match name {
                b"x-request-id" => id.1 = value,
                b":method" => method.1 = value,
                b":path" => path.1 = without_query(value),
                _ => {}
            }
        }
        let mut text = String::new();
        for (name, value) in fields {
            push(&mut text, name, value);
        }
        Self(text)
    }
}

fn without_query(path: &[u8]) -> &[u8] {
    path.split(|byte| *byte == b'?').next().unwrap_or_default()
}

/// A line of the log about one request: what became of it, whose it was, and why.
pub struct LogLine<'a> {
    /// What became of the request.
    pub outcome: Outcome,
    /// The request.
    pub request: &'a RequestDescription,
    /// Whose session it is.
    pub session: Option<&'a OpenSession>,
    /// Whether the operator wants the user named (`logs.user`).
    pub names_user: bool,
    /// Why, where there is more to say than the outcome.
    pub reason: &'a str,
}

impl LogLine<'_> {
    /// The line, without line break.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = ["kfwasm ", self.outcome.as_str(), &self.request.0].concat();
        if let Some(open) = self.session {
            push(&mut text, " session=", open.hashed_id().as_bytes());
            push(&mut text, " provider=", open.provider().as_bytes());
            if self.names_user {
                push(&mut text, " user=", open.user());
            }
        }
        if !self.reason.is_empty() {
            text.extend([" reason=\"", &self.reason.replace('"', "'"), "\""]);
        }
        text
    }
}

/// Adds a field, if it has a value. Whatever could end the value or forge another field is percent-encoded.
fn push(text: &mut String, name: &str, value: &[u8]) {
    if value.is_empty() {
        return;
    }
    text.push_str(name);
    for byte in value.iter().take(LONGEST) {
        match byte {
            b'"' | b'\\' => push_encoded(text, *byte),
            b'!'..=b'~' => text.push(char::from(*byte)),
            _ => push_encoded(text, *byte),
        }
    }
}

fn push_encoded(text: &mut String, byte: u8) {
    text.push('%');
    for digit in [byte >> 4, byte & 15] {
        let digit = char::from_digit(u32::from(digit), 16).unwrap_or_default();
        text.push(digit.to_ascii_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::{LogLine, RequestDescription};
    use crate::header_map;
    use crate::outcome::Outcome;

    fn line(headers: &[(&[u8], &[u8])], reason: &str) -> String {
        let line = LogLine {
            outcome: Outcome::Unauthorized,
            request: &RequestDescription::of(&header_map::encode(headers)),
            session: None,
            names_user: true,
            reason,
        };
        line.text()
    }

    #[test]
    fn a_line_names_the_request_and_leaves_the_query_out() {
        let headers: [(&[u8], &[u8]); 4] = [
            (b":method", b"GET"),
            (b":path", b"/a/b?code=secret"),
            (b"x-request-id", b"1-2"),
            (b"cookie", b"authservice_session=secret"),
        ];
        assert_eq!(
            line(&headers, ""),
            "kfwasm unauthorized request=1-2 method=GET path=/a/b"
        );
    }

    #[test]
    fn no_path_forges_a_field_or_a_line() {
        let path = b"/x\" user=root\r\nkfwasm forwarded\\ \xff";
        assert_eq!(
            line(&[(b":path", path)], "it's \"so\""),
            "kfwasm unauthorized path=/x%22%20user=root%0D%0Akfwasm%20forwarded%5C%20%FF reason=\"it's 'so'\""
        );
    }

    #[test]
    fn a_field_is_bounded() {
        assert!(line(&[(b":path", &[b'a'; 10_000])], "").len() < 350);
    }
}
