use kfwasm_oidc::callout::HttpResponse;
use serde_json::{Value, json};

use super::Provider;
use super::answer::json as json_response;
use super::signing::SigningKey;

/// What the provider says of itself (OIDC Discovery §3).
pub(super) fn document(authority: &str) -> Value {
    let at = |path: &str| format!("https://{authority}{path}");
    json!({
        "issuer": at(""),
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys?v=1"),
        "end_session_endpoint": at("/end-session"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
        "authorization_response_iss_parameter_supported": true,
    })
}

impl Provider {
    pub(super) fn discovery(&self) -> HttpResponse {
        json_response(200, self.state.borrow().document.to_string())
    }

    pub(super) fn key_set(&self) -> HttpResponse {
        let state = self.state.borrow();
        let keys: Vec<Value> = state.keys.iter().map(SigningKey::public).collect();
        json_response(200, json!({ "keys": keys }).to_string())
    }

    /// A token with these claims and no others, by the newest key.
    pub(crate) fn signs(&self, claims: &Value) -> String {
        let state = self.state.borrow();
        let claims = claims.as_object().unwrap().clone();
        state.keys.last().unwrap().sign(claims)
    }

    /// Says something else of itself.
    pub(crate) fn announces(&self, name: &str, value: impl Into<Value>) {
        self.state.borrow_mut().document[name] = value.into();
    }

    /// Does not say, and does not send, `iss` in authorization responses, as before RFC 9207.
    pub(crate) fn does_not_name_itself(&self) {
        let mut state = self.state.borrow_mut();
        state.names_itself = false;
        state.document["authorization_response_iss_parameter_supported"] = false.into();
    }

    /// Signs with a new key, and publishes it beside the old ones.
    pub(crate) fn add_key(&self) {
        let mut state = self.state.borrow_mut();
        state.keys_made += 1;
        let key = SigningKey::new(&format!("key-{}", state.keys_made));
        state.keys.push(key);
    }

    /// Signs with the key before again.
    pub(crate) fn withdraws_newest_key(&self) {
        self.state.borrow_mut().keys.pop();
    }

    /// The key set as it is published now.
    pub(crate) fn published_keys(&self) -> Vec<u8> {
        self.key_set().body
    }

    /// Signs with a new key, and publishes no other.
    pub(crate) fn replaces_keys(&self) {
        self.state.borrow_mut().keys.clear();
        self.add_key();
    }
}
