use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use kfwasm_config::{Config, Problem};
use kfwasm_oidc::callout::{CalloutError, HttpRequest, HttpResponse};
use kfwasm_oidc::header_edits::HeaderEdits;
use kfwasm_oidc::jose::{RustCryptoVerifier, SignatureVerifier};
use kfwasm_oidc::local_reply::{COMMON_HEADERS, LocalReply};
use kfwasm_oidc::{
    Host, Pending, Refresh, RefreshEnd, RefreshOutcome, RefreshStep, RelyingParty, RideAlong, Step,
};
use serde_json::Value;

use super::clock::Clock;
use super::entropy::CountedEntropy;
use super::provider::Provider;
use super::record::Record;
use super::request::Request;
use super::response::Response;
use super::shared_memory::{Contended, SharedMemory};
use super::signatures::AsEnvoy;
use super::stage::{CLIENT_SECRET, GATE, OLD_KEY};
use super::upstream::Upstream;

/// One Envoy: its workers, the memory that they share, and the way to the provider.
pub(crate) struct Gateway {
    clock: Clock,
    provider: Rc<Provider>,
    state: RefCell<State>,
}

struct State {
    workers: Vec<RelyingParty>,
    /// The worker that takes the next request.
    serving: usize,
    shared: SharedMemory,
    entropy: CountedEntropy,
    record: Record,
    fetch_faults: Vec<String>,
    signatures: Box<dyn SignatureVerifier>,
    /// Whether refreshes wait until a test lets them go on.
    holds_refreshes: bool,
    held: Vec<(usize, Box<Refresh>)>,
    refreshes: Vec<RefreshOutcome>,
}

/// A request that waits for the provider.
pub(crate) struct Held {
    request: Request,
    pub(crate) callout: HttpRequest,
    pending: Pending,
}

/// A relying party, and everything that is wrong with its secrets otherwise.
pub(crate) fn relying_party(
    config: &Value,
    secrets: &[(&str, &str)],
) -> Result<RelyingParty, Vec<Problem>> {
    let config = Config::from_json(config.to_string().as_bytes());
    let find = |name: &str| secrets.iter().find(|(it, _)| *it == name);
    RelyingParty::new(config.unwrap(), &|name| {
        find(name).map(|(_, value)| (*value).to_owned())
    })
}

fn worker(config: &Value, keys: &str) -> RelyingParty {
    let secrets = [
        ("KFWASM_SESSION_KEYS", keys),
        ("CLIENT_SECRET", CLIENT_SECRET),
        ("GATE", GATE),
    ];
    relying_party(config, &secrets).unwrap_or_else(|problems| panic!("{problems:?}"))
}

impl Gateway {
    pub(crate) fn new(clock: &Clock, provider: &Rc<Provider>, config: &Value) -> Self {
        Self {
            clock: clock.clone(),
            provider: Rc::clone(provider),
            state: RefCell::new(State {
                workers: vec![worker(config, OLD_KEY)],
                serving: 0,
                shared: SharedMemory::default(),
                entropy: CountedEntropy::default(),
                record: Record::default(),
                fetch_faults: Vec::new(),
                signatures: Box::new(RustCryptoVerifier),
                holds_refreshes: false,
                held: Vec::new(),
                refreshes: Vec::new(),
            }),
        }
    }

    /// Starts all anew with another configuration and other session keys, as a rollout of the gateway does.
    pub(crate) fn restart(&self, config: &Value, keys: &str) {
        let mut state = self.state.borrow_mut();
        state.workers = vec![worker(config, keys)];
        state.serving = 0;
        state.shared = SharedMemory::default();
    }

    /// Adds a worker, which from now on takes the requests.
    pub(crate) fn add_worker(&self, config: &Value) {
        self.add_worker_with(config, OLD_KEY);
    }

    /// The same with other session keys, as while a new configuration reaches the workers.
    pub(crate) fn add_worker_with(&self, config: &Value, keys: &str) {
        let mut state = self.state.borrow_mut();
        state.workers.push(worker(config, keys));
        state.serving = state.workers.len() - 1;
    }

    /// Lets Envoy check signatures, and not the module.
    pub(crate) fn asks_envoy_about_signatures(&self) {
        self.state.borrow_mut().signatures = Box::new(AsEnvoy);
    }

    /// Lets a worker take the requests from now on.
    pub(crate) fn serve_with(&self, worker: usize) {
        self.state.borrow_mut().serving = worker;
    }

    /// What each worker does once a second.
    pub(crate) fn tick(&self) {
        let workers = self.state.borrow().workers.len();
        for worker in 0..workers {
            let due = self.with_worker(worker, RelyingParty::due_fetches);
            for fetch in due {
                let answer = self.call(&fetch.request);
                let received =
                    self.with_worker(worker, |it, host| it.fetched(fetch.document, answer, host));
                if let Err(report) = received {
                    self.record().note(&report);
                    self.state.borrow_mut().fetch_faults.push(report);
                }
            }
        }
    }

    /// Takes a request to its end.
    pub(crate) fn handle(&self, request: &Request) -> Response {
        let step = self.decide(request);
        self.finish_step(request, step)
    }

    /// Takes a request as far as the first callout, which it must need.
    pub(crate) fn hold(&self, request: Request) -> Held {
        match self.decide(&request) {
            Step::Callout(callout, pending) => Held {
                request,
                callout: *callout,
                pending: *pending,
            },
            _ => panic!("the request waits for nothing"),
        }
    }

    /// Goes on with a request that was held, with this answer to it.
    pub(crate) fn resume(
        &self,
        held: Held,
        answer: Result<HttpResponse, CalloutError>,
    ) -> Response {
        let serving = self.state.borrow().serving;
        let step = self.with_worker(serving, |it, host| held.pending.resume(it, answer, host));
        self.finish_step(&held.request, step)
    }

    /// What the provider answers to a callout.
    pub(crate) fn call(&self, request: &HttpRequest) -> Result<HttpResponse, CalloutError> {
        self.record().callout(request);
        let answer = self.provider.answer(request);
        self.record().debug(&answer);
        answer
    }

    /// Another worker, whatever its secrets say.
    pub(crate) fn with_worker<T>(
        &self,
        worker: usize,
        ask: impl FnOnce(&mut RelyingParty, &mut Host<'_>) -> T,
    ) -> T {
        let state = &mut *self.state.borrow_mut();
        let mut host = Host {
            now: self.clock.now(),
            entropy: &mut state.entropy,
            shared: &mut state.shared,
            signatures: &mut *state.signatures,
        };
        ask(&mut state.workers[worker], &mut host)
    }

    /// Lets one worker do something, and another one something else before each of the first one's writes to the memory
    /// that they share.
    pub(crate) fn with_contention<T>(
        &self,
        [worker, other]: [usize; 2],
        ask: impl FnOnce(&mut RelyingParty, &mut Host<'_>) -> T,
        mut meanwhile: impl FnMut(&mut RelyingParty, &mut Host<'_>),
    ) -> T {
        let state = &mut *self.state.borrow_mut();
        let [worker, other] = state.workers.get_disjoint_mut([worker, other]).unwrap();
        let (now, mut entropy) = (self.clock.now(), CountedEntropy::default());
        let mut before_write = |memory: &mut SharedMemory| {
            let mut host = Host {
                now,
                entropy: &mut entropy,
                shared: memory,
                signatures: &mut RustCryptoVerifier,
            };
            meanwhile(other, &mut host);
        };
        let mut host = Host {
            now,
            entropy: &mut state.entropy,
            shared: &mut Contended {
                memory: &mut state.shared,
                before_write: &mut before_write,
            },
            signatures: &mut *state.signatures,
        };
        ask(worker, &mut host)
    }

    pub(crate) fn decide(&self, request: &Request) -> Step {
        let serving = self.state.borrow().serving;
        self.with_worker(serving, |party, host| decide(request, party, host))
    }

    fn finish_step(&self, request: &Request, mut step: Step) -> Response {
        let serving = self.state.borrow().serving;
        loop {
            let response = match step {
                Step::Forward(edits) => self.forward(request, edits),
                Step::Reply(reply) => respond(request, &reply),
                Step::Callout(callout, pending) => {
                    let answer = self.call(&callout);
                    step = self.with_worker(serving, |it, host| pending.resume(it, answer, host));
                    continue;
                }
            };
            self.record().response(&response);
            return response;
        }
    }

    fn forward(&self, request: &Request, edits: HeaderEdits) -> Response {
        let mut upstream = Upstream::of(request);
        edits.apply(&mut upstream);
        self.record().edits(&edits);
        let response = Response {
            outcome: Some(edits.outcome),
            upstream: Some(upstream),
            ..Response::new(request.address(), 200, "a page of Kubeflow")
        };
        let response = match &edits.renewed_session {
            Some(cookie) => response.with("set-cookie", cookie),
            None => response,
        };
        let cookies = self.ride_along(edits.ride_along);
        cookies
            .iter()
            .fold(response, |it, cookie| it.with("set-cookie", cookie))
    }

    /// The cookies of a refresh, which the response waits for.
    fn ride_along(&self, ride_along: Option<RideAlong>) -> Vec<String> {
        let serving = self.state.borrow().serving;
        let refreshed = match ride_along {
            Some(RideAlong::Refresh(refresh)) if self.state.borrow().holds_refreshes => {
                self.state.borrow_mut().held.push((serving, refresh));
                None
            }
            Some(RideAlong::Refresh(refresh)) => self.carry_out(serving, *refresh).refreshed,
            Some(RideAlong::Refreshed(refreshed)) => Some(refreshed),
            Some(RideAlong::Elsewhere) | None => None,
        };
        refreshed.map_or_else(Vec::new, |it| it.cookies)
    }

    /// Takes a refresh to its end.
    fn carry_out(&self, worker: usize, refresh: Refresh) -> RefreshEnd {
        let (mut callout, mut pending) = (refresh.request, refresh.pending);
        loop {
            let answer = self.call(&callout);
            match self.with_worker(worker, |it, host| pending.resume(it, answer, host)) {
                RefreshStep::Callout(next, rest) => (callout, pending) = (*next, *rest),
                RefreshStep::End(end) => {
                    self.record()
                        .note(end.report.as_deref().unwrap_or_default());
                    self.state.borrow_mut().refreshes.push(end.outcome);
                    return end;
                }
            }
        }
    }

    /// From now on responses do not wait for refreshes, which go on when [`Gateway::end_refresh`] says so.
    pub(crate) fn hold_refreshes(&self) {
        self.state.borrow_mut().holds_refreshes = true;
    }

    /// How refreshes ended, in order.
    pub(crate) fn refreshes(&self) -> Vec<RefreshOutcome> {
        self.state.borrow().refreshes.clone()
    }

    /// How many refreshes wait.
    pub(crate) fn held_refreshes(&self) -> usize {
        self.state.borrow().held.len()
    }

    /// Takes the refresh that has waited longest to its end.
    pub(crate) fn end_refresh(&self) -> RefreshEnd {
        let (worker, refresh) = self.state.borrow_mut().held.remove(0);
        self.carry_out(worker, *refresh)
    }

    pub(crate) fn shared(&self) -> RefMut<'_, SharedMemory> {
        RefMut::map(self.state.borrow_mut(), |state| &mut state.shared)
    }

    pub(crate) fn entropy(&self) -> RefMut<'_, CountedEntropy> {
        RefMut::map(self.state.borrow_mut(), |state| &mut state.entropy)
    }

    pub(crate) fn record(&self) -> RefMut<'_, Record> {
        RefMut::map(self.state.borrow_mut(), |state| &mut state.record)
    }

    /// What the operator was told about documents that could not be fetched.
    pub(crate) fn fetch_faults(&self) -> Ref<'_, Vec<String>> {
        Ref::map(self.state.borrow(), |state| &state.fetch_faults)
    }
}

/// What a worker decides.
pub(crate) fn decide(request: &Request, party: &mut RelyingParty, host: &mut Host<'_>) -> Step {
    let buffer = request.encode();
    match party.scan(&buffer) {
        Ok(head) => party.handle_request(&head, host),
        Err(_) => Step::Reply(party.refuse_malformed()),
    }
}

fn respond(request: &Request, reply: &LocalReply) -> Response {
    for (name, value) in &reply.headers {
        let visible = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        assert!(visible, "{name} would break out of its line: {value:?}");
    }
    let body = String::from_utf8(reply.body.clone()).unwrap();
    let response = Response {
        outcome: Some(reply.outcome),
        report: reply.report.clone().unwrap_or_default(),
        ..Response::new(request.address(), reply.status, &body)
    };
    let own = reply
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    COMMON_HEADERS
        .into_iter()
        .chain(own)
        .fold(response, |it, (name, value)| it.with(name, value))
}
