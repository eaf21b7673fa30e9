use std::collections::BTreeMap;

use kfwasm_oidc::callout::{HttpRequest, HttpResponse};

use super::Provider;
use super::answer::{json, refusal};
use super::grant::Grant;
use super::token::is_client;

/// What the provider does about refresh tokens (RFC 6749 §6).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum RefreshTokens {
    /// It gives none.
    #[default]
    None,
    /// Each serves once, and comes with the next one. Whoever uses one twice loses all (RFC 9700 §4.14.2).
    Rotating,
    /// One serves for ever.
    Lasting,
}

#[derive(Default)]
pub(super) struct State {
    kind: RefreshTokens,
    valid: BTreeMap<String, Grant>,
    /// Those that have served, and whose they were.
    used: BTreeMap<String, usize>,
    given: usize,
    /// How often somebody used a token twice.
    reuses: usize,
    /// Padding of the tokens, in characters.
    padding: usize,
    pub(super) omits_id_token: bool,
}

impl State {
    /// A new token, if any are given.
    pub(super) fn token(&mut self, grant: &Grant) -> Option<String> {
        if self.kind == RefreshTokens::None {
            return None;
        }
        self.given += 1;
        let token = format!(
            "secret-refresh-token-{}{}",
            self.given,
            "x".repeat(self.padding)
        );
        self.valid.insert(token.clone(), grant.clone());
        Some(token)
    }
}

impl Provider {
    pub(super) fn refresh(&self, form: &BTreeMap<String, String>) -> HttpResponse {
        let token = &form["refresh_token"];
        let state = &mut *self.state.borrow_mut();
        let refresh = &mut state.refresh;
        if let Some(family) = refresh.used.get(token) {
            refresh.reuses += 1;
            refresh.valid.retain(|_, grant| grant.family != *family);
        }
        let Some(grant) = refresh.valid.get(token).cloned() else {
            return refusal(400, "invalid_grant");
        };
        if refresh.kind == RefreshTokens::Rotating {
            refresh.valid.remove(token);
            refresh.used.insert(token.clone(), grant.family);
        }
        self.tokens(state, &grant, None)
    }

    /// The revocation endpoint (RFC 7009 §2.1).
    pub(super) fn revoke(&self, request: &HttpRequest) -> HttpResponse {
        let body = request.body.as_ref().unwrap().expose();
        let form: BTreeMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
        if !is_client(request) {
            return refusal(401, "invalid_client");
        }
        assert_eq!(form["token_type_hint"], "refresh_token");
        self.state.borrow_mut().refresh.valid.remove(&form["token"]);
        json(200, "")
    }

    /// How many refresh tokens could still be used.
    pub(crate) fn valid_refresh_tokens(&self) -> usize {
        self.state.borrow().refresh.valid.len()
    }

    /// Gives refresh tokens with the others.
    pub(crate) fn gives_refresh_tokens(&self, kind: RefreshTokens) {
        self.state.borrow_mut().refresh.kind = kind;
    }

    /// Gives refresh tokens that are longer by so many characters.
    pub(crate) fn pads_refresh_tokens(&self, characters: usize) {
        self.state.borrow_mut().refresh.padding = characters;
    }

    /// Sends no ID token with a refresh.
    pub(crate) fn omits_id_tokens_at_refresh(&self) {
        self.state.borrow_mut().refresh.omits_id_token = true;
    }

    /// Takes none of its refresh tokens any more, as after an account was closed.
    pub(crate) fn withdraws_refresh_tokens(&self) {
        self.state.borrow_mut().refresh.valid.clear();
    }

    /// How often a refresh token was used twice.
    pub(crate) fn reuses(&self) -> usize {
        self.state.borrow().refresh.reuses
    }
}
