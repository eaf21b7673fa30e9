//! What the workers of an Envoy know of a provider: its metadata and its keys.

mod key_server;
mod schedule;
mod stored_document;

use std::rc::Rc;

use kfwasm_config::Provider;
use sha2::{Digest as _, Sha256};

pub(crate) use self::key_server::KeyServer;
use self::schedule::Schedule;
use self::stored_document::Store;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::jose::{JwkSet, base64url};
use crate::key_ring::KeyRing;
use crate::provider::{Document, ProviderFault, ProviderMetadata, discovery_url};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::shared_data::{NotWritten, Version};
use crate::time::UnixTime;

/// A document that the provider publishes and that all workers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The discovery document.
    Discovery,
    /// The key set.
    KeySet,
}

/// A document that is fetched ahead of need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// One of a provider's.
    Provider(ProviderId, Published),
    /// The key set of the issuer at this place of `bearer.issuers`.
    BearerIssuer(usize),
}

impl Due {
    /// What is fetched, for metrics.
    #[must_use]
    pub const fn document(self) -> Document {
        match self {
            Self::Provider(_, published) => published.kind(),
            Self::BearerIssuer(_) => Document::KeySet,
        }
    }
}

/// A document that is due, and the request that fetches it.
pub struct Fetch {
    /// Which document will come.
    pub document: Due,
    /// The request to send.
    pub request: HttpRequest,
}

/// One worker's view of a provider. The documents themselves are in shared data, so that one worker's fetch serves all;
/// each worker keeps what it read of them until another fetched anew.
pub(crate) struct Directory {
    provider: Provider,
    store: Store,
    metadata: Known<ProviderMetadata>,
    keys: Known<JwkSet>,
}

/// A document as this worker last read it, and when it was fetched.
struct Known<T> {
    value: Option<Rc<T>>,
    fetched_at: UnixTime,
}

impl<T> Known<T> {
    const NOTHING: Self = Self {
        value: None,
        fetched_at: UnixTime(0),
    };

    /// What no fetch replaces.
    fn in_configuration(value: T) -> Self {
        Self {
            value: Some(Rc::new(value)),
            fetched_at: UnixTime(u64::MAX),
        }
    }
}

impl Directory {
    /// The directory of a provider, with the keys that are configured, if they are.
    pub(crate) fn new(provider: Provider, key_set: Option<JwkSet>, keys: Rc<KeyRing>) -> Self {
        // What other settings fetched or accepted is not to be trusted under these.
        let address = provider.jwks_uri.as_ref().map_or("", |url| url.as_str());
        let registration = registration(&provider, address);
        let by_hand = ProviderMetadata::from_config(&provider).map(Rc::new);
        Self {
            store: Store::new(&registration, keys),
            metadata: Known {
                value: by_hand,
                ..Known::NOTHING
            },
            keys: key_set.map_or(Known::NOTHING, Known::in_configuration),
            provider,
        }
    }

    /// Tells what belongs to this client of this provider from what belongs to others, in the memory that all share.
    pub(crate) fn registration(&self) -> String {
        registration(&self.provider, "")
    }

    pub(crate) fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The provider's metadata, as the last worker that fetched it found it.
    pub(crate) fn metadata(&mut self, host: &mut Host<'_>) -> Option<Rc<ProviderMetadata>> {
        self.read_newer(Published::Discovery, host);
        self.metadata.value.clone()
    }

    /// The provider's keys, likewise.
    pub(crate) fn keys(&mut self, host: &mut Host<'_>) -> Option<Rc<JwkSet>> {
        self.read_newer(Published::KeySet, host);
        self.keys.value.clone()
    }

    /// How old the provider's keys are, in seconds; `None` when there are none, or they are configured.
    pub(crate) fn key_set_age(&mut self, host: &mut Host<'_>) -> Option<u64> {
        self.keys(host)?;
        host.now.0.checked_sub(self.keys.fetched_at.0)
    }

    /// Reads a document that another worker has fetched since this one last looked.
    fn read_newer(&mut self, document: Published, host: &mut Host<'_>) {
        let fetched_at = self.store.schedule(document, host.shared).0.fetched_at();
        if fetched_at <= self.fetched_at(document) {
            return;
        }
        if let Some(body) = self.store.body(document, host.shared) {
            // What another worker stored has been accepted there, so that a failure here has no one to be told to.
            let _: Result<(), ProviderFault> = self.accept(document, &body, fetched_at);
        }
    }

    fn fetched_at(&self, document: Published) -> UnixTime {
        match document {
            Published::Discovery => self.metadata.fetched_at,
            Published::KeySet => self.keys.fetched_at,
        }
    }

    fn accept(
        &mut self,
        document: Published,
        body: &[u8],
        fetched_at: UnixTime,
    ) -> Result<(), ProviderFault> {
        match document {
            Published::Discovery => {
                let metadata = ProviderMetadata::from_discovery(body, &self.provider)?;
                self.metadata = Known {
                    value: Some(Rc::new(metadata)),
                    fetched_at,
                };
            }
            Published::KeySet => {
                self.keys = Known {
                    value: Some(Rc::new(JwkSet::parse(body)?)),
                    fetched_at,
                };
            }
        }
        Ok(())
    }

    /// The documents that are due and that no other worker is fetching.
    pub(crate) fn due(&mut self, host: &mut Host<'_>) -> Vec<(Published, HttpRequest)> {
        [Published::Discovery, Published::KeySet]
            .into_iter()
            .filter_map(|document| self.take_turn(document, host))
            .collect()
    }

    fn take_turn(
        &mut self,
        document: Published,
        host: &mut Host<'_>,
    ) -> Option<(Published, HttpRequest)> {
        let (schedule, version) = self.store.schedule(document, host.shared);
        if !schedule.is_due(host.now) {
            return None;
        }
        let request = self.request(document, host)?;
        let begun = schedule.begun(host.now, self.provider.timeout);
        self.store
            .put_schedule(document, &begun, version, host)
            .ok()?;
        Some((document, request))
    }

    /// The request for a document; `None` when it is not needed, or the metadata is not there that says where it is.
    fn request(&mut self, document: Published, host: &mut Host<'_>) -> Option<HttpRequest> {
        match document {
            Published::Discovery => self.discovery_request(),
            Published::KeySet => {
                let metadata = self.metadata(host)?;
                Some(HttpRequest::get(
                    metadata.jwks_uri.as_ref()?,
                    self.provider.timeout,
                ))
            }
        }
    }

    fn discovery_request(&self) -> Option<HttpRequest> {
        if ProviderMetadata::from_config(&self.provider).is_some() {
            return None;
        }
        let url = discovery_url(&self.provider).ok()?;
        Some(HttpRequest::get(&url, self.provider.timeout))
    }

    /// Begins a fetch of the metadata for a request that cannot go on without it.
    ///
    /// It does not wait for the fetch of another request or worker, which may never end. After a failure it waits its turn.
    pub(crate) fn fetch_metadata(&mut self, host: &mut Host<'_>) -> Result<HttpRequest, Refusal> {
        let (schedule, version) = self.store.schedule(Published::Discovery, host.shared);
        if let Some(seconds) = schedule.backing_off(host.now) {
            return Err(Refusal::BackingOff(seconds));
        }
        let request = self
            .discovery_request()
            .ok_or(Refusal::Gateway("the discovery URL cannot be made"))?;
        self.note_begin(Published::Discovery, schedule, version, host);
        Ok(request)
    }

    /// In how many seconds a token with an unknown key may cause a fetch of the keys; `None` when it may now. Strangers'
    /// tokens must not make us a load on the provider. Without any keys, the next sign-in may ask for them at once.
    pub(crate) fn keys_fetch_in(&mut self, host: &mut Host<'_>) -> Option<u64> {
        let (schedule, _) = self.store.schedule(Published::KeySet, host.shared);
        match self.keys(host) {
            None => schedule.backing_off(host.now),
            Some(_) => schedule.early_fetch_in(host.now),
        }
    }

    /// Why there are no keys at all, when the provider is why.
    pub(crate) fn keys_outage(&mut self, host: &mut Host<'_>) -> Option<Refusal> {
        let (schedule, _) = self.store.schedule(Published::KeySet, host.shared);
        let seconds = schedule.backing_off(host.now)?;
        self.keys(host)
            .is_none()
            .then_some(Refusal::BackingOff(seconds))
    }

    /// Begins a fetch of the keys for a token whose key is unknown; `None` when it may not, see
    /// [`Directory::keys_fetch_in`], or the keys are configured.
    pub(crate) fn fetch_keys(
        &mut self,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Option<HttpRequest> {
        let url = metadata.jwks_uri.as_ref()?;
        if self.keys_fetch_in(host).is_some() {
            return None;
        }
        let (schedule, version) = self.store.schedule(Published::KeySet, host.shared);
        self.note_begin(Published::KeySet, schedule, version, host);
        Some(HttpRequest::get(url, self.provider.timeout))
    }

    fn note_begin(
        &self,
        document: Published,
        schedule: Schedule,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) {
        let begun = schedule.begun(host.now, self.provider.timeout);
        // Losing this race means that another worker fetches too, which does no harm.
        let _: Result<(), NotWritten> = self.store.put_schedule(document, &begun, version, host);
    }

    /// Takes the response to a fetch. One that cannot be used leaves what was known before, and delays the next fetch.
    pub(crate) fn received(
        &mut self,
        document: Published,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let cache_control = response
            .as_ref()
            .ok()
            .and_then(|it| it.cache_control.clone());
        let accepted = self.read(document, response, host);
        let (schedule, version) = self.store.schedule(document, host.shared);
        let next = match &accepted {
            Ok(()) => schedule.succeeded(host.now, cache_control.as_deref(), host.entropy),
            Err(_) => schedule.failed(host.now, host.entropy),
        };
        let _: Result<(), NotWritten> = self.store.put_schedule(document, &next, version, host);
        accepted
    }

    fn read(
        &mut self,
        document: Published,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let kind = document.kind();
        let response = response.map_err(|error| Refusal::Unreachable(kind, error))?;
        kind.check_status(response.status)?;
        self.accept(document, &response.body, host.now)?;
        self.store.put_body(document, &response.body, host);
        Ok(())
    }
}

fn registration(provider: &Provider, key_set: &str) -> String {
    let parts = [
        provider.issuer.as_str(),
        provider.client_id.as_str(),
        key_set,
    ];
    base64url::encode(&Sha256::digest(parts.join("\n")))
}

impl Published {
    const fn kind(self) -> Document {
        match self {
            Self::Discovery => Document::Discovery,
            Self::KeySet => Document::KeySet,
        }
    }
}
