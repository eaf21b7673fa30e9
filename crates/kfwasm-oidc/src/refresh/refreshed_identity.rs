//! What the provider says about the user now, and the session that follows from it.

use super::request::Refreshing;
use super::ride_along::Refreshed;
use super::step::{Awaited, RefreshEnd, RefreshOutcome, RefreshStep};
use crate::callout::{CalloutError, HttpResponse};
use crate::claim_headers;
use crate::host::Host;
use crate::id_token::IdTokenFault;
use crate::identity::{self, Claims};
use crate::inquiry::Inquiry;
use crate::provider::{Document, ProviderFault, RefreshResponse};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::session::{Groups, Session};
use crate::time::UnixTime;

/// A session whose new tokens are verified. What they do not say may still be asked for.
pub(super) struct RefreshedIdentity {
    pub(super) refreshing: Refreshing,
    pub(super) response: RefreshResponse,
    /// Without a new ID token nothing new is learned about the user.
    pub(super) inquiry: Option<Inquiry>,
}

impl RefreshedIdentity {
    /// Asks what was asked at sign-in too, and ends the refresh when there is nothing.
    pub(super) fn go_on(mut self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        let inquiry = self.inquiry.as_mut();
        match inquiry.and_then(|it| it.ask(party)) {
            Some(request) => {
                let awaited = Awaited::AboutUser(Box::new(self));
                RefreshStep::Callout(Box::new(request), awaited.into())
            }
            None => self.finish(party, host),
        }
    }

    /// What is awaited: which counters and which histogram the response goes to.
    pub(super) fn document(&self) -> Document {
        let inquiry = self.inquiry.as_ref();
        inquiry.map_or(Document::UserInfo, Inquiry::document)
    }

    /// An answer that does not come, or cannot be used, leaves the session as it was, groups included.
    pub(super) fn resume(
        mut self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        let inquiry = self.inquiry.as_mut();
        match inquiry.map_or(Ok(()), |it| it.take(response, party)) {
            Ok(()) => self.go_on(party, host),
            Err(refusal) => self.refreshing.fail(&refusal, party, host),
        }
    }

    fn finish(self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        match self.refreshed(party, host) {
            Ok(refreshed) => {
                self.refreshing.lease.finish(&refreshed, host);
                RefreshStep::End(RefreshEnd {
                    outcome: RefreshOutcome::Refreshed,
                    refreshed: Some(refreshed),
                    report: None,
                })
            }
            Err(refusal) => self.refreshing.fail(&refusal, party, host),
        }
    }

    fn refreshed(&self, party: &RelyingParty, host: &mut Host<'_>) -> Result<Refreshed, Refusal> {
        let session = self.session(party, host.now)?;
        Refreshed::with_cookies(party, &session, &self.refreshing.tokens, host)
    }

    /// The session as it goes on: with its new times, and the user's groups and claims as they are now.
    fn session(&self, party: &RelyingParty, now: UnixTime) -> Result<Session, Refusal> {
        let old = &self.refreshing.open.session;
        let (lifetime, lasts) = (party.lifetime, self.lasts(party, now));
        let end = lifetime.refreshed_end(now, old.signed_in_at, lasts);
        let (groups, claim_headers) = self.about_the_user(party)?;
        Ok(Session {
            groups,
            claim_headers,
            end,
            idle_end: lifetime.idle_end(now, end),
            refresh_at: lifetime.refresh_at(now, lasts),
            ..old.clone()
        })
    }

    /// How long the new tokens last, in seconds. Without a new ID token the old one counts, with which the session was to end.
    fn lasts(&self, party: &RelyingParty, now: UnixTime) -> Option<u64> {
        let old = self.refreshing.open.session.end;
        let inquiry = self.inquiry.as_ref();
        let expiry = inquiry.map_or(old, |it| it.id_token().expiry());
        let expires_in = self.response.expires_in;
        party.lifetime.of_tokens(now, expires_in, expiry)
    }

    /// The groups and further claims as they are now, if the provider says who the user is; it must be the one who signed in.
    fn about_the_user(&self, party: &RelyingParty) -> Result<(Groups, Vec<String>), Refusal> {
        let (old, config) = (&self.refreshing.open.session, &party.config.identity);
        let provider = party.providers.get(self.refreshing.provider).provider();
        let names_somebody = |it: &Claims<'_>| {
            let mut names = config.claims.iter();
            names.any(|name| it.find(name.as_str()).is_some())
        };
        let claims = self.inquiry.as_ref().map(Inquiry::claims);
        let Some(claims) = claims.filter(names_somebody) else {
            return Ok((old.groups.clone(), old.claim_headers.clone()));
        };
        if identity::user_of(provider, claims, config)? != old.user {
            return Err(ProviderFault::IdToken(IdTokenFault::Discontinued("user")).into());
        }
        let groups = identity::groups(claims, config, &provider.groups_prefix)?;
        Ok((
            groups.into_iter().collect(),
            claim_headers::kept(claims, config)?,
        ))
    }
}
