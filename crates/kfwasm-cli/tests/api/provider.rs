//! What `kfwasm doctor` asks a provider, and which providers it does not ask.

use serde_json::json;

use crate::doctor::{looked_at, of_provider};
use crate::operator::HERE;

/// Microsoft Entra ID for many tenants: the issuer is no place that could be asked.
#[test]
fn a_provider_may_be_of_many_tenants() {
    let tenants = [
        "72f988bf-86f1-41af-91ab-2d7cd011db47",
        "11111111-2222-3333-4444-555555555555",
    ];
    let issuer = format!("{HERE}/{{tenantid}}/v2.0");
    let worlds = [issuer.as_str(), "https://sts.windows.net/{tenantid}/"].map(|named| {
        let document = json!({ "issuer": named, "token_endpoint": format!("{HERE}/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"] });
        let provider = json!({ "issuer": issuer, "tenants": tenants, "insecureHttp": true });
        of_provider(provider)
            .saying(
                "/organizations/v2.0/.well-known/openid-configuration",
                &document.to_string(),
            )
            .saying("/token", r#"{"error":"invalid_grant"}"#)
    });
    looked_at(worlds, &["discovery", "client secret"], "doctor-tenants");
}

/// By a name that means nobody here, or somebody else.
#[test]
fn a_provider_that_only_the_cluster_knows_gets_no_secret_from_here() {
    let worlds = [
        "dex",
        "dex.auth",
        "dex.auth.svc",
        "dex.auth.svc.cluster.local",
    ]
    .map(|host| {
        let issuer = format!("http://{host}:5556/dex");
        of_provider(json!({ "issuer": issuer, "insecureHttp": true }))
    });
    looked_at(worlds, &["discovery", "client secret"], "doctor-in-cluster");
}

#[test]
fn an_issuer_may_be_too_long_for_its_document() {
    let issuer = format!("{HERE}/{}", "a".repeat(2010));
    let provider = of_provider(json!({ "issuer": issuer, "insecureHttp": true }));
    looked_at([provider], &["discovery"], "doctor-long-issuer");
}
