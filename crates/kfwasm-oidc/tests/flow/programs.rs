use kfwasm_oidc::Outcome;
use serde_json::json;

use crate::support::program::{AUTHORIZE, Program, TOKEN, json, posted, press};
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

#[test]
fn a_program_gets_a_session_of_its_own_when_the_person_allows_it() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let program = Program::new();

    let question = browser.go(&program.address());
    assert_eq!(question.outcome, Some(Outcome::ProgramAsked));
    assert!(question.body.contains(ALICE), "{}", question.body);
    let answer = press(&mut browser, &question, "Allow");

    let location = answer.location();
    let place = location.origin() + location.path_alone();
    assert_eq!(
        (answer.status, place.as_str()),
        (303, "http://127.0.0.1:51234/callback")
    );
    assert_eq!(
        location.parameter("state").as_deref(),
        Some("of the program")
    );
    assert_eq!(
        location.parameter("iss").as_deref(),
        Some("https://kubeflow.example.com")
    );
    let code = location.parameter("code").unwrap();
    let given = program.exchange(&stage.gateway, &code);
    assert_eq!(
        (given.status, given.outcome),
        (200, Some(Outcome::ProgramSignedIn))
    );
    let token = json(&given);
    assert_eq!(token["token_type"], "cookie");
    assert_eq!(token["cookie_name"], "authservice_session");
    assert_eq!(token["user"], ALICE);
    let cookie = format!(
        "authservice_session={}",
        token["access_token"].as_str().unwrap()
    );
    let page = stage
        .gateway
        .handle(&Request::new("GET", "/pipeline/apis/v2beta1/runs").with("cookie", cookie));
    assert_eq!(page.user(), ALICE);
    assert_ne!(token["access_token"], browser.session_cookie());
}

#[test]
fn whoever_is_not_signed_in_signs_in_first_and_is_then_asked() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let program = Program::new();

    let form = browser.go(&program.address());
    let question = browser.enter_password(&form, ALICE);

    assert_eq!(question.outcome, Some(Outcome::ProgramAsked));
    let answer = press(&mut browser, &question, "Allow");
    let code = answer.location().parameter("code").unwrap();
    assert_eq!(program.exchange(&stage.gateway, &code).status, 200);
}

#[test]
fn a_person_who_cancels_gives_nothing() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let location = Program::new().ask(&mut browser, "Cancel").location();

    assert_eq!(
        location.parameter("error").as_deref(),
        Some("access_denied")
    );
    assert_eq!(
        location.parameter("state").as_deref(),
        Some("of the program")
    );
    assert_eq!(location.parameter("code"), None);
}

#[test]
fn a_code_is_copied_by_hand_where_the_program_has_no_browser() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let program = Program {
        redirect_uri: OUT_OF_BAND.to_owned(),
        ..Program::new()
    };

    let page = program.ask(&mut browser, "Allow");

    assert_eq!(
        (page.status, page.outcome),
        (200, Some(Outcome::ProgramAllowed))
    );
    let (_, code) = page.body.split_once("<code class=\"code\">").unwrap();
    let (code, _) = code.split_once('<').unwrap();
    stage.pass(299);
    assert_eq!(program.exchange(&stage.gateway, code).status, 200);
    let cancelled = program.ask(&mut browser, "Cancel");
    assert!(
        cancelled.body.contains("The program got nothing"),
        "{}",
        cancelled.body
    );
}

#[test]
fn the_session_of_a_program_ends_when_the_persons_own_would() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    // Six days and twenty-three hours of the seven days are over.
    for _ in 0..167 {
        stage.pass(3_600);
        assert!(browser.is_signed_in());
    }
    let program = Program::new();

    let code = program.allowed(&mut browser);
    let token = json(&program.exchange(&stage.gateway, &code));

    assert_eq!(token["expires_in"], 3_600);
    let cookie = format!(
        "authservice_session={}",
        token["access_token"].as_str().unwrap()
    );
    let request = Request::new("GET", "/").with("cookie", cookie);
    assert!(stage.gateway.handle(&request).upstream.is_some());
    stage.pass(3_600);
    assert_eq!(stage.gateway.handle(&request).status, 401);
}

#[test]
fn every_gateway_with_the_same_keys_can_give_the_session() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());

    let config = crate::support::stage::config(json!({}));
    stage
        .gateway
        .restart(&config, crate::support::stage::OLD_KEY);

    assert_eq!(program.exchange(&stage.gateway, &code).status, 200);
}

/// By this `kfwasm login` finds out that the gateway can do it.
#[test]
fn a_post_without_a_form_is_an_invalid_request() {
    let stage = Stage::new();

    let answer = stage.gateway.handle(&Request::new("POST", TOKEN));

    assert_eq!(answer.status, 400);
    assert_eq!(json(&answer)["error"], "invalid_request");
}

#[test]
fn a_form_that_does_not_arrive_is_the_operators_to_mend() {
    let stage = Stage::new();
    let request = Program::new()
        .token_request("code")
        .without("x-kfwasm-body");

    let answer = stage.gateway.handle(&request);

    assert_eq!(answer.status, 501);
    assert_eq!(json(&answer)["error"], "server_error");
    assert!(answer.report.contains("kfwasm.bodies"), "{}", answer.report);
}

#[test]
fn where_programs_are_not_wanted_the_paths_are_like_any_other() {
    let stage = Stage::with(json!({"programs": {"enabled": false}}));
    let mut browser = stage.signed_in();

    let page = browser.go(&Program::new().address());

    assert!(page.upstream.is_some());
    assert_eq!(stage.gateway.handle(&posted(TOKEN, &[])).status, 401);
}

#[test]
fn a_request_without_parameters_is_a_page() {
    let stage = Stage::new();

    let page = stage.browser().go(AUTHORIZE);

    assert_eq!(page.status, 400);
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
}
