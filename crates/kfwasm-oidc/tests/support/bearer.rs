use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::provider::{CLIENT_ID, ISSUER};
use super::request::Request;
use super::stage::{ALICE, Stage};

/// The issuer of a cluster's service accounts. Its keys are where the provider's are, so that the provider signs for it.
pub(crate) const CLUSTER: &str = "https://kubernetes.default.svc.cluster.local";
pub(crate) const AUDIENCE: &str = "pipelines.kubeflow.org";
pub(crate) const ROBOT: &str = "system:serviceaccount:team-a:default-editor";

/// A configuration that takes tokens of the provider and of a cluster.
pub(crate) fn bearer() -> Value {
    json!({ "bearer": { "issuers": [
        {
            "issuer": ISSUER,
            "audiences": [CLIENT_ID],
            "groupsClaim": "groups",
            "signingAlgorithms": ["ES256"],
        },
        {
            "issuer": CLUSTER,
            "audiences": [AUDIENCE, "kfwasm"],
            "jwksUri": "https://login.example.com/keys?v=1",
            "signingAlgorithms": ["ES256"],
        },
    ]}})
}

/// What a service account's token says.
pub(crate) fn robot(stage: &Stage) -> Value {
    let now = stage.clock.now().0;
    json!({
        "iss": CLUSTER,
        "sub": ROBOT,
        "aud": [AUDIENCE],
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "email": "mallory@example.com",
        "groups": ["system:masters"],
    })
}

/// What an ID token says that Alice has fetched by herself.
pub(crate) fn alice(stage: &Stage) -> Value {
    let now = stage.clock.now().0;
    json!({
        "iss": ISSUER,
        "sub": "subject of alice",
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 3600,
        "email": ALICE,
        "groups": ["data-science"],
    })
}

/// The claims with another value for one; nothing for a claim that is left out.
pub(crate) fn but(mut claims: Value, name: &str, value: Value) -> Value {
    let members = claims.as_object_mut().unwrap();
    match value {
        Value::Null => members.remove(name),
        value => members.insert(name.to_owned(), value),
    };
    claims
}

/// A program's request with this token.
pub(crate) fn with_token(token: &str) -> Request {
    Request::new("GET", "/pipeline/apis/v2beta1/runs")
        .with("authorization", format!("Bearer {token}"))
}

/// A token with another last but one character of its signature.
pub(crate) fn forged(token: &str) -> String {
    let mut characters: Vec<char> = token.chars().collect();
    let place = characters.len() - 2;
    let other = if characters[place] == 'A' { 'B' } else { 'A' };
    characters[place] = other;
    characters.into_iter().collect()
}

/// A token that somebody made up, who does not say by which key it is signed.
pub(crate) fn made_up(claims: &Value) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signature = URL_SAFE_NO_PAD.encode([1; 64]);
    let header = part("{\"alg\":\"ES256\"}");
    [&header, ".", &part(&claims.to_string()), ".", &signature].concat()
}
