//! ID tokens, and what the userinfo endpoint adds.

use serde_json::json;

use super::{BROKEN, NOBODY, SIGNED_IN, TokenCase, of_several, one};
use crate::rogue::answer::Signed;

pub(super) const ID_TOKENS: &[TokenCase] = &[
    one("rp-response_type-code", |_| {}, SIGNED_IN),
    one(
        "rp-nonce-invalid",
        |it| it.claims["nonce"] = json!("another"),
        BROKEN,
    ),
    one("rp-nonce-missing", |it| it.without_claim("nonce"), BROKEN),
    one(
        "rp-id_token-issuer-mismatch",
        |it| it.claims["iss"] = json!("https://other.example"),
        BROKEN,
    ),
    one("rp-id_token-sub", |it| it.without_claim("sub"), BROKEN),
    one(
        "rp-id_token-aud",
        |it| it.claims["aud"] = json!("another"),
        BROKEN,
    ),
    one("rp-id_token-iat", |it| it.without_claim("iat"), BROKEN),
    one("rp-id_token-exp", |it| it.without_claim("exp"), BROKEN),
    one(
        "rp-id_token-sig-none",
        |it| it.signed = Signed::Not("none"),
        BROKEN,
    ),
    one(
        "rp-id_token-bad-sig-es256",
        |it| it.signed = Signed::Broken,
        BROKEN,
    ),
    one(
        "rp-id_token-bad-sig-hs256",
        |it| it.signed = Signed::ByPublicKeyAsSecret,
        BROKEN,
    ),
    one(
        "rp-id_token-bad-at_hash",
        |it| it.claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA"),
        BROKEN,
    ),
    one(
        "rp-id_token-kid-absent-single-jwks",
        |it| it.signed = Signed::WithoutKeyId,
        SIGNED_IN,
    ),
    one(
        "rp-userinfo-bad-sub-claim",
        |it| {
            it.without_claim("email");
            it.user_info["sub"] = json!("another");
        },
        BROKEN,
    ),
    one(
        "rp-userinfo-without-sub",
        |it| {
            it.without_claim("email");
            it.user_info["sub"] = json!(null);
        },
        BROKEN,
    ),
    one(
        "rp-scope-userinfo-claims",
        |it| it.without_claim("email"),
        SIGNED_IN,
    ),
    one(
        "userinfo-without-the-claim",
        |it| {
            it.without_claim("email");
            it.user_info["email"] = json!(null);
        },
        NOBODY,
    ),
    one("alg-None", |it| it.signed = Signed::Not("None"), BROKEN),
    one(
        "alg-es256-unsigned",
        |it| it.signed = Signed::Not("ES256"),
        BROKEN,
    ),
    one(
        "signed-by-a-stranger",
        |it| it.signed = Signed::ByStranger,
        BROKEN,
    ),
    one(
        "unknown-kid",
        |it| it.signed = Signed::KeyId("unknown"),
        BROKEN,
    ),
    one(
        "expired",
        |it| it.claims["exp"] = json!(1_000_000_000),
        BROKEN,
    ),
    one("exp-negative", |it| it.claims["exp"] = json!(-1), BROKEN),
    one(
        "exp-is-text",
        |it| it.claims["exp"] = json!("9999999999"),
        BROKEN,
    ),
    one(
        "iat-in-a-century",
        |it| it.claims["iat"] = json!(4_900_000_000_u64),
        BROKEN,
    ),
    one(
        "nbf-in-a-century",
        |it| it.claims["nbf"] = json!(4_900_000_000_u64),
        BROKEN,
    ),
    one(
        "azp-of-another",
        |it| it.claims["azp"] = json!("another"),
        BROKEN,
    ),
    one(
        "aud-of-two-without-azp",
        |it| it.claims["aud"] = json!(["kfwasm", "another"]),
        BROKEN,
    ),
    one(
        "aud-of-two-with-azp",
        |it| {
            it.claims["aud"] = json!(["kfwasm", "another"]);
            it.claims["azp"] = json!("kfwasm");
        },
        SIGNED_IN,
    ),
    one("aud-empty", |it| it.claims["aud"] = json!([]), BROKEN),
    one("aud-a-number", |it| it.claims["aud"] = json!(7), BROKEN),
    one(
        "iss-with-a-slash",
        |it| {
            it.claims["iss"] = json!(format!(
                "{}/",
                it.claims["iss"].as_str().unwrap_or_default()
            ))
        },
        BROKEN,
    ),
    one("sub-a-number", |it| it.claims["sub"] = json!(7), BROKEN),
    one(
        "sub-too-long",
        |it| it.claims["sub"] = json!("x".repeat(4000)),
        BROKEN,
    ),
    one(
        "email-not-verified",
        |it| it.claims["email_verified"] = json!(false),
        NOBODY,
    ),
    one(
        "email-with-a-line-break",
        |it| it.claims["email"] = json!("a@example.com\r\nkubeflow-groups: admins"),
        NOBODY,
    ),
    one(
        "email-an-object",
        |it| it.claims["email"] = json!({ "a": 1 }),
        NOBODY,
    ),
    one(
        "groups-with-a-comma",
        |it| it.claims["groups"] = json!(["a,admins"]),
        NOBODY,
    ),
    one(
        "groups-with-numbers",
        |it| it.claims["groups"] = json!([1, 2]),
        NOBODY,
    ),
    one(
        "groups-beyond-a-cookie",
        |it| {
            it.claims["groups"] = json!(
                (0..2000)
                    .map(|it| format!("group-{it}"))
                    .collect::<Vec<_>>()
            )
        },
        NOBODY,
    ),
    of_several(
        "rp-id_token-kid-absent-multiple-jwks",
        |it| it.signed = Signed::WithoutKeyId,
        SIGNED_IN,
    ),
    of_several("several-keys", |it| it.signed = Signed::Second, SIGNED_IN),
    of_several(
        "key-of-another-kid",
        |it| it.signed = Signed::KeyId("second"),
        BROKEN,
    ),
    of_several(
        "stranger-among-several",
        |it| it.signed = Signed::ByStranger,
        BROKEN,
    ),
];
