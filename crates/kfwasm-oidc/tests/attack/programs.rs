use kfwasm_oidc::{Host, Outcome, RelyingParty, Step};
use serde_json::json;

use crate::support::gateway::decide;
use crate::support::program::{
    AUTHORIZE, Program, TOKEN, answer, json as read, posted, press, question,
};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{HOST, OLD_KEY, Stage, config};

/// A program that listens at another port than the honest one.
fn thief() -> Program {
    Program {
        verifier: "M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag".to_owned(),
        redirect_uri: "http://127.0.0.1:6666/callback".to_owned(),
        ..Program::new()
    }
}

fn assert_refused(answer: &Response, error: &str) {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(read(answer)["error"], error);
    assert!(!answer.body.contains("access_token"), "{}", answer.body);
}

/// What is revoked with a session is what was made of it: so nothing is made of that.
#[test]
fn a_programs_session_lets_no_other_program_in() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let program = Program::new();
    let request = program.signed_in(&stage.gateway, &mut browser);

    let mut thief = stage.browser();
    let cookie = request.text("cookie");
    thief.plant("authservice_session", cookie.split_once('=').unwrap().1);
    let answer = thief.open(&program.address());

    assert_eq!(answer.outcome, Some(Outcome::SignInStarted));
    assert!(thief.is_signed_in(), "elsewhere it counts");
}

#[test]
fn a_code_serves_once_whoever_brings_it_first() {
    let stage = Stage::new();
    stage.gateway.add_worker(&config(json!({})));
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());

    assert_eq!(program.exchange(&stage.gateway, &code).status, 200);

    for worker in [0, 1] {
        stage.gateway.serve_with(worker);
        assert_refused(&program.exchange(&stage.gateway, &code), "invalid_grant");
    }
}

#[test]
fn a_code_serves_once_at_workers_that_get_it_at_the_same_moment() {
    let stage = Stage::new();
    stage.gateway.add_worker(&config(json!({})));
    let program = Program::new();
    let request = program.token_request(&program.allowed(&mut stage.signed_in()));
    let outcome = |it: &mut RelyingParty, host: &mut Host<'_>| match decide(&request, it, host) {
        Step::Reply(reply) => reply.outcome,
        _ => panic!("it is answered at once"),
    };

    let mut second = Vec::new();
    let first = stage.gateway.with_contention([0, 1], outcome, |it, host| {
        second.push(outcome(it, host));
    });

    assert_eq!(second, [Outcome::ProgramSignedIn]);
    assert_eq!(first, Outcome::ProgramRefused);
}

#[test]
fn a_stolen_code_is_worth_nothing_without_its_verifier() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());

    for verifier in [thief().verifier.as_str(), "x", &"x".repeat(129), " "] {
        let request = program.token_request_with(&code, &[("code_verifier", verifier)]);
        assert_refused(&stage.gateway.handle(&request), "invalid_grant");
    }
    let without = program.token_request_with(&code, &[("code_verifier", "")]);
    assert_refused(&stage.gateway.handle(&without), "invalid_request");
    // The honest program still gets its session.
    assert_eq!(program.exchange(&stage.gateway, &code).status, 200);
}

#[test]
fn a_code_that_is_injected_into_another_programs_sign_in_is_refused() {
    let stage = Stage::new();
    let stolen = Program::new().allowed(&mut stage.signed_in());

    assert_refused(&thief().exchange(&stage.gateway, &stolen), "invalid_grant");
}

#[test]
fn a_code_goes_with_its_redirect_uri() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());

    for other in [
        "http://127.0.0.1:6666/callback",
        "urn:ietf:wg:oauth:2.0:oob",
    ] {
        let request = program.token_request_with(&code, &[("redirect_uri", other)]);
        assert_refused(&stage.gateway.handle(&request), "invalid_grant");
    }
}

#[test]
fn a_code_that_is_old_changed_or_made_up_is_refused() {
    let stage = Stage::new();
    let program = Program::new();
    let browser = &mut stage.signed_in();
    let code = program.allowed(browser);

    let cut = code.get(1..).unwrap();
    for other in [cut, "x", &browser.session_cookie()] {
        assert_refused(&program.exchange(&stage.gateway, other), "invalid_grant");
    }
    stage.pass(60);
    assert_refused(&program.exchange(&stage.gateway, &code), "invalid_grant");
}

#[test]
fn a_question_is_no_code_and_a_code_is_no_session() {
    let stage = Stage::new();
    let program = Program::new();
    let mut browser = stage.signed_in();
    let page = browser.go(&program.address());
    let question = question(&page);
    let code = program.allowed(&mut browser);

    assert_refused(&program.exchange(&stage.gateway, question), "invalid_grant");
    let cookie = format!("authservice_session={code}");
    let request = Request::new("GET", "/").with("cookie", cookie);
    assert_eq!(stage.gateway.handle(&request).status, 401);
}

#[test]
fn a_code_of_one_public_host_is_nothing_at_another() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());

    let request = program
        .token_request(&code)
        .replacing(":authority", "kubeflow.example.org:8443");

    assert_refused(&stage.gateway.handle(&request), "invalid_grant");
}

#[test]
fn an_answer_goes_to_no_address_but_this_machines() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    for uri in [
        "https://evil.example/callback",
        "http://localhost:51234/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://127.0.0.1.evil.example:80/callback",
        "http://127.0.0.1:51234/callback?next=https://evil.example",
        "javascript:alert(1)",
        "",
    ] {
        let page = browser.go(&Program::new().address_with(&[("redirect_uri", uri)]));

        assert_eq!(page.status, 400, "{uri}");
        assert_eq!(page.header("location"), None, "{uri}");
        assert!(!page.body.contains("evil"), "{uri}: {}", page.body);
    }
}

#[test]
fn a_request_without_s256_or_with_a_parameter_twice_asks_nobody() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    for (name, value) in [
        ("code_challenge_method", "plain"),
        ("code_challenge_method", ""),
        ("code_challenge", ""),
        ("code_challenge", "short"),
        ("response_type", "token"),
    ] {
        let answer = browser.open(&Program::new().address_with(&[(name, value)]));
        assert_eq!(answer.status, 303, "{name}={value}");
        assert!(
            answer.location().parameter("error").is_some(),
            "{name}={value}"
        );
        assert_eq!(answer.outcome, Some(Outcome::ProgramRefused));
    }
    for faulty in ["&redirect_uri=urn:ietf:wg:oauth:2.0:oob", "&state=a"] {
        let page = browser.open(&[&Program::new().address(), faulty].concat());
        assert_eq!(
            (page.status, page.header("location")),
            (400, None),
            "{faulty}"
        );
    }
    let other = browser.open(&Program::new().address_with(&[("client_id", "another")]));
    assert_eq!((other.status, other.header("location")), (400, None));
}

/// A notebook's script runs in the gateway's own origin, with its visitor's session.
#[test]
fn no_script_and_no_frame_gets_to_see_the_question() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let address = Program::new().address();
    let navigation = || Request::navigation(&address);
    for request in [
        Request::script("GET", &address),
        Request::script("GET", &address).replacing("accept", "text/html"),
        navigation().replacing("sec-fetch-dest", "iframe"),
        navigation().replacing("sec-fetch-dest", "object"),
        navigation().with("sec-purpose", "prefetch"),
        // A browser that does not say who asks could be anything.
        Request::new("GET", &address).with("accept", "text/html"),
    ] {
        let answer = browser.send(request);

        assert_eq!(answer.status, 403, "{}", answer.body);
        assert!(!answer.body.contains("question"), "{}", answer.body);
    }
}

/// Without reading the page, nobody can answer for the person; and no page can be laid over it.
#[test]
fn no_script_can_read_the_question_and_no_site_can_frame_it() {
    let stage = Stage::new();
    let page = stage.signed_in().go(&Program::new().address());

    let policy = page.header("content-security-policy").unwrap();

    let own = format!("https://{HOST}");
    for rule in [
        "sandbox allow-forms;",
        "frame-ancestors 'none'",
        "default-src 'none'",
        &format!("form-action {own} http://127.0.0.1:51234;"),
    ] {
        assert!(policy.contains(rule), "{rule}: {policy}");
    }
}

#[test]
fn an_answer_to_a_question_that_was_not_asked_gives_nothing() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let page = browser.go(&Program::new().address());
    let answer = |question: &str| answer(AUTHORIZE, &[("answer", "allow"), ("question", question)]);

    for made_up in ["", "x", &browser.session_cookie()] {
        let refused = browser.send(answer(made_up));
        assert_eq!((refused.status, refused.header("location")), (400, None));
    }
    // Nor does one that came too late, or by a script.
    let scripted = answer(question(&page)).replacing("sec-fetch-mode", "cors");
    assert_eq!(browser.send(scripted).status, 403);
    stage.pass(600);
    assert_eq!(press(&mut browser, &page, "Allow").status, 400);
}

/// Access logs keep addresses for long, and more people read them than may act for others.
#[test]
fn nothing_of_a_question_stands_in_an_address() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let page = browser.go(&Program::new().address());
    let sealed = question(&page);

    let (_, form) = page.body.split_once("<form").unwrap();
    assert!(form.contains(&format!("action=\"{AUTHORIZE}\"")), "{form}");
    let url = format!("{AUTHORIZE}?answer=allow&question={sealed}");
    for request in [Request::form(&url), answer(&url, &[])] {
        let refused = browser.send(request);
        assert_eq!((refused.status, refused.header("location")), (400, None));
    }
}

#[test]
fn a_gateway_that_does_not_hand_the_answer_over_says_so() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let page = browser.go(&Program::new().address());
    let fields = [("answer", "allow"), ("question", question(&page))];

    let refused = browser.send(answer(AUTHORIZE, &fields).without("x-kfwasm-body"));

    assert_eq!((refused.status, refused.header("location")), (503, None));
    assert!(
        refused.report.contains("kfwasm.bodies"),
        "{}",
        refused.report
    );
}

#[test]
fn a_question_outlives_neither_its_session_nor_a_revocation() {
    let revoked = json!({"session": {"revocation": {"notBefore": "2040-01-01T00:00:00Z"}}});
    let short = json!({"session": {"idle": "1s", "absolute": "1s"}});
    for changes in [revoked, short] {
        let stage = Stage::new();
        let program = Program::new();
        let mut browser = stage.signed_in();
        let page = browser.go(&program.address());
        let code = program.allowed(&mut browser);
        stage.pass(2);

        stage.gateway.restart(&config(changes), OLD_KEY);

        assert_eq!(press(&mut browser, &page, "Allow").status, 400);
        assert_refused(&program.exchange(&stage.gateway, &code), "invalid_grant");
    }
}

#[test]
fn a_form_that_names_a_field_twice_or_is_no_form_is_refused() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());
    let good = || program.token_request(&code);
    for request in [
        posted(TOKEN, &[("code", &code), ("code", &code)]),
        good().replacing("content-type", "application/json"),
        good().replacing("x-kfwasm-body", "%%%"),
        good().replacing("x-kfwasm-body", "/w=="),
    ] {
        assert_refused(&stage.gateway.handle(&request), "invalid_request");
    }
    let long = good().replacing("x-kfwasm-body", "QUFB".repeat(8 * 1024));
    assert_eq!(stage.gateway.handle(&long).status, 413);
    let got = good().replacing(":method", "GET");
    assert_eq!(stage.gateway.handle(&got).status, 405);
}

#[test]
fn no_report_tells_a_code_a_verifier_or_a_session() {
    let stage = Stage::new();
    let program = Program::new();
    let code = program.allowed(&mut stage.signed_in());
    let wrong = program.token_request_with(&code, &[("redirect_uri", "x")]);
    stage.gateway.handle(&wrong);
    stage.gateway.handle(&wrong.without("x-kfwasm-body"));
    thief().exchange(&stage.gateway, &code);
    program.exchange(&stage.gateway, &code);
    program.exchange(&stage.gateway, &code);

    let shared = stage.gateway.shared().written.clone();
    let record = stage.gateway.record();
    assert!(record.holds(b"kfwasm.bodies"), "no report was recorded");
    for secret in [code.as_bytes(), program.verifier.as_bytes()] {
        assert!(!record.holds(secret));
        let leaks = |value: &Vec<u8>| value.windows(secret.len()).any(|it| it == secret);
        assert!(!shared.iter().any(leaks));
    }
}
