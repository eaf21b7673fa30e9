use kfwasm_config::{ClientAuthenticationMethod as Method, UrlError};
use serde_json::{Value, json};

use super::super::configured::provider;
use super::super::fault::DiscoveryFault::{self, *};
use super::{Document, ProviderFault, ProviderMetadata};
use crate::excerpt::Excerpt;
use crate::jose::JsonFault;

/// The document of a provider that can do everything.
fn document() -> Value {
    json!({
        "issuer": "https://login.example.com",
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "jwks_uri": "https://keys.example.com/jwks?version=2",
        "userinfo_endpoint": "https://login.example.com/userinfo",
        "end_session_endpoint": "https://login.example.com/logout",
        "revocation_endpoint": "https://login.example.com/revoke",
        "code_challenge_methods_supported": ["plain", "S256"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
        "authorization_response_iss_parameter_supported": true,
        "response_types_supported": ["code"],
    })
}

fn read(document: &Value, configured: Value) -> Result<ProviderMetadata, ProviderFault> {
    ProviderMetadata::from_discovery(document.to_string().as_bytes(), &provider(configured))
}

fn with(name: &str, value: Value) -> Value {
    let mut document = document();
    document[name] = value;
    document
}

fn without(name: &str) -> Value {
    let mut document = document();
    document.as_object_mut().unwrap().remove(name).unwrap();
    document
}

#[test]
fn a_document_says_where_everything_is() {
    let metadata = read(&document(), json!({"clientSecret": {"env": "SECRET"}})).unwrap();

    assert_eq!(
        metadata.authorization_endpoint.as_str(),
        "https://login.example.com/authorize"
    );
    assert_eq!(
        metadata.token_endpoint.as_str(),
        "https://login.example.com/token"
    );
    assert_eq!(
        metadata.jwks_uri.unwrap().path_and_query(),
        "/jwks?version=2"
    );
    assert_eq!(
        metadata.userinfo_endpoint.unwrap().path_and_query(),
        "/userinfo"
    );
    assert_eq!(
        metadata.end_session_endpoint.unwrap().path_and_query(),
        "/logout"
    );
    assert_eq!(
        metadata.revocation_endpoint.unwrap().path_and_query(),
        "/revoke"
    );
    assert_eq!(metadata.client_authentication, Method::ClientSecretPost);
    assert!(metadata.announces_response_issuer);
}

#[test]
fn endpoints_set_by_hand_win() {
    let by_hand = json!({
        "tokenEndpoint": "https://internal.example.com/token",
        "endSessionEndpoint": "https://internal.example.com/logout",
    });

    let metadata = read(&document(), by_hand).unwrap();

    assert_eq!(metadata.token_endpoint.authority(), "internal.example.com");
    assert_eq!(
        metadata.end_session_endpoint.unwrap().authority(),
        "internal.example.com"
    );
    assert_eq!(metadata.jwks_uri.unwrap().authority(), "keys.example.com");
}

#[test]
fn an_endpoint_set_by_hand_need_not_be_in_the_document() {
    let by_hand = json!({"jwksUri": "https://internal.example.com/keys"});

    assert!(read(&without("jwks_uri"), by_hand).is_ok());
}

#[test]
fn without_discovery_three_endpoints_are_needed() {
    let endpoints = [
        (
            "authorizationEndpoint",
            "https://login.example.com/authorize",
        ),
        ("tokenEndpoint", "https://login.example.com/token"),
        ("jwksUri", "https://login.example.com/keys"),
    ];
    let all: Value = endpoints.iter().copied().collect();

    let metadata = ProviderMetadata::from_config(&provider(all.clone())).unwrap();
    assert_eq!(metadata.client_authentication, Method::None);
    for (name, _) in endpoints {
        let mut some = all.clone();
        some.as_object_mut().unwrap().remove(name);
        assert!(
            ProviderMetadata::from_config(&provider(some)).is_none(),
            "{name}"
        );
    }
}

/// The fault of `document`, which must have one.
fn fault_of(document: &Value) -> DiscoveryFault {
    match read(document, json!({})) {
        Err(ProviderFault::Discovery(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_of_another_issuer_is_refused() {
    for found in [
        "https://evil.example",
        "https://login.example.com/",
        "https://login.example.com:443",
        "https://LOGIN.example.com",
        "http://login.example.com",
        "",
    ] {
        let expected = Issuer {
            found: Excerpt::of(found),
            expected: Excerpt::of("https://login.example.com"),
        };
        assert_eq!(fault_of(&with("issuer", json!(found))), expected);
    }
}

#[test]
fn a_document_that_lacks_what_is_needed_is_refused() {
    for name in [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
    ] {
        assert_eq!(fault_of(&without(name)), Member(name));
        assert_eq!(
            fault_of(&with(name, json!(["https://login.example.com"]))),
            Member(name)
        );
    }
}

#[test]
fn a_needed_endpoint_that_may_not_be_called_is_refused() {
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for (url, error) in [
            ("http://login.example.com/x", UrlError::PlainHttp),
            ("/relative", UrlError::NotAbsolute),
            ("javascript:alert(1)", UrlError::NotAbsolute),
            (
                "https://user@login.example.com/x",
                UrlError::UserInformation,
            ),
            ("https://login.example.com/x#y", UrlError::Fragment),
            ("https://login.example.com/a b", UrlError::Character),
        ] {
            assert_eq!(
                fault_of(&with(name, json!(url))),
                Endpoint(name, error),
                "{url}"
            );
        }
    }
}

#[test]
fn plain_http_is_accepted_where_the_operator_said_so() {
    let plain = document().to_string().replace("https:", "http:");
    let allowed = provider(json!({"issuer": "http://login.example.com", "insecureHttp": true}));

    assert!(ProviderMetadata::from_discovery(plain.as_bytes(), &allowed).is_ok());
}

#[test]
fn an_optional_endpoint_that_may_not_be_called_is_left_out() {
    let document = with(
        "end_session_endpoint",
        json!("http://login.example.com/logout"),
    );

    let metadata = read(&document, json!({})).unwrap();

    assert_eq!(metadata.end_session_endpoint, None);
}

#[test]
fn what_kfwasm_always_does_must_not_be_ruled_out() {
    assert_eq!(
        fault_of(&with("code_challenge_methods_supported", json!(["plain"]))),
        Pkce
    );
    assert_eq!(
        fault_of(&with(
            "id_token_signing_alg_values_supported",
            json!(["HS256", "ES256"])
        )),
        Algorithms(Excerpt::of("HS256 ES256"))
    );
}

#[test]
fn a_provider_that_wants_another_credential_is_a_fault() {
    let methods = json!(["client_secret_basic", "private_key_jwt"]);

    let names = Excerpt::of("client_secret_basic private_key_jwt");
    assert_eq!(
        fault_of(&with("token_endpoint_auth_methods_supported", methods)),
        ClientAuthentication(names)
    );
}

#[test]
fn what_a_document_does_not_say_is_not_held_against_it() {
    for name in [
        "code_challenge_methods_supported",
        "id_token_signing_alg_values_supported",
        "token_endpoint_auth_methods_supported",
        "userinfo_endpoint",
    ] {
        assert!(read(&without(name), json!({})).is_ok(), "{name}");
    }
}

#[test]
fn a_document_that_is_no_object_is_refused() {
    for (text, fault) in [
        ("", JsonFault::NotJson),
        ("<!doctype html>", JsonFault::NotJson),
        ("[]", JsonFault::NotAnObject),
        (r#"{"issuer":"a","issuer":"b"}"#, JsonFault::DuplicateMember),
    ] {
        let read = ProviderMetadata::from_discovery(text.as_bytes(), &provider(json!({})));
        assert_eq!(
            read.map(drop),
            Err(ProviderFault::Json(Document::Discovery, fault))
        );
    }
}

#[test]
fn a_document_longer_than_the_limit_is_refused_unread() {
    let text = " ".repeat(super::LONGEST + 1);

    let read = ProviderMetadata::from_discovery(text.as_bytes(), &provider(json!({})));

    assert_eq!(
        read.map(drop),
        Err(ProviderFault::TooLong(Document::Discovery, super::LONGEST))
    );
}

#[test]
fn an_error_status_is_a_fault_whatever_the_body() {
    assert_eq!(Document::Discovery.check_status(200), Ok(()));
    for status in [204, 302, 404, 500] {
        let fault = ProviderFault::Status(Document::Discovery, status);
        assert_eq!(Document::Discovery.check_status(status), Err(fault));
    }
}
