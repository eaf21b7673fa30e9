//! Discovery documents and key sets.

use serde_json::json;

use super::{BROKEN, DocumentCase, SIGNED_IN, published};

pub(crate) const DOCUMENTS: &[DocumentCase] = &[
    published("rp-discovery-openid-configuration", |_| {}, SIGNED_IN),
    published(
        "rp-discovery-issuer-not-matching-config",
        |it| it.discovery["issuer"] = json!("https://other.example"),
        BROKEN,
    ),
    published(
        "issuer-missing",
        |it| it.discovery["issuer"] = json!(null),
        BROKEN,
    ),
    published(
        "issuer-with-a-slash",
        |it| {
            it.discovery["issuer"] = json!(format!(
                "{}/",
                it.discovery["issuer"].as_str().unwrap_or_default()
            ))
        },
        BROKEN,
    ),
    published(
        "token-endpoint-missing",
        |it| it.discovery["token_endpoint"] = json!(null),
        BROKEN,
    ),
    published(
        "token-endpoint-a-script",
        |it| it.discovery["token_endpoint"] = json!("javascript:alert(1)"),
        BROKEN,
    ),
    published(
        "authorization-endpoint-of-bytes",
        |it| it.discovery["authorization_endpoint"] = json!("http://x.example/\r\nset-cookie: a=b"),
        BROKEN,
    ),
    published(
        "jwks-uri-missing",
        |it| it.discovery["jwks_uri"] = json!(null),
        BROKEN,
    ),
    published("no-keys", |it| it.keys = json!({ "keys": [] }), BROKEN),
    published(
        "keys-an-object",
        |it| it.keys = json!({ "keys": {} }),
        BROKEN,
    ),
    published(
        "key-to-encrypt",
        |it| it.keys["keys"][0]["use"] = json!("enc"),
        BROKEN,
    ),
    published(
        "key-of-another-algorithm",
        |it| it.keys["keys"][0]["alg"] = json!("ES384"),
        BROKEN,
    ),
    published(
        "key-off-the-curve",
        |it| it.keys["keys"][0]["x"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        BROKEN,
    ),
    published(
        "a-secret-among-the-keys",
        |it| {
            let secret = json!({ "kty": "oct", "k": "AAAA", "kid": "secret" });
            it.keys["keys"]
                .as_array_mut()
                .expect("keys")
                .insert(0, secret);
        },
        SIGNED_IN,
    ),
    published(
        "a-kind-of-tomorrow-among-the-keys",
        |it| {
            let new = json!({ "kty": "ML-DSA", "kid": "new" });
            it.keys["keys"].as_array_mut().expect("keys").insert(0, new);
        },
        SIGNED_IN,
    ),
];
