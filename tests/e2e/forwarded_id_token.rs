//! The ID token goes upstream, for Envoy's own check of it, as Istio's RequestAuthentication has it made.

use kfwasm_rig::{Module, ProviderSettings, Request, RigError, UserAgent, wait_until};
use serde_json::{Value, json};

use crate::own_gateway::OwnGateway;
use crate::stage::{PATIENCE, Shown};

/// A gateway that demands a token of the provider behind the module, and one that is not over.
fn demanding() -> Result<OwnGateway, RigError> {
    demanding_tokens(|provider| provider.token_seconds = 10)
}

/// The same with another kind of tokens.
fn demanding_tokens(change: impl FnOnce(&mut ProviderSettings)) -> Result<OwnGateway, RigError> {
    let mut own = OwnGateway::prepare_with(|provider| {
        provider.refresh_tokens = true;
        change(provider);
    })?;
    own.settings.plugin["session"]["refresh"] = json!(true);
    own.settings.plugin["session"]["forwardIdToken"] = json!(true);
    own.settings.behind = vec![jwt_authn(&own)];
    Ok(own)
}

fn jwt_authn(own: &OwnGateway) -> Value {
    let issuer = own.provider.issuer();
    json!({
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": { "provider": {
                "issuer": issuer,
                "audiences": [own.provider.settings().client_id],
                "forward": true,
                "clock_skew_seconds": 1,
                "remote_jwks": { "http_uri": {
                    "uri": format!("{issuer}/jwks"),
                    "cluster": own.provider.host().cluster_name(),
                    "timeout": "5s",
                }},
            }},
            "rules": [{ "match": { "prefix": "/" }, "requires": { "provider_name": "provider" } }],
        },
    })
}

fn token_upstream(own: &OwnGateway) -> Option<String> {
    own.upstream.latest()?.all("authorization").pop()
}

#[test]
fn envoy_itself_accepts_the_token_of_each_request_and_the_next_one_too() -> Shown {
    let own = demanding()?;
    let gateway = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);
    let first = token_upstream(&own).expect("a token");
    assert!(first.starts_with("Bearer ey"), "{first}");

    let forged = Request::fetch(&format!("{}/echo", gateway.address()))?
        .header("authorization", "Bearer of.somebody.else");
    assert_eq!(alice.send(&forged)?.status, 200);
    assert_eq!(token_upstream(&own), Some(first.clone()));

    // A session that is used goes on past the end of the token, and is never refused behind the module.
    wait_until("the next token", PATIENCE, || {
        let page = alice.visit(&gateway.address()).ok()?;
        assert_eq!(page.status, 200);
        (token_upstream(&own)? != first).then_some(())
    })
}

#[test]
fn without_the_module_there_is_no_token_and_nobody_gets_in() -> Shown {
    let mut own = demanding()?;
    own.settings.module = Module::Removed;
    own.settings.gate = false;
    let gateway = own.start()?;
    let request = Request::navigation(&gateway.address())?
        .header("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.");
    assert_eq!(UserAgent::new().send(&request)?.status, 401);
    assert_eq!(UserAgent::new().visit(&gateway.address())?.status, 401);
    assert!(own.upstream.received().is_empty());
    Ok(())
}

/// As when `backstop: jwt` comes to a gateway that people have signed in at.
#[test]
fn who_has_signed_in_before_the_setting_signs_in_again_by_a_redirect() -> Shown {
    let mut own = demanding_tokens(|_| {})?;
    let demanded = own.settings.clone();
    own.settings.plugin["session"]["forwardIdToken"] = json!(false);
    own.settings.behind.clear();
    let before = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&before.address(), "alice")?.status, 200);
    drop(before);
    own.settings = demanded;
    let gateway = own.start()?;

    wait_until("the redirect to the provider", PATIENCE, || {
        let page = alice.visit(&gateway.address()).ok()?;
        if page.status != 302 {
            // So soon after a sign-in nobody is asked again, and Envoy demands the token.
            assert_eq!(page.status, 401);
            return None;
        }
        (alice.land(page).ok()?.status == 200).then_some(())
    })?;
    assert!(token_upstream(&own).is_some());
    Ok(())
}
