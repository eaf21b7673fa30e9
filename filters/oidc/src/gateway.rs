//! What the streams of a worker share.

use core::cell::RefCell;
use std::rc::Rc;

use kfwasm_config::Logs;
use kfwasm_oidc::callout::{CalloutError, HttpResponse};
use kfwasm_oidc::header_edits::HeaderEdits;
use kfwasm_oidc::local_reply::LocalReply;
use kfwasm_oidc::log_line::{LogLine, RequestDescription};
use kfwasm_oidc::provider::Document;
use kfwasm_oidc::{OpenSession, Outcome, RefreshOutcome, RelyingParty, Step};

use crate::access_log;
use crate::host_calls::{self, Level, RequestHeaders};
use crate::metrics::Metrics;
use crate::world::World;

/// The relying party under one configuration, or none, when the configuration was refused.
///
/// A stream keeps the one that it began with, so that a new configuration does not disturb what is under way.
pub(crate) struct Gateway {
    party: Option<RefCell<RelyingParty>>,
    metrics: Metrics,
    logs: Logs,
    logs_forwarded: bool,
}

impl Gateway {
    pub(crate) fn serving(party: RelyingParty) -> Rc<Self> {
        let logs = party.config().logs.clone();
        Self::new(Some(RefCell::new(party)), logs)
    }

    /// A gateway that lets nothing through, because it does not know what it should.
    pub(crate) fn closed() -> Rc<Self> {
        Self::new(None, Logs::default())
    }

    fn new(party: Option<RefCell<RelyingParty>>, logs: Logs) -> Rc<Self> {
        let metrics = Metrics::define();
        metrics.show_configuration(party.is_some());
        Rc::new(Self {
            party,
            metrics,
            logs,
            logs_forwarded: host_calls::is_logged(Level::Debug),
        })
    }

    /// Asks the core. Without a relying party, and in the case that it is in use already, which cannot be, the answer is
    /// no.
    pub(crate) fn ask(&self, question: impl FnOnce(&mut RelyingParty, &mut World) -> Step) -> Step {
        let party = self.party.as_ref().and_then(|it| it.try_borrow_mut().ok());
        match party {
            Some(mut party) => question(&mut party, &mut World::new()),
            None => Step::Reply(LocalReply::not_configured()),
        }
    }

    /// Asks the core about what has no request; `None` without a relying party, and in the case that it is in use already.
    pub(crate) fn tell<T>(
        &self,
        message: impl FnOnce(&mut RelyingParty, &mut World) -> T,
    ) -> Option<T> {
        let mut party = self.party.as_ref()?.try_borrow_mut().ok()?;
        Some(message(&mut party, &mut World::new()))
    }

    pub(crate) fn decide(&self, headers: &[u8]) -> Step {
        self.ask(|party, world| match party.scan(headers) {
            Ok(head) => party.handle_request(&head, &mut world.host()),
            Err(_) => Step::Reply(party.refuse_malformed()),
        })
    }

    /// Changes the request's headers and marks it as decided on.
    ///
    /// # Errors
    /// What the host did not do, as an answer: the request must not go on.
    pub(crate) fn forward(&self, edits: &HeaderEdits) -> Result<(), LocalReply> {
        let mut headers = RequestHeaders::default();
        edits.apply(&mut headers);
        if !headers.are_changed() {
            return Err(LocalReply::headers_not_changed());
        }
        if !host_calls::mark_decided() {
            return Err(LocalReply::not_marked());
        }
        self.metrics.count(edits.outcome);
        self.tell_access_log(edits.outcome, edits.session.as_deref());
        Ok(())
    }

    /// Whether requests that are let through are logged; that costs more than all the rest of their decision.
    pub(crate) fn logs(&self, outcome: Outcome) -> bool {
        self.logs_forwarded || !matches!(outcome, Outcome::Forwarded | Outcome::Skipped)
    }

    pub(crate) fn reply(&self, reply: &LocalReply) {
        self.metrics.count(reply.outcome);
        self.tell_access_log(reply.outcome, reply.session.as_deref());
        host_calls::send_reply(reply);
    }

    fn tell_access_log(&self, outcome: Outcome, session: Option<&OpenSession>) {
        access_log::tell(&self.logs.access_log, outcome, session);
    }

    /// Counts an answer of the provider, or that there is none.
    pub(crate) fn count_callout(
        &self,
        document: Document,
        response: &Result<HttpResponse, CalloutError>,
        sent_at: u64,
    ) {
        let took = host_calls::now_in_milliseconds().saturating_sub(sent_at);
        self.metrics.count_callout(document, response, took);
    }

    pub(crate) fn count_refresh(&self, outcome: RefreshOutcome) {
        self.metrics.count_refresh(outcome);
    }

    pub(crate) fn show_key_set_age(&self) {
        let age = self.tell(|party, world| party.key_set_age(&mut world.host()));
        if let Some(seconds) = age.flatten() {
            self.metrics.show_key_set_age(seconds);
        }
    }

    /// Logs what became of a request, if such lines are written.
    pub(crate) fn log(
        &self,
        outcome: Outcome,
        request: &RequestDescription,
        session: Option<&OpenSession>,
        reason: &str,
    ) {
        if !self.logs(outcome) {
            return;
        }
        let line = LogLine {
            outcome,
            request,
            session,
            names_user: self.logs.user,
            reason,
        };
        host_calls::log(level(outcome, reason), &line.text());
    }
}

const fn level(outcome: Outcome, reason: &str) -> Level {
    match (reason.is_empty(), outcome) {
        (true, Outcome::Forwarded | Outcome::Skipped) => Level::Debug,
        (true, _) => Level::Info,
        (false, _) => Level::Warn,
    }
}
