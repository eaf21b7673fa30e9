use serde_json::{Value, json};

use crate::support::bearer::{alice, bearer, but, with_token};
use crate::support::request::Request;
use crate::support::stage::{Stage, config};

fn changes() -> Value {
    json!({ "identity": { "claimHeaders": [
        { "claim": "department", "header": "x-user-department" },
        { "claim": "roles", "header": "X-User-Roles" },
    ]}})
}

#[test]
fn claims_go_upstream_in_headers_of_their_own() {
    let stage = Stage::with(changes());
    stage.provider.claims("department", "Physics & Maths");
    stage
        .provider
        .claims("roles", json!(["reader", "writer", 7]));

    let page = stage.browser().sign_in("/");

    let upstream = page.upstream.unwrap();
    assert_eq!(upstream.all("x-user-department"), [b"Physics & Maths"]);
    assert_eq!(upstream.all("x-user-roles"), [b"reader,writer,7"]);
}

#[test]
fn a_user_without_the_claim_has_no_such_header() {
    let stage = Stage::with(changes());
    stage.provider.claims("roles", json!([]));

    let upstream = stage.browser().sign_in("/").upstream.unwrap();

    assert!(upstream.all("x-user-department").is_empty());
    assert!(upstream.all("x-user-roles").is_empty());
}

#[test]
fn what_the_id_token_lacks_the_userinfo_endpoint_is_asked_for() {
    let stage = Stage::with(changes());
    stage.provider.claims("roles", "reader");
    stage.provider.tells("department", "Physics");

    let upstream = stage.browser().sign_in("/").upstream.unwrap();

    assert_eq!(upstream.all("x-user-department"), [b"Physics"]);
    assert_eq!(upstream.all("x-user-roles"), [b"reader"]);
}

#[test]
fn a_claim_that_cannot_stand_in_a_header_refuses_the_sign_in_and_the_page_names_it() {
    for value in [
        json!("a\r\nkubeflow-userid: root@example.com"),
        json!("a\u{0}b"),
        json!("Zürich"),
        json!(" padded "),
        json!(["a,b"]),
        json!([["nested"]]),
        json!({ "name": "object" }),
        json!("x".repeat(1025)),
    ] {
        let stage = Stage::with(changes());
        stage.provider.claims("department", value.clone());
        let mut browser = stage.browser();

        let page = browser.sign_in("/");

        assert_eq!(page.status, 403, "{value}");
        assert!(page.body.contains("department"), "{value}: {}", page.body);
        assert!(!browser.is_signed_in(), "{value}");
    }
}

#[test]
fn a_user_or_group_that_cannot_stand_in_a_header_refuses_the_sign_in_and_the_page_names_the_claim()
{
    for (claim, value) in [
        ("email", json!("alice\n@example.com")),
        ("email", json!("älice@example.com")),
        ("email", json!(["alice@example.com"])),
        ("groups", json!(["a", "b\u{0}c"])),
        ("groups", json!(["Entwickler–Zürich"])),
        ("groups", json!(["a,b"])),
    ] {
        let stage = Stage::new();
        stage.provider.claims(claim, value.clone());

        let page = stage.browser().sign_in("/");

        assert_eq!(page.status, 403, "{value}");
        assert!(page.body.contains(&format!("“{claim}”")), "{}", page.body);
    }
}

#[test]
fn a_session_goes_on_through_its_renewal_with_its_claims() {
    let stage = Stage::with(changes());
    stage.provider.claims("department", "Physics");
    let mut browser = stage.browser();
    browser.sign_in("/");
    for _ in 0..4 {
        stage.pass(20 * 3600);
        let upstream = browser.open("/").upstream.unwrap();
        assert_eq!(upstream.all("x-user-department"), [b"Physics"]);
    }
}

/// The values stand in the session without names: under another list they would be told as something else.
#[test]
fn another_list_of_claims_ends_the_sessions_that_were_made_before_it() {
    for claims in [
        json!([{ "claim": "roles", "header": "x-user-department" }, { "claim": "department", "header": "x-user-roles" }]),
        json!([{ "claim": "department", "header": "x-user-department" }]),
        json!([]),
    ] {
        let stage = Stage::with(changes());
        stage.provider.claims("department", "Physics");
        let mut browser = stage.browser();
        browser.sign_in("/");

        let other = json!({ "identity": { "claimHeaders": claims } });
        stage.gateway.add_worker(&config(other));

        let page = browser.open("/");
        match page.upstream {
            Some(upstream) => {
                assert_eq!(claims, json!([]));
                assert!(upstream.all("x-user-department").is_empty());
            }
            None => assert_ne!(claims, json!([])),
        }
    }
}

#[test]
fn the_claims_of_a_bearer_token_go_upstream_too() {
    let stage = Stage::with(changes_with_bearer());
    let claims = but(alice(&stage), "department", json!("Physics"));
    let token = stage.provider.signs(&claims);
    let request = with_token(&token).with("x-user-department", "Root");

    let answer = stage.gateway.handle(&request);

    let upstream = answer.upstream.unwrap();
    assert_eq!(upstream.all("x-user-department"), [b"Physics"]);
}

fn changes_with_bearer() -> Value {
    let mut changes = changes();
    changes["bearer"] = bearer()["bearer"].clone();
    changes
}

#[test]
fn a_client_cannot_send_them_itself_on_any_path() {
    let stage = Stage::with(changes());
    for path in ["/public/page", "/healthz", "/"] {
        for name in ["x-user-department", "x_user_department", "x-user_roles"] {
            let mut browser = stage.browser();
            browser.sign_in("/");
            let request = browser.with_cookies(Request::navigation(path).with(name, "Root"));

            let answer = stage.gateway.handle(&request);

            assert!(
                answer.upstream.unwrap().all(name).is_empty(),
                "{path} {name}"
            );
        }
    }
}
