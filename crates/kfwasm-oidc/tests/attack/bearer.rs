//! Tokens that somebody made up, stole, or had made for somebody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kfwasm_oidc::Outcome;
use p256::ecdsa::Signature;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::bearer::{CLUSTER, alice, bearer, but, forged, made_up, robot, with_token};
use crate::support::provider::{CLIENT_ID, Endpoint, ISSUER};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{OLD_KEY, Stage, config};

fn stage() -> Stage {
    Stage::with(bearer())
}

fn assert_refused(response: &Response, what: &str) {
    assert_eq!(response.status, 401, "{what}: {}", response.report);
    assert_eq!(response.outcome, Some(Outcome::BearerRefused), "{what}");
    assert!(response.upstream.is_none(), "{what}");
    assert_eq!(response.header("location"), None, "{what}");
    assert!(response.cookies_set().is_empty(), "{what}");
    let challenge = response.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{what}");
}

#[test]
fn a_token_that_breaks_one_rule_is_refused() {
    let stage = stage();
    let now = stage.clock.now().0;
    let cases: [(&str, Value); 12] = [
        ("iss", json!("https://evil.example")),
        (
            "iss",
            json!("https://kubernetes.default.svc.cluster.local/"),
        ),
        ("iss", Value::Null),
        ("aud", json!("https://kubernetes.default.svc")),
        ("aud", json!([])),
        ("aud", json!(CLIENT_ID)),
        ("aud", Value::Null),
        ("exp", json!(now - 61)),
        ("exp", Value::Null),
        ("nbf", json!(now + 61)),
        ("iat", json!(now + 61)),
        ("sub", json!("")),
    ];
    for (name, value) in cases {
        let what = format!("{name} {value}");
        let token = stage.provider.signs(&but(robot(&stage), name, value));
        assert_refused(&stage.gateway.handle(&with_token(&token)), &what);
    }
}

#[test]
fn an_issuer_cannot_speak_for_another() {
    let stage = stage();
    let as_provider = but(robot(&stage), "iss", json!(ISSUER));
    let as_cluster = but(alice(&stage), "iss", json!(CLUSTER));
    for claims in [as_provider, as_cluster] {
        let token = stage.provider.signs(&claims);
        assert_refused(&stage.gateway.handle(&with_token(&token)), "a mix-up");
    }
}

#[test]
fn what_is_no_token_is_refused_whoever_asks() {
    let stage = stage();
    let long = "a".repeat(20_000);
    for token in [
        "",
        "a",
        "a.b",
        "a.b.c",
        "..",
        "e30.e30.",
        "a.b.c.d.e",
        "\u{fe}",
        &long,
    ] {
        assert_refused(&stage.gateway.handle(&with_token(token)), token);
        let person = Request::navigation("/").with("authorization", format!("bEaReR  {token}"));
        assert_refused(&stage.gateway.handle(&person), token);
    }
    let bare = Request::navigation("/").with("authorization", "Bearer");
    assert_refused(&stage.gateway.handle(&bare), "no token at all");
}

#[test]
fn two_tokens_are_none() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    for other in ["Bearer x", "Basic YTpi", &format!("Bearer {token}")] {
        let request = with_token(&token).with("authorization", other);
        assert_refused(&stage.gateway.handle(&request), other);
    }
}

#[test]
fn a_known_token_with_another_signature_is_refused() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&token)).status, 200);

    assert_refused(
        &stage.gateway.handle(&with_token(&forged(&token))),
        "forged",
    );

    let other = stage
        .provider
        .signs(&but(robot(&stage), "sub", json!("admin")));
    let (payload, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    let mixed = [payload, ".", signature].concat();
    assert_refused(&stage.gateway.handle(&with_token(&mixed)), "mixed");
}

/// The same token with (r, n - s) for (r, s), which anybody can make, and which is as good (RFC 7518 §3.4).
fn with_second_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let (r, s) = Signature::from_slice(&signature).unwrap().split_scalars();
    let second = Signature::from_scalars(r, -s).unwrap();
    [signed, ".", &URL_SAFE_NO_PAD.encode(second.to_bytes())].concat()
}

/// What the token is called in logs and revocations.
fn identifier(token: &str) -> String {
    let (signed, _) = token.rsplit_once('.').unwrap();
    let hash = Sha256::digest(&Sha256::digest(signed)[..16]);
    URL_SAFE_NO_PAD.encode(&hash[..16])
}

#[test]
fn a_revoked_token_does_not_come_back_by_its_second_signature() {
    for asks_envoy in [false, true] {
        let stage = stage();
        if asks_envoy {
            stage.gateway.asks_envoy_about_signatures();
        }
        let token = stage.provider.signs(&robot(&stage));
        let second = with_second_signature(&token);
        assert_eq!(stage.gateway.handle(&with_token(&second)).status, 200);

        let mut changes = bearer();
        changes["session"] = json!({ "revocation": { "sessions": [identifier(&token)] } });
        stage.gateway.restart(&config(changes), OLD_KEY);
        stage.pass(0);

        for token in [token, second] {
            assert_refused(&stage.gateway.handle(&with_token(&token)), "revoked");
        }
    }
}

#[test]
fn forged_tokens_do_not_keep_a_worker_busy() {
    let stage = stage();
    let good = stage.provider.signs(&robot(&stage));
    let known = stage.provider.signs(&alice(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&known)).status, 200);
    let attack = || stage.gateway.handle(&with_token(&forged(&good)));
    let outcomes: Vec<Option<Outcome>> = (0..200).map(|_| attack().outcome).collect();

    let checked = outcomes
        .iter()
        .take_while(|it| **it == Some(Outcome::BearerRefused));
    // A tenth of a second's work, where the module itself checks.
    assert_eq!(checked.count(), 67);
    let delayed = attack();
    assert_eq!(delayed.outcome, Some(Outcome::BearerDelayed));
    assert_eq!(
        (delayed.status, delayed.header("retry-after")),
        (503, Some("1"))
    );
    // Who was known before notices nothing, and who was not comes through a second later.
    assert_eq!(stage.gateway.handle(&with_token(&known)).status, 200);
    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 503);
    stage.clock.advance(1);
    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 200);
}

#[test]
fn a_few_forged_tokens_keep_no_new_one_out() {
    let stage = stage();
    let good = stage.provider.signs(&robot(&stage));
    for _ in 0..30 {
        assert_refused(&stage.gateway.handle(&with_token(&forged(&good))), "forged");
        let made_up = made_up(&robot(&stage));
        assert_refused(&stage.gateway.handle(&with_token(&made_up)), "made up");
    }
    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 200);
}

#[test]
fn a_thousand_forged_tokens_keep_no_new_one_out_where_envoy_checks_them() {
    let stage = stage();
    stage.gateway.asks_envoy_about_signatures();
    let good = stage.provider.signs(&robot(&stage));
    for _ in 0..1_000 {
        assert_refused(&stage.gateway.handle(&with_token(&forged(&good))), "forged");
    }
    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 200);
}

/// A program that runs for hours is not kept out when its token is due to be checked again.
#[test]
fn a_token_that_was_good_before_is_checked_whatever_strangers_send() {
    let stage = stage();
    let good = stage.provider.signs(&robot(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 200);
    stage.clock.advance(301);
    let other = forged(&stage.provider.signs(&robot(&stage)));
    let attack = || stage.gateway.handle(&with_token(&other)).status;
    assert!((0..100).any(|_| attack() == 503));

    assert_eq!(stage.gateway.handle(&with_token(&good)).status, 200);
}

#[test]
fn tokens_of_unknown_keys_are_no_load_on_the_issuer() {
    let stage = stage();
    let fetched = stage.provider.calls(Endpoint::KeySet);
    stage.clock.advance(60);
    let published = stage.provider.published_keys();
    stage.provider.add_key();
    let token = stage.provider.signs(&robot(&stage));
    let answer = crate::support::provider::Answer::Body(published);
    stage.provider.answers(Endpoint::KeySet, answer);
    for _ in 0..50 {
        assert_refused(&stage.gateway.handle(&with_token(&token)), "unknown key");
    }
    assert_eq!(stage.provider.calls(Endpoint::KeySet), fetched + 1);
}

#[test]
fn a_token_is_no_session_and_a_session_no_token() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&token)).status, 200);
    let cookie = format!("authservice_session={token}");
    let request = Request::new("GET", "/").with("cookie", cookie);
    assert_eq!(stage.gateway.handle(&request).status, 401);

    let browser = stage.signed_in();
    let session = browser.session_cookie();
    assert_refused(&stage.gateway.handle(&with_token(&session)), "a session");
}

#[test]
fn identity_headers_beside_a_token_are_replaced() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    let request = with_token(&token)
        .with("kubeflow-userid", "mallory@example.com")
        .with("kubeflow-groups", "admins");
    let upstream = stage.gateway.handle(&request).upstream.unwrap();
    assert_ne!(upstream.text("kubeflow-userid"), "mallory@example.com");
    assert_eq!(upstream.text("kubeflow-groups"), "");
}

#[test]
fn the_token_is_told_to_nobody() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    let refused = stage.gateway.handle(&with_token(&forged(&token)));
    for text in [&refused.report, &refused.body] {
        for part in token.split('.') {
            let (start, _) = part.split_at(20);
            assert!(!text.contains(start), "{text}");
        }
    }
}
