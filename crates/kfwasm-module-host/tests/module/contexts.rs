use kfwasm_module_host::{BAD_ARGUMENT, ROOT};

use crate::gateway::{Fate, Gateway};
use crate::support::request::Request;
use crate::support::stage::Stage;

/// A root beside [`ROOT`].
const SECOND: u32 = 1_000_000;
const CLOSED: Fate = Fate::Answered(503);

fn requests(stage: &Stage) -> [Request; 3] {
    let page = Request::navigation("/pipeline/");
    [
        stage.signed_in().with_cookies(page.clone()),
        page,
        Request::navigation("/healthz"),
    ]
}

#[test]
fn before_a_configuration_every_request_is_refused() {
    let stage = Stage::new();
    let mut gateway = Gateway::unconfigured(&stage);
    for request in requests(&stage) {
        assert_eq!(gateway.send(&request), CLOSED);
    }
}

#[test]
fn without_a_configuration_that_can_be_read_every_request_is_refused() {
    let stage = Stage::new();
    let mut gateway = Gateway::unconfigured(&stage);
    gateway.host.fail("proxy_get_buffer_bytes", BAD_ARGUMENT);

    gateway.configure(ROOT);

    for request in requests(&stage) {
        assert_eq!(gateway.send(&request), CLOSED);
    }
}

#[test]
fn while_two_configurations_cannot_be_told_apart_every_request_is_refused() {
    let stage = Stage::new();
    let mut gateway = Gateway::new(&stage);
    // This host has no foreign functions, by which the roots are told apart.
    assert!(gateway.configure(SECOND));
    for request in requests(&stage) {
        assert_eq!(gateway.send(&request), CLOSED);
    }

    gateway.host.fail("proxy_set_property", BAD_ARGUMENT);

    for request in requests(&stage) {
        assert_eq!(gateway.send(&request), CLOSED);
    }
}

#[test]
fn a_response_without_a_request_goes_on_as_it_is() {
    let stage = Stage::new();
    let mut gateway = Gateway::new(&stage);
    gateway.host.take_calls();

    assert!(gateway.host.response_headers(77).expect("no trap"));

    assert_eq!(gateway.host.take_calls(), []);
}

#[test]
fn what_is_told_of_unknown_roots_and_callouts_changes_nothing() {
    let stage = Stage::new();
    let mut gateway = Gateway::new(&stage);

    gateway.host.tick(77).expect("no trap");
    let response = gateway.host.callout_response(77, b"", u32::MAX, b"");
    response.expect("no trap");

    let [signed_in, ..] = requests(&stage);
    let fate = gateway.send(&signed_in);
    assert!(matches!(fate, Fate::Forwarded(..)), "{fate:?}");
}
