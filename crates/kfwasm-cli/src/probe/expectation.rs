use std::borrow::Cow;

use hyper::header::LOCATION;
use kfwasm_config::Config;

use super::{Answer, Asked};

/// What the filter of a configuration answers to those who have not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    client_id: String,
    redirect_uri: String,
    /// Whether people choose a provider first.
    is_choice: bool,
    /// The header that carries the user.
    pub(crate) identity: String,
}

/// What came instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unexpected {
    pub(crate) what: String,
    pub(crate) advice: &'static str,
}

impl Expectation {
    /// At the first public host.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let host = config.public_hosts.first()?;
        let mut serving = config
            .providers
            .iter()
            .filter(|it| it.serves(host.as_str()));
        let provider = serving.next()?;
        let scheme = if config.insecure_http {
            "http"
        } else {
            "https"
        };
        let path = config.callback.path.as_str();
        Some(Self {
            client_id: provider.client_id.as_str().to_owned(),
            is_choice: serving.next().is_some(),
            redirect_uri: format!("{scheme}://{}{path}", host.as_str()),
            identity: config.identity.header.as_str().to_owned(),
        })
    }

    /// Whether that is what the filter answers.
    ///
    /// # Errors
    /// What it is instead.
    pub(crate) fn judge(&self, asked: Asked, answer: &Answer) -> Result<(), Unexpected> {
        match (asked, answer.status) {
            (Asked::Navigation, 401) if self.is_choice => Ok(()),
            (Asked::Navigation, 302 | 303) => self.redirect(answer.header(LOCATION)),
            (Asked::Navigation, status) => Err(instead_of_a_redirect(status)),
            (_, 401) => Ok(()),
            (asked, status) => Err(instead_of_401(asked, status)),
        }
    }

    /// An authorization request (RFC 6749 §4.1.1) of this client.
    fn redirect(&self, location: &str) -> Result<(), Unexpected> {
        let query = location.split_once('?').map_or("", |(_, query)| query);
        let has = |name: &str, value: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.any(|(n, v): (Cow<'_, str>, Cow<'_, str>)| n == name && v == value)
        };
        let of = |what: &str| Unexpected {
            what: format!("a page is sent to a sign-in with {what}"),
            advice: "something in front of the filter signs people in: `kfwasm migrate --cut-over` removes it",
        };
        if !has("client_id", &self.client_id) {
            return Err(of("another client id"));
        }
        if !has("redirect_uri", &self.redirect_uri) {
            return Err(of("another redirect URI"));
        }
        Ok(())
    }
}

fn instead_of_a_redirect(status: u16) -> Unexpected {
    let (what, advice) = match status {
        200..=299 => (
            "somebody who has not signed in is let in",
            "the filter does not run: see the plugin, the backstop and the log of the gateway's pods, and keep the gateway closed until it does",
        ),
        403 => (
            "everything is denied, as by the backstop without the filter",
            "the filter does not run on this replica: see the plugin and the log of its pod",
        ),
        502..=504 => (
            "the gateway cannot reach the provider",
            "see the ServiceEntry of the provider's host, and the gateway's log",
        ),
        _ => (
            "a page is not sent to the sign-in",
            "see the gateway's log for the request",
        ),
    };
    Unexpected {
        what: format!("{what} ({status})"),
        advice,
    }
}

fn instead_of_401(asked: Asked, status: u16) -> Unexpected {
    let who = match asked {
        Asked::Forger => "somebody who says to be somebody",
        Asked::WebSocket => "a WebSocket",
        _ => "a script",
    };
    let advice = match status {
        200..=299 => "the filter does not run: keep the gateway closed until it does",
        300..=399 => {
            "something in front of the filter answers: see what else decides at the gateway"
        }
        _ => "see what a page gets, and the gateway's log for the request",
    };
    Unexpected {
        what: format!("{who} without a session gets {status} instead of 401"),
        advice,
    }
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use hyper::header::HeaderValue;

    use super::*;

    const OURS: &str = "https://id.example.com/auth?client_id=kubeflow&redirect_uri=https%3A%2F%2Fml.example.com%2Fcb";

    fn judged(asked: Asked, status: u16, location: &'static str) -> Result<(), String> {
        judged_where(false, asked, status, location)
    }

    fn judged_where(
        is_choice: bool,
        asked: Asked,
        status: u16,
        location: &'static str,
    ) -> Result<(), String> {
        let expectation = Expectation {
            client_id: "kubeflow".to_owned(),
            is_choice,
            redirect_uri: "https://ml.example.com/cb".to_owned(),
            identity: "kubeflow-userid".to_owned(),
        };
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static(location));
        let answer = Answer {
            status,
            headers,
            ..Answer::default()
        };
        expectation
            .judge(asked, &answer)
            .map_err(|unexpected| unexpected.what)
    }

    #[test]
    fn a_redirect_to_our_own_sign_in_is_expected_and_no_other() {
        assert_eq!(judged(Asked::Navigation, 302, OURS), Ok(()));
        for (status, location, wanted) in [
            (
                302,
                "https://id.example.com/auth?client_id=other",
                "another client id",
            ),
            (
                302,
                "/oauth2/start?client_id=kubeflow&redirect_uri=/oauth2/callback",
                "another redirect URI",
            ),
            (302, "", "another client id"),
            (200, "", "is let in"),
            (403, "", "backstop"),
            (503, "", "provider"),
        ] {
            let what = judged(Asked::Navigation, status, location).unwrap_err();
            assert!(what.contains(wanted), "{status} {location}: {what}");
        }
    }

    #[test]
    fn a_page_to_choose_a_provider_on_is_expected_where_there_are_several() {
        assert_eq!(judged_where(true, Asked::Navigation, 401, ""), Ok(()));
        assert!(judged_where(true, Asked::Navigation, 200, "").is_err());
        assert!(judged(Asked::Navigation, 401, "").is_err());
    }

    #[test]
    fn scripts_and_forgers_get_401_and_nothing_else() {
        for asked in [Asked::Script, Asked::Forger, Asked::WebSocket] {
            assert_eq!(judged(asked, 401, ""), Ok(()));
            for status in [200, 101, 302, 403, 404, 503] {
                assert!(judged(asked, status, "").is_err(), "{asked:?} {status}");
            }
        }
    }
}
