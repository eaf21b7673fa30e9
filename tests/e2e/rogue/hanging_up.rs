//! Clients that go at the very moment at which the provider answers.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use kfwasm_rig::{Gateway, RigError, UserAgent, wait_until};

use super::answer::response;
use super::provider::HELD;
use super::{Begun, Stage};
use crate::http2::Http2;
use crate::raw;
use crate::stage::{PATIENCE, Shown};
use crate::streams::cookies;

/// Often enough that each worker is met.
const ROUNDS: usize = 8;

/// Envoy learns of both in one go. The stream has ended then, and the host has not forgotten it.
#[test]
fn clients_that_go_at_the_moment_of_the_providers_answer_harm_nobody() -> Shown {
    let mut stage = Stage::set()?;
    stage.turn_to(HELD)?;
    let refused = stage.counted("provider_fault")?;
    for _ in 0..ROUNDS {
        stage.hang_up(Stage::over_http1)?;
        stage.hang_up(Stage::over_http2)?;
    }
    assert_eq!(stage.counted("provider_fault")?, refused);
    assert!(!stage.gateway.has_ended());
    stage.close()
}

impl Stage {
    /// Sends a callback, and hangs up as its code is refused.
    fn hang_up<G: FnOnce()>(&self, send: impl FnOnce(&Self, &str, &str) -> G) -> Shown {
        let mut browser = UserAgent::new();
        let Begun { state, .. } = self.begin_at(&mut browser, HELD)?.expect("a redirect");
        let path = format!("/authservice/oidc/callback?code=any&state={state}");
        let hang_up = send(self, &path, &cookies(&browser, &self.gateway));
        let mut provider = self.rogue.held();
        signal(&self.gateway, "-STOP")?;
        wait_until("Envoy to stand still", PATIENCE, || {
            stands_still(&self.gateway).then_some(())
        })?;
        hang_up();
        let refusal = response(
            "400 Bad Request",
            "Content-Type: application/json\r\n",
            br#"{"error":"invalid_grant"}"#,
        );
        provider.write_all(&refusal).expect("an answer");
        signal(&self.gateway, "-CONT")?;
        wait_until("the request to end", PATIENCE, || {
            let active = self.gateway.stat("http.gateway.downstream_rq_active");
            (active.ok()? == 0).then_some(())
        })
    }

    fn over_http1(&self, path: &str, cookies: &str) -> impl FnOnce() + use<> {
        let authority = self.gateway.authority();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nCookie: {cookies}\r\n\r\n");
        let mut connection = raw::connect(&self.gateway);
        connection.write_all(request.as_bytes()).expect("sent");
        move || drop(connection)
    }

    fn over_http2(&self, path: &str, cookies: &str) -> impl FnOnce() + use<> {
        let mut connection = Http2::connect(&self.gateway);
        let id = connection.request(&[
            (":method", "GET"),
            (":scheme", "http"),
            (":path", path),
            (":authority", &self.gateway.authority()),
            ("cookie", cookies),
        ]);
        move || connection.reset(id)
    }
}

fn signal(gateway: &Gateway, signal: &str) -> Result<(), RigError> {
    let id = gateway.pid().to_string();
    let sent = Command::new("kill").args([signal, &id]).status();
    assert!(sent.map_err(RigError::io("send a signal"))?.success());
    Ok(())
}

fn stands_still(gateway: &Gateway) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", gateway.pid()));
    status.is_ok_and(|it| it.contains("State:\tT"))
}
