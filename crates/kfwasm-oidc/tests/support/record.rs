use std::fmt::Debug;

use kfwasm_oidc::callout::HttpRequest;
use kfwasm_oidc::header_edits::HeaderEdits;

use super::response::Response;

/// What others than the client itself get to see of what the gateway did: the operator, the upstream, a log.
#[derive(Default)]
pub(crate) struct Record {
    seen: Vec<u8>,
}

impl Record {
    pub(crate) fn note(&mut self, text: impl AsRef<[u8]>) {
        self.seen.extend_from_slice(text.as_ref());
        self.seen.push(b'\n');
    }

    pub(crate) fn debug(&mut self, value: &dyn Debug) {
        self.note(format!("{value:?}"));
    }

    pub(crate) fn callout(&mut self, request: &HttpRequest) {
        self.debug(request);
    }

    pub(crate) fn edits(&mut self, edits: &HeaderEdits) {
        self.debug(&edits.outcome);
        self.debug(&edits.identity);
        self.debug(&edits.cookies);
    }

    /// A response, but for the two headers that carry to the browser what is the browser's.
    pub(crate) fn response(&mut self, response: &Response) {
        self.debug(&response.outcome);
        self.note(&response.report);
        self.note(&response.body);
        for (name, value) in &response.headers {
            if !matches!(name.as_str(), "set-cookie" | "location") {
                self.note(value);
            }
        }
        if let Some(upstream) = &response.upstream {
            for (name, value) in &upstream.headers {
                self.note(name);
                self.note(value);
            }
        }
    }

    pub(crate) fn holds(&self, secret: &[u8]) -> bool {
        assert!(!secret.is_empty());
        self.seen.windows(secret.len()).any(|it| it == secret)
    }
}
