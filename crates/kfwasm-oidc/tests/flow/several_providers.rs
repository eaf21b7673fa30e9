use serde_json::json;

use crate::support::browser::Browser;
use crate::support::program::posted;
use crate::support::provider::{CLIENT_ID, Endpoint, ISSUER, Provider};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, HOST, PARTNERS, Stage, config};

/// The links of a chooser page with their labels, as a browser reads them.
fn choices(page: &Response) -> Vec<(String, String)> {
    let links = page.body.split("<a class=\"button\" href=\"").skip(1);
    links
        .map(|link| {
            let (href, rest) = link.split_once("\">").unwrap();
            let (label, _) = rest.split_once("</a>").unwrap();
            let href = href.replace("&#38;", "&").replace("&amp;", "&");
            (format!("https://{HOST}{href}"), label.to_owned())
        })
        .collect()
}

/// Chooses a provider on the page that `url` shows, and signs in there.
fn sign_in_by_choice(browser: &mut Browser, url: &str, choice: usize) -> Response {
    let page = browser.open(url);
    let form = browser.go(&choices(&page)[choice].0);
    browser.enter_password(&form, ALICE)
}

#[test]
fn people_choose_between_providers_and_land_on_the_page_that_they_asked_for() {
    let (stage, _) = Stage::with_partners(json!({}));
    for (choice, label) in [(0, "Employees"), (1, "login.partners.example")] {
        let mut browser = stage.browser();
        let page = browser.open("/pipeline/runs?ns=a%20b&sort=asc");
        assert_eq!(page.status, 401);
        assert_eq!(choices(&page).len(), 2);
        assert_eq!(choices(&page)[choice].1, label);

        let page = sign_in_by_choice(&mut browser, "/pipeline/runs?ns=a%20b&sort=asc", choice);

        assert_eq!(page.address.path, "/pipeline/runs?ns=a%20b&sort=asc");
        assert_eq!(page.user(), ALICE);
        assert!(browser.is_signed_in());
    }
}

/// What the providers tell of Alice.
const GROUPS: [&str; 2] = ["data-science", "0f8fad5b-d9cb-469f-a165-70867728950e"];

/// Somebody at a partner can have an account there of the same name as an employee's.
#[test]
fn a_prefix_keeps_the_users_and_groups_of_one_provider_apart_from_those_of_another() {
    let mut changes = json!({
        "identity": { "prefix": "people:" },
        "access": [{ "prefix": "/admin", "groups": ["data-science"] }],
    });
    changes["further"] = json!([{
        "name": "partners",
        "issuer": PARTNERS,
        "clientId": "kubeflow",
        "clientSecret": { "env": "CLIENT_SECRET" },
        "idTokenSigningAlgorithms": ["ES256"],
        "prefix": "partners:",
        "groupsPrefix": "partners:",
    }]);
    let (stage, _) = Stage::with_partners(changes);
    let [mut employee, mut partner] = [stage.browser(), stage.browser()];

    let of_employee = sign_in_by_choice(&mut employee, "/", 0).upstream.unwrap();
    let of_partner = sign_in_by_choice(&mut partner, "/", 1).upstream.unwrap();

    assert_eq!(
        of_employee.text("kubeflow-userid"),
        format!("people:{ALICE}")
    );
    assert_eq!(of_employee.text("kubeflow-groups"), GROUPS.join(","));
    assert_eq!(
        of_partner.text("kubeflow-userid"),
        format!("partners:{ALICE}")
    );
    let of_partner = of_partner.text("kubeflow-groups");
    assert_eq!(
        of_partner,
        GROUPS.map(|it| format!("partners:{it}")).join(",")
    );
    assert!(employee.open("/admin").upstream.is_some());
    assert_eq!(partner.open("/admin").status, 403);
}

#[test]
fn each_provider_gets_its_own_codes_at_its_own_redirect_uri() {
    let (stage, partners) = Stage::with_partners(json!({}));
    let mut browser = stage.browser();
    let page = browser.open("/");
    let sent = browser.open(&choices(&page)[1].0);

    let location = sent.location();
    assert_eq!(location.authority, "login.partners.example");
    assert_eq!(
        location.parameter("redirect_uri").unwrap(),
        format!("https://{HOST}/authservice/oidc/callback/partners")
    );
    let sent = browser.open(&choices(&page)[0].0);
    assert_eq!(
        sent.location().parameter("redirect_uri").unwrap(),
        format!("https://{HOST}/authservice/oidc/callback")
    );
    sign_in_by_choice(&mut browser, "/", 1);
    assert_eq!(calls_for_tokens(&partners), 1);
    assert_eq!(calls_for_tokens(&stage.provider), 0);
}

fn calls_for_tokens(provider: &Provider) -> usize {
    provider.calls(Endpoint::Token)
}

#[test]
fn a_host_with_one_provider_goes_straight_there() {
    let (stage, _) = Stage::with_partners(json!({
        "provider": { "hosts": [HOST] },
        "further": [{
            "name": "partners",
            "issuer": PARTNERS,
            "clientId": "kubeflow",
            "clientSecret": { "env": "CLIENT_SECRET" },
            "idTokenSigningAlgorithms": ["ES256"],
            "hosts": ["kubeflow.example.org:8443"],
        }],
    }));
    let mut browser = stage.browser();

    let here = browser.open("/");
    let there = browser.open("https://kubeflow.example.org:8443/");

    assert_eq!(here.location().authority, "login.example.com");
    assert_eq!(there.location().authority, "login.partners.example");
    assert_eq!(
        there.location().parameter("redirect_uri").unwrap(),
        "https://kubeflow.example.org:8443/authservice/oidc/callback",
        "the first provider of each host has the usual path there"
    );
}

#[test]
fn a_session_counts_on_the_hosts_of_its_provider_alone() {
    let (stage, _) = Stage::with_partners(json!({ "provider": { "hosts": [HOST] } }));
    let mut browser = stage.browser();
    let page = browser.open("/");
    assert_eq!(page.status, 401, "both serve this host");
    sign_in_by_choice(&mut browser, "/", 0);
    let cookie = format!("authservice_session={}", browser.session_cookie());

    let there = Request::navigation("https://kubeflow.example.org:8443/");
    let there = stage.gateway.handle(&there.with("cookie", cookie));

    assert!(there.upstream.is_none());
    assert_eq!(there.location().authority, "login.partners.example");
}

#[test]
fn a_sign_out_is_told_to_the_provider_of_the_session() {
    let (stage, _) = Stage::with_partners(json!({}));
    let mut browser = stage.browser();
    sign_in_by_choice(&mut browser, "/", 1);

    let left = browser.open("/logout");

    assert_eq!(left.location().authority, "login.partners.example");
    let landing = left.location().parameter("post_logout_redirect_uri");
    let expected = format!("https://{HOST}/authservice/oidc/callback/partners");
    assert_eq!(landing.unwrap(), expected);
    let page = browser.follow(left);
    assert!(page.body.contains("You are signed out"), "{}", page.status);
}

#[test]
fn a_session_ends_when_its_provider_is_taken_away_and_those_of_others_go_on() {
    let (stage, _) = Stage::with_partners(json!({}));
    let (mut employee, mut partner) = (stage.browser(), stage.browser());
    sign_in_by_choice(&mut employee, "/", 0);
    sign_in_by_choice(&mut partner, "/", 1);

    let alone = json!({ "provider": { "name": "employees" } });
    stage.gateway.add_worker(&config(alone));

    assert!(employee.is_signed_in());
    assert!(!partner.is_signed_in());
}

#[test]
fn a_provider_that_is_down_keeps_nobody_from_the_other() {
    let (stage, partners) = Stage::with_partners(json!({}));
    partners.goes_down();
    let mut browser = stage.browser();

    let page = sign_in_by_choice(&mut browser, "/", 0);

    assert_eq!(page.status, 200);
    let mut partner = stage.browser();
    let page = partner.open("/");
    let form = partner.go(&choices(&page)[1].0);
    let page = partner.enter_password(&form, ALICE);
    assert_eq!(page.status, 503, "{}", page.report);
}

#[test]
fn programs_are_offered_no_choice() {
    let (stage, _) = Stage::with_partners(json!({}));

    let answer = stage.browser().fetch("/pipeline/runs");

    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
}

#[test]
fn a_start_path_sends_no_script_and_no_frame_to_a_provider() {
    let (stage, _) = Stage::with_partners(json!({}));
    let path = "/authservice/oidc/callback/partners/start?return_to=%2F";

    let script = stage.browser().fetch(path);
    let frame = Request::navigation(path).replacing("sec-fetch-dest", "iframe");
    let frame = stage.browser().send(frame);

    assert_eq!((script.status, frame.status), (401, 401));
    assert!(script.header("location").is_none() && frame.header("location").is_none());
}

/// A logout token of a provider for this `sid`, which says to be of that issuer.
fn logout_token(stage: &Stage, signer: &Provider, issuer: &str, sid: &str) -> Request {
    let now = stage.clock.now().0;
    let token = signer.signs(&json!({
        "iss": issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "1", "sid": sid,
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    }));
    posted(
        "/authservice/backchannel-logout",
        &[("logout_token", &token)],
    )
}

#[test]
fn each_provider_ends_its_own_sessions_and_no_others() {
    const SID: &str = "08a5019c-17e1-4977-8f42-65a12843ea02";
    let (stage, partners) = Stage::with_partners(json!({}));
    stage.provider.claims("sid", SID);
    partners.claims("sid", SID);
    let (mut employee, mut partner) = (stage.browser(), stage.browser());
    sign_in_by_choice(&mut employee, "/", 0);
    sign_in_by_choice(&mut partner, "/", 1);

    let forged = logout_token(&stage, &partners, ISSUER, SID);
    assert_eq!(stage.gateway.handle(&forged).status, 400);
    assert!(employee.is_signed_in() && partner.is_signed_in());

    let own = logout_token(&stage, &partners, PARTNERS, SID);
    assert_eq!(stage.gateway.handle(&own).status, 200);
    assert!(employee.is_signed_in());
    assert!(!partner.is_signed_in());

    let of_partners = employee.send(frame(PARTNERS, SID));
    assert!(of_partners.all("set-cookie").is_empty());
    assert!(employee.is_signed_in());
    assert_eq!(stage.gateway.handle(&frame(ISSUER, SID)).status, 200);
    assert!(!employee.is_signed_in());
}

/// A front-channel logout of this issuer, in a frame.
fn frame(issuer: &str, sid: &str) -> Request {
    let url = format!("/authservice/frontchannel-logout?iss={issuer}&sid={sid}");
    Request::navigation(&url).replacing("sec-fetch-dest", "iframe")
}

/// An issuer may have a client for each host; its page names the issuer alone.
#[test]
fn a_frame_ends_the_session_of_whichever_client_of_the_issuer_it_is() {
    const SID: &str = "08a5019c-17e1-4977-8f42-65a12843ea02";
    let stage = Stage::with(json!({
        "provider": { "name": "elsewhere", "hosts": ["kubeflow.example.org:8443"] },
        "further": [{
            "name": "here",
            "hosts": [HOST],
            "issuer": ISSUER,
            "clientId": CLIENT_ID,
            "clientSecret": { "env": "CLIENT_SECRET" },
            "idTokenSigningAlgorithms": ["ES256"],
        }],
    }));
    stage.provider.claims("sid", SID);
    let mut browser = stage.signed_in();
    assert!(browser.is_signed_in());

    browser.send_without_cookies(frame(ISSUER, SID));

    assert!(!browser.is_signed_in());
}

#[test]
fn a_program_signs_in_at_the_provider_that_its_user_chooses() {
    let (stage, _) = Stage::with_partners(json!({}));
    let mut browser = stage.browser();
    let asked = "/authservice/programs/authorize?response_type=code&client_id=kfwasm\
        &redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fcallback&code_challenge_method=S256\
        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&state=xyz";

    let page = sign_in_by_choice(&mut browser, asked, 1);

    assert_eq!(page.status, 200, "{}", page.report);
    assert!(page.body.contains("Allow"), "{}", page.body);
}
