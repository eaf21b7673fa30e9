//! The plugin itself: its configuration, and the fetching of the provider's documents.

use std::collections::BTreeMap;
use std::rc::Rc;

use kfwasm_config::{Config, Problem};
use kfwasm_oidc::callout::CalloutError;
use kfwasm_oidc::shared_data::{NotWritten, SharedData as _};
use kfwasm_oidc::{Due, Fetch, RelyingParty};
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;

use crate::gateway::Gateway;
use crate::host_calls::{self, Level, SharedMemory};
use crate::provider_call;
use crate::stream::Stream;

/// How often to look for documents that are due, in milliseconds.
const TICK: u32 = 1000;

/// The entry in shared memory that says that some worker of this Envoy serves with a good configuration.
const SERVING: &str = "kfwasm.serving";

/// The root context of one worker.
pub(crate) struct Root {
    gateway: Rc<Gateway>,
    fetches: BTreeMap<u32, Sent>,
}

/// A fetch under way, and when it was sent, in milliseconds.
struct Sent {
    document: Due,
    at: u64,
}

impl Root {
    pub(crate) fn new() -> Self {
        Self {
            gateway: Gateway::closed(),
            fetches: BTreeMap::new(),
        }
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
                self.fetches.insert(token, sent);
            }
            None => self.received(&sent, Err(CalloutError::NotSent)),
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

/// Reads the configuration and the secrets that it names.
fn relying_party(configuration: &[u8]) -> Result<RelyingParty, Vec<Problem>> {
    let config = Config::from_json(configuration)
        .map_err(|problems| problems.iter().cloned().collect::<Vec<_>>())?;
    RelyingParty::new(config, &|name| std::env::var(name).ok())
}

impl Context for Root {
    fn on_http_call_response(&mut self, token: u32, headers: usize, body: usize, _: usize) {
        if let Some(sent) = self.fetches.remove(&token) {
            self.received(&sent, provider_call::response(headers, body));
        }
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, size: usize) -> bool {
        // What was asked for under other settings is not an answer to these.
        self.fetches.clear();
        match relying_party(&host_calls::plugin_configuration(size)) {
            Ok(party) => self.serve(party),
            Err(problems) => self.refuse(&problems),
        }
    }

    fn on_tick(&mut self) {
        let due = self
            .gateway
            .tell(|party, world| party.due_fetches(&mut world.host()));
        for fetch in due.unwrap_or_default() {
            self.fetch(&fetch);
        }
        self.gateway.show_key_set_age();
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream::new(Rc::clone(&self.gateway))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
