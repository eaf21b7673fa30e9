use kfwasm_oidc::header_edits::RequestHeaders;

use super::request::Request;

/// A request as the upstream sees it.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Upstream {
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            headers: request.headers.clone(),
        }
    }

    /// Every value of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&[u8]> {
        let headers = self.headers.iter();
        headers
            .filter(|(it, _)| it == name.as_bytes())
            .map(|(_, value)| value.as_slice())
            .collect()
    }

    /// The one value of a header; nothing when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.all(name).as_slice() {
            [] => "",
            [value] => core::str::from_utf8(value).unwrap(),
            several => panic!("{name} has {} values", several.len()),
        }
    }
}

impl RequestHeaders for Upstream {
    fn set(&mut self, name: &str, value: &[u8]) {
        self.remove(name.as_bytes());
        self.headers.push((name.into(), value.to_owned()));
    }

    fn remove(&mut self, name: &[u8]) {
        self.headers.retain(|(it, _)| it != name);
    }
}
