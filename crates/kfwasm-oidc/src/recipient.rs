//! Who reads an answer.

use crate::request_head::RequestHead;
use crate::request_kind::accepts_html;

/// What a reply must be fit for, kept while a callout is under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recipient {
    /// Whether HTML is understood; JSON otherwise.
    pub(crate) html: bool,
    /// By which the operator finds the request.
    pub(crate) request_id: String,
}

/// Longest request id in bytes that is repeated; Envoy's own has 36.
const LONGEST_ID: usize = 64;

impl Recipient {
    pub(crate) fn of(head: &RequestHead<'_>) -> Self {
        let id = core::str::from_utf8(head.request_id).unwrap_or_default();
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let fit = id.len() <= LONGEST_ID && id.bytes().all(harmless);
        Self {
            html: accepts_html(head.accept),
            request_id: String::from(if fit { id } else { "" }),
        }
    }
}
