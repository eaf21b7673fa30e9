//! Asking for new tokens (RFC 6749 §6).

use std::rc::Rc;

use super::lease::Lease;
use super::ride_along::{Refreshed, RideAlong};
use super::session_tokens::SessionTokens;
use super::step::{Awaited, PendingRefresh, RefreshEnd, RefreshOutcome, RefreshStep};
use super::token_answer::AwaitingTokens;
use crate::callout::HttpRequest;
use crate::host::Host;
use crate::provider::{Form, ProviderFault, ProviderMetadata};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::session::{OpenSession, Session};

/// A refresh to be carried out: the request to send, and what goes on with its response.
pub struct Refresh {
    /// The request to the provider's token endpoint (RFC 6749 §6). It holds the refresh token.
    pub request: HttpRequest,
    /// What goes on with the response, or without one.
    pub pending: PendingRefresh,
}

/// A session that is being refreshed.
pub(super) struct Refreshing {
    pub(super) lease: Lease,
    /// Whose session it is.
    pub(super) provider: ProviderId,
    pub(super) open: Rc<OpenSession>,
    pub(super) tokens: SessionTokens,
    pub(super) metadata: Rc<ProviderMetadata>,
    /// Whether the provider has sent another refresh token, with which the old one is used up.
    pub(super) is_replaced: bool,
}

impl RelyingParty {
    pub(super) fn refresh(
        &self,
        lease: Lease,
        provider: ProviderId,
        open: Rc<OpenSession>,
        tokens: SessionTokens,
        metadata: Rc<ProviderMetadata>,
        host: &mut Host<'_>,
    ) -> Option<RideAlong> {
        let Ok(request) = self.refresh_request(provider, &tokens, &metadata, host) else {
            // The gateway's own fault, which a sign-in would report.
            lease.fail(host);
            return None;
        };
        let refreshing = Refreshing {
            lease,
            provider,
            open,
            tokens,
            metadata,
            is_replaced: false,
        };
        let pending = PendingRefresh(Awaited::Tokens(AwaitingTokens(refreshing)));
        Some(RideAlong::Refresh(Box::new(Refresh { request, pending })))
    }

    fn refresh_request(
        &self,
        provider: ProviderId,
        tokens: &SessionTokens,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<HttpRequest, Refusal> {
        let mut form = Form::new();
        form.append("grant_type", b"refresh_token");
        form.append("refresh_token", tokens.refresh_token());
        self.token_request(form, provider, metadata, host)
    }
}

impl Refreshing {
    /// The provider has sent another refresh token.
    pub(super) fn replace_refresh_token(&mut self, token: &Secret) {
        self.tokens.replace_refresh_token(token);
        self.is_replaced = true;
    }

    /// The end of a refresh that brought nothing. The session lasts as long as it said before.
    pub(super) fn fail(
        self,
        refusal: &Refusal,
        party: &RelyingParty,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        let session = self.open.hashed_id.as_str();
        let report = ["session=", session, ": ", &refusal.to_string()].concat();
        let postponed = match self.is_replaced && refusal.is_passing() {
            true => self.postponed(party, host),
            false => None,
        };
        RefreshStep::End(RefreshEnd {
            outcome: self.end_lease(refusal, postponed.as_ref(), host),
            refreshed: postponed,
            report: Some(report),
        })
    }

    fn end_lease(
        self,
        refusal: &Refusal,
        postponed: Option<&Refreshed>,
        host: &mut Host<'_>,
    ) -> RefreshOutcome {
        match postponed {
            Some(refreshed) => self.lease.finish(refreshed, host),
            None if is_refused(refusal) => {
                self.lease.refuse(host);
                return RefreshOutcome::Refused;
            }
            None => self.lease.fail(host),
        }
        RefreshOutcome::Failed
    }

    /// The session as it was, with the token that is to be used next time: the old one must not be lost for a document that
    /// did not come.
    fn postponed(&self, party: &RelyingParty, host: &mut Host<'_>) -> Option<Refreshed> {
        let session = Session {
            refresh_at: Some(host.now.plus(POSTPONED)),
            ..self.open.session.clone()
        };
        Refreshed::with_cookies(party, &session, &self.tokens, host).ok()
    }
}

/// After how many seconds a refresh is tried again whose tokens have come, but not all that belongs to them.
const POSTPONED: u64 = 60;

/// RFC 6749 §5.2: "invalid_grant: The provided [...] refresh token is invalid, expired, revoked". Another gateway may also
/// have been faster with it, so that this alone signs nobody out.
fn is_refused(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderFault::Refused(error)) if error.code() == "invalid_grant")
}
