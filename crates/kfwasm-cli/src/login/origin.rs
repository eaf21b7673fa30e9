use std::fmt;

use reqwest::Url;

use crate::failure::Failure;

/// The origin of a gateway (RFC 6454 §4), as a session is stored and the issuer is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// Reads `https://HOST`, `HOST`, or the address of any page of the gateway.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let written = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let url = Url::parse(&written).map_err(|error| refused(text, &error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(with_a_password());
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(in_clear(&url)),
            other => return Err(refused(text, &format!("{other} is not https"))),
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a path there.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where nobody is on the way (RFC 8252 §8.3).
fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn refused(text: &str, why: &str) -> Failure {
    Failure::usage(
        format!("{text:?} is not the address of a gateway: {why}"),
        "write https://HOST, the address by which browsers reach Kubeflow",
    )
}

/// It is not repeated: it may be a secret.
fn with_a_password() -> Failure {
    Failure::usage(
        "there is a name or a password in the address of the gateway",
        "write https://HOST; you sign in in the browser",
    )
}

fn in_clear(url: &Url) -> Failure {
    Failure::usage(
        format!("{url} would send your session in clear"),
        "write https://; http:// is for a gateway on this machine",
    )
}

#[cfg(test)]
mod tests {
    use super::Origin;

    fn read(text: &str) -> Option<String> {
        Origin::parse(text).ok().map(|origin| origin.to_string())
    }

    #[test]
    fn the_address_of_any_page_names_the_gateway() {
        for text in [
            "kubeflow.example.com",
            "https://Kubeflow.example.com",
            "https://kubeflow.example.com:443/_/pipeline/?ns=a#/runs",
        ] {
            assert_eq!(read(text).as_deref(), Some("https://kubeflow.example.com"));
        }
        assert_eq!(
            read("203.0.113.10:8443").as_deref(),
            Some("https://203.0.113.10:8443")
        );
    }

    #[test]
    fn a_session_goes_over_no_open_line() {
        assert_eq!(read("http://kubeflow.example.com"), None);
        assert_eq!(read("http://localhost.example.com"), None);
        assert_eq!(
            read("http://localhost:8080").as_deref(),
            Some("http://localhost:8080")
        );
        assert_eq!(
            read("http://[::1]:8080/").as_deref(),
            Some("http://[::1]:8080")
        );
    }

    #[test]
    fn what_is_no_gateway_is_refused() {
        for text in [
            "",
            "https://",
            "ftp://a",
            "https://alice:x@a",
            "file:///etc/passwd",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
