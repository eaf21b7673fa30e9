use kfwasm_module_host::{BAD_ARGUMENT, NOT_FOUND, ROOT};

use crate::callouts::discovered;
use crate::gateway::{Fate, Gateway, host_functions};
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

const USER: &str = "kubeflow-userid";
/// Statuses of the ABI that are no success: not found, bad argument, not to be parsed, internal failure, not allowed.
const FAILURES: [u32; 5] = [NOT_FOUND, BAD_ARGUMENT, 5, 10, 12];

fn page() -> Request {
    Request::navigation("/pipeline/")
}

/// Somebody who claims to be another, and has no session.
fn stranger(request: Request) -> Request {
    request.with(USER, "mallory@example.com")
}

/// Alice with her session, who claims to be another.
fn alice(stage: &Stage) -> Request {
    stranger(stage.signed_in().with_cookies(page()))
}

/// A gateway with each function failing in each way, from its start on or from when it is configured on.
fn each_failure(stage: &Stage, mut check: impl FnMut(&mut Gateway, &str)) {
    for function in host_functions() {
        for status in FAILURES {
            for from_its_start in [true, false] {
                let mut gateway = Gateway::unconfigured(stage);
                if from_its_start {
                    gateway.host.fail(function, status);
                }
                gateway.configure(ROOT);
                gateway.host.fail(function, status);
                check(&mut gateway, &format!("{function} fails with {status}"));
            }
        }
    }
}

fn values<'a>(headers: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let headers = headers.iter().filter(|(it, _)| it == name);
    headers.map(|(_, value)| value.as_str()).collect()
}

#[test]
fn whatever_call_fails_no_stranger_goes_on() {
    let stage = Stage::new();
    let requests = [
        stranger(page()),
        stranger(Request::script("GET", "/pipeline/apis")),
        stranger(Request::new("POST", "/pipeline/apis")),
    ];
    each_failure(&stage, |gateway, failure| {
        for request in &requests {
            let fate = gateway.send(request);
            assert!(!matches!(fate, Fate::Forwarded(..)), "{failure}: {fate:?}");
        }
    });
}

#[test]
fn whatever_call_fails_whoever_goes_on_is_who_they_are_and_marked() {
    let stage = Stage::new();
    let request = alice(&stage);
    let mut forwarded = 0;
    each_failure(&stage, |gateway, failure| {
        if let Fate::Forwarded(headers, is_marked) = gateway.send(&request) {
            forwarded += 1;
            assert_eq!(values(&headers, USER), [ALICE], "{failure}");
            assert!(values(&headers, "cookie").is_empty(), "{failure}");
            assert!(is_marked, "{failure}");
        }
    });
    // Logs and metrics stop nobody.
    assert!(forwarded > 0);
}

#[test]
fn whatever_call_fails_no_forged_user_goes_on_where_no_sign_in_is_needed() {
    let stage = Stage::new();
    let request = stranger(Request::navigation("/healthz"));
    let fate = Gateway::new(&stage).send(&request);
    assert!(matches!(fate, Fate::Forwarded(..)), "{fate:?}");
    each_failure(&stage, |gateway, failure| {
        if let Fate::Forwarded(headers, is_marked) = gateway.send(&request) {
            assert!(values(&headers, USER).is_empty(), "{failure}");
            assert!(is_marked, "{failure}");
        }
    });
}

#[test]
fn without_what_a_decision_needs_the_answer_is_no() {
    let stage = Stage::new();
    let request = alice(&stage);
    for (function, status) in [
        ("proxy_replace_header_map_value", 503),
        ("proxy_remove_header_map_value", 503),
        ("proxy_set_property", 503),
        ("proxy_get_header_map_pairs", 503),
        // At the end of time every session is over, and the provider is asked for.
        ("proxy_get_current_time_nanoseconds", 302),
    ] {
        let mut gateway = Gateway::new(&stage);
        let fate = gateway.send(&request);
        assert!(matches!(fate, Fate::Forwarded(..)), "{fate:?}");

        gateway.host.fail(function, BAD_ARGUMENT);
        let mut fate = gateway.send(&request);
        if fate == Fate::Waiting {
            fate = discovered(&mut gateway, &stage, 1);
        }

        assert_eq!(fate, Fate::Answered(status), "{function}");
    }
}

#[test]
fn an_answer_that_the_host_does_not_send_lets_nobody_on() {
    let stage = Stage::new();
    let mut gateway = Gateway::new(&stage);
    gateway.host.fail("proxy_send_local_response", BAD_ARGUMENT);

    let request = stranger(Request::script("GET", "/pipeline/apis"));

    assert_eq!(gateway.send(&request), Fate::Waiting);
}

#[test]
fn headers_that_are_no_header_map_are_refused() {
    let stage = Stage::new();
    let request = alice(&stage);
    let headers = request.encode();
    let mut gateway = Gateway::new(&stage);
    let cut = (1..headers.len()).map(|length| headers[..length].to_vec());
    // The number of headers, and the lengths of the first name and value.
    let wrong = (0..12).map(|place| {
        let mut headers = headers.clone();
        headers[place] ^= 0x81;
        headers
    });
    let noise = (0_u8..64).map(|seed| {
        let bytes = (0_u32..96).map(|place| (place * 167 + 1).to_le_bytes()[0] ^ seed);
        bytes.collect()
    });
    for headers in cut.chain(wrong).chain(noise) {
        let fate = gateway.send_as(&request, &headers);
        assert_eq!(fate, Fate::Answered(400), "{headers:?}");
    }
}
