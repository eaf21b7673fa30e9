//! What the tests begin with.

use std::time::Duration;

use kfwasm_rig::{Gateway, Parts, Received, Rig, RigError, RigSettings, UserAgent, wait_until};
use serde_json::{Value, json};

/// How a test ends: an error says what was not there.
pub(crate) type Shown = Result<(), RigError>;

/// The cookie that holds a session.
pub(crate) const SESSION: &str = "authservice_session";

/// How long a condition is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway, a provider and an upstream, set up as an operator would.
pub(crate) fn stage() -> Result<Rig, RigError> {
    stage_with(json!({}))
}

/// The same with these fields added to the plugin's configuration.
pub(crate) fn stage_with(plugin: Value) -> Result<Rig, RigError> {
    let settings = RigSettings {
        plugin,
        ..RigSettings::default()
    };
    Rig::start(&Parts::from_environment()?, &settings)
}

/// A browser in which Alice has signed in at `/`.
pub(crate) fn alice_at(rig: &Rig) -> Result<UserAgent, RigError> {
    let mut browser = UserAgent::new();
    let page = browser.sign_in(&rig.at("/"), "alice")?;
    assert_eq!((page.status, page.address.path()), (200, "/"));
    Ok(browser)
}

/// The request that reached the upstream last.
pub(crate) fn latest(rig: &Rig) -> Received {
    rig.upstream.latest().expect("a request at the upstream")
}

/// Waits for a line of Envoy's log that contains all of these.
pub(crate) fn wait_for_line(gateway: &Gateway, marks: &[&str]) -> Result<String, RigError> {
    wait_until(&format!("a log line with {marks:?}"), PATIENCE, || {
        let mut lines = gateway.log().lines().into_iter();
        lines.find(|line| marks.iter().all(|mark| line.contains(mark)))
    })
}
