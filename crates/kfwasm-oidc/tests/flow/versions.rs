use serde_json::json;

use crate::support::request::Request;
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

/// Sealed with [`OLD_KEY`] by the module that wrote records of version 1, at the time when stories begin.
const VERSION_1: &str = "AdcDUzQY2NYJlHxrgrlgdwSuQNMxcDjnCSOFFN4NkXTy-oK7wC6RHM9sl_dF3TMfIIYKRlJ6unyhqR5MPGH1wTo8ic3FcEuiyX7quf40FIsrXpU1L39Ubg8ZTKkEgrohCB4jzW9Zvr2rDqQeVl8rtMSSdGJIBkELW3QVLWrTKGAYqJd6mw0Ak1Nsfe4ECzx7SAHmin2Ap2gLOyxN-p97R_chVqvp8g";

#[test]
fn a_session_of_an_older_module_goes_on() {
    let stage = Stage::new();
    let request = Request::script("GET", "/pipeline/x")
        .with("cookie", ["authservice_session=", VERSION_1].concat());

    let response = stage.gateway.handle(&request);

    assert_eq!(response.user(), ALICE);
    assert_eq!(
        response.upstream.unwrap().text("kubeflow-groups"),
        "data-science,0f8fad5b-d9cb-469f-a165-70867728950e"
    );
}

/// An older module meets a configuration with a field that it does not know: refused, with the name of the field, so that
/// a gateway keeps the configuration that it has (tests/e2e/configuration.rs) and never guesses.
#[test]
fn a_configuration_of_a_newer_version_is_refused_by_name() {
    let mut newer = config(json!({"session": {"fromTheFuture": true}}));
    newer["andThis"] = json!(1);

    let problems = kfwasm_config::Config::from_json(newer.to_string().as_bytes()).unwrap_err();

    let paths: Vec<_> = problems.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["session.fromTheFuture", "andThis"]);
}

#[test]
fn a_session_that_was_sealed_now_is_read_by_a_module_that_starts_later() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    stage.gateway.restart(&config(json!({})), OLD_KEY);

    assert!(browser.is_signed_in());
}
