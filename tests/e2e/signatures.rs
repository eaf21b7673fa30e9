//! Signatures of every algorithm: checked by Envoy where it can and may, and by the module otherwise.

use std::time::{SystemTime, UNIX_EPOCH};

use jwt_simple::prelude::*;
use kfwasm_rig::{Gateway, Page, Request, RigError, UserAgent};
use p521::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

use crate::claims_set::claims_set;
use crate::own_gateway::OwnGateway;
use crate::stage::Shown;
use crate::workers::assert_gateway_serves;

const RSA_PEM: &str = include_str!("../../crates/kfwasm-oidc/tests/id_token/keys/rsa-2048.pem");
const ISSUER: &str = "https://tokens.example.com";
const AUDIENCE: &str = "kubeflow";

/// A token, and the key to check it with.
struct Signed {
    algorithm: &'static str,
    token: String,
    key: Value,
}

fn claims() -> JWTClaims<Value> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a time after 1970").as_secs();
    claims_set(json!({
        "iss": ISSUER, "sub": "robot", "aud": AUDIENCE, "iat": now, "exp": now + 3600,
    }))
}

macro_rules! signed {
    ($algorithm:literal, $key:expr) => {{
        let key = $key.with_key_id($algorithm);
        Signed {
            algorithm: $algorithm,
            token: key.sign(claims()).expect("a signature"),
            key: serde_json::from_str(&key.public_key().to_jwk()).expect("a key as JSON"),
        }
    }};
}

fn all() -> Vec<Signed> {
    let rsa = "a key of RSA";
    vec![
        signed!("RS256", RS256KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("RS384", RS384KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("RS512", RS512KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("PS256", PS256KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("PS384", PS384KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("PS512", PS512KeyPair::from_pem(RSA_PEM).expect(rsa)),
        signed!("ES256", ES256KeyPair::generate()),
        signed!("ES384", ES384KeyPair::generate()),
        es512(),
        signed!("EdDSA", Ed25519KeyPair::generate()),
    ]
}

/// jwt-simple has no ES512.
fn es512() -> Signed {
    let key = p521::ecdsa::SigningKey::from_slice(&[1; 66]).expect("a key of P-521");
    let header = json!({ "alg": "ES512", "kid": "ES512" }).to_string();
    let payload = serde_json::to_string(&claims()).expect("claims as JSON");
    let signed = [encode(header), encode(payload)].join(".");
    let signature: p521::ecdsa::Signature = key.sign(signed.as_bytes());
    let point = key.verifying_key().to_sec1_point(false);
    let coordinate = |bytes: Option<&_>| encode(bytes.expect("a coordinate"));
    Signed {
        algorithm: "ES512",
        token: [signed, encode(signature.to_bytes())].join("."),
        key: json!({
            "kty": "EC", "crv": "P-521", "kid": "ES512",
            "x": coordinate(point.x()), "y": coordinate(point.y()),
        }),
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlSafeNoPadding::encode_to_string(bytes).expect("text")
}

/// The same token with another signature of the same length: its second byte is changed, so that it stays a number below
/// every modulus and order.
fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let mut bytes = Base64UrlSafeNoPadding::decode_to_vec(signature, None).expect("base64url");
    if let Some(byte) = bytes.get_mut(1) {
        *byte ^= 1;
    }
    [signed, &encode(bytes)].join(".")
}

fn gateway(tokens: &[Signed]) -> Result<OwnGateway, RigError> {
    let keys: Vec<&Value> = tokens.iter().map(|it| &it.key).collect();
    let algorithms: Vec<&str> = tokens.iter().map(|it| it.algorithm).collect();
    let mut own = OwnGateway::prepare()?;
    let fields = own.settings.plugin.as_object_mut().expect("an object");
    let issuer = json!({
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "signingAlgorithms": algorithms,
        "jwks": json!({ "keys": keys }).to_string(),
    });
    fields.insert("bearer".to_owned(), json!({ "issuers": [issuer] }));
    Ok(own)
}

fn send(gateway: &Gateway, token: &str) -> Result<Page, RigError> {
    let request = Request::bare(&format!("{}/pipeline/apis", gateway.address()))?;
    UserAgent::new().send(&request.header("authorization", format!("Bearer {token}")))
}

/// Sends each token, and the same with another signature; those of the algorithms in `refused` cannot be checked.
fn assert_all_are_checked(own: &OwnGateway, tokens: &[Signed], refused: &[&str]) -> Shown {
    let gateway = own.start()?;
    for Signed {
        algorithm, token, ..
    } in tokens
    {
        let page = send(&gateway, &forged(token))?;
        assert_eq!(page.status, 401, "{algorithm}, forged: {}", page.text());
        let page = send(&gateway, token)?;
        let expected = if refused.contains(algorithm) {
            401
        } else {
            200
        };
        assert_eq!(page.status, expected, "{algorithm}: {}", page.text());
    }
    assert_gateway_serves(&gateway)?;
    Ok(())
}

#[test]
fn signatures_of_every_algorithm_are_checked_with_the_help_of_envoy() -> Shown {
    let tokens = all();
    assert_all_are_checked(&gateway(&tokens)?, &tokens, &[])
}

/// But for those of the large curves, whose arithmetic the module leaves to Envoy: nobody gets in unchecked.
#[test]
fn where_envoy_may_not_be_asked_the_module_checks_signatures_or_refuses_them() -> Shown {
    let tokens = all();
    let mut own = gateway(&tokens)?;
    own.settings.forbidden = vec!["proxy_call_foreign_function"];
    assert_all_are_checked(&own, &tokens, &["ES384", "ES512"])
}
