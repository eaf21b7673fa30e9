//! What is bent, and what must come of it: the relying-party tests of the OpenID Foundation's certification that apply to the
//! code flow, under their names, and more.

mod document;
mod id_token;
mod token_response;
mod transport;

pub(crate) use self::document::DOCUMENTS;
use super::answer::Answer;
use super::provider::Documents;

/// Status and outcome of the callback.
type End = (u16, &'static str);
pub(crate) const SIGNED_IN: End = (302, "sign_in_completed");
const BROKEN: End = (502, "provider_fault");
const DOWN: End = (503, "provider_unavailable");
const NOBODY: End = (403, "sign_in_refused");

/// One answer of the token or userinfo endpoint.
pub(crate) struct TokenCase {
    pub(crate) name: &'static str,
    /// Which of the issuers answers: `single` has one key, `several` two.
    pub(crate) issuer: &'static str,
    pub(crate) bend: fn(&mut Answer),
    pub(crate) end: End,
}

const fn one(name: &'static str, bend: fn(&mut Answer), end: End) -> TokenCase {
    TokenCase {
        name,
        issuer: "single",
        bend,
        end,
    }
}

const fn of_several(name: &'static str, bend: fn(&mut Answer), end: End) -> TokenCase {
    TokenCase {
        name,
        issuer: "several",
        bend,
        end,
    }
}

/// One discovery document or key set.
pub(crate) struct DocumentCase {
    pub(crate) name: &'static str,
    pub(crate) bend: fn(&mut Documents),
    /// How a sign-in at this issuer ends.
    pub(crate) end: End,
}

const fn published(name: &'static str, bend: fn(&mut Documents), end: End) -> DocumentCase {
    DocumentCase { name, bend, end }
}

/// Every answer of the token and the userinfo endpoint.
pub(crate) fn tokens() -> impl Iterator<Item = &'static TokenCase> {
    let tables = [
        id_token::ID_TOKENS,
        token_response::TOKEN_RESPONSES,
        transport::TRANSPORT,
    ];
    tables.into_iter().flatten()
}
