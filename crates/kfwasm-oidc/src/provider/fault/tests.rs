use std::collections::BTreeSet;

use super::*;
use crate::jose::JwsFault;

fn words() -> Excerpt {
    Excerpt::of("words")
}

fn signature_faults() -> Vec<ProviderFault> {
    [
        JwsFault::Parts(2),
        JwsFault::Parts(5),
        JwsFault::Base64("header"),
        JwsFault::Header(JsonFault::NotAnObject),
        JwsFault::HeaderMember("alg"),
        JwsFault::CriticalExtension,
        JwsFault::UnencodedPayload,
        JwsFault::Unsigned,
        JwsFault::Symmetric,
        JwsFault::AlgorithmNotAllowed(words()),
        JwsFault::KeyNotFound,
        JwsFault::KeyDoesNotFit,
        JwsFault::KeyOfAnotherIssuer,
        JwsFault::Signature,
    ]
    .map(|fault| IdTokenFault::Jws(fault).into())
    .to_vec()
}

fn document_faults() -> Vec<ProviderFault> {
    vec![
        ProviderFault::Json(Document::KeySet, JsonFault::NotJson),
        ProviderFault::Json(Document::Discovery, JsonFault::DuplicateMember),
        DiscoveryFault::Member("issuer").into(),
        DiscoveryFault::Issuer {
            found: words(),
            expected: words(),
        }
        .into(),
        DiscoveryFault::Endpoint("jwks_uri", UrlError::PlainHttp).into(),
        DiscoveryFault::Algorithms(words()).into(),
        DiscoveryFault::Pkce.into(),
        DiscoveryFault::ClientAuthentication(words()).into(),
        KeySetFault::KeysMissing.into(),
        KeySetFault::NoUsableKey.into(),
        TokenResponseFault::Missing("access_token").into(),
        TokenResponseFault::Missing("id_token").into(),
        TokenResponseFault::Malformed("expires_in").into(),
        TokenResponseFault::TokenType.into(),
        TokenResponseFault::Html.into(),
        ResponseIssuerFault::Missing.into(),
        ResponseIssuerFault::Mismatch.into(),
        ProviderFault::Refused(OAuthError::new("invalid_grant", None).unwrap()),
    ]
}

#[test]
fn each_broken_rule_names_its_specification_in_its_own_words() {
    let faults = [signature_faults(), document_faults()].concat();
    let texts: BTreeSet<String> = faults.iter().map(ProviderFault::to_string).collect();

    assert_eq!(texts.len(), faults.len());
    for text in texts {
        let section = text.rsplit_once('(').map_or("", |(_, section)| section);
        assert!(text.contains('§') && (section.ends_with(')')), "{text}");
    }
}

#[test]
fn limits_name_the_document_and_the_number() {
    for (fault, text) in [
        (
            ProviderFault::Status(Document::Discovery, 404),
            "the discovery document came with HTTP status 404 instead of 200",
        ),
        (
            ProviderFault::TooLong(Document::TokenResponse, 1024),
            "the answer of the token endpoint is longer than 1024 bytes",
        ),
        (
            KeySetFault::TooManyKeys.into(),
            "the key set has more than 100 keys",
        ),
        (
            IdTokenFault::Jws(JwsFault::TooLong).into(),
            "the ID token is longer than 65536 bytes",
        ),
    ] {
        assert_eq!(fault.to_string(), text);
    }
}
