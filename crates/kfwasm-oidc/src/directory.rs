//! What the workers of an Envoy know of a provider: its metadata and its keys.

mod key_server;
mod schedule;
mod shared_document;

use std::rc::Rc;

use kfwasm_config::{Duration, EndpointUrl, Provider};
use sha2::{Digest as _, Sha256};

pub(crate) use self::key_server::KeyServer;
use self::shared_document::SharedDocument;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::jose::{JwkSet, base64url};
use crate::key_ring::KeyRing;
use crate::provider::{Document, ProviderMetadata};
use crate::providers::ProviderId;
use crate::refusal::Refusal;

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
    /// What is fetched: which counters and which histogram the response goes to.
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

/// One worker's view of a provider.
pub(crate) struct Directory {
    provider: Rc<Provider>,
    metadata: SharedDocument<ProviderMetadata>,
    keys: SharedDocument<JwkSet>,
}

impl Directory {
    /// The directory of a provider, with the keys that are configured, if they are.
    pub(crate) fn new(provider: Provider, key_set: Option<JwkSet>, keys: Rc<KeyRing>) -> Self {
        // What other settings fetched or accepted is not to be trusted under these.
        let address = provider.jwks_uri.as_ref().map_or("", |url| url.as_str());
        let registration = registration(&provider, address);
        let provider = Rc::new(provider);
        let discovery = discovery(&registration, &provider, &keys);
        let published = SharedDocument::key_set(&registration, provider.timeout, &keys);
        Self {
            metadata: discovery.configured(ProviderMetadata::from_config(&provider)),
            keys: published.configured(key_set),
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
        self.metadata.get(host)
    }

    /// The provider's keys, likewise.
    pub(crate) fn keys(&mut self, host: &mut Host<'_>) -> Option<Rc<JwkSet>> {
        self.keys.get(host)
    }

    /// How old the provider's keys are, in seconds; `None` when there are none, or they are configured.
    pub(crate) fn key_set_age(&mut self, host: &mut Host<'_>) -> Option<u64> {
        self.keys.age(host)
    }

    /// The documents that are due and that no other worker is fetching.
    pub(crate) fn due(&mut self, host: &mut Host<'_>) -> Vec<(Published, HttpRequest)> {
        let discovery = self.discovery_url();
        let discovery = discovery.and_then(|url| self.metadata.due(&url, host));
        let metadata = self.metadata(host);
        let jwks_uri = metadata.as_ref().and_then(|it| it.jwks_uri.as_ref());
        let key_set = jwks_uri.and_then(|url| self.keys.due(url, host));
        [
            (Published::Discovery, discovery),
            (Published::KeySet, key_set),
        ]
        .into_iter()
        .filter_map(|(document, request)| Some((document, request?)))
        .collect()
    }

    /// Where the discovery document is; `None` when it is not needed.
    fn discovery_url(&self) -> Option<EndpointUrl> {
        match self.metadata.is_configured() {
            true => None,
            false => self.provider.discovery_url().ok(),
        }
    }

    /// Begins a fetch of the metadata for a request that cannot go on without it. After a failure it waits its turn.
    pub(crate) fn fetch_metadata(&mut self, host: &mut Host<'_>) -> Result<HttpRequest, Refusal> {
        if let Some(seconds) = self.metadata.backing_off(host) {
            return Err(Refusal::BackingOff(seconds));
        }
        let url = self
            .discovery_url()
            .ok_or(Refusal::Gateway("the discovery URL cannot be made"))?;
        Ok(self.metadata.fetch(&url, host))
    }

    /// In how many seconds a token with an unknown key may cause a fetch of the keys; `None` when it may now.
    pub(crate) fn keys_fetch_in(&mut self, host: &mut Host<'_>) -> Option<u64> {
        self.keys.fetch_in(host)
    }

    /// Why there are no keys at all, when the provider is why.
    pub(crate) fn keys_outage(&mut self, host: &mut Host<'_>) -> Option<Refusal> {
        let seconds = self.keys.backing_off(host)?;
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
        let may = self.keys.fetch_in(host).is_none();
        may.then(|| self.keys.fetch(url, host))
    }

    /// Takes the response to a fetch. One that cannot be used leaves what was known before, and delays the next fetch.
    pub(crate) fn received(
        &mut self,
        document: Published,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        match document {
            Published::Discovery => self.metadata.received(response, host),
            Published::KeySet => self.keys.received(response, host),
        }
    }
}

fn discovery(
    registration: &str,
    provider: &Rc<Provider>,
    keys: &Rc<KeyRing>,
) -> SharedDocument<ProviderMetadata> {
    let of = Rc::clone(provider);
    let read = move |body: &[u8]| ProviderMetadata::from_discovery(body, &of);
    let (document, timeout) = (Published::Discovery, provider.timeout);
    SharedDocument::new(document, registration, timeout, keys, read)
}

impl SharedDocument<JwkSet> {
    fn key_set(registration: &str, timeout: Duration, keys: &Rc<KeyRing>) -> Self {
        Self::new(
            Published::KeySet,
            registration,
            timeout,
            keys,
            JwkSet::parse,
        )
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
    /// What its entries in shared memory are named after.
    const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::KeySet => "key-set",
        }
    }

    const fn kind(self) -> Document {
        match self {
            Self::Discovery => Document::Discovery,
            Self::KeySet => Document::KeySet,
        }
    }
}
