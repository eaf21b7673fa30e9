//! A document that a server publishes and that the workers of an Envoy share.

use std::rc::Rc;

use kfwasm_config::{Duration, EndpointUrl};

use super::Published;
use super::schedule::Schedule;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::provider::ProviderFault;
use crate::refusal::Refusal;
use crate::sealed_entry::SealedEntry;
use crate::shared_data::{NotWritten, Version};
use crate::time::UnixTime;

/// One worker's view of a document. The document itself is in shared memory, so that one worker's fetch serves all; each
/// worker keeps what it read of it until another fetched anew.
pub(super) struct SharedDocument<T> {
    published: Published,
    timeout: Duration,
    body: SealedEntry,
    schedule: SealedEntry,
    read: Read<T>,
    value: Option<Rc<T>>,
    /// Whether the value is configured: no fetch replaces it.
    is_configured: bool,
    /// When the value was fetched, if it was.
    fetched_at: Option<UnixTime>,
}

type Read<T> = Box<dyn Fn(&[u8]) -> Result<T, ProviderFault>>;

impl<T> SharedDocument<T> {
    /// A document of which nothing is known yet. `registration` tells it from others, and `read` makes its body what it says.
    pub(super) fn new(
        published: Published,
        registration: &str,
        timeout: Duration,
        keys: &Rc<KeyRing>,
        read: impl Fn(&[u8]) -> Result<T, ProviderFault> + 'static,
    ) -> Self {
        let entry = |suffix| {
            let name = ["kfwasm.", published.name(), suffix, registration].concat();
            SealedEntry::new(Rc::clone(keys), Purpose::SharedDocument, name)
        };
        Self {
            published,
            timeout,
            body: entry("."),
            schedule: entry("-schedule."),
            read: Box::new(read),
            value: None,
            is_configured: false,
            fetched_at: None,
        }
    }

    /// The document with a value that is configured, where there is one: it is never fetched.
    pub(super) fn configured(self, value: Option<T>) -> Self {
        let Some(value) = value else { return self };
        Self {
            value: Some(Rc::new(value)),
            is_configured: true,
            ..self
        }
    }

    pub(super) fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// What the document says, as the last worker that fetched it found it.
    pub(super) fn get(&mut self, host: &mut Host<'_>) -> Option<Rc<T>> {
        if !self.is_configured {
            self.learn(host);
        }
        self.value.clone()
    }

    /// Takes what another worker has fetched since.
    fn learn(&mut self, host: &mut Host<'_>) {
        let fetched_at = self.turns(host).0.fetched_at();
        if fetched_at > self.fetched_at
            && let Some(value) = self.stored(host)
        {
            self.keep(value, fetched_at);
        }
    }

    /// What another worker stored has been accepted there, so that a failure here has no one to be told to.
    fn stored(&self, host: &mut Host<'_>) -> Option<T> {
        let (sealed, _) = self.body.sealed(host)?;
        (self.read)(&self.body.open(&sealed)?).ok()
    }

    fn keep(&mut self, value: T, fetched_at: Option<UnixTime>) {
        self.value = Some(Rc::new(value));
        self.fetched_at = fetched_at;
    }

    /// How old the document is, in seconds; `None` when there is none, or it is configured.
    pub(super) fn age(&mut self, host: &mut Host<'_>) -> Option<u64> {
        self.get(host)?;
        host.now.since(self.fetched_at?)
    }

    /// The request for the document, if it is due and no other worker fetches it.
    pub(super) fn due(&self, url: &EndpointUrl, host: &mut Host<'_>) -> Option<HttpRequest> {
        let (schedule, version) = self.turns(host);
        if !schedule.is_due(host.now) {
            return None;
        }
        self.begin(schedule, version, host).ok()?;
        Some(HttpRequest::get(url, self.timeout))
    }

    /// Begins a fetch for a request that cannot go on without it. It does not wait for the fetch of another request or
    /// worker, which may never end.
    pub(super) fn fetch(&self, url: &EndpointUrl, host: &mut Host<'_>) -> HttpRequest {
        let (schedule, version) = self.turns(host);
        // Losing this race means that another worker fetches too, which does no harm.
        let _: Result<(), NotWritten> = self.begin(schedule, version, host);
        HttpRequest::get(url, self.timeout)
    }

    /// After how many seconds the server is asked again, when it failed lately.
    pub(super) fn backing_off(&self, host: &mut Host<'_>) -> Option<u64> {
        self.turns(host).0.backing_off(host.now)
    }

    /// In how many seconds somebody who finds the document wanting may cause a fetch; `None` when they may now. Strangers must
    /// not make us a load on the server: without a document it waits its turn after a failure, with one it is rate-limited.
    pub(super) fn fetch_in(&mut self, host: &mut Host<'_>) -> Option<u64> {
        let (schedule, _) = self.turns(host);
        match self.get(host) {
            None => schedule.backing_off(host.now),
            Some(_) => schedule.early_fetch_in(host.now),
        }
    }

    /// Takes the response to a fetch. One that cannot be used leaves what was known before, and delays the next fetch.
    pub(super) fn received(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let cache_control = response
            .as_ref()
            .ok()
            .and_then(|it| it.cache_control.clone());
        let accepted = self.accept(response, host);
        // Whoever sees the new time must find the new document.
        let (schedule, version) = self.turns(host);
        let next = match &accepted {
            Ok(()) => schedule.succeeded(host.now, cache_control.as_deref(), host.entropy),
            Err(_) => schedule.failed(host.now, host.entropy),
        };
        let _: Result<(), NotWritten> = self.schedule.swap_record(&next, version, host);
        accepted
    }

    fn accept(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let kind = self.published.kind();
        let response = response.map_err(|error| Refusal::Unreachable(kind, error))?;
        kind.check_status(response.status)?;
        let value = (self.read)(&response.body)?;
        self.keep(value, Some(host.now));
        // If it cannot be stored, the other workers fetch it themselves.
        let _: Result<(), NotWritten> = self.body.write(&response.body, None, host);
        Ok(())
    }

    fn turns(&self, host: &mut Host<'_>) -> (Schedule, Option<Version>) {
        self.schedule.record(host)
    }

    fn begin(
        &self,
        schedule: Schedule,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let begun = schedule.begun(host.now, self.timeout);
        self.schedule.swap_record(&begun, version, host)
    }
}
