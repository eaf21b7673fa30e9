use form_urlencoded::Serializer;

use super::proof::{self, CodeVerifier};
use super::{CLIENT_ID, Origin};
use crate::failure::Failure;

/// One request for a code (RFC 6749 §4.1.1), and what its answer is checked by.
pub(crate) struct Authorization {
    pub(super) origin: Origin,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) verifier: CodeVerifier,
}

impl Authorization {
    /// A new one, with a state and a code verifier of its own.
    pub(crate) fn new(origin: &Origin, redirect_uri: &str) -> Result<Self, Failure> {
        Ok(Self {
            origin: origin.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: proof::state()?,
            verifier: CodeVerifier::new()?,
        })
    }

    /// The address to open in a browser.
    pub(crate) fn address(&self, path: &str) -> String {
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", CLIENT_ID)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_challenge", &self.verifier.challenge())
            .append_pair("code_challenge_method", "S256")
            .append_pair("state", &self.state)
            .finish();
        format!("{}?{query}", self.origin.at(path))
    }
}
