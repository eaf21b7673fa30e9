//! Requests that the relying party sends, and what comes back.

use core::fmt;

use kfwasm_config::{Duration, EndpointUrl, Provider};

use crate::secret::Secret;

/// A request to a provider's endpoint, as Envoy is to send it.
#[derive(Debug)]
pub struct HttpRequest {
    /// The Envoy cluster, by Istio's naming: `outbound|PORT||HOST`.
    pub cluster: String,
    /// `:method`.
    pub method: &'static str,
    /// `:scheme`.
    pub scheme: &'static str,
    /// `:authority`.
    pub authority: String,
    /// `:path`.
    pub path: String,
    /// `content-type` of the body.
    pub content_type: Option<&'static str>,
    /// `authorization`.
    pub authorization: Option<Secret>,
    /// The body.
    pub body: Option<Secret>,
    /// How long the response may take, in milliseconds; never 0, which Envoy would take for no limit.
    pub timeout_milliseconds: u64,
}

/// A response, as far as the relying party looks at it.
pub struct HttpResponse {
    /// `:status`. Envoy's own failures arrive as 503 (no connection, TLS) and 504 (deadline).
    pub status: u16,
    /// `content-type`.
    pub content_type: Option<Vec<u8>>,
    /// `cache-control`.
    pub cache_control: Option<Vec<u8>>,
    /// The body, at most [`HttpResponse::LONGEST_BODY`] bytes of it: a longer one is [`CalloutError::TooLong`].
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Longest body in bytes that is taken from the host.
    pub const LONGEST_BODY: usize = 1024 * 1024;
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HttpResponse({}, [redacted])", self.status)
    }
}

/// Why a callout has no response that could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalloutError {
    /// Envoy has no such cluster, or would not send the request.
    NotSent,
    /// The stream was reset, or the deadline passed.
    NoResponse,
    /// The body is longer than [`HttpResponse::LONGEST_BODY`].
    TooLong,
}

impl fmt::Display for CalloutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotSent => "Envoy did not send the request: it has no such cluster",
            Self::NoResponse => "no response came",
            Self::TooLong => "the response is longer than 1 MiB",
        })
    }
}

impl HttpRequest {
    /// A GET of a document, without credential, to be answered within `timeout`.
    #[must_use]
    pub fn get(url: &EndpointUrl, timeout: Duration) -> Self {
        Self {
            cluster: ["outbound|", &url.port().to_string(), "||", url.host()].concat(),
            method: "GET",
            scheme: url.scheme().as_str(),
            authority: url.authority().to_owned(),
            path: url.path_and_query().to_owned(),
            content_type: None,
            authorization: None,
            body: None,
            timeout_milliseconds: timeout.as_millis(),
        }
    }

    /// A POST of a form (`application/x-www-form-urlencoded`) to an endpoint of `provider`, within its timeout.
    #[must_use]
    pub fn post_form(url: &EndpointUrl, provider: &Provider, body: Secret) -> Self {
        Self {
            method: "POST",
            content_type: Some("application/x-www-form-urlencoded"),
            body: Some(body),
            ..Self::get(url, provider.timeout)
        }
    }
}
