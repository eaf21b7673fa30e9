//! A provider that breaks one rule at a time: the relying-party tests of the OpenID Foundation, and more.

mod answer;
mod cases;
mod hanging_up;
mod provider;

use std::collections::BTreeSet;
use std::time::Duration;

use kfwasm_rig::{Gateway, Page, RigError, UserAgent, wait_until};
use serde_json::Value;

use self::cases::{DOCUMENTS, SIGNED_IN, TokenCase, tokens};
use self::provider::RogueProvider;
use crate::own_gateway::{OwnGateway, plugin};
use crate::stage::{PATIENCE, SESSION, Shown};
use crate::workers::assert_gateway_serves;

/// How long the end of a case is waited for, where it comes with a tick.
const DEADLINE: Duration = Duration::from_secs(15);

/// A gateway, the rogue, and Alice, who has signed in at an honest provider.
struct Stage {
    own: OwnGateway,
    gateway: Gateway,
    rogue: RogueProvider,
    alice: UserAgent,
}

#[test]
fn each_answer_that_breaks_a_rule_signs_nobody_in_and_harms_nobody() -> Shown {
    let mut stage = Stage::set()?;
    let mut wrong = Vec::new();
    for issuer in tokens().map(|case| case.issuer).collect::<BTreeSet<_>>() {
        stage.turn_to(issuer)?;
        for case in tokens().filter(|case| case.issuer == issuer) {
            wrong.extend(stage.show(case)?);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    stage.close()
}

#[test]
fn each_document_that_breaks_a_rule_signs_nobody_in_and_harms_nobody() -> Shown {
    let mut stage = Stage::set()?;
    let mut wrong = Vec::new();
    for case in DOCUMENTS {
        // What the issuer before left must not be taken for this one's.
        if case.end != SIGNED_IN {
            stage.turn_to("single")?;
        }
        stage.push(case.name)?;
        let ends = || {
            let page = stage.sign_in_at(case.name, case.name).ok().flatten()?;
            (page.status == case.end.0).then_some(page)
        };
        match wait_until(case.name, DEADLINE, ends) {
            Ok(page) => wrong.extend(stage.fault_of(case.name, case.end, &page)?),
            Err(_) => wrong.push(format!("{}: no end with {}", case.name, case.end.0)),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    stage.close()
}

/// What may come back by the browser instead of `code` and `state`.
#[test]
fn each_authorization_response_that_breaks_a_rule_signs_nobody_in() -> Shown {
    let mut stage = Stage::set()?;
    stage.turn_to("single")?;
    let mut wrong = Vec::new();
    for (query, status) in [
        ("code=good&state=another", 400),
        ("code=good", 400),
        ("state=STATE", 400),
        ("code=good&code=good&state=STATE", 400),
        ("code=good&state=STATE&state=STATE", 400),
        ("code=&state=STATE", 502),
        ("code=good&state=STATE&error=access_denied", 400),
        ("error=access_denied&state=STATE", 403),
        ("error=login_required&state=STATE", 400),
        ("error=temporarily_unavailable&state=STATE", 503),
        ("error=%0d%0aset-cookie:a=b&state=STATE", 400),
        ("code=good&state=STATE&iss=https://other.example", 502),
    ] {
        let mut browser = UserAgent::new();
        let state = stage.begin(&mut browser)?.state;
        let callback = stage.callback(&query.replace("STATE", &state));
        let page = browser.visit(&callback)?;
        if page.status != status || has_session(&page) {
            wrong.push(format!("{query}: {}", page.status));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    stage.close()
}

/// A sign-in that has been sent to the provider.
struct Begun {
    state: String,
    nonce: String,
}

impl Stage {
    fn set() -> Result<Self, RigError> {
        let (mut own, rogue) = (OwnGateway::prepare()?, RogueProvider::start());
        own.settings.provider_hosts.push(rogue.host()?);
        let gateway = own.start()?;
        let mut alice = UserAgent::new();
        let page = alice.sign_in(&gateway.address(), "alice")?;
        assert_eq!(page.status, 200);
        Ok(Self {
            own,
            gateway,
            rogue,
            alice,
        })
    }

    fn plugin(&self, issuer: &str) -> Value {
        let mut plugin = plugin(&self.rogue.issuer(issuer), self.own.settings.port);
        plugin["providers"][0]["idTokenSigningAlgorithms"] = ["RS256", "ES256"].into();
        plugin
    }

    fn push(&mut self, issuer: &str) -> Shown {
        let plugin = self.plugin(issuer);
        self.gateway.push(plugin)
    }

    /// Waits until both workers send people to this issuer: what they answer one after the other shows it.
    fn turn_to(&mut self, issuer: &str) -> Shown {
        self.push(issuer)?;
        let mut in_a_row = 0;
        wait_until("both workers to know the issuer", PATIENCE, || {
            let is_it = self.begin_at(&mut UserAgent::new(), issuer).ok()?.is_some();
            in_a_row = if is_it { in_a_row + 1 } else { 0 };
            (in_a_row > 12).then_some(())
        })
    }

    /// Runs a case; what is wrong with its end.
    fn show(&mut self, case: &TokenCase) -> Result<Option<String>, RigError> {
        let counted = self.counted(case.end.1)?;
        let page = self.sign_in_at(case.issuer, case.name)?;
        // Had it never been answered, the exchange would have ended with an error.
        let page = page.expect("the issuer is in force");
        if self.counted(case.end.1)? <= counted {
            return Ok(Some(format!(
                "{}: not {}, but {}",
                case.name, case.end.1, page.status
            )));
        }
        self.fault_of(case.name, case.end, &page)
    }

    fn fault_of(
        &mut self,
        name: &str,
        end: (u16, &str),
        page: &Page,
    ) -> Result<Option<String>, RigError> {
        let alice = self.alice.visit(&self.gateway.address())?;
        assert_eq!(alice.status, 200, "{name} harmed Alice");
        let is_wrong = page.status != end.0 || has_session(page) != (end == SIGNED_IN);
        Ok(is_wrong.then(|| format!("{name}: {} {}", page.status, page.text())))
    }

    /// The answer to somebody who comes back with a code of this case; the answer at the start where it is no redirect to
    /// the issuer, and nothing while the configuration before is in force.
    fn sign_in_at(&self, issuer: &str, case: &str) -> Result<Option<Page>, RigError> {
        let mut browser = UserAgent::new();
        let page = browser.visit(&self.gateway.address())?;
        if page.status != 302 {
            return Ok(Some(page));
        }
        let Some(begun) = self.begun(&page, issuer) else {
            return Ok(None);
        };
        let query = format!("code={case}.{}&state={}", begun.nonce, begun.state);
        browser.visit(&self.callback(&query)).map(Some)
    }

    fn begin(&self, browser: &mut UserAgent) -> Result<Begun, RigError> {
        let begun = self.begin_at(browser, "single")?;
        Ok(begun.expect("a redirect to the issuer"))
    }

    fn begin_at(&self, browser: &mut UserAgent, issuer: &str) -> Result<Option<Begun>, RigError> {
        let page = browser.visit(&self.gateway.address())?;
        Ok(self.begun(&page, issuer))
    }

    fn begun(&self, page: &Page, issuer: &str) -> Option<Begun> {
        let endpoint = format!("{}/authorize?", self.rogue.issuer(issuer));
        page.header("location")?.strip_prefix(&endpoint)?;
        Some(Begun {
            state: page.location_parameter("state")?,
            nonce: page.location_parameter("nonce")?,
        })
    }

    fn callback(&self, query: &str) -> String {
        format!(
            "{}/authservice/oidc/callback?{query}",
            self.gateway.address()
        )
    }

    fn counted(&self, outcome: &str) -> Result<u64, RigError> {
        self.gateway
            .stat(&format!("wasmcustom.kfwasm.requests.{outcome}"))
    }

    /// Whatever came, it reached no upstream, and both workers serve.
    fn close(&self) -> Shown {
        let mut strangers = self.own.upstream.received().into_iter();
        let is_alice = |user: &String| user == "alice@example.com";
        let stranger = strangers.find(|it| !it.all("kubeflow-userid").iter().all(is_alice));
        assert_eq!(stranger, None);
        assert_gateway_serves(&self.gateway)
    }
}

fn has_session(page: &Page) -> bool {
    let name = format!("{SESSION}=");
    let cookies = page.all("set-cookie");
    cookies
        .iter()
        .any(|it| it.starts_with(&name) && !it.contains("Max-Age=0"))
}
