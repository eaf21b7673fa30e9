use k8s_openapi::jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::web::printable;

/// Longest session that is meant: beyond it a time cannot be written.
const LONGEST: u64 = 10 * 365 * 24 * 3600;
/// What a browser would store too (RFC 6265 §6.1).
const LONGEST_COOKIE: usize = 8192;

/// A session at a gateway.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    cookie_name: String,
    cookie: SecretString,
    /// Whom the gateway takes the holder for.
    pub(crate) user: String,
    ends: Timestamp,
}

impl Session {
    /// Reads the answer of the gateway's token endpoint (RFC 6749 §5.1).
    pub(super) fn of_token_response(answer: &Value, now: Timestamp) -> Option<Self> {
        let text = |name: &str| answer.get(name)?.as_str();
        if text("token_type")? != "cookie" {
            return None;
        }
        let seconds = answer.get("expires_in")?.as_u64()?.min(LONGEST);
        let ends = now.as_second().checked_add_unsigned(seconds)?;
        Self::checked(
            text("cookie_name")?,
            text("access_token")?,
            text("user")?,
            ends,
        )
    }

    /// Reads what `stored` wrote.
    pub(super) fn of_stored(stored: &Value) -> Option<Self> {
        let text = |name: &str| stored.get(name)?.as_str();
        let ends: Timestamp = text("ends")?.parse().ok()?;
        Self::checked(
            text("cookieName")?,
            text("cookie")?,
            text("user")?,
            ends.as_second(),
        )
    }

    fn checked(cookie_name: &str, cookie: &str, user: &str, ends: i64) -> Option<Self> {
        let whole = is_token(cookie_name) && is_cookie_value(cookie);
        whole.then_some(Self {
            cookie_name: cookie_name.to_owned(),
            cookie: cookie.into(),
            user: printable(user),
            ends: Timestamp::from_second(ends).ok()?,
        })
    }

    pub(super) fn stored(&self) -> Value {
        json!({
            "cookieName": self.cookie_name,
            "cookie": self.cookie.expose_secret(),
            "user": self.user,
            "ends": self.ends.to_string(),
        })
    }

    /// Whether it lasts for a while yet.
    pub(crate) fn lasts(&self, now: Timestamp) -> bool {
        self.ends.as_second().saturating_sub(now.as_second()) > 60
    }

    /// When it ends, in UTC.
    pub(crate) fn end(&self) -> String {
        self.ends.to_string()
    }

    /// `name=value`, as the Cookie header has it (RFC 6265 §4.2.1). It is a secret, for those who ask for it.
    pub(super) fn expose_cookie(&self) -> String {
        format!("{}={}", self.cookie_name, self.cookie.expose_secret())
    }
}

/// A cookie's name is a token (RFC 9110 §5.6.2).
fn is_token(text: &str) -> bool {
    let tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.len() <= 256 && text.bytes().all(tchar)
}

/// RFC 6265 §4.1.1.
fn is_cookie_value(text: &str) -> bool {
    let octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_COOKIE && text.bytes().all(octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Value {
        json!({"access_token": "AAAA", "token_type": "cookie", "cookie_name": "authservice_session",
            "expires_in": 3600, "user": "alice@example.com"})
    }

    fn read(answer: &Value) -> Option<Session> {
        Session::of_token_response(answer, Timestamp::from_second(1_800_000_000).unwrap())
    }

    #[test]
    fn what_is_stored_is_read_back_the_same() {
        let session = read(&answer()).unwrap();
        let again = Session::of_stored(&session.stored()).unwrap();
        assert_eq!(again.expose_cookie(), "authservice_session=AAAA");
        assert_eq!(again.stored(), session.stored());
    }

    #[test]
    fn a_session_is_not_shown_by_accident() {
        assert!(!format!("{:?}", read(&answer())).contains("AAAA"));
    }

    /// Starts from what is good and breaks one thing.
    #[test]
    fn what_is_no_session_is_refused() {
        for (field, value) in [
            ("token_type", json!("Bearer")),
            ("token_type", Value::Null),
            ("access_token", json!("")),
            ("access_token", json!("a;b")),
            ("access_token", json!("a\r\nx: y")),
            ("access_token", json!("a".repeat(9000))),
            ("cookie_name", json!("a=b")),
            ("cookie_name", json!("")),
            ("expires_in", json!(-1)),
            ("expires_in", json!("3600")),
            ("user", Value::Null),
        ] {
            let mut answer = answer();
            answer[field] = value;
            assert!(read(&answer).is_none(), "{answer}");
        }
    }

    #[test]
    fn a_session_that_is_about_to_end_does_not_last() {
        let session = read(&answer()).unwrap();
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        assert!(session.lasts(at(3500)));
        assert!(!session.lasts(at(3550)));
        assert!(!session.lasts(at(4000)));
    }
}
