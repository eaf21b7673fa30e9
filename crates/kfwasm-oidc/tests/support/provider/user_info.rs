use kfwasm_oidc::callout::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::Provider;
use super::answer::{json as json_response, refusal};

impl Provider {
    /// The userinfo endpoint (OIDC Core §5.3).
    pub(super) fn user_info(&self, request: &HttpRequest) -> HttpResponse {
        let header = request.authorization.as_ref().map(|it| it.expose());
        let token = header
            .and_then(|it| it.strip_prefix(b"Bearer "))
            .unwrap_or_default();
        let state = self.state.borrow();
        let Some(subject) = state.holders.get(std::str::from_utf8(token).unwrap()) else {
            return refusal(401, "invalid_token");
        };
        let mut claims = state.user_info.clone();
        claims.insert("sub".to_owned(), subject.clone().into());
        json_response(200, Value::Object(claims).to_string())
    }

    /// Tells a claim at the userinfo endpoint.
    pub(crate) fn tells(&self, name: &str, value: impl Into<Value>) {
        let mut state = self.state.borrow_mut();
        state.user_info.insert(name.to_owned(), value.into());
    }
}
