//! What a program asks for (RFC 6749 §4.1.1, RFC 7636 §4.3).

use form_urlencoded::{Serializer, parse};
use serde::{Deserialize, Serialize};

use super::CLIENT_ID;
use super::redirect_uri::RedirectUri;
use crate::sign_in::with_query;

/// A request for a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: RedirectUri,
    /// `code_challenge`, method S256.
    pub(super) challenge: String,
    /// What the program knows its own request by; empty for none.
    pub(super) state: String,
}

/// What is wrong with a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RequestFault {
    /// Nobody knows who asks, so that the person is told and nobody else (RFC 9700 §4.11).
    ForPerson(&'static str),
    /// The program is told: this is where, and `error` of RFC 6749 §4.1.2.1.
    ForProgram(String),
}

#[derive(Default)]
struct Parameters {
    response_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    challenge: Option<String>,
    method: Option<String>,
    state: Option<String>,
}

/// Longest `state` in bytes: the request must come back from a sign-in whole.
const LONGEST_STATE: usize = 256;

impl AuthorizationRequest {
    /// Reads the query of a request at the gateway of this origin.
    pub(super) fn parse(query: &[u8], origin: &str) -> Result<Self, RequestFault> {
        let parameters = Parameters::parse(query)?;
        if parameters.client_id.as_deref() != Some(CLIENT_ID) {
            return Err(RequestFault::ForPerson("an unknown client_id"));
        }
        let redirect_uri = parameters.redirect_uri.as_deref().unwrap_or_default();
        let redirect_uri = RedirectUri::parse(redirect_uri).ok_or(RequestFault::ForPerson(
            "a redirect_uri that is not on the person's own machine",
        ))?;
        let request = Self {
            redirect_uri,
            challenge: parameters.challenge.unwrap_or_default(),
            state: parameters.state.unwrap_or_default(),
        };
        if !is_state(&request.state) {
            return Err(RequestFault::ForPerson(
                "a state that is too long or no text",
            ));
        }
        if parameters.response_type.as_deref() != Some("code") {
            return Err(request.refused("unsupported_response_type", origin));
        }
        let is_s256 = parameters.method.as_deref() == Some("S256");
        if !is_s256 || !is_challenge(&request.challenge) {
            return Err(request.refused("invalid_request", origin));
        }
        Ok(request)
    }

    fn refused(&self, error: &'static str, origin: &str) -> RequestFault {
        match self.error(error, origin) {
            Some(location) => RequestFault::ForProgram(location),
            None => RequestFault::ForPerson("a request that its program must make otherwise"),
        }
    }

    /// Where a refusal is told; `None` when that is to the person.
    pub(super) fn error(&self, error: &str, origin: &str) -> Option<String> {
        self.answer("error", error, origin)
    }

    /// Where the answer goes: `iss` says who gives it (RFC 9207). `None` when that is the person.
    pub(super) fn answer(&self, name: &str, value: &str, origin: &str) -> Option<String> {
        if self.redirect_uri.is_out_of_band() {
            return None;
        }
        let mut query = Serializer::new(String::new());
        query.append_pair(name, value);
        if !self.state.is_empty() {
            query.append_pair("state", &self.state);
        }
        query.append_pair("iss", origin);
        Some(with_query(self.redirect_uri.as_str(), &query.finish()))
    }
}

impl Parameters {
    fn parse(query: &[u8]) -> Result<Self, RequestFault> {
        let mut parameters = Self::default();
        for (name, value) in parse(query) {
            let Some(place) = parameters.place(&name) else {
                continue;
            };
            // RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
            if place.replace(value.into_owned()).is_some() {
                return Err(RequestFault::ForPerson("a parameter twice"));
            }
        }
        Ok(parameters)
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "response_type" => Some(&mut self.response_type),
            "client_id" => Some(&mut self.client_id),
            "redirect_uri" => Some(&mut self.redirect_uri),
            "code_challenge" => Some(&mut self.challenge),
            "code_challenge_method" => Some(&mut self.method),
            "state" => Some(&mut self.state),
            // RFC 6749 §3.1: "The authorization server MUST ignore unrecognized request parameters."
            _ => None,
        }
    }
}

fn is_state(text: &str) -> bool {
    text.len() <= LONGEST_STATE && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A SHA-256 in base64url (RFC 7636 §4.2).
fn is_challenge(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_base64url)
}
