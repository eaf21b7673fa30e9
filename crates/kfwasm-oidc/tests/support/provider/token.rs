use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kfwasm_oidc::callout::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answer::{json as json_response, refusal};
use super::grant::Grant;
use super::{CLIENT_ID, Provider, State};
use crate::support::stage::CLIENT_SECRET;

impl Provider {
    /// The token endpoint (OIDC Core §3.1.3). A code serves once, whoever brings it.
    pub(super) fn token(&self, request: &HttpRequest) -> HttpResponse {
        let body = request.body.as_ref().unwrap().expose();
        let form: BTreeMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
        if !is_client(request) {
            return refusal(401, "invalid_client");
        }
        if form
            .get("grant_type")
            .is_some_and(|it| it == "refresh_token")
        {
            return self.refresh(&form);
        }
        let mut state = self.state.borrow_mut();
        let grant = form.get("code").and_then(|code| state.grants.remove(code));
        match grant.filter(|it| it.is_for(&form)) {
            Some(grant) => self.tokens(&mut state, &grant, Some(&grant.nonce)),
            None => refusal(400, "invalid_grant"),
        }
    }

    pub(super) fn tokens(
        &self,
        state: &mut State,
        grant: &Grant,
        nonce: Option<&str>,
    ) -> HttpResponse {
        let access_token = format!("secret-access-token-{}", state.secrets.len());
        let claims = self.id_token_claims(state, grant, nonce, &access_token);
        let id_token = state.keys.last().unwrap().sign(claims);
        let subject = format!("subject of {}", grant.user);
        state.holders.insert(access_token.clone(), subject);
        let mut tokens = json!({
            "token_type": "Bearer",
            "access_token": access_token,
            "id_token": id_token,
        });
        if let Some(token) = state.refresh.token(grant) {
            tokens["refresh_token"] = token.clone().into();
            state.secrets.push(token);
        }
        if state.refresh.omits_id_token && nonce.is_none() {
            tokens.as_object_mut().unwrap().remove("id_token");
        }
        if let Some(lifetime) = state.lifetime {
            tokens["expires_in"] = lifetime.into();
        }
        state.secrets.extend([access_token, id_token]);
        json_response(200, tokens.to_string())
    }

    fn id_token_claims(
        &self,
        state: &State,
        grant: &Grant,
        nonce: Option<&str>,
        access_token: &str,
    ) -> Map<String, Value> {
        let now = self.clock.now().0;
        let mut claims = json!({
            "iss": self.issuer(),
            "sub": format!("subject of {}", grant.user),
            "aud": CLIENT_ID,
            "exp": now + 3600,
            "iat": now,
            "auth_time": grant.auth_time,
            "acr": grant.acr,
            "nonce": nonce,
            "at_hash": URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]),
            "email": grant.user,
            "groups": ["data-science", "0f8fad5b-d9cb-469f-a165-70867728950e"],
        });
        let claims = claims.as_object_mut().unwrap();
        claims.retain(|_, value| !value.is_null());
        for (name, value) in &state.claims {
            match value {
                Value::Null => claims.remove(name),
                value => claims.insert(name.clone(), value.clone()),
            };
        }
        claims.clone()
    }
}

impl Grant {
    /// RFC 6749 §4.1.3, RFC 7636 §4.6.
    fn is_for(&self, form: &BTreeMap<String, String>) -> bool {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
        field("grant_type") == "authorization_code"
            && field("redirect_uri") == self.redirect_uri
            && challenge == self.code_challenge
    }
}

/// RFC 6749 §2.3.1: identifier and secret are form-encoded before they are joined.
pub(super) fn is_client(request: &HttpRequest) -> bool {
    let header = request.authorization.as_ref().map(|it| it.expose());
    let encoded = header.and_then(|it| it.strip_prefix(b"Basic "));
    let pair = STANDARD.decode(encoded.unwrap_or_default()).unwrap();
    let text = String::from_utf8(pair).unwrap();
    let (id, secret) = text.split_once(':').unwrap_or_default();
    let id_is_ours = form_urlencoded::parse(id.as_bytes()).all(|(it, _)| it == CLIENT_ID);
    let encoded_secret: String =
        form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
    id_is_ours && secret == encoded_secret
}
