use hyper::HeaderMap;
use hyper::header::HeaderName;

/// What a gateway answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The certificate that it showed (DER).
    pub(crate) certificate: Option<Vec<u8>>,
    /// What it said, where that was asked for.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The header; empty when there is none.
    pub(crate) fn header(&self, name: HeaderName) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}
