//! The key set of an issuer of which nothing else is asked.

use std::rc::Rc;

use kfwasm_config::{Duration, EndpointUrl};
use sha2::{Digest as _, Sha256};

use super::shared_document::SharedDocument;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::jose::{JwkSet, base64url};
use crate::key_ring::KeyRing;
use crate::refusal::Refusal;

/// One worker's view of a key set at a fixed address; shared, fetched and kept as the provider's is.
pub(crate) struct KeyServer {
    url: EndpointUrl,
    keys: SharedDocument<JwkSet>,
}

impl KeyServer {
    pub(crate) fn new(
        issuer: &str,
        url: EndpointUrl,
        timeout: Duration,
        keys: &Rc<KeyRing>,
    ) -> Self {
        let parts = ["bearer", issuer, url.as_str()].join("\n");
        let registration = base64url::encode(&Sha256::digest(parts));
        Self {
            keys: SharedDocument::key_set(&registration, timeout, keys),
            url,
        }
    }

    /// The keys, as the last worker that fetched them found them.
    pub(crate) fn keys(&mut self, host: &mut Host<'_>) -> Option<Rc<JwkSet>> {
        self.keys.get(host)
    }

    /// The request for the keys, if they are due and no other worker fetches them.
    pub(crate) fn due(&self, host: &mut Host<'_>) -> Option<HttpRequest> {
        self.keys.due(&self.url, host)
    }

    /// Begins a fetch for a token whose key is unknown, if it may.
    pub(crate) fn fetch(&mut self, host: &mut Host<'_>) -> Option<HttpRequest> {
        let may = self.keys.fetch_in(host).is_none();
        may.then(|| self.keys.fetch(&self.url, host))
    }

    /// After how many seconds the server is asked again, when it failed lately.
    pub(crate) fn backing_off(&self, host: &mut Host<'_>) -> Option<u64> {
        self.keys.backing_off(host)
    }

    /// Takes the response to a fetch. One that cannot be used leaves the keys that were known before.
    pub(crate) fn received(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        self.keys.received(response, host)
    }
}
