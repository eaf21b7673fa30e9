use kfwasm_module_host::{BAD_ARGUMENT, OK};
use kfwasm_oidc::callout::HttpRequest;
use kfwasm_oidc::header_map;

use crate::gateway::{Fate, Gateway};
use crate::support::request::Request;
use crate::support::stage::Stage;

/// The headers of a response, serialized.
fn json() -> Vec<u8> {
    header_map::encode(&[(b":status", b"200"), (b"content-type", b"application/json")])
}

fn document(stage: &Stage) -> Vec<u8> {
    let request = HttpRequest {
        cluster: "outbound|443||login.example.com".to_owned(),
        method: "GET",
        scheme: "https",
        authority: "login.example.com".to_owned(),
        path: "/.well-known/openid-configuration".to_owned(),
        content_type: None,
        authorization: None,
        body: None,
        timeout_milliseconds: 1,
    };
    stage.provider.answer(&request).expect("a document").body
}

/// Hands the provider's discovery document over.
pub(crate) fn discovered(gateway: &mut Gateway, stage: &Stage, token: u32) -> Fate {
    gateway.respond(token, &json(), &document(stage))
}

/// A gateway at which somebody waits for the provider's discovery document, the callout with token 1.
fn waiting(stage: &Stage) -> Gateway {
    let mut gateway = Gateway::new(stage);
    let fate = gateway.send(&Request::navigation("/pipeline/"));
    assert_eq!(fate, Fate::Waiting);
    gateway
}

#[test]
fn a_callout_that_is_not_sent_is_an_outage_of_the_provider() {
    let stage = Stage::new();
    let mut gateway = Gateway::new(&stage);
    gateway.host.fail("proxy_http_call", BAD_ARGUMENT);

    let fate = gateway.send(&Request::navigation("/pipeline/"));

    assert_eq!(fate, Fate::Answered(503));
}

#[test]
fn a_response_that_cannot_be_read_is_an_outage_of_the_provider() {
    let stage = Stage::new();
    for function in ["proxy_get_header_map_pairs", "proxy_get_buffer_bytes"] {
        let mut gateway = waiting(&stage);
        gateway.host.fail(function, BAD_ARGUMENT);

        let fate = discovered(&mut gateway, &stage, 1);

        assert_eq!(fate, Fate::Answered(503), "{function}");
    }
}

#[test]
fn a_response_that_is_none_is_an_outage_of_the_provider() {
    let stage = Stage::new();
    let whole = json();
    for headers in (0..whole.len()).map(|length| &whole[..length]) {
        let fate = waiting(&stage).respond(1, headers, &document(&stage));

        // No headers at all are a response without a status.
        let status = if headers.is_empty() { 502 } else { 503 };
        assert_eq!(fate, Fate::Answered(status), "{headers:?}");
    }
}

/// Nothing is sealed with a nonce that is no random number.
#[test]
fn without_randomness_no_sign_in_begins() {
    let stage = Stage::new();
    let mut gateway = waiting(&stage);
    gateway.host.fail("random_get", BAD_ARGUMENT);

    assert_eq!(discovered(&mut gateway, &stage, 1), Fate::Answered(503));
}

#[test]
fn a_response_serves_once_and_for_whoever_waits_for_it() {
    let stage = Stage::new();
    let mut gateway = waiting(&stage);

    for unknown in [0, 2, u32::MAX] {
        assert_eq!(discovered(&mut gateway, &stage, unknown), Fate::Waiting);
    }

    assert_eq!(discovered(&mut gateway, &stage, 1), Fate::Answered(302));
    assert_eq!(discovered(&mut gateway, &stage, 1), Fate::Waiting);
}

/// Answering a stream that has ended, or is gone, is what Envoy does not survive.
#[test]
fn a_request_that_has_ended_is_not_answered() {
    let stage = Stage::new();
    for (function, status) in [
        // Its duration is known.
        ("proxy_get_property", OK),
        // There is no such context.
        ("proxy_set_effective_context", BAD_ARGUMENT),
    ] {
        let mut gateway = waiting(&stage);
        gateway.host.fail(function, status);

        let fate = discovered(&mut gateway, &stage, 1);

        assert_eq!(fate, Fate::Waiting, "{function}");
        gateway.host.heal();
        let fate = discovered(&mut gateway, &stage, 1);
        assert_eq!(fate, Fate::Waiting, "{function}");
    }
}
