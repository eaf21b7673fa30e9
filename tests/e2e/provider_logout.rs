//! Signing out at the provider ends the session here.

use jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Decoder as _};
use kfwasm_rig::{Request, Rig, RigError, UserAgent, wait_until};
use serde_json::Value;

use crate::stage::{PATIENCE, SESSION, Shown, alice_at, stage};

#[test]
fn who_signs_out_at_the_provider_is_signed_out_on_every_worker() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let session = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    let mut bob = UserAgent::new();
    bob.sign_in(&rig.at("/"), "bob")?;
    assert!(answers(&rig, &session)?.iter().all(|it| *it == 200));

    // At the provider itself: the gateway is told by nobody but the provider.
    let question = browser.visit(&format!("{}/session/end", rig.provider.issuer()))?;
    browser.submit(&question, &[("logout", "yes")])?;

    wait_until("every worker to know", PATIENCE, || {
        let answers = answers(&rig, &session);
        answers
            .is_ok_and(|it| it.iter().all(|it| *it == 401))
            .then_some(())
    })?;
    assert_eq!(
        rig.gateway
            .stat("wasmcustom.kfwasm.requests.provider_sign_out")?,
        1
    );
    assert_eq!(bob.visit(&rig.at("/"))?.status, 200);
    Ok(())
}

#[test]
fn a_frame_that_names_the_providers_session_ends_it() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let session = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    let leaving = browser.visit(&rig.at("/logout"))?;
    let hint = leaving
        .location_parameter("id_token_hint")
        .expect("the ID token");
    let sid = sid_of(&hint);
    let issuer = rig.provider.issuer();
    let address = rig.at(&format!(
        "/authservice/frontchannel-logout?iss={issuer}&sid={sid}"
    ));

    // Another site's frame comes without cookies.
    let frame = Request::frame(&address)?.without_cookies();
    let page = browser.send(&frame)?;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control").as_deref(), Some("no-store"));

    wait_until("every worker to know", PATIENCE, || {
        let answers = answers(&rig, &session);
        answers
            .is_ok_and(|it| it.iter().all(|it| *it == 401))
            .then_some(())
    })
}

/// The answers to a program with this session, over connections enough that both workers give some.
fn answers(rig: &Rig, session: &str) -> Result<Vec<u16>, RigError> {
    let call = Request::bare(&rig.at("/apis/x"))?.header("cookie", format!("{SESSION}={session}"));
    (0..20)
        .map(|_| Ok(UserAgent::new().send(&call)?.status))
        .collect()
}

fn sid_of(id_token: &str) -> String {
    let payload = id_token.split('.').nth(1).expect("a token");
    let payload = Base64UrlSafeNoPadding::decode_to_vec(payload, None).expect("base64url");
    let claims: Value = serde_json::from_slice(&payload).expect("JSON");
    let sid = claims.get("sid").and_then(Value::as_str);
    sid.expect("a sid").to_owned()
}
