//! What readers of single documents must keep to.

use std::sync::LazyLock;

use kfwasm_config::{Config, EndpointUrl, IssuerRule, SigningAlgorithm};
use kfwasm_oidc::RelyingParty;
use kfwasm_oidc::header_map::HeaderMap;
use kfwasm_oidc::id_token::{IdTokenClaims, IdTokenExpectations};
use kfwasm_oidc::jose::{CompactJws, JwkSet, RustCryptoVerifier, TrustedKeys};
use kfwasm_oidc::provider::{Memberships, ProviderMetadata, TokenResponse, UserInfo};
use kfwasm_oidc::time::UnixTime;

use crate::gateway::{config, secret};

/// What is refused is refused with a reason, and what is accepted makes a relying party or says which secret is missing.
pub(crate) fn configuration(data: &[u8]) {
    match Config::from_json(data) {
        Ok(config) => match RelyingParty::new(config, &|name| secret(name)) {
            Ok(_) => {}
            Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
        },
        Err(problems) => assert!(problems.iter().next().is_some(), "refused without a reason"),
    }
}

/// Endpoints are reached by https, whatever the document says.
pub(crate) fn discovery(data: &[u8]) {
    static CONFIG: LazyLock<Config> = LazyLock::new(config);
    let provider = CONFIG.providers.first().expect("a provider");
    if let Ok(metadata) = ProviderMetadata::from_discovery(data, provider) {
        let others = [&metadata.jwks_uri, &metadata.userinfo_endpoint];
        let others = others.into_iter().flatten();
        for endpoint in others.chain([&metadata.token_endpoint]) {
            assert!(
                endpoint.as_str().starts_with("https://"),
                "{}",
                endpoint.as_str()
            );
        }
    }
}

/// Names and values come out of the buffer, and never more of them than it can hold.
pub(crate) fn header_map(data: &[u8]) {
    let Ok(map) = HeaderMap::new(data) else {
        return;
    };
    let mut bytes = 0;
    for (name, value) in map.flatten() {
        bytes += name.len() + value.len() + 10;
    }
    assert!(bytes <= data.len(), "{bytes} bytes out of {}", data.len());
}

/// The example of RFC 7515 §A.2 is the one text that its key has signed: no other may verify.
pub(crate) fn id_token(data: &[u8]) {
    static KEYS: LazyLock<JwkSet> = LazyLock::new(|| {
        JwkSet::parse(include_bytes!("../seeds/key_set/rfc7515")).expect("the key of RFC 7515")
    });
    let Ok(jws) = CompactJws::parse(data) else {
        return;
    };
    let _ = IdTokenClaims::parse(jws.unverified_payload());
    let trusted = TrustedKeys {
        keys: &KEYS,
        algorithms: &[SigningAlgorithm::RS256, SigningAlgorithm::PS256],
    };
    if trusted
        .verify(&jws, "", None, &mut RustCryptoVerifier)
        .is_ok()
    {
        let signed = include_bytes!("../seeds/id_token/rfc7515");
        assert_eq!(data, signed, "a forgery");
    }
}

/// The key of the example has signed no logout token, so that none is accepted; and what one must say is asked before.
pub(crate) fn logout_token(data: &[u8]) {
    static RULE: LazyLock<(Config, JwkSet)> = LazyLock::new(|| {
        let keys = JwkSet::parse(include_bytes!("../seeds/key_set/rfc7515"));
        (config(), keys.expect("the key of RFC 7515"))
    });
    let (config, keys) = &*RULE;
    let provider = config.providers.first().expect("a provider");
    let expectations = IdTokenExpectations {
        issuer: &IssuerRule::of(provider),
        client_id: provider.client_id.as_str(),
        keys: TrustedKeys {
            keys,
            algorithms: &[SigningAlgorithm::RS256],
        },
        clock_skew: 60,
        nonce: None,
        access_token: None,
        max_age: None,
    };
    let now = UnixTime(1_800_000_000);
    let verified = expectations.verify_logout_token(data, now, &mut RustCryptoVerifier);
    assert!(verified.is_err(), "a forgery");
}

/// The access token goes with the request for the next page: that is at the same host, by https.
pub(crate) fn memberships(data: &[u8]) {
    let endpoint = "https://graph.example.com/v1.0/me/transitiveMemberOf";
    let endpoint = EndpointUrl::parse(endpoint, false).expect("an endpoint");
    let mut memberships = Memberships::default();
    if let Ok(Some(next)) = memberships.take(200, data, &endpoint) {
        // The name of a host ignores case (RFC 3986 §3.2.2).
        let next = next.as_str().to_ascii_lowercase();
        assert!(next.starts_with("https://graph.example.com/"), "{next}");
    }
}

/// What is read of a record is what was written into it.
pub(crate) fn session_record(data: &[u8]) {
    kfwasm_oidc::fuzzing::session_record(data);
}

/// A set that is accepted has a key.
pub(crate) fn key_set(data: &[u8]) {
    if let Ok(set) = JwkSet::parse(data) {
        assert!(
            !set.keys().is_empty() && set.keys().len() <= 100,
            "{} keys",
            set.keys().len()
        );
    }
}

/// Tokens can stand in a header as they are.
pub(crate) fn token_response(data: &[u8]) {
    let Some((first, body)) = data.split_first() else {
        return;
    };
    let status = if *first == b'4' { 400 } else { 200 };
    if let Ok(tokens) = TokenResponse::parse(status, None, body) {
        let printable = |byte: &u8| matches!(byte, b' '..=b'~');
        assert!(status == 200 && tokens.access_token.expose().iter().all(printable));
    }
}

/// Nothing about anybody else is accepted.
pub(crate) fn user_info(data: &[u8]) {
    if let Ok(user_info) = UserInfo::parse(200, None, data, "alice") {
        let subject = user_info.claim("sub").and_then(|it| it.as_str());
        assert_eq!(subject, Some("alice"));
    }
}
