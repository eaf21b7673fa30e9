use kfwasm_oidc::Outcome;

use crate::support::request::Request;
use crate::support::stage::{HOST, Stage};

#[test]
fn a_link_on_another_site_is_asked_about() {
    for site in ["cross-site", "same-site"] {
        let stage = Stage::new();
        let mut browser = stage.signed_in();

        let request = Request::navigation("/oauth2/sign_out").replacing("sec-fetch-site", site);
        let page = browser.send(request);

        assert_eq!(page.status, 200);
        assert!(page.body.contains("Do you want to sign out?"));
        assert!(page.body.contains("href=\"/oauth2/sign_out\""));
        assert!(page.all("set-cookie").is_empty());
        assert!(browser.is_signed_in());

        // Whoever says yes is signed out.
        browser.send(
            Request::navigation("/oauth2/sign_out").replacing("sec-fetch-site", "same-origin"),
        );
        assert!(!browser.is_signed_in());
    }
}

/// Each is a POST that another site made the browser send.
#[test]
fn a_form_on_another_site_is_refused() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let old_browser = || {
        Request::new("POST", "/logout")
            .with("accept", "text/html")
            .with("cookie", format!("authservice_session={}", "x"))
    };
    for request in [
        Request::form("/logout").replacing("sec-fetch-site", "cross-site"),
        Request::form("/logout").replacing("sec-fetch-site", "same-site"),
        Request::script("POST", "/logout").replacing("sec-fetch-site", "cross-site"),
        old_browser().with("origin", "https://evil.example"),
        old_browser().with("origin", "https://kubeflow.example.com.evil.example"),
        old_browser().with("origin", "http://kubeflow.example.com"),
        old_browser().with("origin", "https://kubeflow.example.org:8443"),
        old_browser().with("origin", "null"),
        old_browser().with(
            "referer",
            "https://evil.example/https://kubeflow.example.com/",
        ),
        old_browser().with("referer", "https://kubeflow.example.com.evil.example/"),
    ] {
        let reply = browser.send(request);
        assert_eq!(reply.status, 403);
        assert_eq!(reply.outcome, Some(Outcome::Malformed));
        assert!(reply.all("set-cookie").is_empty());
    }
    assert!(browser.is_signed_in());
}

#[test]
fn an_older_browsers_own_pages_sign_out() {
    let stage = Stage::new();
    for (name, value) in [
        ("origin", format!("https://{HOST}")),
        ("referer", format!("https://{HOST}/pipeline/")),
    ] {
        let request = Request::new("POST", "/logout")
            .with("accept", "text/html")
            .with(name, value);
        assert_eq!(stage.gateway.handle(&request).status, 303);
    }
}

#[test]
fn a_link_that_does_not_say_where_it_stands_is_asked_about() {
    let stage = Stage::new();

    let request = Request::new("GET", "/logout").with("accept", "text/html");

    assert_eq!(stage.gateway.handle(&request).status, 200);
}

/// A browser that fetches ahead of need does not mean it.
#[test]
fn a_prefetch_signs_nobody_out() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser.send(Request::navigation("/logout").with("sec-purpose", "prefetch"));

    assert!(reply.all("set-cookie").is_empty());
    assert!(browser.is_signed_in());
}

#[test]
fn no_other_method_signs_out() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        let reply = browser.send(Request::script(method, "/logout"));
        assert_eq!(reply.status, 405, "{method}");
    }
    assert!(browser.is_signed_in());
}

#[test]
fn the_question_repeats_nothing_of_the_request_but_its_path() {
    let stage = Stage::new();

    let request = Request::navigation("/logout?\"><script>alert(1)</script>")
        .replacing("sec-fetch-site", "cross-site");
    let page = stage.gateway.handle(&request);

    assert!(page.body.contains("href=\"/logout\""));
    assert!(!page.body.contains("alert"));
}

#[test]
fn the_landing_page_of_a_sign_out_ends_no_session() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let page = browser.follow_link_from(
        "https://evil.example",
        &format!("https://{HOST}/login/oidc"),
    );

    assert_eq!(page.location().path, "/");
    assert!(browser.is_signed_in());
}
