use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use form_urlencoded::Serializer;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::browser::Browser;
use super::gateway::Gateway;
use super::request::Request;
use super::response::Response;

/// A program on the person's machine that wants to act for them, as `kfwasm login` does (RFC 8252, RFC 7636).
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) verifier: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
}

pub(crate) const AUTHORIZE: &str = "/authservice/programs/authorize";
pub(crate) const TOKEN: &str = "/authservice/programs/token";

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
            redirect_uri: "http://127.0.0.1:51234/callback".to_owned(),
            state: "of the program".to_owned(),
        }
    }

    /// Where the program sends the browser.
    pub(crate) fn address(&self) -> String {
        self.address_with(&[])
    }

    /// The same with other parameters than the program would send; without those that are empty.
    pub(crate) fn address_with(&self, changes: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        let usual = [
            ("response_type", "code"),
            ("client_id", "kfwasm"),
            ("redirect_uri", &self.redirect_uri),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("state", &self.state),
        ];
        let mut query = Serializer::new(String::new());
        for (name, value) in usual {
            let change = changes.iter().find(|(it, _)| *it == name);
            let value = change.map_or(value, |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{AUTHORIZE}?{}", query.finish())
    }

    /// The person goes there and presses a button.
    pub(crate) fn ask(&self, browser: &mut Browser, button: &str) -> Response {
        let page = browser.go(&self.address());
        press(browser, &page, button)
    }

    /// The code that the person's permission brings.
    pub(crate) fn allowed(&self, browser: &mut Browser) -> String {
        let answer = self.ask(browser, "Allow");
        assert_eq!(answer.status, 303, "{}", answer.report);
        answer.location().parameter("code").expect("a code")
    }

    /// What the program then asks the token endpoint.
    pub(crate) fn token_request(&self, code: &str) -> Request {
        self.token_request_with(code, &[])
    }

    pub(crate) fn token_request_with(&self, code: &str, changes: &[(&str, &str)]) -> Request {
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", "kfwasm"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &self.verifier),
        ];
        let fields = usual.map(|(name, value)| {
            let change = changes.iter().find(|(it, _)| *it == name);
            (name, change.map_or(value, |(_, value)| value))
        });
        let fields: Vec<_> = fields.into_iter().filter(|it| !it.1.is_empty()).collect();
        posted(TOKEN, &fields)
    }

    /// What the program has when the person has allowed it: a request with its session.
    pub(crate) fn signed_in(&self, gateway: &Gateway, browser: &mut Browser) -> Request {
        let code = self.allowed(browser);
        let token = json(&self.exchange(gateway, &code));
        let session = token["access_token"].as_str().expect("a session");
        let cookie = format!("authservice_session={session}");
        Request::new("GET", "/pipeline/apis/v2beta1/runs").with("cookie", cookie)
    }

    pub(crate) fn exchange(&self, gateway: &Gateway, code: &str) -> Response {
        gateway.handle(&self.token_request(code))
    }
}

/// Presses a button of a page: it posts a form without cookies, because the page is in a sandbox.
pub(crate) fn press(browser: &mut Browser, page: &Response, button: &str) -> Response {
    let (form, _) = page.body.split_once(&format!(">{button}<")).expect(button);
    let value_behind = |start: &str| {
        let (_, rest) = form.rsplit_once(start).expect(start);
        rest.split_once('"').expect("a value").0
    };
    let fields = [
        ("question", question(page)),
        ("answer", value_behind("name=\"answer\" value=\"")),
    ];
    let url = value_behind("action=\"");
    browser.send_without_cookies(answer(url, &fields))
}

/// The sealed question of a page.
pub(crate) fn question(page: &Response) -> &str {
    let start = "name=\"question\" value=\"";
    let (_, rest) = page.body.split_once(start).expect("a question");
    rest.split_once('"').expect("a value").0
}

/// The answer of a person, as a browser posts it from a sandbox and the gateway hands it over.
pub(crate) fn answer(url: &str, fields: &[(&str, &str)]) -> Request {
    let form = posted(url, fields);
    ["content-type", "content-length", "x-kfwasm-body"]
        .iter()
        .fold(Request::form(url), |it, name| {
            it.with(name, form.text(name))
        })
        .replacing("sec-fetch-site", "cross-site")
        .with("origin", "null")
}

/// A form that is posted, as it reaches the module.
pub(crate) fn posted(url: &str, fields: &[(&str, &str)]) -> Request {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields);
    let body = form.finish();
    Request::new("POST", url)
        .with("content-type", "application/x-www-form-urlencoded")
        .with("content-length", body.len().to_string())
        .with("x-kfwasm-body", STANDARD.encode(body))
}

pub(crate) fn json(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    serde_json::from_str(&response.body).expect("JSON")
}
