use form_urlencoded::parse;
use secrecy::SecretString;

use super::Authorization;
use crate::web::printable;

/// The path of the redirect URI on loopback.
pub(super) const PATH: &str = "/callback";

/// What a request to the loopback address is.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The authorization response (RFC 6749 §4.1.2) to what was asked.
    Code(SecretString),
    /// Its error (RFC 6749 §4.1.2.1), or what shows that somebody has mixed things up; in words.
    Refused(String),
    /// Something else: a browser's wish for an icon, another program, an answer to an earlier sign-in.
    Foreign,
}

impl Arrival {
    /// Judges a request by its target and its Host. What is not ours to answer ends nothing.
    pub(super) fn of(method: &str, target: &str, asked: &Authorization) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if method != "GET" || path != PATH {
            return Self::Foreign;
        }
        let state = single(query, "state");
        if state.is_none_or(|state| state != asked.state) {
            return Self::Foreign;
        }
        // RFC 9207 §2.4: the answer must be the gateway's that was asked.
        if single(query, "iss").as_deref() != Some(asked.origin.as_str()) {
            return Self::Refused("the answer is not from that gateway".to_owned());
        }
        match (single(query, "code"), single(query, "error")) {
            (Some(code), None) => Self::Code(code.into()),
            (None, Some(error)) => Self::Refused(words(&error)),
            _ => Self::Refused("the answer has no code".to_owned()),
        }
    }
}

/// A parameter that stands there once (RFC 6749 §3.1).
fn single(query: &str, name: &str) -> Option<String> {
    let mut values = parse(query.as_bytes()).filter(|(other, _)| other == name);
    let value = values.next()?.1.into_owned();
    (values.next().is_none() && !value.is_empty()).then_some(value)
}

fn words(error: &str) -> String {
    match error {
        "access_denied" => "it was cancelled in the browser".to_owned(),
        other => format!("the gateway answered {}", printable(other)),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::login::Origin;

    fn asked() -> Authorization {
        let origin = Origin::parse("https://kubeflow.example.com").unwrap();
        let mut asked = Authorization::new(&origin, "http://127.0.0.1:1/callback").unwrap();
        asked.state = "s1".to_owned();
        asked
    }

    const ISS: &str = "iss=https%3A%2F%2Fkubeflow.example.com";

    fn of(query: &str) -> Arrival {
        Arrival::of("GET", &format!("/callback?{query}"), &asked())
    }

    #[test]
    fn the_answer_to_what_was_asked_brings_the_code() {
        let arrived = of(&format!("code=a%2Bb&state=s1&{ISS}"));
        assert!(matches!(&arrived, Arrival::Code(code) if code.expose_secret() == "a+b"));
        assert!(!format!("{arrived:?}").contains("a+b"));
    }

    #[test]
    fn an_answer_to_something_else_ends_nothing() {
        for query in [
            "code=a",
            "code=a&state=s2",
            "code=a&state=s1&state=s1",
            "error=access_denied",
        ] {
            let arrived = of(&format!("{query}&{ISS}"));
            assert!(matches!(arrived, Arrival::Foreign), "{query}");
        }
        let target = format!("/callback?code=a&state=s1&{ISS}");
        assert!(matches!(
            Arrival::of("POST", &target, &asked()),
            Arrival::Foreign
        ));
        assert!(matches!(
            Arrival::of("GET", "/favicon.ico", &asked()),
            Arrival::Foreign
        ));
    }

    #[test]
    fn a_code_of_another_issuer_is_refused() {
        for query in [
            "code=a&state=s1",
            "code=a&state=s1&iss=https%3A%2F%2Fother.example.com",
        ] {
            assert!(matches!(of(query), Arrival::Refused(_)), "{query}");
        }
    }

    #[test]
    fn an_error_is_told_in_words_that_a_terminal_can_bear() {
        let said = |query: &str| match of(&format!("{query}&state=s1&{ISS}")) {
            Arrival::Refused(words) => words,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            said("error=access_denied"),
            "it was cancelled in the browser"
        );
        assert_eq!(said("error=a%1b%5B2Jb"), "the gateway answered a[2Jb");
        assert_eq!(said("code=a&error=b"), "the answer has no code");
        assert_eq!(said("code=a&code=b"), "the answer has no code");
    }
}
