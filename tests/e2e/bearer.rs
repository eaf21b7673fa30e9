//! Programs that bring a token of their own.

use kfwasm_rig::{Gateway, Page, Request, RigError, UserAgent};
use serde_json::{Value, json};

use crate::own_gateway::OwnGateway;
use crate::stage::{Shown, wait_for_line};
use crate::token_issuer::{ROBOT, TokenIssuer};
use crate::workers::assert_gateway_serves;

/// A gateway that accepts the tokens of an issuer whose keys it fetches.
pub(crate) fn with_key_server(issuer: &TokenIssuer) -> Result<OwnGateway, RigError> {
    let address = format!("{}/openid/v1/jwks", issuer.address);
    let mut own = accepting(&issuer.entry("jwksUri", &address))?;
    own.settings.provider_hosts.push(issuer.host()?);
    Ok(own)
}

/// The same whose keys stand in the configuration.
fn with_inline_keys(issuer: &TokenIssuer) -> Result<OwnGateway, RigError> {
    accepting(&issuer.entry("jwks", &issuer.key_set()))
}

fn accepting(issuer: &Value) -> Result<OwnGateway, RigError> {
    let mut own = OwnGateway::prepare()?;
    let fields = own.settings.plugin.as_object_mut().expect("an object");
    fields.insert("bearer".to_owned(), json!({ "issuers": [issuer] }));
    Ok(own)
}

fn send(gateway: &Gateway, token: &str) -> Result<Page, RigError> {
    let address = format!("{}/pipeline/apis/v2beta1/runs", gateway.address());
    let request = Request::bare(&address)?.header("authorization", format!("Bearer {token}"));
    UserAgent::new().send(&request)
}

#[test]
fn a_token_of_a_further_issuer_names_its_service_account_to_the_upstream() -> Shown {
    let issuer = TokenIssuer::start();
    for own in [with_key_server(&issuer)?, with_inline_keys(&issuer)?] {
        let gateway = own.start()?;
        // Both workers get some of them.
        for _ in 0..20 {
            let page = send(&gateway, &issuer.token())?;
            assert_eq!(page.status, 200, "{}", page.text());
            let seen = own.upstream.latest().expect("a request");
            assert_eq!(seen.all("kubeflow-userid"), [ROBOT]);
            assert!(seen.all("authorization").is_empty());
        }
        assert_gateway_serves(&gateway)?;
    }
    Ok(())
}

#[test]
fn an_invalid_token_is_refused_without_redirect_and_reaches_no_upstream() -> Shown {
    let (issuer, stranger) = (TokenIssuer::start(), TokenIssuer::start());
    let own = with_key_server(&issuer)?;
    let gateway = own.start()?;
    let but = |name: &str, value: Value| {
        let mut claims = issuer.claims();
        claims[name] = value;
        issuer.sign(&claims)
    };
    let forged = stranger.sign(&issuer.claims());
    let tokens = [
        String::new(),
        "junk".to_owned(),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        stranger.token(),
        forged,
        but("aud", json!("another")),
        but("exp", json!(1_000_000_000)),
    ];
    for token in &tokens {
        let page = send(&gateway, token)?;
        assert_eq!(page.status, 401, "{token}: {}", page.text());
        assert!(page.location().is_none());
        let challenge = page.header("www-authenticate").unwrap_or_default();
        assert!(challenge.contains("invalid_token"), "{challenge}");
    }
    assert!(own.upstream.received().is_empty());
    let line = wait_for_line(&gateway, &["bearer_refused", "bearer token"])?;
    assert!(!line.contains("eyJ"), "{line}");
    assert_gateway_serves(&gateway)
}

#[test]
fn forged_tokens_are_not_all_looked_at_and_good_ones_still_pass() -> Shown {
    let (issuer, stranger) = (TokenIssuer::start(), TokenIssuer::start());
    let own = with_inline_keys(&issuer)?;
    let gateway = own.start()?;
    let known = issuer.token();
    let mut client = UserAgent::new();
    let mut ask = |token: &str| {
        let address = format!("{}/pipeline/apis/v2beta1/runs", gateway.address());
        let request = Request::bare(&address)?.header("authorization", format!("Bearer {token}"));
        client.send(&request)
    };
    assert_eq!(ask(&known)?.status, 200);
    let forged = stranger.sign(&issuer.claims());
    for _ in 0..100 {
        let status = ask(&forged)?.status;
        assert!(matches!(status, 401 | 503), "{status}");
    }
    assert_eq!(gateway.stat("wasmcustom.kfwasm.requests.forwarded")?, 1);
    assert_eq!(own.upstream.received().len(), 1);
    assert_gateway_serves(&gateway)
}

#[test]
fn keys_that_are_no_keys_are_named_at_the_start() -> Shown {
    let issuer = TokenIssuer::start();
    let mut own = with_inline_keys(&issuer)?;
    own.settings.plugin["bearer"]["issuers"][0]["jwks"] = json!("{\"keys\": []}");
    let gateway = own.start()?;
    wait_for_line(&gateway, &["bearer.issuers[0].jwks"])?;
    assert_eq!(send(&gateway, &issuer.token())?.status, 503);
    Ok(())
}
