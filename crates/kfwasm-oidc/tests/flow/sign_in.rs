use serde_json::json;

use crate::support::provider::Endpoint;
use crate::support::stage::{ALICE, Stage};

#[test]
fn a_sign_in_lands_on_the_page_that_was_asked_for() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.go("/pipeline/?ns=team%20a&x=1");
    assert!(form.is_sign_in_form());
    let page = browser.enter_password(&form, "alice@example.com");

    assert_eq!(
        page.address.to_string(),
        "https://kubeflow.example.com/pipeline/?ns=team%20a&x=1"
    );
    assert_eq!(page.user(), "alice@example.com");
}

#[test]
fn kubeflow_learns_who_signed_in_and_the_groups() {
    let stage = Stage::new();

    let page = stage.browser().sign_in("/");

    let upstream = page.upstream.unwrap();
    assert_eq!(upstream.text("kubeflow-userid"), "alice@example.com");
    assert_eq!(
        upstream.text("kubeflow-groups"),
        "data-science,0f8fad5b-d9cb-469f-a165-70867728950e"
    );
}

#[test]
fn somebody_who_is_signed_in_at_the_provider_sees_no_form() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    browser.jar.forget("authservice_session");

    let page = browser.go("/katib/");

    assert_eq!(page.address.path, "/katib/");
    assert_eq!(page.user(), ALICE);
}

#[test]
fn the_session_is_kept_from_scripts_from_plain_http_and_from_other_sites() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.go("/");
    let callback = browser.come_back(&form, ALICE);

    let cookies = callback.all("set-cookie").into_iter();
    let session: Vec<_> = cookies
        .filter(|it| it.starts_with("authservice_session="))
        .collect();
    let attributes = session[0].split_once(';').unwrap().1;
    assert_eq!(session.len(), 1);
    assert_eq!(
        attributes,
        " Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure"
    );
    assert_eq!(callback.header("cache-control"), Some("no-store"));
}

#[test]
fn scopes_and_extra_parameters_reach_the_provider() {
    let stage = Stage::with(json!({"provider": {
        "scopes": ["openid", "email", "api://kubeflow/read"],
        "authorizationParameters": {"prompt": "select_account", "domain_hint": "a&b=c d"},
    }}));

    let form = stage.browser().go("/");

    let parameter = |name| form.address.parameter(name).unwrap();
    assert_eq!(parameter("scope"), "openid email api://kubeflow/read");
    assert_eq!(parameter("prompt"), "select_account");
    assert_eq!(parameter("domain_hint"), "a&b=c d");
}

#[test]
fn an_endpoint_may_have_a_query_of_its_own() {
    let stage = Stage::cold(json!({}));
    let endpoint = "https://login.example.com/authorize?policy=sign-in";
    stage.provider.announces("authorization_endpoint", endpoint);

    let form = stage.browser().go("/");

    assert!(form.is_sign_in_form());
    assert_eq!(form.address.parameter("policy").unwrap(), "sign-in");
}

#[test]
fn each_public_host_signs_in_for_itself() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let page = browser.go("https://kubeflow.example.org:8443/notebooks?x");

    assert_eq!(
        page.address.to_string(),
        "https://kubeflow.example.org:8443/notebooks?x"
    );
    assert_eq!(page.user(), ALICE);
}

/// What a load balancer without a name may have (RFC 3986 §3.2.2).
#[test]
fn an_address_of_ipv6_is_a_public_host_like_any_other() {
    let stage = Stage::with(json!({"publicHosts": ["[2001:db8::7]"]}));
    let registered = "https://[2001:db8::7]/authservice/oidc/callback";
    stage.provider.registers(registered);
    let mut browser = stage.browser();

    let form = browser.go("https://[2001:db8::7]/notebooks?x");
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(
        page.address.to_string(),
        "https://[2001:db8::7]/notebooks?x"
    );
    assert_eq!(page.user(), ALICE);
}

#[test]
fn a_host_is_the_same_with_its_default_port_and_in_upper_case() {
    let stage = Stage::new();

    for authority in ["kubeflow.example.com:443", "KubeFlow.Example.COM"] {
        let form = stage.browser().go(&format!("https://{authority}/"));
        assert_eq!(
            form.address.parameter("redirect_uri").unwrap(),
            "https://kubeflow.example.com/authservice/oidc/callback"
        );
    }
}

#[test]
fn an_older_registration_keeps_working() {
    let stage = Stage::with(json!({"callback": {"path": "/login/oidc"}}));

    let page = stage.browser().sign_in("/pipeline/");

    assert_eq!(page.address.path, "/pipeline/");
}

#[test]
fn every_callback_alias_is_answered_as_the_callback() {
    let stage = Stage::new();

    for alias in ["/login/oidc", "/oauth2/callback"] {
        let mut browser = stage.browser();
        let form = browser.go("/katib/");
        let mut redirect = browser.enter_password_only(&form, ALICE);
        redirect.edit_location("/authservice/oidc/callback", alias);

        assert_eq!(browser.follow(redirect).address.path, "/katib/");
    }
}

#[test]
fn a_provider_that_does_not_name_itself_in_its_responses_will_do() {
    let stage = Stage::cold(json!({}));
    stage.provider.does_not_name_itself();
    stage.pass(0);

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}

#[test]
fn a_provider_without_discovery_will_do() {
    let stage = Stage::with(json!({"provider": {
        "authorizationEndpoint": "https://login.example.com/authorize",
        "tokenEndpoint": "https://login.example.com/token",
        "jwksUri": "https://login.example.com/keys?v=1",
    }}));

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
    assert_eq!(stage.provider.calls(Endpoint::Discovery), 0);
}

#[test]
fn an_address_that_is_too_long_to_keep_is_cut_to_its_path_and_then_to_the_front_page() {
    let stage = Stage::new();
    let (longest, long) = ("x".repeat(1_023), "x".repeat(1_100));

    for (asked, landed) in [
        (format!("/{longest}"), format!("/{longest}")),
        (format!("/a?{long}"), "/a".to_owned()),
        (format!("/{long}?a"), "/".to_owned()),
    ] {
        assert_eq!(stage.browser().sign_in(&asked).address.path, landed);
    }
}

#[test]
fn a_cookie_name_that_binds_the_session_to_the_host_works_from_sign_in_to_sign_out() {
    let stage = Stage::with(json!({"session": {"cookieName": "__Host-kubeflow"}}));
    let mut browser = stage.browser();

    assert_eq!(browser.sign_in("/katib/").user(), ALICE);
    let end = browser.follow_link_from("https://kubeflow.example.com", "/logout");
    let end = browser.follow(end);

    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert_eq!(browser.jar.names(), ["__Host-kubeflow_ended"]);
}

#[test]
fn a_user_without_email_is_known_by_the_next_claim() {
    let stage = Stage::with(json!({"identity": {"prefix": "corp:"}}));
    stage.provider.omits("email");
    stage.provider.claims("preferred_username", "alice");
    stage.provider.omits("groups");

    let page = stage.browser().sign_in("/");

    assert_eq!(page.user(), "corp:alice");
    assert_eq!(page.upstream.unwrap().text("kubeflow-groups"), "");
}

#[test]
fn an_account_that_cannot_be_named_is_told_so() {
    let stage = Stage::new();

    for (claim, value) in [
        ("email", json!("al\u{ef}ce@example.com")),
        ("email", json!(" alice@example.com")),
        ("email", json!("alice\r\nkubeflow-userid: root")),
        ("email", json!("")),
        ("email", json!(["alice@example.com"])),
        ("groups", json!(["a,admins"])),
        ("groups", json!({"admins": true})),
    ] {
        stage.provider.claims(claim, value);
        let page = stage.browser().sign_in("/");
        assert_eq!(page.status, 403);
        assert!(page.body.contains("Your account cannot be used here"));
        assert!(page.report.contains(claim), "{}", page.report);
        stage.provider.tells_the_truth();
    }
}

#[test]
fn an_account_in_too_many_groups_for_a_cookie_is_told_so() {
    let stage = Stage::new();
    let groups: Vec<String> = (0..300).map(|it| format!("group-number-{it}")).collect();
    stage.provider.claims("groups", groups);

    let page = stage.browser().sign_in("/");

    assert_eq!(page.status, 403);
    assert!(page.body.contains("too many groups"), "{}", page.body);
    assert!(page.cookies_set().is_empty());
}
