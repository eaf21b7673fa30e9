//! Verifying an ID token with the keys that its provider publishes.

use crate::callout::HttpRequest;
use crate::host::Host;
use crate::id_token::{IdTokenExpectations, IdTokenFault, VerifiedIdToken};
use crate::jose::JwsFault;
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

/// Without any keys, each token's key is one that newer keys may have.
const KEY_NOT_FOUND: IdTokenFault = IdTokenFault::Jws(JwsFault::KeyNotFound);

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
            .ok_or(ProviderFault::IdToken(KEY_NOT_FOUND))?;
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

    /// The request for newer keys, when those at hand did not know the token's and may be asked for again.
    pub(crate) fn keys_request(
        &mut self,
        refusal: &Refusal,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Option<HttpRequest> {
        let directory = &mut self.providers.get_mut(provider).directory;
        is_key_not_found(refusal).then(|| directory.fetch_keys(metadata, host))?
    }
}

fn is_key_not_found(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderFault::IdToken(fault)) if fault.is_key_not_found())
}
