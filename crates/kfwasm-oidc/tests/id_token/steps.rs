//! One vector for each way to break a step of OIDC Core §3.1.3.7, and for what the steps leave open.

use kfwasm_config::{IssuerRule, SigningAlgorithm};
use kfwasm_oidc::id_token::IdTokenExpectations;
use kfwasm_oidc::id_token::IdTokenFault::{Jws, Payload};
use kfwasm_oidc::jose::{JsonFault, JwsFault, RustCryptoVerifier, TrustedKeys};
use serde_json::{Map, Value, json};

use super::draft::{
    ACCESS_TOKEN, CLIENT_ID, CLOCK_SKEW, Draft, ISSUER, NONCE, NOW, fault_of, provider_key,
    provider_keys, sign, verify,
};

/// What to change in a valid token: members to set in header or claims, and names to leave out.
fn changed(vector: &Value) -> Draft {
    let mut draft = Draft::valid();
    change(
        &mut draft.header,
        &vector["header"],
        &vector["without_header"],
    );
    change(&mut draft.claims, &vector["claims"], &vector["without"]);
    draft
}

fn change(object: &mut Value, with: &Value, without: &Value) {
    for (name, value) in with.as_object().unwrap_or(&Map::new()) {
        object[name] = value.clone();
    }
    for name in without.as_array().unwrap_or(&Vec::new()) {
        object
            .as_object_mut()
            .unwrap()
            .remove(name.as_str().unwrap())
            .unwrap();
    }
}

fn vectors(file: &str) -> Vec<Value> {
    serde_json::from_str(file).unwrap()
}

#[test]
fn a_valid_token_passes_every_step() {
    let token = verify(&Draft::valid().sign()).unwrap();

    assert_eq!(token.claims().subject(), "248289761001");
    assert_eq!(
        token.claims().claim("email"),
        Some(&json!("jane@example.com"))
    );
}

#[test]
fn a_verified_token_tells_what_it_says() {
    let mut draft = Draft::valid();
    draft.claim("tid", json!("72f988bf-86f1-41af-91ab-2d7cd011db47"));

    let token = verify(&draft.sign()).unwrap();

    let claims = token.claims();
    assert_eq!(claims.issuer(), ISSUER);
    assert_eq!(claims.expiry(), NOW.plus(3600));
    assert_eq!(claims.issued_at(), NOW);
    assert_eq!(claims.authenticated_at(), Some(NOW.minus(10)));
    assert_eq!(
        claims.tenant(),
        Some("72f988bf-86f1-41af-91ab-2d7cd011db47")
    );
    assert_eq!(claims.claim("nickname"), None);
}

#[test]
fn a_token_that_breaks_one_rule_is_refused_for_that_rule() {
    for vector in vectors(include_str!("vectors/refused.json")) {
        let fault = fault_of(&changed(&vector).sign());

        assert_eq!(vector["refused"], fault.to_string(), "{}", vector["what"]);
        assert!(!fault.is_key_not_found(), "{}", vector["what"]);
    }
}

#[test]
fn what_the_rules_leave_open_is_accepted() {
    for vector in vectors(include_str!("vectors/accepted.json")) {
        let verified = verify(&changed(&vector).sign());

        assert_eq!(verified.map(drop), Ok(()), "{}", vector["what"]);
    }
}

#[test]
fn what_was_not_asked_for_is_not_demanded() {
    let mut draft = Draft::valid();
    draft.remove_claim("nonce");
    draft.remove_claim("auth_time");
    draft.claim(
        "at_hash",
        json!("of an access token that did not come along"),
    );
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

    let verified = expectations.verify(draft.sign().as_bytes(), NOW, &mut RustCryptoVerifier);

    assert_eq!(verified.map(drop), Ok(()));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let draft = Draft::valid();
    let (header, claims) = (draft.header.to_string(), draft.claims.to_string());
    let twice = |text: &str, member: &str| text.replacen('{', &format!("{{{member},"), 1);

    let header_token = sign(&twice(&header, r#""alg":"none""#), &claims, &provider_key());
    let claims_token = sign(
        &header,
        &twice(&claims, r#""sub":"admin""#),
        &provider_key(),
    );

    assert_eq!(
        fault_of(&header_token),
        Jws(JwsFault::Header(JsonFault::DuplicateMember))
    );
    assert_eq!(fault_of(&claims_token), Payload(JsonFault::DuplicateMember));
}

#[test]
fn a_payload_that_is_no_object_is_refused() {
    let header = Draft::valid().header.to_string();
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));

    for (payload, fault) in [
        ("", JsonFault::NotJson),
        ("{", JsonFault::NotJson),
        (deep.as_str(), JsonFault::NotJson),
        ("[]", JsonFault::NotAnObject),
        ("\"claims\"", JsonFault::NotAnObject),
    ] {
        let token = sign(&header, payload, &provider_key());
        assert_eq!(fault_of(&token), Payload(fault), "{payload:.20}");
    }
}

#[test]
fn faults_and_debug_output_show_no_claims_of_the_user() {
    let verified = verify(&Draft::valid().sign()).unwrap();
    let mut expired = Draft::valid();
    expired.claim("exp", json!(0));
    let fault = fault_of(&expired.sign());

    let seen = format!("{verified:?} {fault:?} {fault} {}", fault.advice());

    let access_token = core::str::from_utf8(ACCESS_TOKEN).unwrap();
    for secret in ["jane", "248289761001", NONCE, access_token] {
        assert!(!seen.contains(secret), "{seen}");
    }
}
