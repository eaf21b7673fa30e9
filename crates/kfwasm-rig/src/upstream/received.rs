use axum::body::Bytes;
use axum::http::request::Parts;
use serde_json::{Value, json};

/// A request as it reached the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, values as they came. Headers of one name keep their order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Received {
    pub(super) fn new(head: &Parts, body: &Bytes) -> Self {
        let headers = head.headers.iter();
        Self {
            method: head.method.to_string(),
            target: head
                .uri
                .path_and_query()
                .map_or_else(|| "*".to_owned(), ToString::to_string),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                .collect(),
            body: body.to_vec(),
        }
    }

    /// Every header of this name (lower case), as text.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.text_headers()
            .filter(|(other, _)| other == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// Names and values, the values as text.
    pub(super) fn text_headers(&self) -> impl Iterator<Item = (String, String)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "method": self.method,
            "target": self.target,
            "headers": self.text_headers().collect::<Vec<_>>(),
            "body": String::from_utf8_lossy(&self.body),
        })
    }
}
