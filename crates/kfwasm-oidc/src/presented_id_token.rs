//! Verifying an ID token with the keys that its provider publishes.

use crate::callout::HttpRequest;
use crate::host::Host;
use crate::id_token::{IdTokenExpectations, IdTokenFault, VerifiedIdToken};
use crate::provider::{ProviderFault, ProviderMetadata};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;

/// An ID token, and what it must go with.
pub(crate) struct PresentedIdToken<'a> {
    pub(crate) token: &'a Secret,
    pub(crate) access_token: &'a Secret,
    /// `None` where OIDC Core §12.2 asks for none.
    pub(crate) nonce: Option<&'a str>,
    /// In seconds.
    pub(crate) max_age: Option<u64>,
}

impl RelyingParty {
    /// Verifies a token with the keys at hand (OIDC Core §3.1.3.7).
    pub(crate) fn verify_id_token(
        &mut self,
        presented: &PresentedIdToken<'_>,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<VerifiedIdToken, Refusal> {
        let directory = &mut self.providers.get_mut(provider).directory;
        let keys = directory
            .keys(host)
            .ok_or(ProviderFault::IdToken(IdTokenFault::KEY_NOT_FOUND))?;
        let provider = directory.provider();
        let expectations = IdTokenExpectations {
            nonce: presented.nonce,
            access_token: Some(presented.access_token.expose()),
            max_age: presented.max_age,
            ..IdTokenExpectations::of(provider, &metadata.issuer, &keys)
        };
        let token = presented.token.expose();
        let verified = expectations.verify(token, host.now, host.signatures);
        Ok(verified.map_err(ProviderFault::from)?)
    }

    /// The request for newer keys, when a token was refused because those at hand do not know its key.
    ///
    /// # Errors
    /// The token is refused for something else, or they may not be asked for now: the refusal, or why there are no keys.
    pub(crate) fn newer_keys(
        &mut self,
        refusal: Refusal,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<HttpRequest, Refusal> {
        if !refusal.is_key_not_found() {
            return Err(refusal);
        }
        let directory = &mut self.providers.get_mut(provider).directory;
        match directory.fetch_keys(metadata, host) {
            Some(request) => Ok(request),
            None => Err(directory.keys_outage(host).unwrap_or(refusal)),
        }
    }
}
