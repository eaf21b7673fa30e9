//! What is told of the user besides their name: claims, groups that fit into no token, and how they signed in.

use kfwasm_rig::{Parts, Person, Request, Rig, RigError, RigSettings, UserAgent};
use serde_json::{Value, json};

use crate::own_gateway::{OwnGateway, provider};
use crate::stage::{Shown, alice_at, latest, stage_with};

fn claim_headers() -> Value {
    json!({ "identity": { "claimHeaders": [{ "claim": "name", "header": "x-user-name" }] } })
}

#[test]
fn a_claim_goes_upstream_in_a_header_of_its_own() -> Shown {
    let rig = stage_with(claim_headers())?;
    let mut browser = alice_at(&rig)?;

    let forged = Request::navigation(&rig.at("/echo"))?
        .header("x-user-name", "Root")
        .header("X_User_Name", "Root");
    browser.send(&forged)?;

    let seen = latest(&rig);
    assert_eq!(seen.all("x-user-name"), ["Alice Lidell"]);
    assert!(seen.all("x_user_name").is_empty());
    Ok(())
}

#[test]
fn a_skipped_request_carries_no_such_header() -> Shown {
    let rig = stage_with(claim_headers())?;

    let forged = Request::bare(&rig.at("/public/echo"))?.header("x-user-name", "Root");
    UserAgent::new().send(&forged)?;

    assert!(latest(&rig).all("x-user-name").is_empty());
    Ok(())
}

/// Two workers: whatever one of them knows of the session stands in its cookie.
#[test]
fn a_name_that_fits_no_header_is_refused_and_the_page_says_which_claim() -> Shown {
    let people = vec![Person {
        name: "Zoë Δ".to_owned(),
        ..Person::alice()
    }];
    let settings = RigSettings {
        plugin: claim_headers(),
        people,
        ..RigSettings::default()
    };
    let rig = Rig::start(&Parts::from_environment()?, &settings)?;

    let page = UserAgent::new().sign_in(&rig.at("/"), "alice")?;

    assert_eq!(page.status, 403);
    assert!(page.text().contains("“name”"), "{}", page.text());
    Ok(())
}

/// The last of Carol's groups, which stands on the third page of the list.
const LAST: &str = "0f8fad5b-d9cb-469f-a165-0000000000f9";

#[test]
fn groups_that_fit_into_no_token_are_found_at_graph() -> Shown {
    let (own, gateway) = with_graph("/v1.0/me/transitiveMemberOf")?;
    let mut browser = UserAgent::new();

    let page = browser.sign_in(&format!("{}/pipeline", gateway.address()), "carol")?;

    assert_eq!(page.status, 200, "{}", page.text());
    let seen = own.upstream.latest().expect("a request");
    assert_eq!(seen.all("kubeflow-groups"), [LAST]);
    assert_eq!(own.provider.asked("/v1.0/me/transitiveMemberOf")?, 3);
    Ok(())
}

#[test]
fn a_graph_that_is_not_there_refuses_the_sign_in() -> Shown {
    let (_own, gateway) = with_graph("/v1.0/nowhere")?;

    let page = UserAgent::new().sign_in(&format!("{}/", gateway.address()), "carol")?;

    assert_eq!(page.status, 502, "{}", page.text());
    assert!(page.text().contains("Your groups could not be found out"));
    Ok(())
}

/// A gateway that asks for groups at this path of the provider.
fn with_graph(path: &str) -> Result<(OwnGateway, kfwasm_rig::Gateway), RigError> {
    let mut own = OwnGateway::prepare_with(|it| it.people = vec![Person::carol()])?;
    let graph = format!("{}{path}", own.provider.issuer());
    let asked = provider(&own.provider.issuer(), json!({ "graphEndpoint": graph }));
    own.configure("providers", json!([asked]));
    own.configure(
        "access",
        json!([{ "prefix": "/pipeline", "groups": [LAST] }]),
    );
    own.configure("identity", json!({ "groupFilter": {} }));
    let gateway = own.start()?;
    Ok((own, gateway))
}

#[test]
fn a_path_that_asks_for_a_stronger_sign_in_gets_one_and_is_come_back_to() -> Shown {
    let rig = stage_with(json!({ "stepUp": [{ "prefix": "/admin", "acrValues": ["strong"] }] }))?;
    let mut browser = alice_at(&rig)?;
    assert_eq!(browser.visit(&rig.at("/pipeline"))?.status, 200);
    let program = browser.send(&Request::bare(&rig.at("/admin/api"))?)?;
    assert_eq!(program.status, 401);
    let challenge = program.header("www-authenticate").unwrap_or_default();
    assert!(
        challenge.contains("insufficient_user_authentication"),
        "{challenge}"
    );

    let page = browser.sign_in(&rig.at("/admin/users?page=2"), "alice")?;

    assert_eq!((page.status, page.address.path()), (200, "/admin/users"));
    assert_eq!(page.address.query(), Some("page=2"));
    assert_eq!(browser.visit(&rig.at("/admin"))?.status, 200);
    Ok(())
}

/// The provider knows no such way to sign in.
#[test]
fn a_provider_that_does_not_deliver_it_ends_in_a_page() -> Shown {
    let rig = stage_with(
        json!({ "stepUp": [{ "prefix": "/admin", "maxAge": "1m", "acrValues": ["retina"] }] }),
    )?;
    let mut browser = alice_at(&rig)?;

    let asked = browser.visit(&rig.at("/admin"))?;
    assert_eq!(asked.location_parameter("max_age").as_deref(), Some("60"));
    let page = browser.land(asked)?;
    let page = match page.status {
        200 => {
            let answered = browser.submit(&page, &[("username", "alice")])?;
            browser.land(answered)?
        }
        _ => page,
    };

    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("stronger sign-in"), "{}", page.text());
    assert_eq!(browser.visit(&rig.at("/"))?.status, 200);
    Ok(())
}
