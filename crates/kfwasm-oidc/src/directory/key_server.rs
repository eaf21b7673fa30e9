//! The key set of an issuer of which nothing else is asked.

use std::rc::Rc;

use kfwasm_config::{Duration, EndpointUrl};
use sha2::{Digest as _, Sha256};

use super::schedule::Schedule;
use super::stored_document::Store;
use super::{Known, Published};
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::jose::{JwkSet, base64url};
use crate::key_ring::KeyRing;
use crate::provider::Document;
use crate::refusal::Refusal;
use crate::shared_data::{NotWritten, Version};

/// One worker's view of a key set at a fixed address; shared, fetched and kept as the provider's is.
pub(crate) struct KeyServer {
    url: EndpointUrl,
    timeout: Duration,
    store: Store,
    known: Known<JwkSet>,
}

impl KeyServer {
    pub(crate) fn new(
        issuer: &str,
        url: EndpointUrl,
        timeout: Duration,
        keys: Rc<KeyRing>,
    ) -> Self {
        let parts = ["bearer", issuer, url.as_str()].join("\n");
        Self {
            store: Store::new(&base64url::encode(&Sha256::digest(parts)), keys),
            known: Known::NOTHING,
            url,
            timeout,
        }
    }

    /// The keys, as the last worker that fetched them found them.
    pub(crate) fn keys(&mut self, host: &mut Host<'_>) -> Option<Rc<JwkSet>> {
        let fetched_at = self.schedule(host).0.fetched_at();
        if fetched_at > self.known.fetched_at
            && let Some(body) = self.store.body(Published::KeySet, host.shared)
            && let Ok(keys) = JwkSet::parse(&body)
        {
            self.known = Known {
                value: Some(Rc::new(keys)),
                fetched_at,
            };
        }
        self.known.value.clone()
    }

    /// The request for the keys, if they are due and no other worker fetches them.
    pub(crate) fn due(&mut self, host: &mut Host<'_>) -> Option<HttpRequest> {
        let (schedule, version) = self.schedule(host);
        if !schedule.is_due(host.now) {
            return None;
        }
        self.begin(schedule, version, host).ok()?;
        Some(self.request())
    }

    /// Begins a fetch for a token whose key is unknown. Strangers' tokens must not make us a load on the server: without
    /// keys it waits its turn after a failure, with keys it is rate-limited.
    pub(crate) fn fetch(&mut self, host: &mut Host<'_>) -> Option<HttpRequest> {
        let (schedule, version) = self.schedule(host);
        let first = self.keys(host).is_none() && schedule.backing_off(host.now).is_none();
        if !first && !schedule.may_fetch_early(host.now) {
            return None;
        }
        // Losing this race means that another worker fetches too, which does no harm.
        let _: Result<(), NotWritten> = self.begin(schedule, version, host);
        Some(self.request())
    }

    /// After how many seconds the server is asked again, when it failed lately.
    pub(crate) fn backing_off(&self, host: &mut Host<'_>) -> Option<u64> {
        self.schedule(host).0.backing_off(host.now)
    }

    /// Takes the response to a fetch. One that cannot be used leaves the keys that were known before.
    pub(crate) fn received(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let cache_control = response
            .as_ref()
            .ok()
            .and_then(|it| it.cache_control.clone());
        let read = self.read(response, host);
        // Whoever sees the new time must find the new keys.
        let (schedule, version) = self.schedule(host);
        let next = match &read {
            Ok(()) => schedule.succeeded(host.now, cache_control.as_deref(), host.entropy),
            Err(_) => schedule.failed(host.now, host.entropy),
        };
        let _: Result<(), NotWritten> =
            self.store
                .put_schedule(Published::KeySet, &next, version, host);
        read
    }

    fn read(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let kind = Document::KeySet;
        let response = response.map_err(|error| Refusal::Unreachable(kind, error))?;
        kind.check_status(response.status)?;
        self.known = Known {
            value: Some(Rc::new(JwkSet::parse(&response.body)?)),
            fetched_at: host.now,
        };
        self.store.put_body(Published::KeySet, &response.body, host);
        Ok(())
    }

    fn schedule(&self, host: &mut Host<'_>) -> (Schedule, Option<Version>) {
        self.store.schedule(Published::KeySet, host.shared)
    }

    fn begin(
        &self,
        schedule: Schedule,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let begun = schedule.begun(host.now, self.timeout);
        self.store
            .put_schedule(Published::KeySet, &begun, version, host)
    }

    fn request(&self) -> HttpRequest {
        HttpRequest::get(&self.url, self.timeout)
    }
}
