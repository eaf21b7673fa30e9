//! What the streams of a worker share.

use core::cell::RefCell;
use std::rc::Rc;

use kfwasm_oidc::header_edits::HeaderEdits;
use kfwasm_oidc::local_reply::LocalReply;
use kfwasm_oidc::request_head::RequestHead;
use kfwasm_oidc::{Outcome, RelyingParty, Step};

use crate::host_calls::{self, Level, RequestHeaders};
use crate::metrics::Metrics;
use crate::world::World;

/// The relying party under one configuration, or none, when the configuration was refused.
///
/// A stream keeps the one that it began with, so that a new configuration does not disturb what is under way.
pub(crate) struct Gateway {
    party: Option<RefCell<RelyingParty>>,
    metrics: Metrics,
    logs_forwarded: bool,
}

impl Gateway {
    pub(crate) fn serving(party: RelyingParty) -> Rc<Self> {
        Self::new(Some(RefCell::new(party)))
    }

    /// A gateway that lets nothing through, because it does not know what it should.
    pub(crate) fn closed() -> Rc<Self> {
        Self::new(None)
    }

    fn new(party: Option<RefCell<RelyingParty>>) -> Rc<Self> {
        Rc::new(Self {
            party,
            metrics: Metrics::define(),
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

    /// The same for what has no request.
    pub(crate) fn tell<T>(
        &self,
        message: impl FnOnce(&mut RelyingParty, &mut World) -> T,
    ) -> Option<T> {
        let mut party = self.party.as_ref()?.try_borrow_mut().ok()?;
        Some(message(&mut party, &mut World::new()))
    }

    pub(crate) fn decide(&self, headers: &[u8]) -> Step {
        self.ask(
            |party, world| match RequestHead::scan(headers, &party.config().identity) {
                Ok(head) => party.handle_request(&head, &mut world.host()),
                Err(_) => Step::Reply(party.refuse_malformed()),
            },
        )
    }

    /// Changes the request's headers and marks it as decided on; false when the host did not, and the request must not go
    /// on.
    pub(crate) fn forward(&self, edits: &HeaderEdits) -> bool {
        let mut headers = RequestHeaders::default();
        edits.apply(&mut headers);
        let passes = headers.are_changed() && host_calls::mark_decided();
        if passes {
            self.metrics.count(edits.outcome);
        }
        passes
    }

    /// Whether requests that are let through are logged; that costs more than all the rest of their decision.
    pub(crate) fn logs(&self, outcome: Outcome) -> bool {
        self.logs_forwarded || !matches!(outcome, Outcome::Forwarded | Outcome::Skipped)
    }

    pub(crate) fn reply(&self, reply: &LocalReply) {
        self.metrics.count(reply.outcome);
        host_calls::send_reply(reply);
    }
}
