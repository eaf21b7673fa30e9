use kfwasm_config::SigningAlgorithm;
use serde_json::{Value, json};

use crate::sample::{change, good, read, said_about};

/// The good configuration with a cluster whose tokens are accepted.
fn with_cluster() -> Value {
    let mut document = good();
    document["bearer"] = json!({ "issuers": [{
        "issuer": "https://kubernetes.default.svc.cluster.local",
        "audiences": ["pipelines.kubeflow.org"],
        "jwks": "{\"keys\": []}",
    }]});
    document
}

#[test]
fn an_issuer_has_the_defaults_that_are_documented() {
    let issuer = &read(&with_cluster()).bearer.issuers[0];
    assert_eq!(issuer.signing_algorithms, [SigningAlgorithm::RS256]);
    assert_eq!(issuer.claims[0].as_str(), "sub");
    assert_eq!(issuer.claims.len(), 1);
    assert_eq!((&issuer.prefix, &issuer.groups_claim), (&None, &None));
    assert!(!issuer.forward_token);
    assert_eq!(issuer.clock_skew.as_secs(), 60);
}

#[test]
fn the_issuer_of_a_provider_needs_no_keys_and_has_the_claims_of_identity() {
    let mut document = good();
    let issuer = document["providers"][0]["issuer"].clone();
    document["bearer"] = json!({ "issuers": [{ "issuer": issuer, "audiences": ["kubeflow"] }]});
    let issuer = &read(&document).bearer.issuers[0];
    assert_eq!(issuer.claims.len(), 3);
    assert!(issuer.jwks.is_none() && issuer.jwks_uri.is_none());
}

#[test]
fn a_wrong_issuer_is_refused_with_place_and_advice() {
    let cases = [
        (
            "/bearer/issuers/0/jwks",
            "",
            "bearer.issuers[0]: has no keys\n    write jwksUri or jwks: only for the issuer of a provider are they known",
        ),
        (
            "/bearer/issuers/0/jwks",
            "\"MIIB\"",
            "bearer.issuers[0].jwks: is not a key set\n    write the JSON document with the member keys, as a text of at most 64 KiB",
        ),
        (
            "/bearer/issuers/0/jwksUri",
            "\"https://c.example/keys\"",
            "bearer.issuers[0].jwks: stands beside jwksUri\n    write one of the two: keys in the configuration, or where to fetch them",
        ),
        (
            "/bearer/issuers/0/audiences",
            "",
            "bearer.issuers[0].audiences: is missing\n    write what stands in aud of the tokens that are meant for this gateway, such as [\"pipelines.kubeflow.org\"]",
        ),
        (
            "/bearer/issuers/0/audiences",
            "[]",
            "bearer.issuers[0].audiences: is empty\n    write at least one element",
        ),
        (
            "/bearer/issuers/0/issuer",
            "\"https://login.microsoftonline.com/common/v2.0\"",
            "bearer.issuers[0].issuer: stands for many tenants\n    write one entry for each tenant, with the issuer that its tokens name",
        ),
    ];
    for (at, written, expected) in cases {
        let mut document = with_cluster();
        change(&mut document, at, written);
        assert_eq!(said_about(&document), expected, "{at} = {written}");
    }
}

#[test]
fn symmetric_and_no_algorithms_plain_http_and_twins_are_refused() {
    let cases = [
        (
            "/bearer/issuers/0/signingAlgorithms",
            r#"["HS256"]"#,
            "signingAlgorithms[0]",
        ),
        (
            "/bearer/issuers/0/signingAlgorithms",
            r#"["none"]"#,
            "signingAlgorithms[0]",
        ),
        (
            "/bearer/issuers/0/issuer",
            r#""http://ci.example""#,
            "issuers[0].issuer",
        ),
        (
            "/bearer/issuers/1",
            r#"{"issuer": "https://kubernetes.default.svc.cluster.local", "audiences": ["x"], "jwks": "{}"}"#,
            "issuers[1].issuer: is the issuer of an earlier entry",
        ),
    ];
    for (at, written, expected) in cases {
        let mut document = with_cluster();
        change(&mut document, at, written);
        let said = said_about(&document);
        assert!(said.contains(expected), "{at} = {written}: {said}");
    }
}
