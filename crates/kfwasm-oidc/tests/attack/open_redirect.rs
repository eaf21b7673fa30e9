use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage};

/// Paths that browsers, or readers of `Location`, could take for another origin or another header.
const LURES: [&str; 30] = [
    "//evil.example/phish",
    "///evil.example/phish",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/%09/evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "HTTPS://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example/",
    ".evil.example/",
    ":8443@evil.example/",
    "evil.example",
    "*",
    "/\r\nLocation: https://evil.example/",
    "/%0d%0aLocation:%20https://evil.example/",
    "/\r\nSet-Cookie: authservice_session=x",
    "/?next=//evil.example&next=\\\\evil.example",
    "/\u{2215}\u{2215}evil.example",
];

/// Whatever follows the first slash after the host, no reader takes it for another host.
fn assert_ours(response: &Response, lure: &str) {
    let location = response.header("location").unwrap();
    assert!(
        location.starts_with("https://kubeflow.example.com/"),
        "{lure}: {location}"
    );
    assert_eq!(response.all("location").len(), 1);
}

#[test]
fn after_sign_in_no_path_leads_to_another_origin() {
    let stage = Stage::new();
    for lure in LURES {
        let mut browser = stage.browser();
        let response = browser.send(Request::navigation("/").replacing(":path", lure));
        let form = browser.follow(response);

        let callback = browser.come_back(&form, ALICE);

        assert_eq!(callback.status, 302, "{lure}: {}", callback.report);
        assert_ours(&callback, lure);
    }
}

#[test]
fn on_the_way_to_https_no_path_leads_to_another_origin() {
    let stage = Stage::new();
    for lure in LURES {
        let request = Request::navigation("/")
            .replacing("x-forwarded-proto", "http")
            .replacing(":path", lure);

        let response = stage.gateway.handle(&request);

        match response.status {
            308 => assert_ours(&response, lure),
            // What cannot be redirected is asked to sign in, as over https.
            status => assert_eq!(status, 302, "{lure}"),
        }
    }
}

#[test]
fn no_parameter_of_the_callback_chooses_where_the_browser_lands() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/katib/");
    let mut redirect = browser.enter_password_only(&form, ALICE);
    redirect.edit_location(
        "?",
        "?rd=https://evil.example&redirect=//evil.example&return_to=//evil.example&next=//evil.example&",
    );

    let page = browser.follow(redirect);

    assert_eq!(
        page.address.to_string(),
        "https://kubeflow.example.com/katib/"
    );
}

#[test]
fn no_parameter_of_the_sign_out_chooses_where_the_browser_lands() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser
        .open("/logout?rd=https://evil.example&post_logout_redirect_uri=https://evil.example");

    assert!(!reply.header("location").unwrap().contains("evil"));
}
