//! A provider whose answers are of no use. That nothing hangs is shown by the requests themselves: each has a deadline in the
//! rig, and is an error when it is not answered by then.

use kfwasm_rig::{Gateway, Page, RigError, UserAgent, wait_until};

use crate::hostile_server::{FAULTS, HostileServer};
use crate::own_gateway::{OwnGateway, plugin};
use crate::stage::{PATIENCE, Shown};
use crate::workers::assert_gateway_serves;

#[test]
fn no_discovery_document_is_bad_enough_to_harm_the_gateway() -> Shown {
    each_fault("discovery", |case| {
        wait_until("the document to be asked for", PATIENCE, || {
            let page = UserAgent::new().visit(&case.at("/")).expect("an answer");
            // Until every worker has the new configuration, the one before answers.
            let asked = case
                .server
                .asked(case.issuer, "/.well-known/openid-configuration")
                > 0;
            assert_refused(&page);
            asked.then_some(())
        })
    })
}

#[test]
fn no_token_response_is_bad_enough_to_harm_the_gateway() -> Shown {
    each_fault("token", |case| {
        assert_refused(&case.return_from_provider()?);
        assert!(case.server.asked(case.issuer, "/token") > 0);
        Ok(())
    })
}

#[test]
fn no_key_set_is_bad_enough_to_harm_the_gateway() -> Shown {
    each_fault("keys", |case| {
        assert_refused(&case.return_from_provider()?);
        assert!(case.server.asked(case.issuer, "/jwks") > 0);
        Ok(())
    })
}

/// One fault, in force.
struct Case<'a> {
    server: &'a HostileServer,
    gateway: &'a Gateway,
    issuer: &'a str,
}

/// Brings each fault into force, with Alice signed in all the while.
fn each_fault(document: &str, show: impl Fn(&Case<'_>) -> Shown) -> Shown {
    let (mut own, server) = (OwnGateway::prepare()?, HostileServer::start());
    own.settings.provider_hosts.push(server.host()?);
    let mut gateway = own.start()?;
    let at = |path: &str| format!("http://localhost:{}{path}", own.settings.port);
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&at("/"), "alice")?.status, 200);
    for fault in FAULTS {
        let issuer = server.issuer(document, fault);
        let before = reports(&gateway);
        gateway.push(plugin(&issuer, own.settings.port))?;
        let case = Case {
            server: &server,
            gateway: &gateway,
            issuer: &issuer,
        };
        show(&case)?;
        wait_until(&format!("a report of {fault}"), PATIENCE, || {
            (reports(&gateway) > before).then_some(())
        })?;
        assert_eq!(alice.visit(&at("/"))?.status, 200, "{fault}");
    }
    assert_gateway_serves(&gateway)
}

impl Case<'_> {
    fn at(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.gateway.port())
    }

    /// What somebody sees who comes back from this provider.
    fn return_from_provider(&self) -> Result<Page, RigError> {
        let (browser, state) = wait_until("a redirect to the provider", PATIENCE, || {
            let mut browser = UserAgent::new();
            let page = browser.visit(&self.at("/")).ok()?;
            let to_it = page.header("location")?.starts_with(self.issuer);
            to_it.then_some((browser, page.location_parameter("state")?))
        })?;
        let callback = self.at(&format!("/authservice/oidc/callback?code=x&state={state}"));
        // The other worker may not know the new provider yet; what it answers is not looked at.
        wait_until("the new provider to be asked", PATIENCE, || {
            let page = browser.clone().visit(&callback).expect("an answer");
            (self.server.asked(self.issuer, "/token") > 0).then_some(page)
        })
    }
}

fn assert_refused(page: &Page) {
    assert!(
        matches!(page.status, 502 | 503),
        "{}: {}",
        page.status,
        page.text()
    );
    let kind = page.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/html"), "{kind}");
    assert_eq!(
        page.all("set-cookie")
            .iter()
            .find(|it| it.starts_with("authservice_session=")),
        None
    );
}

/// How often the filter has told the operator of a fault, in a line of its own.
fn reports(gateway: &Gateway) -> usize {
    let lines = gateway.log().lines();
    let is_report =
        |line: &&String| line.contains("[warning][wasm]") && line.contains("kfwasm provider");
    lines.iter().filter(is_report).count()
}
