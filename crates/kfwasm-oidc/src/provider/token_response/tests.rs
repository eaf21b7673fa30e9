use serde_json::{Value, json};

use super::super::fault::TokenResponseFault::{self, *};
use super::{Document, LONGEST, LONGEST_LIFETIME, OAuthError, ProviderFault, TokenResponse};
use crate::jose::JsonFault;

fn answer() -> Value {
    json!({
        "access_token": "access",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "refresh",
        "id_token": "a.b.c",
        "scope": "openid",
    })
}

fn read(answer: &Value) -> Result<TokenResponse, ProviderFault> {
    let json = Some(b"application/json; charset=utf-8".as_slice());
    TokenResponse::parse(200, json, answer.to_string().as_bytes())
}

fn with(name: &str, value: Value) -> Value {
    let mut answer = answer();
    answer[name] = value;
    answer
}

#[test]
fn a_complete_answer_is_read() {
    let tokens = read(&answer()).unwrap();

    assert_eq!(tokens.access_token.expose(), b"access");
    assert_eq!(tokens.id_token.expose(), b"a.b.c");
    assert_eq!(tokens.refresh_token.unwrap().expose(), b"refresh");
    assert_eq!(tokens.expires_in, Some(3600));
}

#[test]
fn what_is_optional_may_be_absent_or_null() {
    let answer =
        json!({"access_token": "a", "token_type": "bEARER", "id_token": "i", "expires_in": null});

    let tokens = read(&answer).unwrap();

    assert!(tokens.refresh_token.is_none());
    assert_eq!(tokens.expires_in, None);
}

#[test]
fn a_lifetime_may_be_written_as_a_string_and_is_bounded() {
    assert_eq!(
        read(&with("expires_in", json!("3599"))).unwrap().expires_in,
        Some(3599)
    );
    assert_eq!(
        read(&with("expires_in", json!(0))).unwrap().expires_in,
        Some(0)
    );
    assert_eq!(
        read(&with("expires_in", json!(u64::MAX)))
            .unwrap()
            .expires_in,
        Some(LONGEST_LIFETIME)
    );
}

#[test]
fn an_answer_that_breaks_a_rule_is_refused() {
    let cases: [(Value, TokenResponseFault); 15] = [
        (with("access_token", json!(null)), Missing("access_token")),
        (with("access_token", json!("")), Malformed("access_token")),
        (
            with("access_token", json!("a\r\nx-admin: 1")),
            Malformed("access_token"),
        ),
        (
            with("access_token", json!("tökén")),
            Malformed("access_token"),
        ),
        (with("access_token", json!({})), Malformed("access_token")),
        (with("id_token", json!(null)), Missing("id_token")),
        (with("id_token", json!(1)), Malformed("id_token")),
        (with("refresh_token", json!([])), Malformed("refresh_token")),
        (with("token_type", json!(null)), Missing("token_type")),
        (with("token_type", json!("DPoP")), TokenType),
        (with("token_type", json!(1)), TokenType),
        (with("expires_in", json!(-1)), Malformed("expires_in")),
        (with("expires_in", json!(1.5)), Malformed("expires_in")),
        (with("expires_in", json!("soon")), Malformed("expires_in")),
        (with("expires_in", json!(true)), Malformed("expires_in")),
    ];

    for (answer, fault) in cases {
        assert_eq!(read(&answer).map(drop), Err(fault.into()), "{answer}");
    }
}

#[test]
fn a_refusal_by_the_book_is_told_from_a_fault() {
    let body = br#"{"error":"invalid_grant","error_description":"AADSTS70008: expired\r\ncode"}"#;

    let fault = TokenResponse::parse(400, Some(b"text/plain"), body)
        .map(drop)
        .unwrap_err();

    let expected = OAuthError::new("invalid_grant", Some("AADSTS70008: expired  code")).unwrap();
    assert_eq!(fault, ProviderFault::Refused(expected));
    assert_eq!(
        fault.to_string(),
        "the provider refused: `invalid_grant`: AADSTS70008: expired  code (RFC 6749 §5.2)"
    );
}

#[test]
fn an_error_that_is_not_by_the_book_is_a_status() {
    for (status, body) in [
        (400, "<html>"),
        (400, r#"{"error":{"code":1}}"#),
        (400, r#"{"error":"a\"b"}"#),
        (401, r#"{"error":""}"#),
        (503, r#"{"error":"temporarily_unavailable"}"#),
        (302, ""),
        (201, r#"{"access_token":"a"}"#),
    ] {
        let fault = TokenResponse::parse(status, None, body.as_bytes()).map(drop);
        assert_eq!(
            fault,
            Err(ProviderFault::Status(Document::TokenResponse, status)),
            "{body}"
        );
    }
}

#[test]
fn a_page_or_no_json_is_refused() {
    let body = answer().to_string();
    let html = TokenResponse::parse(200, Some(b"Text/HTML; charset=utf-8"), body.as_bytes());
    let text = TokenResponse::parse(200, Some(b"text/plain"), body.as_bytes());
    let twice = br#"{"id_token":"a","id_token":"b"}"#;
    let twice = TokenResponse::parse(200, None, twice).map(drop);

    assert_eq!(html.map(drop), Err(Html.into()));
    assert!(text.is_ok());
    assert_eq!(
        twice,
        Err(ProviderFault::Json(
            Document::TokenResponse,
            JsonFault::DuplicateMember
        ))
    );
}

#[test]
fn an_answer_longer_than_the_limit_is_refused_unread() {
    let fault = TokenResponse::parse(200, None, " ".repeat(LONGEST + 1).as_bytes()).map(drop);

    assert_eq!(
        fault,
        Err(ProviderFault::TooLong(Document::TokenResponse, LONGEST))
    );
}

#[test]
fn no_token_shows_in_debug_output() {
    let seen = format!("{:?}", read(&answer()).unwrap());

    for token in ["\"access\"", "a.b.c", "\"refresh\"", "97, 99"] {
        assert!(!seen.contains(token), "{seen}");
    }
}
