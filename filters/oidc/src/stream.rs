//! One request.

use std::rc::Rc;

use kfwasm_oidc::callout::{CalloutError, HttpRequest};
use kfwasm_oidc::excerpt::Excerpt;
use kfwasm_oidc::header_map::HeaderMap;
use kfwasm_oidc::local_reply::LocalReply;
use kfwasm_oidc::{Outcome, Pending, Step};
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;

use crate::gateway::Gateway;
use crate::host_calls::{self, Level};
use crate::provider_call;

/// A request, from its headers to those of its response.
pub(crate) struct Stream {
    gateway: Rc<Gateway>,
    awaited: Option<Awaited>,
    renewed_session: Option<String>,
    /// The request in the words of a log line; empty while nothing is to be logged.
    description: String,
}

/// A callout under way.
struct Awaited {
    token: u32,
    pending: Pending,
}

impl Stream {
    pub(crate) fn new(gateway: Rc<Gateway>) -> Self {
        Self {
            gateway,
            awaited: None,
            renewed_session: None,
            description: String::new(),
        }
    }

    /// Takes steps until the request is let through, answered, or waiting.
    fn take(&mut self, mut step: Step) -> Action {
        loop {
            match step {
                Step::Forward(edits) => {
                    if !self.gateway.forward(&edits) {
                        return self.reply(&LocalReply::headers_not_changed());
                    }
                    self.log(edits.outcome, "");
                    self.renewed_session = edits.renewed_session;
                    return Action::Continue;
                }
                Step::Reply(reply) => return self.reply(&reply),
                Step::Callout(request, pending) => match self.call(&request, *pending) {
                    Ok(()) => return Action::Pause,
                    Err(pending) => step = self.resume(*pending),
                },
            }
        }
    }

    fn reply(&mut self, reply: &LocalReply) -> Action {
        self.gateway.reply(reply);
        self.log(reply.outcome, reply.report.as_deref().unwrap_or_default());
        Action::Pause
    }

    /// Sends the request; gives back what waits for it when the host does not.
    fn call(&mut self, request: &HttpRequest, pending: Pending) -> Result<(), Box<Pending>> {
        match host_calls::send(request) {
            Some(token) => {
                self.awaited = Some(Awaited { token, pending });
                Ok(())
            }
            None => Err(Box::new(pending)),
        }
    }

    fn resume(&self, pending: Pending) -> Step {
        self.gateway.ask(|party, world| {
            pending.resume(party, Err(CalloutError::NotSent), &mut world.host())
        })
    }

    fn log(&self, outcome: Outcome, report: &str) {
        if !self.gateway.logs(outcome) {
            return;
        }
        let level = match (report, outcome) {
            ("", Outcome::Forwarded | Outcome::Skipped) => Level::Debug,
            ("", _) => Level::Info,
            _ => Level::Warn,
        };
        let separator = if report.is_empty() { "" } else { ": " };
        let parts = [
            "kfwasm ",
            outcome.as_str(),
            " ",
            &self.description,
            separator,
            report,
        ];
        host_calls::log(level, &parts.concat());
    }
}

/// Request id, method and path. The query is left out: it may hold codes and tokens.
fn describe(headers: &[u8]) -> String {
    let (mut method, mut path, mut id) = (&b""[..], &b""[..], &b""[..]);
    for (name, value) in HeaderMap::new(headers).into_iter().flatten().flatten() {
        match name {
            b":method" => method = value,
            b":path" => path = without_query(value),
            b"x-request-id" => id = value,
            _ => {}
        }
    }
    let text = [b"request=", id, b" ", method, b" ", path].concat();
    Excerpt::of(&String::from_utf8_lossy(&text))
        .as_str()
        .to_owned()
}

fn without_query(path: &[u8]) -> &[u8] {
    path.split(|byte| *byte == b'?').next().unwrap_or_default()
}

impl Context for Stream {
    fn on_http_call_response(&mut self, token: u32, headers: usize, body: usize, _: usize) {
        // An answer that nobody waits for is nobody's.
        let Some(awaited) = self.awaited.take_if(|it| it.token == token) else {
            return;
        };
        let response = provider_call::response(headers, body);
        let step = self
            .gateway
            .ask(|party, world| awaited.pending.resume(party, response, &mut world.host()));
        if self.take(step) == Action::Continue {
            host_calls::resume_request();
        }
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let headers = host_calls::request_headers().unwrap_or_default();
        let step = self.gateway.decide(&headers);
        if !matches!(&step, Step::Forward(edits) if !self.gateway.logs(edits.outcome)) {
            self.description = describe(&headers);
        }
        self.take(step)
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        if let Some(cookie) = self.renewed_session.take() {
            host_calls::add_response_header("set-cookie", &cookie);
            // Whoever else may keep the response must not keep the session in it.
            host_calls::replace_response_header("cache-control", "private, no-cache");
        }
        Action::Continue
    }
}
