//! One vector for each way to break a step of Back-Channel Logout §2.6.

use kfwasm_config::{IssuerRule, SigningAlgorithm};
use kfwasm_oidc::id_token::{IdTokenExpectations, IdTokenFault, LogoutToken, LogoutTokenFault};
use kfwasm_oidc::jose::{JwsFault, RustCryptoVerifier, TrustedKeys};
use serde_json::{Value, json};

use super::draft::{
    CLIENT_ID, CLOCK_SKEW, Draft, ISSUER, KEY_ID, NOW, attacker_key, provider_keys, sign,
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn valid() -> Draft {
    Draft {
        header: json!({"alg": "ES256", "kid": KEY_ID, "typ": "logout+jwt"}),
        claims: json!({
            "iss": ISSUER,
            "sub": "248289761001",
            "aud": CLIENT_ID,
            "iat": NOW.0,
            "exp": NOW.0 + 120,
            "jti": "bWJq",
            "sid": "08a5019c-17e1-4977-8f42-65a12843ea02",
            "events": {EVENT: {}},
        }),
    }
}

fn verify(token: &str) -> Result<LogoutToken, LogoutTokenFault> {
    let issuer = IssuerRule::Exact(ISSUER.to_owned());
    let expectations = IdTokenExpectations {
        issuer: &issuer,
        client_id: CLIENT_ID,
        keys: TrustedKeys {
            keys: &provider_keys(),
            algorithms: &[SigningAlgorithm::ES256],
        },
        clock_skew: CLOCK_SKEW,
        nonce: None,
        access_token: None,
        max_age: None,
    };
    expectations.verify_logout_token(token.as_bytes(), NOW, &mut RustCryptoVerifier)
}

fn fault_of(draft: &Draft) -> LogoutTokenFault {
    verify(&draft.sign()).map(drop).unwrap_err()
}

#[test]
fn a_valid_logout_token_names_a_session_a_user_or_both() {
    let token = verify(&valid().sign()).unwrap();
    assert_eq!(
        token.session(),
        Some("08a5019c-17e1-4977-8f42-65a12843ea02")
    );
    assert_eq!(token.subject(), Some("248289761001"));
    assert_eq!(token.issued_at(), NOW);

    let mut draft = valid();
    draft.remove_claim("sid");
    assert_eq!(verify(&draft.sign()).unwrap().session(), None);
    let mut draft = valid();
    draft.remove_claim("sub");
    assert_eq!(verify(&draft.sign()).unwrap().subject(), None);
}

#[test]
fn the_type_may_be_left_out_or_be_that_of_any_token() {
    for name in [
        json!("JWT"),
        json!("logout+jwt"),
        json!("Application/Logout+JWT"),
        Value::Null,
    ] {
        let mut draft = valid();
        draft.header["typ"] = name.clone();
        if name.is_null() {
            draft.header.as_object_mut().unwrap().remove("typ");
        }
        assert!(verify(&draft.sign()).is_ok(), "{name}");
    }
}

#[test]
fn a_logout_token_that_breaks_one_rule_is_refused_for_that_rule() {
    use LogoutTokenFault::{Event, NobodyNamed, Nonce, Token};
    let malformed = |name| Token(IdTokenFault::ClaimMalformed(name));
    let other = |fault: &LogoutTokenFault| matches!(fault, Token(_));
    for (name, value, fault) in [
        ("iss", json!("https://evil.example"), None),
        ("aud", json!("another"), None),
        (
            "aud",
            json!([CLIENT_ID, "another"]),
            Some(Token(IdTokenFault::AuthorizedPartyMissing)),
        ),
        (
            "azp",
            json!("another"),
            Some(Token(IdTokenFault::AuthorizedParty)),
        ),
        (
            "exp",
            json!(NOW.0 - CLOCK_SKEW),
            Some(Token(IdTokenFault::Expired(CLOCK_SKEW))),
        ),
        (
            "iat",
            json!(NOW.0 + CLOCK_SKEW + 1),
            Some(Token(IdTokenFault::IssuedInFuture(61))),
        ),
        ("sub", json!(""), Some(malformed("sub"))),
        ("sid", json!(""), Some(malformed("sid"))),
        ("sid", json!(7), Some(malformed("sid"))),
        ("events", json!({}), Some(Event)),
        ("events", json!(EVENT), Some(Event)),
        ("events", json!([EVENT]), Some(Event)),
        ("events", json!({EVENT: true}), Some(Event)),
        (
            "events",
            json!({"http://schemas.openid.net/event/other": {}}),
            Some(Event),
        ),
        ("nonce", json!("n-0S6_WzA2Mj"), Some(Nonce)),
        ("nonce", json!(null), Some(Nonce)),
        (
            "jti",
            json!(7),
            Some(Token(IdTokenFault::ClaimMissing("jti"))),
        ),
    ] {
        let mut draft = valid();
        draft.claim(name, value.clone());
        let found = fault_of(&draft);
        match fault {
            Some(fault) => assert_eq!(found, fault, "{name}: {value}"),
            None => assert!(other(&found), "{name}: {value}: {found}"),
        }
    }
    for name in ["iss", "aud", "iat", "exp", "jti"] {
        let mut draft = valid();
        draft.remove_claim(name);
        assert_eq!(fault_of(&draft), Token(IdTokenFault::ClaimMissing(name)));
    }
    let mut draft = valid();
    draft.remove_claim("events");
    assert_eq!(fault_of(&draft), Event);
    let mut draft = valid();
    draft.remove_claim("sub");
    draft.remove_claim("sid");
    assert_eq!(fault_of(&draft), NobodyNamed);
}

#[test]
fn an_id_token_or_an_access_token_signs_nobody_out() {
    assert_eq!(fault_of(&Draft::valid()), LogoutTokenFault::Event);
    for name in ["at+jwt", "secevent+jwt", "x"] {
        let mut draft = valid();
        draft.header["typ"] = json!(name);
        let fault = fault_of(&draft);
        assert!(
            matches!(fault, LogoutTokenFault::Token(IdTokenFault::MediaType(_))),
            "{fault}"
        );
    }
}

#[test]
fn a_logout_token_without_a_signature_of_the_provider_is_refused() {
    let jws = |fault| LogoutTokenFault::Token(IdTokenFault::Jws(fault));
    let draft = valid();
    let forged = sign(
        &draft.header.to_string(),
        &draft.claims.to_string(),
        &attacker_key(),
    );
    assert_eq!(verify(&forged).map(drop), Err(jws(JwsFault::Signature)));

    let mut unsigned = valid();
    unsigned.header["alg"] = json!("none");
    assert_eq!(fault_of(&unsigned), jws(JwsFault::Unsigned));
    let mut symmetric = valid();
    symmetric.header["alg"] = json!("HS256");
    assert_eq!(fault_of(&symmetric), jws(JwsFault::Symmetric));
    let mut unknown = valid();
    unknown.header["kid"] = json!("another");
    assert!(fault_of(&unknown).is_key_not_found());
}
