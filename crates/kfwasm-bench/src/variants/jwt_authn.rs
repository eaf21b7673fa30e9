use serde_json::{Value, json};

use super::stage::Stage;

/// Envoy's filter that checks an ID token and makes Kubeflow's headers of it, as Istio makes it of Kubeflow's
/// RequestAuthentication. `source` says where the token is.
pub(super) fn jwt_authn(stage: &Stage, source: &Value) -> Value {
    let issuer = stage.provider.issuer();
    let mut provider = json!({
        "issuer": issuer,
        "audiences": [stage.provider.settings().client_id],
        "forward": true,
        "claim_to_headers": [
            { "header_name": "kubeflow-userid", "claim_name": "email" },
            { "header_name": "kubeflow-groups", "claim_name": "groups" },
        ],
        "remote_jwks": { "http_uri": {
            "uri": format!("{issuer}/jwks"),
            "cluster": stage.provider.host().cluster_name(),
            "timeout": "5s",
        }},
    });
    if let (Some(provider), Some(source)) = (provider.as_object_mut(), source.as_object()) {
        provider.extend(source.clone());
    }
    json!({
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": { "provider": provider },
            "rules": [{ "match": { "prefix": "/" }, "requires": { "provider_name": "provider" } }],
        },
    })
}
