use serde_json::{Value, json};

use crate::support::bearer::{alice, bearer, but, with_token};
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

fn changes() -> Value {
    json!({ "stepUp": [
        { "prefix": "/admin", "acrValues": ["gold", "platinum"] },
        { "prefix": "/keys", "maxAge": "15m" },
    ]})
}

#[test]
fn a_path_may_ask_for_a_stronger_sign_in_and_is_come_back_to() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();
    assert!(browser.open("/pipeline").upstream.is_some());

    let sent = browser.open("/admin/users?page=2");
    let asked = sent.location();
    assert_eq!(asked.parameter("acr_values").unwrap(), "gold platinum");
    let form = browser.follow(sent);
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(page.address.path, "/admin/users?page=2");
    assert!(page.upstream.is_some(), "{}", page.report);
    assert!(browser.open("/pipeline").upstream.is_some());
}

#[test]
fn a_path_may_ask_for_a_sign_in_that_is_not_long_ago() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();
    assert!(browser.open("/keys").upstream.is_some());
    stage.pass(901);

    let sent = browser.open("/keys");
    assert_eq!(sent.location().parameter("max_age").unwrap(), "900");
    assert!(browser.is_signed_in(), "elsewhere the session goes on");
    let form = browser.follow(sent);
    let page = browser.enter_password(&form, ALICE);

    assert!(page.upstream.is_some(), "{}", page.report);
    stage.pass(900);
    assert!(browser.open("/keys").upstream.is_some());
}

#[test]
fn the_first_sign_in_at_such_a_path_asks_at_once() {
    let stage = Stage::with(changes());

    let page = stage.browser().sign_in("/admin");

    assert_eq!(page.address.path, "/admin");
    assert!(page.upstream.is_some(), "{}", page.report);
}

#[test]
fn a_provider_that_does_not_deliver_ends_in_a_page_and_not_in_a_loop() {
    for path in ["/admin", "/keys"] {
        let stage = Stage::with(changes());
        let mut browser = stage.signed_in();
        stage.pass(901);
        stage.provider.ignores_step_up();

        let page = browser.go(path);

        assert_eq!(page.status, 403, "{}", page.report);
        assert!(page.body.contains("stronger sign-in"), "{}", page.body);
        assert!(page.report.contains("stepUp"), "{}", page.report);
        assert!(browser.is_signed_in(), "elsewhere the session goes on");
    }
}

#[test]
fn a_provider_that_does_not_say_when_is_not_believed() {
    let stage = Stage::with(changes());
    stage.provider.omits("auth_time");
    let mut browser = stage.signed_in();

    assert_eq!(browser.go("/keys").status, 403);
}

/// RFC 9470 §3.
#[test]
fn a_program_is_told_what_is_missing() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();
    stage.pass(901);

    let admin = browser.fetch("/admin");
    let keys = browser.fetch("/keys");

    assert_eq!((admin.status, keys.status), (401, 401));
    let challenge = admin.header("www-authenticate").unwrap();
    assert!(
        challenge.contains("error=\"insufficient_user_authentication\""),
        "{challenge}"
    );
    assert!(
        challenge.contains("acr_values=\"gold platinum\""),
        "{challenge}"
    );
    assert!(!challenge.contains("max_age"), "{challenge}");
    let challenge = keys.header("www-authenticate").unwrap();
    assert!(challenge.contains("max_age=\"900\""), "{challenge}");
}

#[test]
fn a_bearer_token_meets_it_by_its_own_claims() {
    let mut changes = changes();
    changes["bearer"] = bearer()["bearer"].clone();
    let stage = Stage::with(changes);
    let weak = stage.provider.signs(&alice(&stage));
    let strong = but(alice(&stage), "acr", json!("platinum"));
    let strong = stage.provider.signs(&strong);
    let at_admin = |token: &str| {
        let request = with_token(token).replacing(":path", "/admin");
        stage.gateway.handle(&request)
    };

    let refused = at_admin(&weak);
    let admitted = at_admin(&strong);

    assert_eq!(refused.status, 401);
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(
        challenge.contains("insufficient_user_authentication"),
        "{challenge}"
    );
    assert!(admitted.upstream.is_some());
    // Once seen, the weak token is still weak.
    assert_eq!(at_admin(&weak).status, 401);
}

/// Loading the window anew, as frames without a session do, would lead into the frame again.
#[test]
fn a_frame_offers_a_link_and_loads_nothing_by_itself() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();

    let frame = Request::navigation("/admin/x").replacing("sec-fetch-dest", "iframe");
    let frame = browser.send(frame);

    assert_eq!(frame.status, 401);
    let href = "href=\"https://kubeflow.example.com/admin/x\"";
    assert!(frame.body.contains(href), "{}", frame.body);
    assert!(!frame.body.contains("<script"), "{}", frame.body);
}

/// A path with several readings is covered by every rule, and must not be read as the name of a host.
#[test]
fn the_link_in_a_frame_leads_to_no_other_host() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();

    for path in ["//evil.example/x", "/\\evil.example/x", "///evil.example"] {
        let url = format!("https://kubeflow.example.com{path}");
        let frame = Request::navigation(&url).replacing("sec-fetch-dest", "iframe");
        let frame = browser.send(frame);

        let href = format!("href=\"https://kubeflow.example.com{path}\"");
        assert!(frame.body.contains(&href), "{}", frame.body);
    }
}

#[test]
fn no_way_of_writing_a_path_escapes_it() {
    let stage = Stage::with(changes());
    let mut browser = stage.signed_in();
    for path in [
        "/admin/",
        "/%61dmin",
        "/x/../admin",
        "//admin",
        "/admin%2Fx",
        "/x%2f..%2fadmin",
        "/admin.AdminService/Get",
        "/administrators",
    ] {
        let answer = browser.fetch(path);
        assert!(answer.upstream.is_none(), "{path}");
    }
}

#[test]
fn several_rules_ask_for_what_meets_them_all() {
    let stage = Stage::with(json!({ "stepUp": [
        { "acrValues": ["silver", "gold"], "maxAge": "8h" },
        { "prefix": "/admin", "acrValues": ["gold", "platinum"], "maxAge": "15m" },
    ]}));

    let asked = stage.browser().open("/admin").location();

    assert_eq!(asked.parameter("acr_values").unwrap(), "gold");
    assert_eq!(asked.parameter("max_age").unwrap(), "900");
    let asked = stage.browser().open("/").location();
    assert_eq!(asked.parameter("acr_values").unwrap(), "silver gold");
}
