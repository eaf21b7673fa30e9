//! The plugin itself: its configuration, and the fetching of the provider's documents.

use std::rc::Rc;

use kfwasm_config::{Config, Problem};
use kfwasm_oidc::callout::CalloutError;
use kfwasm_oidc::shared_data::{NotWritten, SharedData as _};
use kfwasm_oidc::{Due, Fetch, PendingRefresh, RefreshEnd, RefreshStep, RelyingParty};

use crate::gateway::Gateway;
use crate::host_calls::{self, Level, SharedMemory};
use crate::provider_call;
use crate::refreshes::{Begun, Companion};
use crate::stream::Stream;

/// How often to look for documents that are due, in milliseconds.
const TICK: u32 = 1000;

/// The entry in shared memory that says that some worker of this Envoy serves with a good configuration.
const SERVING: &str = "kfwasm.serving";

/// The root context of one worker.
pub(crate) struct Root {
    /// By which the host knows it.
    id: u32,
    gateway: Rc<Gateway>,
    /// With the tokens of their callouts: few at a time, and so are refreshes.
    fetches: Vec<(u32, Sent)>,
    begun: Begun,
    refreshes: Vec<(u32, Refreshing)>,
}

/// A fetch under way, and when it was sent, in milliseconds.
struct Sent {
    document: Due,
    at: u64,
}

/// A refresh that waits for an answer. It goes on under the configuration that it began with.
struct Refreshing {
    gateway: Rc<Gateway>,
    pending: PendingRefresh,
    companion: Rc<Companion>,
    sent_at: u64,
}

impl Root {
    pub(crate) fn new(id: u32) -> Self {
        Self {
            id,
            gateway: Gateway::closed(),
            fetches: Vec::new(),
            begun: Begun::default(),
            refreshes: Vec::new(),
        }
    }

    /// A stream under the configuration of this moment.
    pub(crate) fn stream(&self, id: u32) -> Stream {
        Stream::new(id, Rc::clone(&self.gateway), self.begun.clone())
    }

    /// Whether the callout of this token is the root's, and not a stream's.
    pub(crate) fn awaits(&self, token: u32) -> bool {
        self.fetches.iter().any(|(it, _)| *it == token)
            || self.refreshes.iter().any(|(it, _)| *it == token)
    }

    fn serve(&mut self, party: RelyingParty) -> bool {
        self.gateway = Gateway::serving(party);
        self.gateway
            .tell(|party, world| party.recall(&mut world.host()));
        host_calls::set_tick_period(TICK);
        // Without the entry a refused update closes the gateway where it could have been turned down: safe, if less kind.
        let _: Result<(), NotWritten> = SharedMemory.set(SERVING, b"1", None);
        true
    }

    /// Refuses a configuration. An update is turned down, so that Envoy keeps the old one; without an old one the gateway
    /// answers every request with 503.
    fn refuse(&mut self, problems: &[Problem]) -> bool {
        for problem in problems {
            let Problem {
                path,
                message,
                advice,
            } = problem;
            host_calls::log(
                Level::Error,
                &[
                    "kfwasm configuration refused: ",
                    path,
                    ": ",
                    message,
                    "; ",
                    advice,
                ]
                .concat(),
            );
        }
        self.gateway = Gateway::closed();
        SharedMemory.get(SERVING).is_none()
    }

    fn fetch(&mut self, fetch: &Fetch) {
        let sent = Sent {
            document: fetch.document,
            at: host_calls::now_in_milliseconds(),
        };
        match host_calls::send(&fetch.request) {
            Some(token) => {
                self.fetches.push((token, sent));
            }
            None => self.received(&sent, Err(CalloutError::NotSent)),
        }
    }

    /// Carries out what streams have begun since the last tick.
    fn begin_refreshes(&mut self) {
        for beginning in self.begun.take() {
            host_calls::set_tick_period(TICK);
            let refresh = *beginning.refresh;
            let step = RefreshStep::Callout(Box::new(refresh.request), Box::new(refresh.pending));
            self.advance(step, beginning.gateway, beginning.companion);
        }
    }

    /// Takes steps of a refresh until it is over or waiting.
    fn advance(&mut self, mut step: RefreshStep, gateway: Rc<Gateway>, companion: Rc<Companion>) {
        loop {
            match step {
                RefreshStep::End(end) => {
                    gateway.count_refresh(end.outcome);
                    return end_refresh(end, &companion, self.id);
                }
                RefreshStep::Callout(request, pending) => match host_calls::send(&request) {
                    Some(token) => {
                        let refreshing = Refreshing {
                            gateway,
                            pending: *pending,
                            companion,
                            sent_at: host_calls::now_in_milliseconds(),
                        };
                        self.refreshes.push((token, refreshing));
                        return;
                    }
                    None => {
                        let now = host_calls::now_in_milliseconds();
                        step = resume(*pending, &gateway, Err(CalloutError::NotSent), now);
                    }
                },
            }
        }
    }

    /// No response waits for longer than it should.
    fn release_late_responses(&self) {
        if self.refreshes.is_empty() {
            return;
        }
        let now = host_calls::now();
        for (_, refreshing) in &self.refreshes {
            refreshing.companion.release_if_late(now, self.id);
        }
    }

    fn received(
        &self,
        sent: &Sent,
        response: Result<kfwasm_oidc::callout::HttpResponse, CalloutError>,
    ) {
        let document = sent.document;
        self.gateway
            .count_callout(document.document(), &response, sent.at);
        let result = self
            .gateway
            .tell(|party, world| party.fetched(document, response, &mut world.host()));
        if let Some(Err(report)) = result {
            host_calls::log(Level::Warn, &["kfwasm provider: ", &report].concat());
        }
    }
}

fn resume(
    pending: PendingRefresh,
    gateway: &Gateway,
    response: Result<kfwasm_oidc::callout::HttpResponse, CalloutError>,
    sent_at: u64,
) -> RefreshStep {
    gateway.count_callout(pending.document(), &response, sent_at);
    let step = gateway.tell(|party, world| pending.resume(party, response, &mut world.host()));
    step.unwrap_or(RefreshStep::End(RefreshEnd::GIVEN_UP))
}

fn end_refresh(end: RefreshEnd, companion: &Companion, root: u32) {
    if let Some(report) = &end.report {
        host_calls::log(Level::Warn, &["kfwasm refresh: ", report].concat());
    }
    companion.end(end.refreshed, root);
}

/// Reads the configuration and the secrets that it names.
fn relying_party(configuration: &[u8]) -> Result<RelyingParty, Vec<Problem>> {
    let config = Config::from_json(configuration)
        .map_err(|problems| problems.iter().cloned().collect::<Vec<_>>())?;
    RelyingParty::new(config, &|name| std::env::var(name).ok())
}

/// What the host tells.
impl Root {
    pub(crate) fn on_http_call_response(&mut self, token: u32, headers: usize, body: usize) {
        if let Some(place) = self.fetches.iter().position(|(it, _)| *it == token) {
            let (_, sent) = self.fetches.swap_remove(place);
            self.received(&sent, provider_call::response(headers, body));
        } else if let Some(place) = self.refreshes.iter().position(|(it, _)| *it == token) {
            let (_, it) = self.refreshes.swap_remove(place);
            let response = provider_call::response(headers, body);
            let step = resume(it.pending, &it.gateway, response, it.sent_at);
            self.advance(step, it.gateway, it.companion);
        }
    }

    pub(crate) fn on_configure(&mut self, size: usize) -> bool {
        // What was asked for under other settings is not an answer to these.
        self.fetches.clear();
        match relying_party(&host_calls::plugin_configuration(size)) {
            Ok(party) => self.serve(party),
            Err(problems) => self.refuse(&problems),
        }
    }

    pub(crate) fn on_tick(&mut self) {
        self.begin_refreshes();
        self.release_late_responses();
        let due = self
            .gateway
            .tell(|party, world| party.due_fetches(&mut world.host()));
        for fetch in due.unwrap_or_default() {
            self.fetch(&fetch);
        }
        self.gateway.show_key_set_age();
    }
}
