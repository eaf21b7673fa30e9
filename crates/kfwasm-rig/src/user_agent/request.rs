use url::Url;

use crate::RigError;

const NAVIGATION: [(&str, &str); 6] = [
    ("user-agent", "kfwasm-user-agent"),
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("upgrade-insecure-requests", "1"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-user", "?1"),
];
const FRAME: [(&str, &str); 5] = [
    ("user-agent", "kfwasm-user-agent"),
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "iframe"),
];
const FETCH: [(&str, &str); 5] = [
    ("user-agent", "kfwasm-user-agent"),
    ("accept", "*/*"),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];

/// A request to be sent by a [`super::UserAgent`]. Names and values go out byte for byte.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) address: Url,
    pub(super) method: String,
    pub(super) target: Vec<u8>,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    pub(super) with_cookies: bool,
}

impl Request {
    /// A GET as a browser sends it for a typed address or a link: a top-level navigation.
    ///
    /// # Errors
    /// [`RigError::BadAddress`].
    pub fn navigation(address: &str) -> Result<Self, RigError> {
        Self::get(address, &NAVIGATION)
    }

    /// A GET as a browser sends it for an iframe of the same origin.
    ///
    /// # Errors
    /// [`RigError::BadAddress`].
    pub fn frame(address: &str) -> Result<Self, RigError> {
        Self::get(address, &FRAME)
    }

    /// A GET as a browser sends it for a script's `fetch` at the same origin.
    ///
    /// # Errors
    /// [`RigError::BadAddress`].
    pub fn fetch(address: &str) -> Result<Self, RigError> {
        Self::get(address, &FETCH)
    }

    /// A GET as a program sends it: with no header but `Host`.
    ///
    /// # Errors
    /// [`RigError::BadAddress`].
    pub fn bare(address: &str) -> Result<Self, RigError> {
        Self::get(address, &[])
    }

    fn get(address: &str, headers: &[(&str, &str)]) -> Result<Self, RigError> {
        let parsed = Url::parse(address).map_err(|error| RigError::BadAddress {
            address: address.to_owned(),
            reason: error.to_string(),
        })?;
        let query = parsed
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let target = format!("{}{query}", parsed.path()).into_bytes();
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect();
        Ok(Self {
            address: parsed,
            method: "GET".to_owned(),
            target,
            headers,
            body: Vec::new(),
            with_cookies: true,
        })
    }

    /// With another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// With these bytes in place of the address's path and query: what an address cannot hold, such as `/a//..\b`.
    #[must_use]
    pub fn target(mut self, target: impl Into<Vec<u8>>) -> Self {
        self.target = target.into();
        self
    }

    /// With one more header. Its value may be any bytes.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With content of this media type.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    /// Without the user agent's cookies, as with `credentials: 'omit'`.
    #[must_use]
    pub fn without_cookies(mut self) -> Self {
        self.with_cookies = false;
        self
    }

    /// Host and port, as `Host` says them.
    fn authority(&self) -> Result<String, RigError> {
        match (
            self.address.host_str(),
            self.address.port_or_known_default(),
        ) {
            (Some(host), Some(port)) => Ok(format!("{host}:{port}")),
            _ => Err(RigError::BadAddress {
                address: self.address.to_string(),
                reason: "it has no host or port".to_owned(),
            }),
        }
    }

    /// The whole request, with a `Host` unless there is one and with these cookies.
    pub(super) fn to_bytes(&self, cookies: Option<String>) -> Result<Vec<u8>, RigError> {
        let mut bytes = Vec::new();
        bytes.extend([self.method.as_bytes(), b" ", &self.target, b" HTTP/1.1\r\n"].concat());
        if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            bytes.extend(line("host", self.authority()?.as_bytes()));
        }
        self.headers
            .iter()
            .for_each(|(name, value)| bytes.extend(line(name, value)));
        cookies
            .iter()
            .for_each(|cookies| bytes.extend(line("cookie", cookies.as_bytes())));
        if !self.body.is_empty() || self.method == "POST" {
            bytes.extend(line(
                "content-length",
                self.body.len().to_string().as_bytes(),
            ));
        }
        bytes.extend(b"connection: close\r\n\r\n");
        bytes.extend(&self.body);
        Ok(bytes)
    }
}

fn line(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b": ", value, b"\r\n"].concat()
}
