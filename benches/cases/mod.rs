//! What the benches of the core measure, by time and by instructions.
//!
//! Sessions and tokens come from whole sign-ins at the provider in memory that the flow tests use.

mod round_trips;
mod tokens;

use std::hint::black_box;

use kfwasm_oidc::Step;
use kfwasm_oidc::header_edits::{HeaderEdits, RequestHeaders};
use serde_json::{Value, json};

use crate::support::bearer::{bearer, robot, with_token};
use crate::support::request::Request;
use crate::support::stage::Stage;

const PAGE: &str = "https://kubeflow.example.com/pipeline/?ns=team-a";
/// More sessions than a worker keeps.
pub(crate) const MANY: usize = 6_000;
/// Long enough for a cookie to be renewed, in seconds.
pub(crate) const LATER: u64 = 2 * 3600;

/// Something that is done over and over.
pub(crate) struct Case {
    /// Its name.
    pub(crate) name: String,
    /// Does it once.
    pub(crate) run: Box<dyn FnMut()>,
}

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = vec![
        signed_in("signed in, cookie seen before", json!({}), 0),
        signed_in("signed in, 20 groups", json!({}), 20),
        signed_in("signed in, 200 groups", json!({}), 200),
        signed_in("signed in, past 1,000 skip rules", skip_rules(), 0),
        never_seen(),
        skipped(),
        program(),
    ];
    cases.extend(round_trips::cases());
    cases.extend(tokens::cases());
    cases
}

/// Upstream headers that nobody reads: what it costs to make them is measured, not what Envoy does with them.
struct Nowhere;

impl RequestHeaders for Nowhere {
    fn set(&mut self, name: &str, value: &[u8]) {
        black_box((name, value));
    }

    fn remove(&mut self, name: &[u8]) {
        black_box(name);
    }
}

/// A request as a browser sends it for a page, of somebody who has just signed in: 13 headers.
pub(crate) fn page(stage: &Stage) -> Request {
    let browser = stage.signed_in();
    browser
        .with_cookies(Request::navigation(PAGE))
        .with("accept-encoding", "gzip, deflate, br, zstd")
        .with("accept-language", "en-GB,en;q=0.9")
        .with("x-request-id", "37935677-add6-4ca0-9dd4-18b0e93c92f3")
        .with("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")
}

/// Decides on a request, which must be let through, and makes its headers.
fn forward(stage: &Stage, headers: &[u8]) -> HeaderEdits {
    let step = stage.gateway.with_worker(0, |party, host| {
        let head = party.scan(headers).expect("a header map");
        party.handle_request(&head, host)
    });
    let Step::Forward(edits) = step else {
        panic!("the request must be let through");
    };
    edits.apply(&mut Nowhere);
    edits
}

fn signed_in(name: &str, changes: Value, groups: usize) -> Case {
    let stage = Stage::with(changes);
    join(&stage, groups);
    let headers = page(&stage).encode();
    case(name, move || {
        assert!(forward(&stage, black_box(&headers)).identity.is_some());
    })
}

/// Makes the user a member of so many groups.
pub(crate) fn join(stage: &Stage, groups: usize) {
    let groups: Vec<String> = (0..groups)
        .map(|number| format!("0f8fad5b-d9cb-469f-a165-{number:012x}"))
        .collect();
    stage.provider.claims("groups", json!(groups));
}

/// Requests of one session [`LATER`], each with a cookie of its own: one that the worker has forgotten, or never seen.
pub(crate) fn renewals(stage: &Stage) -> Vec<Vec<u8>> {
    let request = page(stage);
    stage.pass(LATER);
    let renewed = |_| {
        let cookie = forward(stage, &request.encode()).renewed_session;
        let cookie = cookie.expect("a renewed cookie");
        let pair = cookie.split(';').next().expect("a pair").to_owned();
        request.clone().replacing("cookie", pair).encode()
    };
    (0..MANY).map(renewed).collect()
}

fn never_seen() -> Case {
    let stage = Stage::new();
    let requests = renewals(&stage);
    let mut next = 0;
    case("signed in, cookie never seen", move || {
        let headers = requests.get(next % MANY).expect("a request");
        next += 1;
        assert!(forward(&stage, black_box(headers)).identity.is_some());
    })
}

fn skip_rules() -> Value {
    let rules = (0..1000).map(|number| json!({ "prefix": format!("/public-{number}") }));
    json!({ "skip": rules.collect::<Vec<_>>() })
}

fn skipped() -> Case {
    let stage = Stage::with(skip_rules());
    let request = Request::navigation("https://kubeflow.example.com/public-999/a/b.css");
    let headers = request.encode();
    case("skipped by one of 1,000 rules", move || {
        assert!(forward(&stage, black_box(&headers)).identity.is_none());
    })
}

fn program() -> Case {
    let stage = Stage::with(bearer());
    let token = stage.provider.signs(&robot(&stage));
    let headers = with_token(&token).encode();
    case("bearer token seen before", move || {
        assert!(forward(&stage, black_box(&headers)).identity.is_some());
    })
}

fn case(name: &str, run: impl FnMut() + 'static) -> Case {
    Case {
        name: name.to_owned(),
        run: Box::new(run),
    }
}
