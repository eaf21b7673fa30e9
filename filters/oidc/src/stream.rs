//! One request.

use std::rc::Rc;

use kfwasm_oidc::callout::{CalloutError, HttpRequest};
use kfwasm_oidc::local_reply::LocalReply;
use kfwasm_oidc::log_line::RequestDescription;
use kfwasm_oidc::{Pending, Refreshed, RideAlong, Step};

use crate::gateway::Gateway;
use crate::host_calls;
use crate::host_events::Action;
use crate::provider_call;
use crate::refreshes::{self, Begun, Companion};

/// A request, from its headers to those of its response.
pub(crate) struct Stream {
    /// By which the host knows it.
    id: u32,
    gateway: Rc<Gateway>,
    begun: Begun,
    awaited: Option<Awaited>,
    renewed_session: Option<String>,
    refreshed: Option<Refreshed>,
    /// The refresh that runs beside the request.
    companion: Option<Rc<Companion>>,
    /// Empty while nothing is to be logged.
    description: RequestDescription,
}

/// A callout under way.
struct Awaited {
    token: u32,
    pending: Pending,
    /// In milliseconds.
    sent_at: u64,
}

impl Stream {
    pub(crate) fn new(id: u32, gateway: Rc<Gateway>, begun: Begun) -> Self {
        Self {
            id,
            gateway,
            begun,
            awaited: None,
            renewed_session: None,
            refreshed: None,
            companion: None,
            description: RequestDescription::default(),
        }
    }

    /// Whether something of it is still to come: a callout's response, or a response to be changed. Only then is it kept.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
            || self.renewed_session.is_some()
            || self.refreshed.is_some()
            || self.companion.is_some()
    }

    pub(crate) fn awaits(&self, token: u32) -> bool {
        self.awaited.as_ref().is_some_and(|it| it.token == token)
    }

    /// Takes steps until the request is let through, answered, or waiting.
    fn take(&mut self, mut step: Step) -> Action {
        loop {
            match step {
                Step::Forward(edits) => {
                    if let Err(reply) = self.gateway.forward(&edits) {
                        return self.reply(&reply);
                    }
                    let session = edits.session.as_deref();
                    self.gateway
                        .log(edits.outcome, &self.description, session, "");
                    self.renewed_session = edits.renewed_session;
                    self.ride_along(edits.ride_along);
                    return Action::Continue;
                }
                Step::Reply(reply) => return self.reply(&reply),
                Step::Callout(request, pending) => match self.call(&request, *pending) {
                    Ok(()) => return Action::Pause,
                    Err(pending) => step = self.go_on_unsent(*pending),
                },
            }
        }
    }

    fn ride_along(&mut self, ride_along: Option<RideAlong>) {
        match ride_along {
            Some(RideAlong::Refresh(refresh)) => {
                let gateway = Rc::clone(&self.gateway);
                self.companion = Some(self.begun.begin(gateway, refresh));
            }
            Some(RideAlong::Refreshed(refreshed)) => self.refreshed = Some(refreshed),
            Some(RideAlong::Elsewhere) | None => {}
        }
    }

    fn reply(&mut self, reply: &LocalReply) -> Action {
        self.gateway.reply(reply);
        let reason = reply.report.as_deref().unwrap_or_default();
        let session = reply.session.as_deref();
        self.gateway
            .log(reply.outcome, &self.description, session, reason);
        Action::Pause
    }

    /// Sends the request; gives back what waits for it when the host does not.
    fn call(&mut self, request: &HttpRequest, pending: Pending) -> Result<(), Box<Pending>> {
        match host_calls::send(request) {
            Some(token) => {
                self.awaited = Some(Awaited {
                    token,
                    pending,
                    sent_at: host_calls::now_in_milliseconds(),
                });
                Ok(())
            }
            None => Err(Box::new(pending)),
        }
    }

    /// Goes on with what waits for a request that the host did not send.
    fn go_on_unsent(&self, pending: Pending) -> Step {
        let response = Err(CalloutError::NotSent);
        let now = host_calls::now_in_milliseconds();
        self.gateway
            .count_callout(pending.document(), &response, now);
        self.gateway
            .ask(|party, world| pending.resume(party, response, &mut world.host()))
    }
}

/// What the host tells.
impl Stream {
    pub(crate) fn on_http_call_response(&mut self, token: u32, headers: usize, body: usize) {
        // An answer that nobody waits for is nobody's.
        let Some(awaited) = self.awaited.take_if(|it| it.token == token) else {
            return;
        };
        let response = provider_call::response(headers, body);
        self.gateway
            .count_callout(awaited.pending.document(), &response, awaited.sent_at);
        let step = self
            .gateway
            .ask(|party, world| awaited.pending.resume(party, response, &mut world.host()));
        if self.take(step) == Action::Continue {
            host_calls::resume_request();
        }
    }

    pub(crate) fn on_http_request_headers(&mut self) -> Action {
        let Some(headers) = host_calls::request_headers() else {
            return self.reply(&LocalReply::headers_not_read());
        };
        let step = self.gateway.decide(&headers);
        if !matches!(&step, Step::Forward(edits) if !self.gateway.logs(edits.outcome)) {
            self.description = RequestDescription::of(&headers);
        }
        self.take(step)
    }

    pub(crate) fn on_http_response_headers(&mut self) -> Action {
        if let Some(cookie) = self.renewed_session.take() {
            host_calls::set_session_cookie(&cookie);
        }
        if let Some(companion) = &self.companion {
            match companion.end_or_wait(self.id) {
                Some(refreshed) => self.refreshed = refreshed,
                None => return Action::Pause,
            }
        }
        self.refreshed.iter().for_each(refreshes::set_cookies);
        Action::Continue
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(companion) = &self.companion {
            companion.leave();
        }
    }
}
