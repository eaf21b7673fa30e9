use kfwasm_oidc::callout::{CalloutError, HttpRequest, HttpResponse};

/// Where the gateway itself asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    Discovery,
    KeySet,
    Token,
    UserInfo,
    /// The user's groups, as Microsoft Graph tells them.
    Groups,
    Revocation,
}

/// What an endpoint answers instead of the truth.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// No response: nobody there, too slow, cut off.
    None(CalloutError),
    /// This status, with an empty body.
    Status(u16),
    /// This error by the book (RFC 6749 §5.2).
    Error(&'static str),
    /// A page, as of a proxy in between.
    Html,
    /// This body as JSON.
    Body(Vec<u8>),
    /// This body as something else.
    Typed(&'static str, Vec<u8>),
}

impl Endpoint {
    pub(crate) const ALL: [Self; 6] = [
        Self::Discovery,
        Self::KeySet,
        Self::Token,
        Self::UserInfo,
        Self::Groups,
        Self::Revocation,
    ];

    pub(crate) fn at(request: &HttpRequest) -> Self {
        match (request.method, request.path.as_str()) {
            ("GET", "/.well-known/openid-configuration") => Self::Discovery,
            ("GET", "/keys?v=1") => Self::KeySet,
            ("POST", "/token") => Self::Token,
            ("GET", "/userinfo") => Self::UserInfo,
            ("GET", path) if path.starts_with(super::graph::PATH) => Self::Groups,
            ("POST", "/revoke") => Self::Revocation,
            other => panic!("nothing is at {other:?}"),
        }
    }
}

impl Answer {
    pub(crate) fn into_result(self) -> Result<HttpResponse, CalloutError> {
        match self {
            Self::None(error) => Err(error),
            Self::Status(status) => Ok(response(status, "application/json", Vec::new())),
            Self::Error(code) => Ok(refusal(400, code)),
            Self::Html => Ok(response(
                200,
                "text/html; charset=utf-8",
                b"<html>Sign in to the WiFi".to_vec(),
            )),
            Self::Body(body) => Ok(json(200, body)),
            Self::Typed(content_type, body) => Ok(response(200, content_type, body)),
        }
    }
}

pub(super) fn refusal(status: u16, error: &str) -> HttpResponse {
    json(status, serde_json::json!({ "error": error }).to_string())
}

pub(super) fn json(status: u16, body: impl Into<Vec<u8>>) -> HttpResponse {
    response(status, "application/json", body.into())
}

fn response(status: u16, content_type: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse {
        status,
        content_type: Some(content_type.into()),
        cache_control: None,
        body,
    }
}
