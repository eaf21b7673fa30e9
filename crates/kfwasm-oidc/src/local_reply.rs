//! Answers that the gateway gives itself.

use std::rc::Rc;

use crate::outcome::Outcome;
use crate::session::OpenSession;

/// A response to the client, and what the operator is told about it.
pub struct LocalReply {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides those that every local reply has; `set-cookie` may repeat.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How the request ended: which counter it goes to, and Envoy's response code details.
    pub outcome: Outcome,
    /// Whose session it is about, for logs.
    pub session: Option<Rc<OpenSession>>,
    /// What the operator should know: who did what wrong, and what to do. Holds no secret.
    pub report: Option<String>,
}

/// What no local reply is without: it is for this client at this moment, and is what its type says.
pub const COMMON_HEADERS: [(&str, &str); 3] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

impl LocalReply {
    pub(crate) fn new(status: u16, outcome: Outcome) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            outcome,
            session: None,
            report: None,
        }
    }

    /// The answer to every request while there is no usable configuration.
    #[must_use]
    pub fn not_configured() -> Self {
        Self::new(503, Outcome::GatewayFault)
            .with_header("retry-after", "30".to_owned())
            .with_body(
                "text/plain",
                b"This gateway is not configured yet.\n".to_vec(),
            )
    }

    /// The answer to a request whose headers the host does not hand over: nothing is known of it.
    #[must_use]
    pub fn headers_not_read() -> Self {
        Self::not_forwarded(
            "the host did not hand over the request's headers; allow the capability proxy_get_header_map_pairs",
        )
    }

    /// The answer to a request whose headers could not be changed: it must not go upstream as it is.
    #[must_use]
    pub fn headers_not_changed() -> Self {
        Self::not_forwarded(
            "the host did not change the request's headers; allow the capabilities proxy_replace_header_map_value and \
             proxy_remove_header_map_value",
        )
    }

    /// The answer to a request that the filter before the router would deny, because it does not know that it has been
    /// decided on.
    #[must_use]
    pub fn not_marked() -> Self {
        Self::not_forwarded(
            "the host did not mark the request as decided on; allow the capability proxy_set_property",
        )
    }

    fn not_forwarded(report: &str) -> Self {
        Self::new(503, Outcome::GatewayFault)
            .with_body(
                "text/plain",
                b"This gateway cannot let requests through.\n".to_vec(),
            )
            .reporting(report.to_owned())
    }

    /// Sends the browser elsewhere.
    pub(crate) fn redirect(status: u16, location: String, outcome: Outcome) -> Self {
        Self::new(status, outcome).with_header("location", location)
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_cookies(mut self, cookies: Vec<String>) -> Self {
        let headers = cookies.into_iter().map(|cookie| ("set-cookie", cookie));
        self.headers.extend(headers);
        self
    }

    pub(crate) fn with_body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.with_header("content-type", content_type.to_owned())
    }

    /// Says whose session it is about.
    pub(crate) fn about(mut self, session: Option<Rc<OpenSession>>) -> Self {
        self.session = session;
        self
    }

    pub(crate) fn reporting(mut self, report: String) -> Self {
        self.report = Some(report);
        self
    }
}
