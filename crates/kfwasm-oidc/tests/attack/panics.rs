use kfwasm_oidc::callout::{CalloutError, HttpResponse};
use kfwasm_oidc::{Due, Outcome, ProviderId, Published, Step};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::support::gateway::Gateway;
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Names and values that lead deep into the code. `SESSION`, `ATTEMPT` and `QUERY` stand for valid ones.
const NAMES: [&str; 22] = [
    ":method",
    ":path",
    ":authority",
    "host",
    "x-forwarded-proto",
    "cookie",
    "cookie",
    "cookie",
    "authorization",
    "accept",
    "origin",
    "referer",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-site",
    "sec-purpose",
    "upgrade",
    "x-request-id",
    "content-type",
    "x-kfwasm-body",
    "kubeflow-userid",
    "kubeflow_groups",
];
const VALUES: [&str; 33] = [
    "GET",
    "POST",
    "HEAD",
    "/",
    "/?",
    "//",
    "/healthz",
    "/logout",
    "/login/oidc",
    "/login/oidc?QUERY",
    "/authservice/programs/token",
    "/authservice/programs/authorize",
    "/authservice/programs/authorize?client_id=kfwasm&redirect_uri=http://127.0.0.1:1/callback&response_type=code",
    "/authservice/backchannel-logout",
    "/authservice/frontchannel-logout?iss=https://login.example.com&sid=0123456789abcdef",
    "application/x-www-form-urlencoded",
    "bG9nb3V0X3Rva2VuPWUzMC5lMzAu",
    "/authservice/oidc/callback?QUERY&code=x",
    "/login/oidc?error=a&state=b",
    "kubeflow.example.com",
    "kubeflow.example.com:443",
    "http",
    "https",
    "text/html",
    "navigate",
    "document",
    "iframe",
    "cross-site",
    "authservice_session=SESSION",
    "ATTEMPT",
    "a=b; authservice_session=SESSION; ATTEMPT",
    "authservice_session_attempt_AAAAAAAAAAAAAAAA=x",
    "https://kubeflow.example.com",
];

fn value() -> impl Strategy<Value = Vec<u8>> {
    let known = select(&VALUES[..]).prop_map(|it| it.as_bytes().to_vec());
    let mutated = (
        select(&VALUES[..]),
        any::<prop::sample::Index>(),
        any::<u8>(),
    );
    let mutated = mutated.prop_map(|(text, place, byte)| {
        let mut bytes = text.as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        bytes
    });
    prop_oneof![4 => known, 2 => mutated, 1 => any::<Vec<u8>>()]
}

fn headers() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    let known = select(&NAMES[..]).prop_map(|it| it.as_bytes().to_vec());
    let name = prop_oneof![8 => known, 1 => any::<Vec<u8>>()];
    proptest::collection::vec((name, value()), 0..16)
}

fn response() -> impl Strategy<Value = Result<HttpResponse, CalloutError>> {
    let bodies = [
        "",
        "{}",
        "[]",
        "{\"keys\":[{}]}",
        "{\"error\":\"x\"}",
        "{\"issuer\":\"https://login.example.com\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"id_token\":\"a.b.c\",\"expires_in\":-1}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"id_token\":\"e30.e30.\",\"expires_in\":1e999}",
    ];
    let known = select(bodies.to_vec()).prop_map(|it| it.as_bytes().to_vec());
    let body = prop_oneof![known, any::<Vec<u8>>()];
    let header = || proptest::option::of(any::<Vec<u8>>());
    let answered = (
        prop_oneof![Just(200), any::<u16>()],
        header(),
        header(),
        body,
    );
    let answered = answered.prop_map(|(status, content_type, cache_control, body)| {
        Ok(HttpResponse {
            status,
            content_type,
            cache_control,
            body,
        })
    });
    let errors = [
        CalloutError::NotSent,
        CalloutError::NoResponse,
        CalloutError::TooLong,
    ];
    prop_oneof![4 => answered, 1 => select(errors.to_vec()).prop_map(Err)]
}

/// A sign-in and a session that are valid, to be put in place of their names.
struct Valid {
    session: String,
    attempt: String,
    query: String,
}

impl Valid {
    fn of(stage: &Stage) -> Self {
        let mut browser = stage.browser();
        let form = browser.go("/");
        let location = browser.enter_password_only(&form, ALICE).location();
        let (name, value) = browser.attempts().remove(0);
        Self {
            session: stage.signed_in().session_cookie(),
            attempt: format!("{name}={value}"),
            query: location.query().to_owned(),
        }
    }

    fn fill_in(&self, value: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(value) {
            Ok(text) => text
                .replace("SESSION", &self.session)
                .replace("ATTEMPT", &self.attempt)
                .replace("QUERY", &self.query)
                .into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }
}

/// Answers whatever is asked until nothing is; whoever gets in has a session or needs none.
fn drive(
    gateway: &Gateway,
    mut step: Step,
    has_session: bool,
    answers: &mut impl Iterator<Item = Result<HttpResponse, CalloutError>>,
) {
    loop {
        match step {
            Step::Callout(_, pending) => {
                let answer = answers.next().unwrap_or(Err(CalloutError::NoResponse));
                step = gateway.with_worker(0, |it, host| pending.resume(it, answer, host));
            }
            Step::Forward(edits) => {
                assert_eq!(
                    edits.identity.is_some(),
                    edits.outcome == Outcome::Forwarded
                );
                assert!(has_session || edits.outcome == Outcome::Skipped);
                return;
            }
            Step::Reply(_) => return,
        }
    }
}

#[test]
fn no_headers_and_no_answers_make_it_panic_or_let_a_stranger_in() {
    let stages = [Stage::new(), Stage::cold(json!({}))];
    let valid = Valid::of(&stages[0]);
    let answers = proptest::collection::vec(response(), 4);
    proptest!(ProptestConfig::with_cases(2_000), |(headers in headers(), answers in answers, cold: bool)| {
        let gateway = &stages[usize::from(cold)].gateway;
        let fill_in = |(name, value)| (name, valid.fill_in(value));
        let request = Request { headers: headers.into_iter().map(fill_in).collect() };
        let sent = |value: &Vec<u8>| String::from_utf8_lossy(value).contains(&valid.session);
        let has_session = request.headers.iter().any(|(_, value)| sent(value));
        let step = gateway.decide(&request);
        drive(gateway, step, has_session, &mut answers.into_iter());
    });
}

#[test]
fn no_buffer_makes_it_panic_or_lets_a_stranger_in() {
    let stage = Stage::new();
    proptest!(|(buffer: Vec<u8>)| {
        let step = stage.gateway.with_worker(0, |party, host| {
            let head = party.scan(&buffer);
            head.map(|head| party.handle_request(&head, host)).ok()
        });
        prop_assert!(!matches!(step, Some(Step::Forward(_))));
    });
}

#[test]
fn no_answer_to_a_callback_makes_it_panic_or_signs_a_stranger_in() {
    let stage = Stage::new();
    let valid = Valid::of(&stage);
    let callback = Request::navigation(&["/login/oidc?", &valid.query].concat())
        .with("cookie", &valid.attempt);
    proptest!(|(answers in proptest::collection::vec(response(), 3))| {
        let step = stage.gateway.decide(&callback);
        prop_assert!(matches!(step, Step::Callout(..)));
        drive(&stage.gateway, step, false, &mut answers.into_iter());
    });
}

#[test]
fn no_document_makes_it_panic_or_replaces_a_good_one() {
    let stage = Stage::new();
    proptest!(|(answer in response(), key_set: bool)| {
        let document = if key_set { Published::KeySet } else { Published::Discovery };
        let received = stage.gateway.with_worker(0, |it, host| it.fetched(Due::Provider(ProviderId::FIRST, document), answer, host));
        prop_assert!(received.is_err());
    });
    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}
