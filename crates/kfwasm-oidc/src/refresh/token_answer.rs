//! New tokens, and whether they go on with the old ones (OIDC Core §12.2).

use std::rc::Rc;

use subtle::ConstantTimeEq as _;

use super::refreshed_identity::RefreshedIdentity;
use super::request::Refreshing;
use super::step::{Awaited, RefreshStep};
use crate::callout::{CalloutError, HttpResponse};
use crate::directory::Published;
use crate::host::Host;
use crate::id_token::{IdTokenClaims, IdTokenFault, VerifiedIdToken};
use crate::inquiry::Inquiry;
use crate::presented_id_token::PresentedIdToken;
use crate::provider::{Document, ProviderFault, RefreshResponse};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::time::UnixTime;

/// The token endpoint is about to answer.
pub(super) struct AwaitingTokens(pub(super) Refreshing);

/// The provider's keys are about to come, for an ID token whose key was not known.
pub(super) struct AwaitingKeys {
    refreshing: Refreshing,
    response: RefreshResponse,
}

impl AwaitingTokens {
    pub(super) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        let mut refreshing = self.0;
        match read(response) {
            Ok(response) => {
                if let Some(token) = &response.refresh_token {
                    refreshing.replace_refresh_token(token);
                }
                let awaiting = AwaitingKeys {
                    refreshing,
                    response,
                };
                awaiting.verify(party, host)
            }
            Err(refusal) => refreshing.fail(&refusal, party, host),
        }
    }
}

fn read(response: Result<HttpResponse, CalloutError>) -> Result<RefreshResponse, Refusal> {
    let response =
        response.map_err(|error| Refusal::Unreachable(Document::TokenResponse, error))?;
    let content_type = response.content_type.as_deref();
    Ok(RefreshResponse::parse(
        response.status,
        content_type,
        &response.body,
    )?)
}

impl AwaitingKeys {
    /// Keys have come, or have not: a failed fetch keeps the old keys, which do not know the token's.
    pub(super) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        let (provider, document) = (self.refreshing.provider, Published::KeySet);
        let received = party.providers.received(provider, document, response, host);
        match received.and_then(|()| self.verified(party, host)) {
            Ok(id_token) => self.go_on(id_token, party, host),
            Err(refusal) => self.refreshing.fail(&refusal, party, host),
        }
    }

    /// Verifies with the keys at hand, and fetches them once if they do not know the token's.
    fn verify(self, party: &mut RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        match self.verified(party, host) {
            Ok(id_token) => self.go_on(id_token, party, host),
            Err(refusal) => {
                let (provider, metadata) = (self.refreshing.provider, &self.refreshing.metadata);
                match party.newer_keys(refusal, provider, metadata, host) {
                    Ok(request) => {
                        RefreshStep::Callout(Box::new(request), Awaited::Keys(self).into())
                    }
                    Err(refusal) => self.refreshing.fail(&refusal, party, host),
                }
            }
        }
    }

    fn go_on(
        mut self,
        id_token: Option<VerifiedIdToken>,
        party: &mut RelyingParty,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        let tokens = &mut self.refreshing.tokens;
        match &self.response.id_token {
            _ if !party.config.session.forward_id_token => tokens.forget_id_token(),
            Some(token) => tokens.keep_id_token(token),
            None => {}
        }
        let (provider, metadata) = (self.refreshing.provider, &self.refreshing.metadata);
        let inquiry = id_token.map(|it| {
            let access_token = self.response.access_token.clone();
            Inquiry::new(provider, Rc::clone(metadata), access_token, it)
        });
        let identity = RefreshedIdentity {
            refreshing: self.refreshing,
            response: self.response,
            inquiry,
        };
        identity.go_on(party, host)
    }

    /// The ID token, if there is one: "the response body [...] might not contain an id_token".
    fn verified(
        &self,
        party: &mut RelyingParty,
        host: &mut Host<'_>,
    ) -> Result<Option<VerifiedIdToken>, Refusal> {
        let Some(token) = &self.response.id_token else {
            return Ok(None);
        };
        // "it MUST follow the rules of" an ID token from a code, but for `nonce` and `auth_time`, which are those of the sign-in.
        let presented = PresentedIdToken {
            token,
            access_token: &self.response.access_token,
            nonce: None,
            max_age: None,
        };
        let (provider, metadata) = (self.refreshing.provider, &self.refreshing.metadata);
        let verified = party.verify_id_token(&presented, provider, metadata, host)?;
        self.check_continuity(verified.claims())
            .map_err(ProviderFault::from)?;
        Ok(Some(verified))
    }

    /// - "its iss Claim Value MUST be the same as in the ID Token issued when the original authentication occurred"
    /// - "its sub Claim Value MUST be the same"
    /// - "if the ID Token contains an auth_time Claim, its value MUST represent the time of the original authentication"
    /// - "it SHOULD NOT have a nonce Claim [...] however, if it is present, its value MUST be the same"
    ///
    /// `aud` and `azp` are ours as before; `iat` is anew.
    fn check_continuity(&self, claims: &IdTokenClaims) -> Result<(), IdTokenFault> {
        let Refreshing { tokens, open, .. } = &self.refreshing;
        let is_same_nonce =
            |nonce: &str| bool::from(nonce.as_bytes().ct_eq(tokens.nonce.as_bytes()));
        let is_same_time = |time: UnixTime| tokens.auth_time.is_none_or(|first| first == time);
        let rules = [
            ("iss", claims.issuer() == tokens.issuer),
            ("sub", claims.subject() == open.session.subject),
            (
                "auth_time",
                claims.authenticated_at().is_none_or(is_same_time),
            ),
            ("nonce", claims.nonce().is_none_or(is_same_nonce)),
        ];
        match rules.iter().find(|(_, holds)| !holds) {
            Some((name, _)) => Err(IdTokenFault::Discontinued(name)),
            None => Ok(()),
        }
    }
}
