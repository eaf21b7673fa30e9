//! A provider whose documents the gateway cannot fetch: all that it must know of it stands in the configuration.

use kfwasm_rig::UserAgent;
use serde_json::json;

use crate::own_gateway::{OwnGateway, provider};
use crate::stage::Shown;

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[test]
fn a_provider_that_is_all_in_the_configuration_is_asked_for_tokens_alone() -> Shown {
    let mut own = OwnGateway::prepare()?;
    let issuer = own.provider.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let keys = UserAgent::new().visit(&at("/jwks"))?.text();
    let written = provider(
        &issuer,
        json!({
            "authorizationEndpoint": at("/auth"),
            "tokenEndpoint": at("/token"),
            "jwks": keys,
        }),
    );
    own.configure("providers", json!([written]));
    let gateway = own.start()?;

    let page = UserAgent::new().sign_in(&format!("{}/", gateway.address()), "alice")?;

    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(own.provider.asked("/token")?, 1);
    assert_eq!(own.provider.asked(DISCOVERY)?, 0);
    assert_eq!(own.provider.asked("/jwks")?, 1, "by this test alone");
    Ok(())
}
