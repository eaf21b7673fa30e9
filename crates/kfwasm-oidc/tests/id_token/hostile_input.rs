//! Whatever a provider sends, nothing panics, and nothing but the token itself is accepted.

use kfwasm_config::{Config, Provider};
use kfwasm_oidc::id_token::IdTokenClaims;
use kfwasm_oidc::jose::{CompactJws, JwkSet};
use kfwasm_oidc::provider::{ClientAssertionSigner, ProviderMetadata, TokenResponse};
use kfwasm_oidc::secret::Secret;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use super::draft::{Draft, jwk_of, provider_key, verify};

fn provider() -> Provider {
    let config = json!({
        "publicHosts": ["kubeflow.example.com"],
        "providers": [{
            "issuer": "https://login.example.com",
            "clientId": "kubeflow",
            "privateKey": {"env": "KEY"},
        }],
    });
    Config::from_json(config.to_string().as_bytes())
        .unwrap()
        .providers
        .remove(0)
}

/// Reads `bytes` as everything that a provider or an operator can hand in.
fn read_as_everything(bytes: &[u8]) {
    let _ = CompactJws::parse(bytes);
    let _ = IdTokenClaims::parse(bytes);
    let _ = JwkSet::parse(bytes);
    let _ = ProviderMetadata::from_discovery(bytes, &provider());
    for status in [200, 400, 503] {
        let _ = TokenResponse::parse(status, Some(b"application/json"), bytes);
    }
    let _ = ClientAssertionSigner::new(&provider(), &Secret::new(bytes.to_vec()));
    let _ = verify(&String::from_utf8_lossy(bytes));
}

/// Valid documents to start from.
fn valid_documents() -> Vec<Vec<u8>> {
    let rsa = json!({"kty": "RSA", "n": "_".repeat(342), "e": "AQAB", "kid": "rsa"});
    let discovery = json!({
        "issuer": "https://login.example.com",
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "jwks_uri": "https://login.example.com/keys",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    });
    let tokens = json!({
        "access_token": "a", "id_token": "i", "token_type": "Bearer", "expires_in": "60",
    });
    vec![
        Draft::valid().sign().into_bytes(),
        Draft::valid().claims.to_string().into_bytes(),
        json!({"keys": [jwk_of(&provider_key()), rsa]})
            .to_string()
            .into_bytes(),
        discovery.to_string().into_bytes(),
        tokens.to_string().into_bytes(),
        include_bytes!("keys/p256.pem").to_vec(),
        include_bytes!("keys/rsa-1024.pem").to_vec(),
    ]
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edits = vec((any::<Index>(), any::<u8>(), 0..4_u8), 1..6);
    (any::<Index>(), edits).prop_map(|(document, edits)| {
        let mut bytes = document.get(&valid_documents()).clone();
        for (place, byte, edit) in edits {
            let place = place.index(bytes.len() + 1);
            match edit {
                0 => bytes.insert(place, byte),
                1 => bytes.truncate(place),
                _ if place == bytes.len() => bytes.push(byte),
                2 => bytes[place] ^= byte,
                _ => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_make_a_parser_panic(bytes in vec(any::<u8>(), 0..2000)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn a_mutated_document_never_makes_a_parser_panic(bytes in mutated()) {
        read_as_everything(&bytes);
    }

    #[test]
    fn a_token_with_one_byte_changed_is_refused(place in any::<Index>(), flip in 1..=255_u8) {
        let mut token = Draft::valid().sign().into_bytes();
        let place = place.index(token.len());
        token[place] ^= flip;
        let refused = String::from_utf8(token).map_or(true, |token| verify(&token).is_err());

        prop_assert!(refused);
    }
}
