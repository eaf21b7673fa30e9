//! How the gateway shows to a provider that it is the client (OpenID Connect Core §9).

use jwt_simple::algorithms::{ES256KeyPair, PS256KeyPair, RS256KeyPair};
use kfwasm_rig::{RigError, UserAgent};
use serde_json::json;

use crate::own_gateway::{OwnGateway, provider};
use crate::stage::Shown;

const RSA_PEM: &str = include_str!("../../crates/kfwasm-oidc/tests/id_token/keys/rsa-2048.pem");

#[test]
fn a_client_with_a_secret_may_send_it_in_either_way() -> Shown {
    for method in ["client_secret_basic", "client_secret_post"] {
        assert_signs_in(&client(method, None)?, method)?;
    }
    Ok(())
}

#[test]
fn a_public_client_sends_nothing() -> Shown {
    let mut own = client("none", None)?;
    let issuer = own.provider.issuer();
    let mut public = provider(&issuer, json!({}));
    if let Some(fields) = public.as_object_mut() {
        fields.remove("clientSecret");
    }
    own.configure("providers", json!([public]));
    assert_signs_in(&own, "none")
}

#[test]
fn a_client_with_a_private_key_signs_assertions_that_the_provider_takes() -> Shown {
    let rsa = "a key of RSA";
    let ec = ES256KeyPair::generate();
    let (ec_private, ec_public) = (ec.to_pem(), ec.public_key().to_pem());
    let rs256 = RS256KeyPair::from_pem(RSA_PEM).expect(rsa).public_key();
    let ps256 = PS256KeyPair::from_pem(RSA_PEM).expect(rsa).public_key();
    for (algorithm, private, public) in [
        ("RS256", RSA_PEM, rs256.to_pem().expect(rsa)),
        ("PS256", RSA_PEM, ps256.to_pem().expect(rsa)),
        (
            "ES256",
            &ec_private.expect("a key"),
            ec_public.expect("a key"),
        ),
    ] {
        assert_signs_in(&with_key(algorithm, private, public)?, algorithm)?;
    }
    Ok(())
}

/// The tests above could fail: a provider that knows another key takes nothing.
#[test]
fn an_assertion_by_a_key_that_the_provider_does_not_know_signs_nobody_in() -> Shown {
    let known = ES256KeyPair::generate().public_key().to_pem();
    let own = ES256KeyPair::generate().to_pem().expect("a key");
    let own = with_key("ES256", &own, known.expect("a key"))?;
    let gateway = own.start()?;
    let page = UserAgent::new().sign_in(&gateway.address(), "alice")?;
    assert_eq!(page.status, 502, "{}", page.text());
    assert!(own.upstream.received().is_empty());
    Ok(())
}

/// A provider that knows this public key, and a gateway that has the private one.
fn with_key(algorithm: &str, private: &str, public: String) -> Result<OwnGateway, RigError> {
    let mut own = client("private_key_jwt", Some(public))?;
    let more = json!({
        "privateKey": { "env": "CLIENT_KEY" },
        "clientAssertionSigningAlgorithm": algorithm,
    });
    let mut written = provider(&own.provider.issuer(), more);
    if let Some(fields) = written.as_object_mut() {
        fields.remove("clientSecret");
    }
    own.configure("providers", json!([written]));
    let environment = &mut own.settings.environment;
    environment.insert("CLIENT_KEY".to_owned(), private.to_owned());
    Ok(own)
}

/// A provider that takes this method alone.
fn client(method: &'static str, key: Option<String>) -> Result<OwnGateway, RigError> {
    OwnGateway::prepare_with(|settings| {
        settings.client_authentication = method;
        settings.client_key = key;
    })
}

fn assert_signs_in(own: &OwnGateway, how: &str) -> Shown {
    let gateway = own.start()?;
    let page = UserAgent::new().sign_in(&gateway.address(), "alice")?;
    assert_eq!(page.status, 200, "{how}: {}", page.text());
    let received = own.upstream.received();
    let latest = received.last().expect("a request");
    assert_eq!(
        latest.all("kubeflow-userid"),
        ["alice@example.com"],
        "{how}"
    );
    Ok(())
}
