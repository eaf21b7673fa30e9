use kfwasm_oidc::header_map;

use super::address::Address;
use super::stage::HOST;

/// A request as Envoy hands it to the filter: every header, in order, in bytes.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Request {
    /// A request of a program that says nothing about itself. A URL that begins with `/` is one of the gateway.
    pub(crate) fn new(method: &str, url: &str) -> Self {
        let address = if url.starts_with('/') {
            Address {
                scheme: "https".to_owned(),
                authority: HOST.to_owned(),
                path: url.to_owned(),
            }
        } else {
            Address::parse(url)
        };
        let request = Self {
            headers: Vec::new(),
        };
        request
            .with(":method", method)
            .with(":path", &address.path)
            .with(":authority", &address.authority)
            .with("x-forwarded-proto", &address.scheme)
            .with("x-request-id", "3f0a2f6e-5b1c-4f0e-9d2a-7c1d5e8b9a00")
    }

    /// A person goes to a page.
    pub(crate) fn navigation(url: &str) -> Self {
        Self::new("GET", url)
            .with("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .with("sec-fetch-mode", "navigate")
            .with("sec-fetch-dest", "document")
            .with("sec-fetch-site", "none")
    }

    /// A script of a page of ours asks for data.
    pub(crate) fn script(method: &str, url: &str) -> Self {
        Self::new(method, url)
            .with("accept", "*/*")
            .with("sec-fetch-mode", "cors")
            .with("sec-fetch-dest", "empty")
            .with("sec-fetch-site", "same-origin")
    }

    /// A person sends the form of a page.
    pub(crate) fn form(url: &str) -> Self {
        let request = Self::navigation(url).replacing(":method", "POST");
        request.replacing("sec-fetch-site", "same-origin")
    }

    /// The request with one more header.
    pub(crate) fn with(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The request without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(it, _)| it != name.as_bytes());
        self
    }

    /// The request with another value for a header.
    pub(crate) fn replacing(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).with(name, value)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        headers
            .find(|(it, _)| it == name.as_bytes())
            .map(|(_, value)| value.as_slice())
    }

    /// The same as text; nothing when there is no such header, or it is not text.
    pub(crate) fn text(&self, name: &str) -> &str {
        let value = self.header(name).unwrap_or_default();
        core::str::from_utf8(value).unwrap_or_default()
    }

    pub(crate) fn address(&self) -> Address {
        Address {
            scheme: self.text("x-forwarded-proto").to_owned(),
            authority: self.text(":authority").to_owned(),
            path: self.text(":path").to_owned(),
        }
    }

    /// The headers as the host hands them over.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let pairs: Vec<(&[u8], &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_slice(), value.as_slice()))
            .collect();
        header_map::encode(&pairs)
    }
}
